// A Koa service whose statements are all Kysely's: node koa.mjs PLANTING
import Koa from 'koa';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { anyone, anyTicket, listen } from './parts.mjs';

const planting = process.argv[2];
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: { 'for-update': 12 }[planting] ?? 10,
});
pool.on('error', () => {});
const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
const letters = () =>
  Math.floor(Math.random() * 0xfffff)
    .toString(16)
    .padStart(5, '0');
const hostile = `${'a'.repeat(23)}!`;

/** Each gives the body of the answer. */
const PLANTINGS = {
  ilike: () =>
    db
      .selectFrom('tickets')
      .select(['id', 'subject'])
      .where('subject', 'ilike', `%${letters()}%`)
      .limit(20)
      .execute(),
  'text-prefix': () =>
    db.selectFrom('tickets').select(['id', 'subject']).where('subject', 'like', `${letters()}%`).execute(),
  'text-key': async (context) => {
    const comments = await db
      .selectFrom('comments')
      .select(['ticket_id', 'place', 'author'])
      .orderBy('ticket_id')
      .orderBy('place')
      .limit(Math.min(45, Number(context.query.take ?? 30)))
      .execute();
    const out = [];
    for (const comment of comments) {
      const writer = await db
        .selectFrom('accounts')
        .select(['handle', 'email'])
        .where('handle', '=', comment.author)
        .executeTakeFirst();
      out.push({ ...comment, writer });
    }
    return out;
  },
  'for-update': () =>
    db.transaction().execute(async (trx) => {
      const { quantity } = await trx
        .selectFrom('stock')
        .select('quantity')
        .where('sku', '=', 'sku-1')
        .forUpdate()
        .executeTakeFirstOrThrow();
      await trx.selectFrom('comments').select('words').where('ticket_id', '=', anyTicket()).execute();
      await trx.insertInto('audit').values({ what: 'sold' }).execute();
      await trx
        .updateTable('stock')
        .set({ quantity: quantity - 1 })
        .where('sku', '=', 'sku-1')
        .execute();
      return { quantity };
    }),
  'regular-expression': async () => {
    const row = await db
      .selectFrom('accounts')
      .select('email')
      .where('handle', '=', anyone())
      .executeTakeFirst();
    return { ...row, matches: /^(a|a)*$/.test(hostile.slice(4)) };
  },
  'healthy-aggregate': () =>
    db
      .selectFrom('tickets')
      .select(['state', sql`count(*)::int`.as('n'), sql`avg((meta ->> 'score')::int)::float8`.as('score')])
      .groupBy('state')
      .execute(),
  'healthy-joined-page': () =>
    db
      .selectFrom('tickets as t')
      .innerJoin('accounts as a', 'a.id', 't.account_id')
      .select(['t.id', 't.subject', 't.state', 't.meta', 'a.handle', 'a.bio'])
      .where('t.id', '>', anyTicket())
      .orderBy('t.id')
      .limit(80)
      .execute(),
};

const app = new Koa();
app.use(async (context, next) => {
  const started = Date.now();
  await next();
  context.set('x-took', String(Date.now() - started));
});
app.use(async (context) => {
  context.body = await PLANTINGS[planting](context);
});
const server = app.listen(0, '127.0.0.1', () => listen(server, '/desk'));
