import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRICT } from '../../test/scaffold/compile.ts';
import { ROOT } from '../../test/support/repository.ts';
import { GENERATORS, type Generator } from './generators.ts';
import { type Cost, measure, median } from './measure.ts';

/** Of each run its own: two may be under way. */
const FOLDER = join(ROOT, '.cache', 'bench-scaffold', String(process.pid));
const COMPILER = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** What generating and then checking one document took. */
export interface Run {
  readonly generate: Cost;
  readonly check: Cost;
}

/** Generates a document's code once, and checks it with TypeScript 7 as strictly as we check ours. */
export async function runOnce({ command }: Generator, document: string): Promise<Run> {
  rmSync(FOLDER, { recursive: true, force: true });
  const output = join(FOLDER, 'src');
  mkdirSync(output, { recursive: true });
  const { script, args } = command(document, output);
  const generate = await measure(script, args, FOLDER);
  // Files without extensions in their imports are for bundlers; ours are read as Node reads them.
  const { isolatedDeclarations: _, declaration: __, outDir: ___, rootDir: ____, ...strict } = STRICT;
  const reading = { module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  const compilerOptions = { ...strict, ...reading };
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const check = await measure(COMPILER, ['-p', FOLDER], FOLDER);
  return { generate, check };
}

/** One line of the table of costs. */
export interface CostRow {
  readonly document: string;
  readonly generator: Pick<Generator, 'name' | 'makes'>;
  readonly rounds: number;
  /** Medians over the rounds. */
  readonly generate: { readonly cpu: number; readonly peak: number };
  readonly check: { readonly cpu: number; readonly peak: number };
  /** How many errors the compiler found; undefined when nothing was generated. */
  readonly errors: number | undefined;
}

/** All generators on a document, in turns. */
export async function compare(document: string, path: string, rounds: number): Promise<CostRow[]> {
  const runs = new Map<Generator, Run[]>(GENERATORS.map((generator) => [generator, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const generator of GENERATORS) {
      const run = await runOnce(generator, path);
      runs.get(generator)?.push(run);
      console.log(`${document}, ${generator.name}: ${run.generate.cpu} + ${run.check.cpu} s`);
    }
  }
  return [...runs].map(([generator, found]) => rowOf(document, generator, found));
}

function rowOf(document: string, generator: Generator, runs: readonly Run[]): CostRow {
  const middle = (of: (run: Run) => Cost): { cpu: number; peak: number } => ({
    cpu: median(runs.map((run) => of(run).cpu)),
    peak: median(runs.map((run) => of(run).peak)),
  });
  const [first] = runs;
  const failed = first === undefined || first.generate.failed;
  return {
    document,
    generator: { name: generator.name, makes: generator.makes },
    rounds: runs.length,
    generate: middle(({ generate }) => generate),
    check: middle(({ check }) => check),
    errors: failed ? undefined : (first.check.output.match(/error TS/g) ?? []).length,
  };
}
