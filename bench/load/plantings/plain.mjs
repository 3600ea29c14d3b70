// A service on node:http alone, with handlers that write what they mean: node plain.mjs PLANTING
import { createServer, get } from 'node:http';
import pg from 'pg';
import { anyone, anyTicket, listen } from './parts.mjs';

const planting = process.argv[2];
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: { 'advisory-lock': 16 }[planting] ?? 8,
});
pool.on('error', () => {});

const ask = (url) =>
  new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    }).on('error', reject);
  });

async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}

/** Each gives what is written as JSON. */
const PLANTINGS = {
  'jsonb-key': async () =>
    (
      await pool.query("SELECT id, subject FROM tickets WHERE meta ->> 'source' = $1", [
        `shop-${Math.floor(Math.random() * 5000)}`,
      ])
    ).rows,
  'jsonb-contains': async () =>
    (
      await pool.query('SELECT id, subject FROM tickets WHERE meta @> $1::jsonb', [
        JSON.stringify({ tags: [`t${10 + Math.floor(Math.random() * 800)}`] }),
      ])
    ).rows,
  'promise-all': async (url) => {
    const size = Math.min(60, Number(url.searchParams.get('size') ?? 40));
    const { rows } = await pool.query('SELECT id, account_id, subject FROM tickets ORDER BY id LIMIT $1', [
      size,
    ]);
    const owners = await Promise.all(
      rows.map(
        async ({ account_id }) =>
          (await pool.query('SELECT handle, email FROM accounts WHERE id = $1', [account_id])).rows[0],
      ),
    );
    return { tickets: rows.map((row, at) => ({ ...row, owner: owners[at] })) };
  },
  'advisory-lock': () =>
    inTransaction(async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtext('nightly'))");
      const { rows } = await client.query('SELECT count(*)::int AS n FROM comments WHERE ticket_id < 1200');
      await client.query('INSERT INTO audit (what) VALUES ($1)', ['looked']);
      return rows[0];
    }),
  'upstream-each-anew': async () => {
    const { rows } = await pool.query('SELECT email FROM accounts WHERE handle = $1', [anyone()]);
    return { ...rows[0], status: await ask(process.env.UPSTREAM_URL) };
  },
  'big-jsonb': async () => {
    const { rows } = await pool.query('SELECT id, title, body FROM documents WHERE id <= 12');
    return { documents: rows };
  },
  'healthy-transaction': () =>
    inTransaction(async (client) => {
      const { rows } = await client.query('INSERT INTO audit (what) VALUES ($1) RETURNING id', ['seen']);
      return (await client.query('SELECT id, what FROM audit WHERE id = $1', [rows[0].id])).rows[0];
    }),
  'healthy-slow-rate': async () =>
    (await pool.query('SELECT place, words FROM comments WHERE ticket_id = $1 ORDER BY place', [anyTicket()]))
      .rows,
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://desk');
  if (url.pathname !== '/desk') return response.writeHead(404).end();
  try {
    const body = JSON.stringify(await PLANTINGS[planting](url));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    response.writeHead(500).end();
  }
});
server.listen(0, '127.0.0.1', () => listen(server, '/desk'));
