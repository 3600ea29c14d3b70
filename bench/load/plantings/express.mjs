// An Express service with a router, middleware and a pool of pg: node express.mjs PLANTING
import { Agent, get } from 'node:http';
import express from 'express';
import pg from 'pg';
import { anyone, listen, readParagraphs } from './parts.mjs';

const planting = process.argv[2];
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: { 'pool-of-two-transactions': 2 }[planting] ?? 10,
});
pool.on('error', () => {});
const agent = new Agent({ keepAlive: true });
const catalogue = JSON.stringify(
  Array.from({ length: 12_000 }, (_, at) => ({
    at,
    name: `article ${at}`,
    price: at * 1.07,
    tags: ['a', 'b'],
  })),
);

const ask = (url) =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => resolve(JSON.parse(text)));
    }).on('error', reject);
  });

/** Each is a handler of Express. */
const PLANTINGS = {
  'order-by-limit': async (_request, response) => {
    const { rows } = await pool.query(
      'SELECT id, subject, opened_at FROM tickets ORDER BY opened_at DESC LIMIT 20',
    );
    response.json(rows);
  },
  'nested-loops': async (_request, response) => {
    const { rows: accounts } = await pool.query(
      "SELECT id, handle FROM accounts WHERE handle LIKE 'user-1999%' ORDER BY handle",
    );
    for (const account of accounts) {
      const { rows: comments } = await pool.query(
        'SELECT ticket_id, place FROM comments WHERE ticket_id = ANY($1) AND place < 4',
        [[Number.parseInt(account.handle.slice(5), 10) % 3000 || 1]],
      );
      account.comments = [];
      for (const { ticket_id, place } of comments) {
        const { rows } = await pool.query('SELECT words FROM comments WHERE ticket_id = $1 AND place = $2', [
          ticket_id,
          place,
        ]);
        account.comments.push(rows[0]);
      }
    }
    response.json({ accounts });
  },
  'pool-of-two-transactions': async (_request, response) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN READ ONLY');
      const { rows } = await client.query('SELECT id, handle FROM accounts WHERE handle = $1', [anyone()]);
      await client.query('SELECT count(*) FROM comments WHERE ticket_id < $1', [150]);
      const paragraphs = await readParagraphs();
      await client.query('COMMIT');
      response.json({ ...rows[0], paragraphs });
    } finally {
      client.release();
    }
  },
  'keep-alive-upstream': async (_request, response) => {
    const { rows } = await pool.query('SELECT email FROM accounts WHERE handle = $1', [anyone()]);
    response.json({ ...rows[0], score: await ask(process.env.UPSTREAM_URL) });
  },
  'json-of-big-data': async (_request, response) => {
    const { rows } = await pool.query('SELECT email FROM accounts WHERE handle = $1', [anyone()]);
    const cheap = JSON.parse(catalogue).filter(({ price }) => price < 3);
    response.json({ ...rows[0], cheap });
  },
  'select-star': async (_request, response) => {
    const { rows } = await pool.query('SELECT * FROM documents ORDER BY id LIMIT 40');
    response.json(rows.map(({ body: _body, ...row }) => row));
  },
  'healthy-four-statements': async (_request, response) => {
    const { rows } = await pool.query('SELECT id, handle FROM accounts WHERE handle = $1', [anyone()]);
    const ticket = await pool.query('SELECT id, subject FROM tickets WHERE id = $1', [
      1 + Math.floor(Math.random() * 3000),
    ]);
    const comments = await pool.query('SELECT place, words FROM comments WHERE ticket_id = $1', [
      ticket.rows[0].id,
    ]);
    const item = await pool.query('SELECT quantity FROM stock WHERE sku = $1', ['sku-7']);
    response.json({
      ...rows[0],
      ticket: ticket.rows[0],
      comments: comments.rows,
      left: item.rows[0].quantity,
    });
  },
};

const app = express();
app.use(express.json());
app.use((_request, response, next) => {
  response.setHeader('x-desk', '1');
  next();
});
app.use('/v1', express.Router().get('/desk', PLANTINGS[planting]));
app.listen(0, '127.0.0.1', function () {
  listen(this, '/v1/desk');
});
