// A Fastify service with a decorated pool and a schema for its answers: node fastify.mjs PLANTING
import { pbkdf2Sync } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { anyone, anyTicket, listen } from './parts.mjs';

const planting = process.argv[2];
const app = fastify();
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: { 'pool-of-one-short': 1, 'pool-of-two': 2, counter: 16 }[planting] ?? 10,
});
pool.on('error', () => {});
app.decorate('pg', pool);

/** Handlers: `this` is the application. */
const PLANTINGS = {
  async 'foreign-key-join'() {
    const { rows } = await this.pg.query(
      'SELECT t.id, t.subject, a.email FROM accounts a JOIN tickets t ON t.account_id = a.id WHERE a.handle = $1 ORDER BY t.id',
      [anyone()],
    );
    return { tickets: rows };
  },
  async 'pool-of-one-short'() {
    const account = await this.pg.query('SELECT id, handle FROM accounts WHERE handle = $1', [anyone()]);
    const counts = await this.pg.query(
      'SELECT count(*)::int AS n FROM comments WHERE ticket_id < 2000 AND place < $1',
      [4],
    );
    const words = await this.pg.query('SELECT max(words) AS w FROM comments WHERE ticket_id > $1', [1500]);
    return { ...account.rows[0], ...counts.rows[0], ...words.rows[0] };
  },
  async 'pool-of-two'() {
    const one = this.pg.query(
      'SELECT count(*)::int AS n FROM generate_series(1, 6000) g WHERE g % 7 = $1',
      [3],
    );
    const other = this.pg.query('SELECT pg_sleep(0.004), id FROM accounts WHERE handle = $1', [anyone()]);
    return { n: (await one).rows[0].n, id: (await other).rows[0].id };
  },
  async counter() {
    const client = await this.pg.connect();
    try {
      await client.query('BEGIN');
      await client.query("UPDATE stock SET hits = hits + 1 WHERE sku = 'sku-3'");
      const { rows } = await client.query('SELECT words FROM comments WHERE ticket_id = $1', [anyTicket()]);
      await client.query('SELECT count(*) FROM comments WHERE ticket_id < 900');
      await client.query('COMMIT');
      return { words: rows };
    } finally {
      client.release();
    }
  },
  async 'pbkdf2-sync'() {
    const { rows } = await this.pg.query('SELECT id FROM accounts WHERE handle = $1', [anyone()]);
    return { id: rows[0].id, key: pbkdf2Sync('secret', rows[0].id, 20_000, 32, 'sha256').toString('hex') };
  },
  async 'rows-without-pages'() {
    const { rows } = await this.pg.query('SELECT id, handle, email, bio FROM accounts');
    return { accounts: rows };
  },
  async 'insert-each'(request) {
    const items = Array.from({ length: 24 }, (_, at) => `item ${at}`);
    for (const item of items) await this.pg.query('INSERT INTO audit (what) VALUES ($1)', [item]);
    return { kept: items.length, by: request.ip };
  },
  async 'healthy-point'() {
    const { rows } = await this.pg.query('SELECT handle, email FROM accounts WHERE handle = $1', [anyone()]);
    return rows[0];
  },
};

app.get('/desk/things', PLANTINGS[planting]);
await app.listen({ port: 0, host: '127.0.0.1' });
listen(app.server, '/desk/things');
