import { Client } from 'pg';

const CATALOGS = `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace
  AND c.relkind = 'r' AND c.relname NOT IN ('pg_statistic', 'pg_statistic_ext_data', 'pg_database', 'pg_largeobject') ORDER BY 1`;

const RELATIONS = `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'S') AND c.oid >= 16384 AND n.nspname !~ '^pg_' ORDER BY 1`;

/**
 * A checksum of every catalog table, every table and every sequence of a database. Autovacuum has to be
 * off: it writes to the catalog by itself.
 */
export async function checksumsOf(url: string): Promise<Readonly<Record<string, string>>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const names: { name: string }[] = [
      ...(await client.query(CATALOGS)).rows.map(({ name }) => ({ name: `pg_catalog.${name}` })),
      ...(await client.query(RELATIONS)).rows,
    ];
    const sums: [string, string][] = [];
    for (const { name } of names) {
      const { rows } = await client.query(
        `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(row_to_json(t)::text, 0)::numeric), 0) AS sum FROM (SELECT * FROM ${name}) t`,
      );
      sums.push([name, rows[0].sum]);
    }
    return Object.fromEntries(sums);
  } finally {
    await client.end();
  }
}

/** Switches off what writes to the catalog by itself. */
export async function withoutAutovacuum(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER SYSTEM SET autovacuum = off');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}
