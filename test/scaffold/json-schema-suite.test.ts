import { afterAll, describe, expect, test } from 'vitest';
import { validatorFor } from '../support/generated-module.ts';
import {
  formatFiles,
  type SuiteGroup,
  suiteFiles,
  suiteIsHere,
  suiteRemotes,
} from '../support/json-schema-suite.ts';

/**
 * Core leaves out formats, references between schemas and unevaluated*, which few converters attempt.
 * These eight files are 497 of the 1,299 assertions, so 802 are left: the count that other tools'
 * results are given for.
 */
const BEYOND_CORE = new Set([
  'anchor',
  'defs',
  'dynamicRef',
  'format',
  'ref',
  'refRemote',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

type Formats = 'assert' | 'as declared';

/**
 * What is known to differ from the suite, and why; an entry that begins to agree has to go. In the
 * dialect of the suite, `format` is a remark. OpenAPI's documents mean their formats, so there each
 * of these values is refused: that is what the second run pins.
 */
const KNOWN: Readonly<Record<Formats, readonly string[]>> = {
  'as declared': [],
  assert: [
    ...['date', 'date-time', 'duration', 'email', 'hostname', 'idn-email', 'idn-hostname', 'ipv4', 'ipv6'],
    ...['iri', 'iri-reference', 'json-pointer', 'regex', 'relative-json-pointer', 'time', 'uri'],
    ...['uri-reference', 'uri-template', 'uuid'],
  ].map((format) => `format: ${format} format: invalid ${format} string is only an annotation by default`),
};

/** What asserted formats accept though the suite does not, and why. */
const KNOWN_FORMATS: readonly string[] = [
  // ISO 8601 has fractions, and services send them.
  'duration: validation of duration strings: fractional duration is not allowed by RFC 3339 ABNF',
  // The Bidi rule and the whole table of code points: Node's own reading of domain names is taken.
  ...[
    'A-label that decodes to a Bidi rule violation is invalid',
    'A-label that decodes to a disallowed code point is invalid',
    'Bidi domain name with a digit-first label is invalid',
    'label starting with a digit before a right-to-left letter is invalid',
    'left-to-right label containing a right-to-left letter is invalid',
    'non-canonical Punycode that does not re-encode to itself is invalid',
    'zero width non-joiner must pass at every occurrence',
  ].map((what) => `idn-hostname: validation of internationalized host names: ${what}`),
];

interface Tally {
  readonly file: string;
  readonly assertions: number;
  readonly failures: readonly string[];
}

const remotes = suiteIsHere() ? suiteRemotes() : new Map<string, Uint8Array>();

async function judge(file: string, group: SuiteGroup, formats: Formats): Promise<string[]> {
  const { validator } = await validatorFor(group.schema, { known: remotes, formats });
  return group.tests
    .filter(({ data, valid }) => validator.safeParse(data).success !== valid)
    .map(({ description }) => `${file}: ${group.description}: ${description}`);
}

async function tally(file: string, groups: readonly SuiteGroup[], formats: Formats): Promise<Tally> {
  const failures: string[] = [];
  for (const group of groups) failures.push(...(await judge(file, group, formats)));
  return { file, assertions: groups.reduce((sum, { tests }) => sum + tests.length, 0), failures };
}

const rows: Tally[] = [];
const formats: Tally[] = [];

const assertions = (of: readonly Tally[]): number => of.reduce((sum, row) => sum + row.assertions, 0);

function line(file: string, of: readonly Tally[]): string {
  const all = assertions(of);
  const passed = all - of.reduce((sum, { failures }) => sum + failures.length, 0);
  const share = `${((100 * passed) / all).toFixed(1)} %`;
  return `${file.padEnd(24)}${String(all).padStart(10)}${String(passed).padStart(8)}${share.padStart(9)}`;
}

describe.skipIf(!suiteIsHere())('JSON-Schema-Test-Suite, draft 2020-12, through generated Zod', () => {
  const core = (): Tally[] => rows.filter(({ file }) => !BEYOND_CORE.has(file));

  afterAll(() => {
    const known = rows.flatMap(({ failures }) => failures);
    const lines = [
      `${'file'.padEnd(24)}assertions  passed    share`,
      ...rows.map((row) => line(row.file, [row])),
      line('core', core()),
      line('all', rows),
      `known rest: ${known.length === 0 ? 'none' : `\n${known.join('\n')}`}`,
      `with formats asserted, as for OpenAPI, ${KNOWN.assert.length} more differ:`,
      ...KNOWN.assert,
      line('formats, asserted', formats),
      ...KNOWN_FORMATS,
    ];
    process.stdout.write(`\n${lines.join('\n')}\n`);
  });

  test.each(suiteIsHere() ? suiteFiles() : [])('%s', async (file, groups) => {
    const row = await tally(file, groups, 'as declared');
    rows.push(row);
    expect(row.failures).toEqual(KNOWN['as declared'].filter((known) => known.startsWith(`${file}:`)));
  });

  test('the suite is the one that the shares are stated for', () => {
    expect({ all: assertions(rows), core: assertions(core()) }).toEqual({ all: 1299, core: 802 });
  });

  test('asserted formats refuse what the suite calls a remark, and nothing else', async () => {
    const groups = new Map(suiteFiles()).get('format') ?? [];
    const { failures } = await tally('format', groups, 'assert');
    expect(failures.toSorted()).toEqual(KNOWN.assert.toSorted());
  });

  test('asserted formats are what the suite means by them', async () => {
    const found: Tally[] = [];
    for (const [file, groups] of formatFiles()) found.push(await tally(file, groups, 'assert'));
    formats.push(...found);
    const failures = found.flatMap((row) => row.failures);
    expect(failures.toSorted()).toEqual(KNOWN_FORMATS.toSorted());
  });
});

test.skipIf(suiteIsHere())(
  'the JSON-Schema-Test-Suite is not here: its 1,299 assertions were skipped',
  () => {
    expect(suiteIsHere()).toBe(false);
  },
);
