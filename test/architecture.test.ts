import { dirname, join } from 'node:path/posix';
import { describe, expect, test } from 'vitest';
import { filesBelow, readText } from './support/repository.ts';

const CAPABILITIES = ['scaffold', 'database', 'load', 'decide', 'skill'];

/** One capability may read another's index only where the design says so: importing path prefix to capability. */
const ALLOWED_CROSSINGS: readonly (readonly [string, string])[] = [
  ['src/scaffold/', 'database'],
  ['src/load/explain', 'database'],
];

const sources = filesBelow('src', '.ts').filter((file) => !file.endsWith('.test.ts'));

function importsOf(file: string): string[] {
  const found = readText(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, specifier = '']) => join(dirname(file), specifier));
}

const areaOf = (file: string): string => file.split('/')[1] ?? '';

function wallBroken(from: string, to: string): string | undefined {
  const [source, target] = [areaOf(from), areaOf(to)];
  if (source === target) return undefined;
  if (source === 'core') return 'core imports nothing of ours';
  if (target === 'core') return undefined;
  if (target === 'cli') return 'only the command line knows the command line';
  if (!CAPABILITIES.includes(target)) return undefined;
  if (to !== `src/${target}/index.ts`) return `${target} is entered through its index`;
  if (source === 'cli') return undefined;
  const allowed = ALLOWED_CROSSINGS.some(([prefix, area]) => from.startsWith(prefix) && area === target);
  return allowed ? undefined : 'one capability does not import another';
}

describe('the walls of the house', () => {
  test('every import goes in an allowed direction', () => {
    const broken = sources.flatMap((file) =>
      importsOf(file).flatMap((target) => {
        const why = wallBroken(file, target);
        return why === undefined ? [] : [`${file} -> ${target}: ${why}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('nothing below the command line touches the process, the console, the clock or random numbers', () => {
    const ambient =
      /\bprocess\.(?!resourceUsage\b)|\bconsole\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(/;
    const offenders = sources
      .filter((file) => areaOf(file) !== 'cli')
      .filter((file) => !AMBIENT_ALLOWED.some((allowed) => file.startsWith(allowed)))
      .filter((file) => ambient.test(withoutComments(readText(file))));
    expect(offenders).toEqual([]);
  });

  test('only main.ts decides how the process ends', () => {
    const offenders = sources
      .filter((file) => file !== 'src/cli/main.ts' && file !== 'src/cli/host.ts')
      .filter((file) => !COMMANDS_OF_THEIR_OWN.includes(file))
      .filter((file) => /process\.exit|exitCode\s*=/.test(withoutComments(readText(file))));
    expect(offenders).toEqual([]);
  });

  test('no file is longer than 400 lines, and none is a drawer', () => {
    const tooLong = sources.filter((file) => readText(file).split('\n').length > 400);
    const drawers = sources.filter((file) => /\/(utils?|helpers?|common|misc)\.ts$/.test(file));
    expect({ tooLong, drawers }).toEqual({ tooLong: [], drawers: [] });
  });
});

/** The drop-in commands are programs like main.ts. */
const COMMANDS_OF_THEIR_OWN: readonly string[] = ['src/cli/drop-in/api-load-tester.ts'];

/**
 * The load generator measures time itself: a clock passed in as a function would sit between the
 * socket and the measurement. Each exception is a path prefix and stands here with its reason.
 */
const AMBIENT_ALLOWED: readonly string[] = [
  'src/load/client/',
  // Runs in the service, between it and its database.
  'src/database/observe/embedded/watch-embedded.ts',
];

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
}
