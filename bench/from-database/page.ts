import type { Verdict } from '../../test/scaffold/database/end-to-end.ts';
import type { PreparedSchema, SchemaProof } from '../../test/scaffold/database/prove-schema.ts';

/** What was found out about one schema. */
export interface SchemaLine {
  readonly name: string;
  readonly tables: number;
  readonly lint: PreparedSchema['lint'];
  /** The tables that PostgreSQL took no sample for, and why. */
  readonly rowless: readonly string[];
}

/** What was found out about one service of it on one engine. */
export interface ProofLine extends Omit<SchemaProof, 'verdicts'> {
  readonly verdicts: readonly (readonly [string, Verdict])[];
  readonly cpuSeconds: number;
}

interface ProvedSchema extends SchemaLine {
  readonly proofs: readonly ProofLine[];
}

const count = ({ verdicts }: ProofLine, wanted: Verdict): number =>
  verdicts.filter(([, verdict]) => verdict === wanted).length;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One number where all services agree, else the smallest and the largest. */
function span(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}

const VERDICTS = ['done', 'empty', 'refused', 'without rows'] as const;

function row({ name, tables, lint, proofs }: ProvedSchema): string {
  const cells = VERDICTS.map((verdict) => span(proofs.map((proof) => count(proof, verdict))));
  const failed = sum(proofs.map(({ failures }) => failures.length));
  const operations = span(proofs.map((proof) => proof.operations));
  const constant = span(proofs.map(({ constantLists }) => constantLists));
  return `| ${[name, tables, operations, ...cells, failed, constant, `${lint.errors.length}, ${lint.warnings.length}`].join(' | ')} |`;
}

/** The page of results. */
export function page(lines: readonly ProvedSchema[]): string {
  const proofs = lines.flatMap((line) => line.proofs);
  const failures = lines.flatMap((line) =>
    line.proofs.flatMap(({ framework, engine, failures: found }) =>
      found.map((failure) => `- ${line.name} on ${framework} and ${engine}: ${failure}`),
    ),
  );
  const rowless = lines.flatMap((line) => line.rowless.map((text) => `- ${line.name}: ${text}`));
  const asked = sum(proofs.map(({ verdicts, failures: found }) => verdicts.length + found.length));
  return `# Databases as services

\`npm run bench:from-db\`, Node ${process.versions.node}. Every schema of the corpus is read once, and a service is generated from it for Express, Fastify
and Koa. They are type-checked strictly, their contract is linted as \`@redocly/cli lint\` does, they are booted on PostgreSQL 18 and
on PGlite, and asked for every operation with four rows in each table: ${lines.length} schemas, ${proofs.length} services, ${asked.toLocaleString('en-US')} operations
asked for, ${failures.length} failed. ${sum(proofs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(0)} s of CPU beside PostgreSQL's.

- \`done\`: it did what it is for. Lists have rows in them, every relation included, and a second page where there is one.
- \`empty\`: a view, or rows behind a key, that the sample rows are not in.
- \`refused\`: the schema itself forbids it for these rows, and the same statement by hand fails too.
- \`without rows\`: the checks of the schema refuse our sample rows.
- \`constant\`: lists that sent as many statements for four rows as for one, with \`count=exact\` and every relation included.
- \`lint\`: errors and warnings of the linter's recommended rules.

Where services of one schema differ, both ends are given.

| schema | tables and views | operations | ${VERDICTS.join(' | ')} | failed | constant | lint |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.map(row).join('\n')}

## Failures

${failures.length === 0 ? 'None.' : failures.join('\n')}

## Tables that took no sample row

${rowless.length === 0 ? 'None.' : rowless.join('\n')}
`;
}
