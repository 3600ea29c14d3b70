// The list of purchases as one would write it by hand with Fastify and pg: the query validated by Fastify's own
// JSON Schema, a page by key in the order asked for, filters, every value a parameter, the rows in an envelope,
// a request id, errors in the same envelope.
import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import pg from 'pg';

// What JavaScript would round or turn into local time stays text.
const COLUMNS = `id::text, customer_id, state, total::text, to_json(placed_at) AS placed_at,
  to_json(delivered_on) AS delivered_on, note, items`;

const SORTS = {
  id: [['id', 'bigint']],
  '-id': [['id', 'bigint', 'desc']],
  '-placed_at,-id': [
    ['placed_at', 'timestamptz', 'desc'],
    ['id', 'bigint', 'desc'],
  ],
};

const FILTERS = {
  'customer_id[eq]': 'customer_id =',
  'state[eq]': 'state =',
  'total[gte]': 'total >=',
  'placed_at[lt]': 'placed_at <',
};

const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    cursor: { type: 'string', maxLength: 500 },
    sort: { enum: Object.keys(SORTS), default: 'id' },
    'customer_id[eq]': { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
    'state[eq]': { enum: ['open', 'paid', 'sent'] },
    'total[gte]': { type: 'string', pattern: '^-?[0-9]+([.][0-9]+)?$' },
    'placed_at[lt]': { type: 'string', format: 'date-time' },
  },
};

class BadCursor extends Error {}

function readCursor(text, sort) {
  try {
    const [made, ...values] = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (made === sort && values.length === SORTS[sort].length && values.every((v) => typeof v === 'string'))
      return values;
  } catch {
    // Not one of ours.
  }
  throw new BadCursor('The cursor does not belong to this list');
}

export async function byHand(url) {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c TimeZone=UTC' });
  pool.on('error', () => undefined);
  const app = fastify();
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.headers['x-request-id'] ?? randomUUID());
    done();
  });
  app.setErrorHandler((error, _request, reply) => {
    const isTheirs = error.validation !== undefined || error instanceof BadCursor;
    reply.code(isTheirs ? 400 : 500).send({
      error: {
        code: isTheirs ? 'VALIDATION_ERROR' : 'INTERNAL_ERROR',
        message: isTheirs ? error.message : 'Something went wrong',
        details: [],
      },
      meta: { requestId: reply.getHeader('x-request-id') },
    });
  });
  app.get('/purchase', { schema: { querystring } }, async ({ query }) => {
    const { limit, cursor, sort } = query;
    const values = [];
    const conditions = [];
    for (const name in FILTERS) {
      if (query[name] === undefined) continue;
      values.push(query[name]);
      conditions.push(`${FILTERS[name]} $${values.length}`);
    }
    const order = SORTS[sort];
    const isDown = order[0][2] === 'desc';
    if (cursor !== undefined) {
      const places = readCursor(cursor, sort).map((value, index) => {
        values.push(value);
        return `$${values.length}::${order[index][1]}`;
      });
      conditions.push(
        `(${order.map(([name]) => name).join(', ')}) ${isDown ? '<' : '>'} (${places.join(', ')})`,
      );
    }
    values.push(limit + 1);
    const { rows } = await pool.query(
      `SELECT ${COLUMNS} FROM purchase ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY ${order.map(([name]) => `purchase.${name}${isDown ? ' DESC' : ''}`).join(', ')} LIMIT $${values.length}`,
      values,
    );
    const data = rows.length > limit ? rows.slice(0, limit) : rows;
    const last = data.at(-1);
    const nextCursor =
      rows.length > limit
        ? Buffer.from(JSON.stringify([sort, ...order.map(([name]) => String(last[name]))])).toString(
            'base64url',
          )
        : null;
    return { data, meta: { limit, nextCursor } };
  });
  await app.ready();
  return app.routing;
}
