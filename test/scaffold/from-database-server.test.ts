import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { ROOT } from '../support/repository.ts';
import {
  type CompiledService,
  compileService,
  type RunningService,
  sourceOf,
  startService,
} from './database/service.ts';

const SHOP = join(ROOT, 'test', 'scaffold', 'database', 'shop.sql');
const TENANTS = join(ROOT, 'test', 'scaffold', 'database', 'tenants.sql');

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 120_000);

afterAll(() => server.stop());

/** Makes a database with a schema in it, and a connection to look at it from outside of the service. */
async function database(name: string, schema: string): Promise<pg.Client> {
  await server.create(name);
  const client = new pg.Client(server.url(name));
  await client.connect();
  await client.query(readFileSync(schema, 'utf8'));
  return client;
}

/** Ends the connections that wait for a lock, and says how many those were. */
async function endWaiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted');
  return rows.length;
}

/** The first byte of an error: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const ERROR = 0x45;

/** A stretch of wire: the end of a connection is heard a while after its last words, or without them. */
async function openWire(target: string, end: 'late' | 'silent') {
  const { port: serverPort } = new URL(target);
  const sockets = new Set<Socket>();
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(Number(serverPort), '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      if (end === 'silent' && bytes[0] === ERROR) client.destroy();
      else client.write(bytes);
    });
    upstream.on('end', () => setTimeout(() => client.destroy(), 300));
  });
  await new Promise<void>((done) => void listener.listen(0, '127.0.0.1', done));
  const url = new URL(target);
  url.port = String((listener.address() as AddressInfo).port);
  return {
    url: url.href,
    close: () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        listener.close(() => done());
      }),
  };
}

describe('what a client sends, on a real server', () => {
  let client: pg.Client;
  let compiled: CompiledService;
  let service: RunningService;

  beforeAll(async () => {
    client = await database('hostile', SHOP);
    await client.query("INSERT INTO city (name) VALUES ('Ghent'), ('Ypres')");
    await client.query("INSERT INTO person (name, city_id) VALUES ('Ann', 1)");
    compiled = await compileService('hostile', sourceOf(SHOP), 'fastify');
    service = await startService(compiled, server.url('hostile'));
  }, 180_000);

  afterAll(async () => {
    await service.stop();
    await client.end();
  });

  /** Everything that an injected statement could have changed. */
  const state = async (): Promise<unknown> => {
    const { rows } = await client.query(
      `SELECT (SELECT count(*) FROM pg_class) AS relations, (SELECT count(*) FROM pg_roles) AS roles,
        (SELECT jsonb_agg(c) FROM city c) AS cities, (SELECT jsonb_agg(p) FROM person p) AS people`,
    );
    return rows;
  };

  const hostile = fc.oneof(
    fc.constantFrom(
      "'; DROP TABLE city; --",
      "') OR 1=1 --",
      '" OR ""="',
      '1; SELECT pg_sleep(10)',
      "\\'; DELETE FROM city; --",
      '$1',
      '$$; DROP TABLE person; $$',
      "name'||(SELECT version())||'",
      'name") FROM city; DROP TABLE city; --',
      '%27%20OR%201=1',
      '\u0000',
      '\ud800',
      '{"a":1}',
      'null',
      'xmin',
      '__proto__',
      'constructor',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );

  const cursorOf = (sort: string, values: readonly unknown[]): string =>
    Buffer.from(JSON.stringify([sort, ...values])).toString('base64url');

  /** Every position of a request that leads into a statement. */
  const POSITIONS: Readonly<Record<string, (text: string) => string>> = {
    'a filter of text': (text) => `/city?name[eq]=${encodeURIComponent(text)}`,
    'a pattern': (text) => `/city?name[ilike]=${encodeURIComponent(text)}`,
    'a pattern with case': (text) => `/city?name[like]=${encodeURIComponent(text)}`,
    'a list': (text) => `/city?name[in][]=Ghent&name[in][]=${encodeURIComponent(text)}`,
    'an inequality': (text) => `/city?name[ne]=${encodeURIComponent(text)}`,
    'an order of texts': (text) => `/city?name[lt]=${encodeURIComponent(text)}`,
    'a filter of a time': (text) => `/city?founded[gt]=${encodeURIComponent(text)}`,
    'a filter of a date': (text) => `/person?born[lte]=${encodeURIComponent(text)}`,
    'a filter of a domain': (text) => `/person?mail[eq]=${encodeURIComponent(text)}`,
    'a filter of a float': (text) => `/person?score[eq]=${encodeURIComponent(text)}`,
    'a filter of a key of another type': (text) => `/session?token[eq]=${encodeURIComponent(text)}`,
    'a filter of a column that is named like a word of SQL': (text) =>
      `/session?${encodeURIComponent('odd "name"')}[eq]=${encodeURIComponent(text)}`,
    'a filter for NULL': (text) => `/city?population[null]=${encodeURIComponent(text)}`,
    'an overlap of arrays': (text) => `/city?tags[overlaps][]=a&tags[overlaps][]=${encodeURIComponent(text)}`,
    'a range to contain': (text) => `/city?open[contains]=${encodeURIComponent(text)}`,
    'several filters together': (text) =>
      `/city?name[gte]=${encodeURIComponent(text)}&mood[eq]=happy&tags[contains][]=${encodeURIComponent(text)}`,
    'a filter of a number': (text) => `/city?population[gte]=${encodeURIComponent(text)}`,
    'a filter of an array': (text) => `/city?tags[contains][]=${encodeURIComponent(text)}`,
    'a filter of a range': (text) => `/city?open[overlaps]=${encodeURIComponent(text)}`,
    'a filter of an enum': (text) => `/city?mood[ne]=${encodeURIComponent(text)}`,
    'an operator': (text) => `/city?name[${encodeURIComponent(text)}]=x`,
    'a column to filter by': (text) => `/city?${encodeURIComponent(text)}[eq]=x`,
    'the order': (text) => `/city?sort=${encodeURIComponent(text)}`,
    'the columns': (text) => `/city?fields=${encodeURIComponent(text)}`,
    'a relation': (text) => `/city?include=${encodeURIComponent(text)}`,
    'a page size': (text) => `/city?limit=${encodeURIComponent(text)}`,
    'a cursor': (text) => `/city?cursor=${encodeURIComponent(text)}`,
    'a value in a cursor': (text) => `/city?cursor=${cursorOf('city_id', [text])}`,
    'a value of text in a cursor': (text) =>
      `/city?sort=-name&cursor=${cursorOf('-name,city_id', [text, '1'])}`,
    'the order in a cursor': (text) => `/city?cursor=${cursorOf(text, ['1'])}`,
    'a cursor of a list without a key': (text) => `/grown?sort=name&cursor=${cursorOf('name', [text])}`,
    'a value beside NULL in a cursor': (text) =>
      `/person?sort=score,name&cursor=${cursorOf('score,name,id', [null, text, '1'])}`,
    'a count': (text) => `/city?count=${encodeURIComponent(text)}`,
    'the columns of one row': (text) => `/city/1?fields=${encodeURIComponent(text)}`,
    'a relation of one row': (text) => `/city/1?include=${encodeURIComponent(text)}`,
    'a filter of a nested list': (text) => `/city/1/person?name[eq]=${encodeURIComponent(text)}`,
    'the order of a nested list': (text) => `/city/1/person?sort=${encodeURIComponent(text)}`,
    'a cursor of a nested list': (text) => `/city/1/person?cursor=${cursorOf('id', [text])}`,
    'a key of digits and dashes': (text) => `/session/${encodeURIComponent(text)}`,
    'a key': (text) => `/city/${encodeURIComponent(text)}`,
    'a nested list': (text) => `/city/${encodeURIComponent(text)}/person`,
    'a key of several columns': (text) => `/visit/1/1/${encodeURIComponent(text)}`,
  };

  test.each(Object.entries(POSITIONS))('%s stays a value', async (_position, url) => {
    const before = await state();
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const answer = await service.ask('GET', url(isWellFormed(text) ? text : 'x'));
        expect([200, 400, 404]).toContain(answer.status);
        // The name of a function or a table in an answer would be PostgreSQL talking.
        expect(JSON.stringify(answer.body)).not.toMatch(/syntax error|pg_catalog|PostgreSQL \d/);
      }),
      { numRuns: 25, seed: 7 },
    );
    expect(await state()).toEqual(before);
  });

  // Statements are kept and run again: with the values of the request that they are run for.
  test('what was asked before is in no later answer', async () => {
    const names = async (query: string): Promise<unknown[]> =>
      ((await service.ask('GET', `/city?${query}`)).body as { data: { name: string }[] }).data.map(
        ({ name }) => name,
      );
    for (const [query, expected] of [
      ['name[eq]=Ghent', ['Ghent']],
      ['name[eq]=Ypres', ['Ypres']],
      ['name[in][]=Ypres&name[in][]=Ghent', ['Ghent', 'Ypres']],
      ['name[in][]=Ypres', ['Ypres']],
      ['population[null]=true', ['Ghent', 'Ypres']],
      ['population[null]=false', []],
      ['sort=-name', ['Ypres', 'Ghent']],
      ['sort=name', ['Ghent', 'Ypres']],
      ['limit=1', ['Ghent']],
      [`cursor=${cursorOf('city_id', ['1'])}`, ['Ypres']],
      [`cursor=${cursorOf('city_id', ['0'])}`, ['Ghent', 'Ypres']],
    ] as const)
      expect([query, await names(query)]).toEqual([query, expected]);
  });

  test('whatever text is written comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const body = { 'odd "name"': text, limit: 1 };
        const made = await service.ask('POST', '/session', { body });
        if (text.includes('\u0000') || !isWellFormed(text))
          return void expect(made.status).toBeGreaterThanOrEqual(201);
        expect(made).toMatchObject({ status: 201, body: { data: body } });
        const token = (made.body as { data: { token: string } }).data.token;
        const key = `"${text.replaceAll(/[^\x20-\x7e]|"/g, '')}"`;
        const kept = await service.ask('DELETE', `/session/${token}`, { headers: { 'if-match': key } });
        expect(kept.status).toBe(412);
        const found = await service.ask('GET', `/session?fields=token&column.limit[eq]=1&limit=1`);
        expect(found.status).toBe(200);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test('a statement that takes too long is given up, and the client may come again', async () => {
    const { openServer, useDatabase } = await import(
      pathToFileURL(join(compiled.folder, 'data/database.js')).href
    );
    const hasty = openServer(server.url('hostile'), { statementTimeout: 200 });
    useDatabase(hasty);
    await client.query('BEGIN; LOCK TABLE city');
    const answer = await service.ask('GET', '/city');
    await client.query('ROLLBACK');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await service.ask('GET', '/city')).status).toBe(200);
    await hasty.destroy();
    useDatabase(openServer(server.url('hostile'), { max: 2 }));
  });

  describe.each(['late', 'silent'] as const)('a connection whose end comes %s', (end) => {
    test.each([
      ['GET', undefined],
      ['POST', { name: 'Bruges' }],
    ])('during %s is replaced', async (method, body) => {
      const { openServer, useDatabase } = await import(
        pathToFileURL(join(compiled.folder, 'data/database.js')).href
      );
      const wire = await openWire(server.url('hostile'), end);
      const distant = openServer(wire.url, { max: 1 });
      useDatabase(distant);
      await client.query('BEGIN; LOCK TABLE city');
      const asked = service.ask(method, '/city', { body });
      await expect.poll(() => endWaiting(client)).toBe(1);
      const answer = await asked;
      await client.query('ROLLBACK');
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect((await service.ask('GET', '/city')).status).toBe(200);
      await distant.destroy();
      await wire.close();
      useDatabase(openServer(server.url('hostile'), { max: 2 }));
    });
  });

  test('a statement that is refused costs no connection', async () => {
    const session = async (): Promise<unknown> => {
      const { rows } = await client.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND query LIKE '%city%' ORDER BY pid`,
      );
      return rows;
    };
    await service.ask('GET', '/city');
    const before = await session();
    await client.query('ALTER TABLE city RENAME TO town');
    expect((await service.ask('GET', '/city')).status).toBe(500);
    await client.query('ALTER TABLE town RENAME TO city');
    expect((await service.ask('GET', '/city')).status).toBe(200);
    expect(await session()).toEqual(before);
  });
});

describe('a column that is left out', () => {
  test('is neither sent, written, filtered by nor named in an error, and takes its relations along', async () => {
    const client = await database('hidden', SHOP);
    const source = sourceOf(SHOP, { exclude: ['person.mail', 'person.boss', 'visit'] });
    const compiled = await compileService('hidden', source, 'koa');
    const service = await startService(compiled, server.url('hidden'));
    try {
      await client.query("INSERT INTO person (name, mail) VALUES ('Ann', 'a@b.c')");
      await client.query('CREATE UNIQUE INDEX one_ann ON person (name)');
      const list = await service.ask('GET', '/person');
      expect(Object.keys((list.body as { data: [object] }).data[0])).not.toContain('mail');
      expect((await service.ask('POST', '/person', { body: { name: 'Bob', mail: 'x@y.z' } })).status).toBe(
        400,
      );
      expect(await service.ask('GET', '/person?mail[eq]=a@b.c')).toMatchObject({ body: list.body as object });
      expect((await service.ask('GET', '/person?include=boss_person')).status).toBe(400);
      expect((await service.ask('GET', '/visit')).status).toBe(404);
      const twice = await service.ask('POST', '/person', { body: { name: 'Ann' } });
      expect(twice).toMatchObject({ status: 409, body: { error: { details: [] } } });
      const mentions = compiled.scaffold.files.filter(({ content }) => /'mail'|\bmail:/.test(content));
      expect(mentions.map((file) => file.path)).toEqual([]);
    } finally {
      await service.stop();
      await client.end();
    }
  }, 180_000);
});

describe('row-level security', () => {
  let client: pg.Client;
  let compiled: CompiledService;

  beforeAll(async () => {
    client = await database('tenants', TENANTS);
    compiled = await compileService('tenants', sourceOf(TENANTS), 'fastify');
  }, 180_000);

  afterAll(() => client.end());

  test.each(['late', 'silent'] as const)(
    'a connection whose end comes %s during a transaction is replaced',
    async (end) => {
      const { useSessions } = await import(pathToFileURL(join(compiled.folder, 'data/session.js')).href);
      useSessions(() => ({ role: 'tenant' }));
      const wire = await openWire(server.url('tenants'), end);
      const service = await startService(compiled, wire.url);
      try {
        await client.query('BEGIN; LOCK TABLE note');
        const asked = service.ask('GET', '/note');
        await expect.poll(() => endWaiting(client)).toBe(1);
        const answer = await asked;
        await client.query('ROLLBACK');
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
        expect((await service.ask('GET', '/note')).status).toBe(200);
      } finally {
        await service.stop();
        await wire.close();
      }
    },
  );

  test('requests act as the role and with the claims of who sent them; unknown ones are refused', async () => {
    const { useSessions } = await import(pathToFileURL(join(compiled.folder, 'data/session.js')).href);
    useSessions(({ native }: { native: { headers: Record<string, string> } }) => {
      const tenant = native.headers['x-tenant'];
      return tenant === undefined ? undefined : { role: 'tenant', claims: { tenant } };
    });
    const settings = encodeURIComponent('-c TimeZone=Asia/Tokyo -c application_name=shop');
    const service = await startService(compiled, `${server.url('tenants')}?options=${settings}`);
    const as = (tenant: string) => ({ headers: { 'x-tenant': tenant } });
    try {
      expect(await service.ask('GET', '/note')).toMatchObject({ status: 401 });
      const mine = await service.ask('POST', '/note', { ...as('a'), body: { tenant: 'a', body: 'mine' } });
      expect(mine.status).toBe(201);
      const foreign = { ...as('a'), body: { tenant: 'b', body: 'not mine' } };
      expect(await service.ask('POST', '/note', foreign)).toMatchObject({
        status: 403,
        body: { error: { code: 'FORBIDDEN' } },
      });
      expect(await service.ask('GET', '/note', as('a'))).toMatchObject({
        body: { data: [{ body: 'mine' }] },
      });
      expect(await service.ask('GET', '/note', as('b'))).toMatchObject({ body: { data: [] } });
      expect((await service.ask('DELETE', '/note/1', as('b'))).status).toBe(404);
      // Sent along from a table without policies, they are held to their policies all the same.
      expect(await service.ask('GET', '/author?include=note', as('b'))).toMatchObject({
        body: { data: [{ note: [] }] },
      });
      expect((await service.ask('GET', '/author?include=note')).status).toBe(401);
      // The role of a request does not stay with its connection.
      expect((await client.query('SELECT count(*)::int AS n FROM note')).rows).toEqual([{ n: 1 }]);
      // Triggers find what stands beside their table; the URL's own settings hold, but for how times are written.
      expect(await service.ask('POST', '/counted_item', { body: { id: 1 } })).toMatchObject({
        status: 201,
        body: { data: { made: '2026-01-01T00:00:00+00:00' } },
      });
      expect(await service.ask('GET', '/counted_total')).toMatchObject({ body: { data: [{ n: 1 }] } });
      const { rows } = await client.query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'shop'",
      );
      expect(rows).not.toEqual([{ n: 0 }]);
    } finally {
      await service.stop();
    }
  });
});

/** A lone surrogate has no UTF-8, in which URLs are written. */
const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text);
