import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodeBlock, codeBlocks } from '../support/markdown.ts';
import { filesBelow, readText } from '../support/repository.ts';

const REFERENCES = filesBelow('skills/senior-backend/references', '.md');
const sqlOf = (file: string): CodeBlock[] =>
  codeBlocks(readText(file)).filter(({ language }) => language === 'sql');

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());

const statementsOf = (text: string): string[] =>
  text
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** The plan as text, of the one statement that the block holds. */
async function planOf(statement: string, options = ''): Promise<string> {
  const { rows } = await db.query<Record<string, string>>(`EXPLAIN ${options} ${statement}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const fileNode = async (): Promise<unknown> =>
  (await db.query<{ node: unknown }>(`SELECT pg_relation_filenode('orders') AS node`)).rows[0]?.node;

async function failureOf(block: CodeBlock): Promise<string | undefined> {
  const isInTransaction = 'transaction' in block.attributes;
  if (isInTransaction) await db.exec('BEGIN');
  try {
    for (const statement of statementsOf(block.text)) await db.query(statement);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    if (isInTransaction) await db.exec('ROLLBACK');
  }
}

/** What a fence can say of the plan of its one statement. */
const PLAN_CLAIMS = ['plan', 'plan-not', 'analyze'];

/** Executes a block and holds it to what its fence says of it. */
async function proveBlock(block: CodeBlock): Promise<void> {
  const { attributes, text } = block;
  if (attributes['fails'] !== undefined) {
    expect(await failureOf(block)).toBe(attributes['fails']);
    return;
  }
  const before = await fileNodeIfAsked(attributes);
  for (const statement of statementsOf(text)) {
    const { rows } = await db.query(statement);
    if (attributes['returns'] !== undefined) expect(rows.length).toBe(Number(attributes['returns']));
  }
  if (attributes['rewrites'] !== undefined) {
    expect((await fileNode()) !== before).toBe(attributes['rewrites'] === 'yes');
  }
  await provePlan(block);
}

async function provePlan({ attributes, text }: CodeBlock): Promise<void> {
  if (!PLAN_CLAIMS.some((claim) => claim in attributes)) return;
  const [statement = ''] = statementsOf(text);
  const plan = await planOf(statement);
  for (const part of attributes['plan']?.split(',') ?? []) expect(plan).toContain(part);
  for (const part of attributes['plan-not']?.split(',') ?? []) expect(plan).not.toContain(part);
  if (attributes['analyze'] !== undefined) {
    expect(await planOf(statement, '(ANALYZE, TIMING OFF)')).toContain(attributes['analyze']);
  }
}

const fileNodeIfAsked = async (attributes: CodeBlock['attributes']): Promise<unknown> =>
  attributes['rewrites'] === undefined ? undefined : fileNode();

const pages = REFERENCES.map((file) => [file, sqlOf(file)] as const).filter(
  ([, blocks]) => blocks.length > 0,
);

describe.each(pages)('%s', (file, blocks) => {
  beforeAll(async () => {
    const schema = file.replaceAll(/\W/g, '_');
    await db.exec(
      // As `public` is: every role may use it.
      `CREATE SCHEMA ${schema}; GRANT USAGE ON SCHEMA ${schema} TO PUBLIC; SET search_path = ${schema};`,
    );
  });

  test.each(blocks.map((block) => [block.line, block] as const))('line %i is true', async (_line, block) => {
    await proveBlock(block);
  });
});

test('three references hold SQL, and every kind of claim is made at least once', () => {
  expect(pages.map(([file]) => file.split('/').at(-1))).toEqual([
    'api-design-patterns.md',
    'backend-security-practices.md',
    'database-optimization.md',
  ]);
  const claims = new Set(
    pages.flatMap(([, blocks]) => blocks.flatMap(({ attributes }) => Object.keys(attributes))),
  );
  expect([...claims].sort()).toEqual([
    'analyze',
    'fails',
    'plan',
    'plan-not',
    'returns',
    'rewrites',
    'transaction',
  ]);
});
