// A small shop with one fault planted: node service.mjs FAULT [express|fastify|koa]. It says where it listens.
import { pbkdf2 } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

const [fault = 'healthy', framework = 'express'] = process.argv.slice(2);
const POOLS = {
  pool: 2,
  'pool-of-one-slow': 1,
  'pool-sleep': 2,
  'pool-idle': 3,
  convoy: 20,
  advisory: 20,
  'table-lock': 20,
};
let turn = Promise.resolve();
const big = JSON.stringify({ data: 'x'.repeat(5_000_000) });
const someone = () => 1 + Math.floor(Math.random() * 1000);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: POOLS[fault] ?? 10 });
pool.on('error', () => {});
const db = new Kysely({ dialect: new PostgresDialect({ pool }) });

const page = (query) => Math.min(100, Number(query.limit ?? 50));

/** Each takes the query parameters and gives the answer. */
const HANDLERS = {
  healthy: async (query) => {
    const { rows } = await pool.query(
      'SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT $1',
      [page(query)],
    );
    return { items: rows };
  },
  'healthy-one': async () => {
    const { rows } = await pool.query('SELECT * FROM customers WHERE id = $1', [
      1 + Math.floor(Math.random() * 1000),
    ]);
    return rows[0];
  },
  'missing-index': async () => {
    const customer = 1 + Math.floor(Math.random() * 1000);
    const { rows } = await pool.query(
      'SELECT id, total FROM orders WHERE customer_id = $1 ORDER BY id LIMIT 20',
      [customer],
    );
    return { items: rows };
  },
  'missing-index-kysely': async () => {
    const customer = 1 + Math.floor(Math.random() * 1000);
    return {
      items: await db
        .selectFrom('orders')
        .select(['id', 'total'])
        .where('customer_id', '=', customer)
        .execute(),
    };
  },
  'n-plus-one': async (query) => {
    const { rows } = await pool.query('SELECT id, customer_id, total FROM orders ORDER BY id LIMIT $1', [
      page(query),
    ]);
    const items = [];
    for (const order of rows) {
      const found = await pool.query('SELECT id, name FROM customers WHERE id = $1', [order.customer_id]);
      items.push({ ...order, customer: found.rows[0] });
    }
    return { items };
  },
  'n-plus-one-fixed-size': async () => {
    const orders = await db
      .selectFrom('orders')
      .select(['id', 'customer_id'])
      .orderBy('id')
      .limit(30)
      .execute();
    return Promise.all(
      orders.map(async (order) => ({
        ...order,
        customer: await db
          .selectFrom('customers')
          .selectAll()
          .where('id', '=', order.customer_id)
          .executeTakeFirst(),
      })),
    );
  },
  pool: async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query('SELECT id, name FROM customers WHERE id = $1', [
        1 + Math.floor(Math.random() * 1000),
      ]);
      // Something that has no need of the connection.
      await delay(15);
      await client.query('COMMIT');
      return rows[0];
    } finally {
      client.release();
    }
  },
  convoy: async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('UPDATE counters SET value = value + 1 WHERE id = 1');
      await delay(5);
      await client.query('COMMIT');
      return { ok: true };
    } finally {
      client.release();
    }
  },
  upstream: async () => {
    const { rows } = await pool.query('SELECT id, name FROM customers WHERE id = $1', [
      1 + Math.floor(Math.random() * 1000),
    ]);
    const answer = await fetch(process.env.UPSTREAM_URL);
    return { ...rows[0], rate: await answer.json() };
  },
  cpu: async () => {
    const { rows } = await pool.query('SELECT id, name FROM customers WHERE id = $1', [
      1 + Math.floor(Math.random() * 1000),
    ]);
    let hash = 0;
    for (let at = 0; at < 20_000_000; at += 1) hash = (hash * 31 + at) | 0;
    return { ...rows[0], hash };
  },
  payload: async () => {
    const { rows } = await pool.query('SELECT id, title, body FROM articles');
    return { items: rows };
  },
};

/** Variations on the same faults. */
const MORE = {
  'pool-of-one-slow': async () =>
    (await pool.query('SELECT count(*) FROM generate_series(1, 40000) n')).rows[0],
  'pool-sleep': async () => (await pool.query('SELECT pg_sleep(0.03)')).rows[0],
  'pool-idle': async () => {
    const client = await pool.connect();
    try {
      await client.query('SELECT id FROM customers WHERE id = $1', [someone()]);
      await delay(20);
      return { ok: true };
    } finally {
      client.release();
    }
  },
  advisory: async () => {
    const client = await pool.connect();
    try {
      await client.query('SELECT pg_advisory_lock(42)');
      await client.query('SELECT pg_sleep(0.005)');
      return { ok: true };
    } finally {
      await client.query('SELECT pg_advisory_unlock(42)');
      client.release();
    }
  },
  'table-lock': async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('LOCK TABLE counters IN EXCLUSIVE MODE');
      await client.query('SELECT sum(total) FROM orders WHERE id < 20000');
      await client.query('COMMIT');
      return { ok: true };
    } finally {
      client.release();
    }
  },
  mutex: async () => {
    const before = turn;
    let release;
    turn = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    await delay(10);
    const { rows } = await pool.query('SELECT id FROM customers WHERE id = $1', [someone()]);
    release();
    return rows[0];
  },
  'upstream-thrice': async () => {
    for (let at = 0; at < 3; at += 1) await (await fetch(process.env.UPSTREAM_URL)).json();
    return { ok: true };
  },
  timer: async () => {
    await delay(60);
    return (await pool.query('SELECT id FROM customers WHERE id = $1', [someone()])).rows[0];
  },
  'cpu-json': async () => {
    const value = Array.from({ length: 30_000 }, (_, at) => ({ at, text: `text ${at}` }));
    return { size: JSON.stringify(JSON.parse(JSON.stringify(value))).length };
  },
  'cpu-threads': async () => {
    const hash = await promisify(pbkdf2)('secret', 'salt', 60_000, 32, 'sha256');
    return { hash: hash.toString('hex') };
  },
  'payload-static': async () => JSON.parse(big),
  'payload-rows': async () => ({ items: (await pool.query('SELECT * FROM orders WHERE id <= 20000')).rows }),
  'connect-each': async () => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    const { rows } = await client.query('SELECT id, name FROM customers WHERE id = $1', [someone()]);
    await client.end();
    return rows[0];
  },
  'slow-count': async () =>
    (await pool.query("SELECT count(*) FROM orders WHERE note || total::text LIKE '%7%'")).rows[0],
  'index-on-function': async () =>
    (await pool.query('SELECT id FROM customers2 WHERE lower(email) = $1', [`user${someone()}@example.com`]))
      .rows,
  'index-on-sort': async () => ({
    items: (await pool.query('SELECT id, total FROM orders ORDER BY total DESC, id LIMIT 20')).rows,
  }),
  'index-for-update': async () =>
    (
      await pool.query('UPDATE orders SET note = note WHERE customer_id = $1 AND total = 3 RETURNING id', [
        someone(),
      ])
    ).rows,
  'n-plus-one-scans': async () => {
    const { rows } = await pool.query('SELECT id, name FROM customers ORDER BY id LIMIT 10');
    for (const row of rows) {
      const found = await pool.query('SELECT id FROM orders WHERE customer_id = $1', [row.id]);
      row.orders = found.rows.length;
    }
    return rows;
  },
  'insert-loop': async () => {
    for (let at = 0; at < 25; at += 1) await pool.query('INSERT INTO events (kind) VALUES ($1)', ['looked']);
    return { ok: true };
  },
  'healthy-insert': async () =>
    (await pool.query('INSERT INTO events (kind) VALUES ($1) RETURNING id', ['looked'])).rows[0],
  'healthy-static': async () => ({ ok: true }),
  'healthy-page': async () => ({
    items: (
      await pool.query(
        'SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id > $1 ORDER BY o.id LIMIT 100',
        [someone()],
      )
    ).rows,
    total: Number(
      (await pool.query("SELECT reltuples::bigint AS n FROM pg_class WHERE relname = 'orders'")).rows[0].n,
    ),
  }),
};

const handler = HANDLERS[fault] ?? MORE[fault];

const FRAMEWORKS = {
  express: () => {
    const app = express();
    app.get('/things', async (request, response) => response.json(await handler(request.query)));
    return createServer(app);
  },
  fastify: async () => {
    const app = fastify();
    app.get('/things', (request) => handler(request.query));
    await app.ready();
    return app.server;
  },
  koa: () => {
    const app = new Koa();
    app.use(async (context) => {
      context.body = await handler(context.query);
    });
    return createServer(app.callback());
  },
};

const server = await FRAMEWORKS[framework]();
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/things\n`),
);
process.on('SIGTERM', () => process.exit(0));
