import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/repository.ts';
import { runLine } from '../support/run-line.ts';
import { compileService, type RunningService, sourceOf, startService } from './database/service.ts';

const SCHEMA = join(ROOT, 'test', 'scaffold', 'database', 'shop.sql');

/** The same behaviour on every framework. */
describe.each(['express', 'fastify', 'koa'] as const)(
  'a service made from a database, on %s',
  (framework) => {
    const statements: string[] = [];
    let service: RunningService;
    let sources = '';

    beforeAll(async () => {
      const compiled = await compileService('shop', sourceOf(SCHEMA), framework);
      sources = compiled.sources;
      const lite = new PGlite();
      await lite.exec(readFileSync(SCHEMA, 'utf8'));
      service = await startService(compiled, {
        query: (text, parameters) => {
          statements.push(text);
          return lite.query(text, parameters);
        },
        close: () => lite.close(),
      });
    }, 180_000);

    afterAll(() => service.stop());

    const ask: RunningService['ask'] = (...request) => service.ask(...request);

    test('makes, reads, changes, replaces and deletes a row', async () => {
      const body = {
        name: 'Ghent',
        population: '9223372036854775807',
        area: '1234567890.10',
        mood: 'happy',
        size: 'large',
        founded: '2026-01-31T12:00:00.123456+02:00',
        tags: ['a', 'b,"c'],
        flag: 'AP8Q',
        extra: { x: [1, null, 'é'] },
        place: { x: 1, y: 2, label: 'here' },
        open: '[1,5)',
      };
      const created = await ask('POST', '/city', { body });
      expect(created).toMatchObject({
        status: 201,
        body: { data: { ...body, city_id: 1, founded: '2026-01-31T10:00:00.123456+00:00' } },
      });
      expect(created.headers.get('location')).toBe('/city/1');
      const read = await ask('GET', '/city/1');
      expect(read.body).toEqual(created.body);
      const etag = read.headers.get('etag') ?? '';
      const changed = await ask('PATCH', '/city/1', { body: { mood: null }, headers: { 'if-match': etag } });
      expect(changed).toMatchObject({
        status: 200,
        body: { data: { mood: null, name: 'Ghent', tags: body.tags } },
      });
      expect(
        await ask('PATCH', '/city/1', { body: { mood: 'sad' }, headers: { 'if-match': etag } }),
      ).toMatchObject({
        status: 412,
        body: { error: { code: 'PRECONDITION_FAILED' } },
      });
      expect(await ask('PUT', '/city/1', { body: { name: 'Gand' } })).toMatchObject({
        status: 200,
        body: { data: { city_id: 1, name: 'Gand', population: null, tags: [] } },
      });
      expect((await ask('DELETE', '/city/1')).status).toBe(204);
      expect(await ask('DELETE', '/city/1')).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      });
    });

    test.each([
      ['a text that is too short', { name: 'x' }, 400],
      ['a text that is too long', { name: 'x'.repeat(21) }, 400],
      ['a value that is not in the list', { name: 'Aalst', size: 'huge' }, 400],
      ['a bit string of another length', { name: 'Aalst', marks: '101' }, 400],
      ['an unknown enum label', { name: 'Aalst', mood: 'angry' }, 400],
      ['a column that is not there', { name: 'Aalst', nope: 1 }, 400],
      ['a required column that is missing', { size: 'small' }, 400],
      ['a check that only the database can make', { name: 'Aalst', population: '-1' }, 422],
      ['what a trigger raises under a code of its own', { name: 'Nowhere' }, 422],
      ['a number that does not fit', { name: 'Aalst', area: '99999999999.99' }, 400],
      ['a range that is none', { name: 'Aalst', open: '[5,1)' }, 400],
    ])('refuses %s', async (_what, body, status) => {
      const answer = await ask('POST', '/city', { body });
      expect(answer.status).toBe(status);
      expect(JSON.stringify(answer.body)).not.toMatch(/select|insert|jsonb_to_record|pg_|relation/i);
    });

    test('tells conflicts and references by their fields', async () => {
      await ask('POST', '/city', { body: { name: 'Namur' } });
      expect(await ask('POST', '/city', { body: { name: 'Namur' } })).toMatchObject({
        status: 409,
        body: { error: { code: 'CONFLICT', details: [{ field: 'name' }] } },
      });
      expect(await ask('POST', '/person', { body: { name: 'Ann', city_id: 99 } })).toMatchObject({
        status: 422,
        body: { error: { code: 'REFERENCE_VIOLATION', details: [{ field: 'city_id' }] } },
      });
      expect(await ask('POST', '/person', { body: { name: 'Ann', id: 7 } })).toMatchObject({ status: 400 });
      expect(await ask('POST', '/person', { body: { name: 'Ann', mail: 'nobody' } })).toMatchObject({
        status: 400,
      });
      expect(await ask('POST', '/person', { body: { name: 'Ann', since: 1066 } })).toMatchObject({
        status: 400,
      });
    });

    test('refuses to delete a row that others refer to, and cascades where the schema says so', async () => {
      const city = idOf(await ask('POST', '/city', { body: { name: 'Liège' } }), 'city_id');
      const person = idOf(await ask('POST', '/person', { body: { name: 'Bea', city_id: city } }), 'id');
      expect(await ask('DELETE', `/city/${city}`)).toMatchObject({
        status: 409,
        body: { error: { code: 'CONFLICT' } },
      });
      const key = `/visit/${city}/${person}/2026-02-03`;
      const visit = { city_id: city, person_id: person, day: '2026-02-03' };
      const made = await ask('POST', '/visit', { body: visit });
      expect(made.headers.get('location')).toBe(key);
      expect(await ask('GET', key)).toMatchObject({ status: 200, body: { data: visit } });
      expect(await ask('PUT', key, { body: { ...visit, day: '2026-02-04' } })).toMatchObject({
        status: 400,
        body: { error: { code: 'KEY_MISMATCH' } },
      });
      await ask('PATCH', `/person/${person}`, { body: { city_id: null } });
      expect((await ask('DELETE', `/city/${city}`)).status).toBe(204);
      expect((await ask('GET', key)).status).toBe(404);
    });

    test('pages through any order without missing or repeating a row', async () => {
      for (let n = 0; n < 12; n += 1)
        await ask('POST', '/person', {
          body: { name: `P${n}`, score: n % 3 === 0 ? null : n % 4, born: '2000-01-01' },
        });
      const all = rowsOf(await ask('GET', '/person?limit=100'));
      for (const sort of ['score', '-score', 'name,-score', '-born,score', '-id']) {
        const seen: unknown[] = [];
        let cursor: string | null = null;
        do {
          const next: string = cursor === null ? '' : `&cursor=${cursor}`;
          const answer = await ask('GET', `/person?limit=5&fields=name&sort=${sort}${next}`);
          seen.push(...rowsOf(answer).map(({ name }) => name));
          cursor = metaOf(answer)['nextCursor'] as string | null;
        } while (cursor !== null);
        expect([...seen].sort()).toEqual(all.map(({ name }) => name).sort());
      }
      const whole = await ask('GET', '/person?limit=100&sort=-score&fields=name,score');
      const scores = rowsOf(whole).map(({ score }) => score);
      // PostgreSQL puts NULL first when the order is descending.
      expect(scores).toEqual([...scores].sort((a, b) => Number(b ?? 9) - Number(a ?? 9)));
      expect(await ask('GET', '/person?sort=name&cursor=bm9uc2Vuc2U')).toMatchObject({
        status: 400,
        body: { error: { code: 'INVALID_CURSOR' } },
      });
    });

    test('filters by every kind of column', async () => {
      const body = {
        name: 'Mechelen',
        population: '87000',
        tags: ['north', 'old'],
        mood: 'sad',
        open: '[1,10)',
      };
      await ask('POST', '/city', { body });
      const found = async (query: string) =>
        rowsOf(await ask('GET', `/city?fields=name&${query}`)).map(({ name }) => name);
      expect(await found('population[gte]=86000&population[lt]=88000')).toEqual(['Mechelen']);
      expect(await found('name[like]=Mech%25')).toEqual(['Mechelen']);
      expect(await found('name[ilike]=mECH%25')).toEqual(['Mechelen']);
      expect(await found('name[in][]=Mechelen&name[in][]=Nowhere')).toEqual(['Mechelen']);
      expect(await found('tags[contains][]=old')).toEqual(['Mechelen']);
      expect(await found('tags[overlaps][]=old&tags[overlaps][]=new')).toEqual(['Mechelen']);
      expect(await found('mood[eq]=sad')).toEqual(['Mechelen']);
      expect(await found('open[contains]=[2,3)')).toEqual(['Mechelen']);
      expect(await found('population[null]=false&mood[null]=false')).toEqual(['Mechelen']);
      expect((await ask('GET', '/city?mood[eq]=angry')).status).toBe(400);
      expect((await ask('GET', '/city?mood[like]=s')).status).toBe(400);
      expect((await ask('GET', '/session?column.limit[gt]=1')).status).toBe(200);
    });

    test('sends related rows along with one statement for each relation, whatever the number of rows', async () => {
      const city = idOf(await ask('POST', '/city', { body: { name: 'Ypres' } }), 'city_id');
      const people: unknown[] = [];
      for (const name of ['Cid', 'Dan', 'Eva'])
        people.push(
          idOf(
            await ask('POST', '/person', { body: { name, city_id: city, boss: people[0] ?? null } }),
            'id',
          ),
        );
      const counted = async (path: string): Promise<readonly [Record<string, unknown>[], number]> => {
        statements.length = 0;
        return [rowsOf(await ask('GET', path)), statements.length] as const;
      };
      const [few, forFew] = await counted('/person?limit=1&include=city,boss_person,person,session,visit');
      const [many, forMany] = await counted(
        '/person?limit=100&include=city,boss_person,person,session,visit',
      );
      expect([few.length, many.length > 10, forFew, forMany]).toEqual([1, true, 6, 6]);
      const cid = many.find(({ name }) => name === 'Cid');
      expect(cid).toMatchObject({ city: { name: 'Ypres' }, boss_person: null, session: [], visit: [] });
      expect(cid).toMatchObject({ person: [{ name: 'Dan' }, { name: 'Eva' }] });
      const [nested] = await counted(`/city/${city}/person?sort=-name&fields=name&count=exact`);
      expect(nested).toEqual([{ name: 'Eva' }, { name: 'Dan' }, { name: 'Cid' }]);
      const [withCity] = await counted(`/person?fields=name&include=city&name[eq]=Dan`);
      expect(withCity).toMatchObject([{ name: 'Dan', city: { name: 'Ypres' } }]);
      expect(Object.keys(withCity[0] ?? {})).toEqual(['name', 'city']);
    });

    test('counts on request, and serves names that are hard to write', async () => {
      const answer = await ask('POST', '/session', { body: { 'odd "name"': 'x', limit: 3 } });
      expect(answer).toMatchObject({ status: 201, body: { data: { 'odd "name"': 'x', limit: 3 } } });
      const list = await ask('GET', '/session?count=exact&limit=1&sort=limit');
      expect(metaOf(list)).toMatchObject({ limit: 1, total: 1, nextCursor: null });
    });

    test('serves tables without a key and views as lists', async () => {
      expect((await ask('POST', '/journal', { body: { entry: 'x' } })).status).toBe(405);
      await ask('POST', '/person', { body: { name: 'Old', born: '1980-01-01' } });
      await ask('POST', '/person', { body: { name: 'Older', born: '1970-01-01' } });
      const first = await ask('GET', '/grown?limit=1&sort=name');
      const cursor = String(metaOf(first)['nextCursor']);
      const second = await ask('GET', `/grown?limit=1&sort=name&cursor=${cursor}`);
      expect([...rowsOf(first), ...rowsOf(second)].length).toBe(2);
      expect(rowsOf(second)).not.toEqual(rowsOf(first));
    });

    test.runIf(framework === 'express')(
      'is loaded by its contract, and only what it takes no request twice of is refused',
      async () => {
        const spec = join(sources, 'openapi.yaml');
        const line = [
          'load',
          service.url,
          '--spec',
          spec,
          '-n',
          '600',
          '-d',
          '60s',
          '-c',
          '4',
          '--engine',
          'net',
        ];
        const { exit, stdout } = await runLine([...line, '--json', '--expect-contract']);
        const { operations, contract, checks } = JSON.parse(stdout);
        expect({ exit, checks, leftOut: contract.leftOut }).toMatchObject({
          exit: 0,
          checks: [{ met: true }],
          leftOut: [],
        });
        const failed = operations.filter((own: { failed: number }) => own.failed > 0);
        expect(failed.filter(({ name }: { name: string }) => !name.startsWith('POST '))).toEqual([]);
        const read = operations.filter(({ name }: { name: string }) => /^GET .*\{/.test(name));
        expect(read.length).toBeGreaterThan(5);
      },
      60_000,
    );
  },
);

type Row = Record<string, unknown>;

const rowsOf = ({ body }: { body: unknown }): Row[] => (body as { data: Row[] }).data;
const metaOf = ({ body }: { body: unknown }): Row => (body as { meta: Row }).meta;
const idOf = ({ body }: { body: unknown }, key: string): unknown => (body as { data: Row }).data[key];
