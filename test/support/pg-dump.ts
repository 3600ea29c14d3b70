import type { PGlite } from '@electric-sql/pglite';
import { pgDump } from '@electric-sql/pglite-tools/pg_dump';
import { settled } from '../../src/database/inspect/settle.ts';
import type { WireConnection } from './wire.ts';

/** Where to dump from; a server needs to be told which database, an embedded one has only one. */
export interface Dumped {
  readonly wire: Pick<WireConnection, 'execProtocolRawStream'>;
  readonly url?: string;
}

/**
 * What `pg_dump --schema-only` writes, entry by entry, in a form that can be compared: the order of
 * entries and of the lines inside one (columns, labels of a dump's own) is left out, owners are, and an IN
 * list takes the form that lasts, which is what the product does too.
 */
export async function dumpOf({ wire, url }: Dumped): Promise<string[]> {
  const quiet = url === undefined ? [] : ['-d', `${url}?sslmode=disable&gssencmode=disable`];
  const pg = {
    query: () => Promise.resolve({ rows: [{ search_path: 'public' }] }),
    exec: () => Promise.resolve([]),
    execProtocolRawStream: wire.execProtocolRawStream,
  };
  const dump = await pgDump({
    pg: pg as unknown as PGlite,
    args: ['--schema-only', '--no-owner', ...quiet],
  });
  return entriesOf(await dump.text());
}

const ENTRY = /^-- Name: (.*); Type: (.*); Schema: .*; Owner: .*$/;

function entriesOf(text: string): string[] {
  const entries: string[][] = [];
  for (const line of text.split('\n')) {
    const head = ENTRY.exec(line);
    if (head !== null) entries.push([`${head[2]} ${head[1]}`]);
    else if (line.trim() !== '' && !line.startsWith('--')) entries.at(-1)?.push(plain(line));
  }
  // An entry without a word of SQL says only who owns something.
  return entries
    .filter((lines) => lines.length > 1)
    .map(([head = '', ...lines]) => [head, ...(isOrdered(head) ? lines : lines.sort())].join('\n'))
    .sort();
}

/** Where the order of lines means something: of columns and of who was granted what, it is that of making. */
const isOrdered = (head: string): boolean => !/^(?:(?:FOREIGN )?TABLE|ACL) /.test(head);

/** Without the names that PostgreSQL chooses for NOT NULL, which docs/coverage.md leaves out too. */
const plain = (line: string): string =>
  settled(line.replace(/,$/, '').replace(/ CONSTRAINT \S+_not_null\d* NOT NULL/, ' NOT NULL'));
