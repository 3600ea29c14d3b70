import { afterAll, expect, test } from 'vitest';
import { columns } from '../../src/cli/render/columns.ts';
import { corpusDocuments, hasCorpus } from './corpus.ts';
import { type DocumentProof, proveDocument } from './proof.ts';

/** Operations that are not answered yet, with the reason. The test fails when the gap closes. */
const KNOWN_GAPS: Readonly<Record<string, { readonly operations: number; readonly reason: string }>> = {
  'xero-accounting-v30.yaml': {
    operations: 14,
    reason: 'two operations of the same method and path: the second is left out',
  },
};

const proofs: DocumentProof[] = [];

test.for(corpusDocuments())(
  '$name: generated, strict under both compilers, booted',
  { timeout: 600_000 },
  async (document) => {
    const proof = await proveDocument(document, 'express');
    proofs.push(proof);
    expect(proof.failures).toEqual([]);
    const gap = KNOWN_GAPS[document.name];
    expect(proof.operations - proof.answered, gap?.reason).toBe(gap?.operations ?? 0);
  },
);

afterAll(() => {
  if (!hasCorpus)
    process.stdout.write('\nSkipped: the corpus of real documents is not beside the repository.\n');
  const total = (key: 'operations' | 'answered'): number =>
    proofs.reduce((sum, proof) => sum + proof[key], 0);
  const passed = proofs.filter(({ failures }) => failures.length === 0);
  const rows = [
    ['document', 'operations', 'answered', ''],
    ...proofs.map(({ document, operations, answered, failures }) => [
      document.name,
      String(operations),
      String(answered),
      failures.length === 0 ? 'passed' : 'FAILED',
    ]),
    [
      `${proofs.length} documents, ${percent(passed.length, proofs.length)} passed`,
      String(total('operations')),
      String(total('answered')),
      percent(total('answered'), total('operations')),
    ],
  ];
  process.stdout.write(`\nExpress, TypeScript 7 and 5.9\n${columns(rows).join('\n')}\n`);
});

const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
