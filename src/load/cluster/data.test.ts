// What travels: tallies and options come out as they went in, and nothing else comes in.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FaultKind } from '../fault.ts';
import { countOperation, countOperationFault, tallyOf as operationOf } from '../operation-tally.ts';
import type { LoadOptions } from '../settings.ts';
import { countAnswer, countFault, countStep, createTally, type Tally } from '../tally.ts';
import { clockOffset } from './clock-offset.ts';
import { createEnvelopes } from './envelope.ts';
import { JOB, RESULT, TO_ALL, TO_COORDINATOR, TO_WORKER } from './messages.ts';
import { encodeOptions, optionsShape } from './options.ts';
import { ParcelReceiver, ParcelSender, type Part } from './parcel.ts';
import { ShapeError } from './shape.ts';
import { encodeTally, tallyShape } from './tally-data.ts';

const travelled = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const event = fc.record({
  status: fc.constantFrom(200, 204, 404, 503, 999),
  microseconds: fc.integer({ min: 0, max: 2 ** 31 }),
  at: fc.double({ min: 0, max: 1e6, noNaN: true }),
  fault: fc.option(fc.constantFrom<FaultKind>('reset', 'status', 'tls')),
  step: fc.option(fc.nat(5)),
});

function tallyOf(events: readonly (typeof event extends fc.Arbitrary<infer E> ? E : never)[]): Tally {
  const tally = createTally();
  for (const { status, microseconds, at, fault, step } of events) {
    if (fault === null) countAnswer(tally, status, microseconds, at, (one) => one < 400);
    else countFault(tally, fault, at, `sample of ${fault}`);
    if (step !== null && fault === null)
      countOperation(operationOf(tally.operations, step), status, microseconds, 10, (one) => one < 400);
    else if (step !== null && fault !== null) countOperationFault(operationOf(tally.operations, step), fault);
    if (step !== null) countStep(tally, step, fault === null ? microseconds : undefined);
    tally.bytesReceived += microseconds;
    tally.elapsed = Math.max(tally.elapsed, at);
  }
  return tally;
}

/** All of a tally as text: empty buckets, of which there are very many, are left out, and names are in one order. */
const compact = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Float64Array) return [...one.entries()].filter(([, count]) => count !== 0);
    const isPlain = typeof one === 'object' && one !== null && !Array.isArray(one);
    return isPlain
      ? Object.fromEntries(Object.entries(one).sort(([left], [right]) => left.localeCompare(right)))
      : one;
  });

describe('a tally', () => {
  test('travels without loss', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const tally = tallyOf(events);
        expect(compact(tallyShape(travelled(encodeTally(tally)), 'tally'))).toBe(compact(tally));
      }),
      { numRuns: 40 },
    );
  });

  test.each<[string, (data: ReturnType<typeof sample>) => unknown]>([
    ['a bucket beyond the histogram', (data) => Object.assign(data.connects, { buckets: [9_999_999, 1] })],
    ['a count below one', (data) => Object.assign(data.connects, { buckets: [1, 0] })],
    ['buckets that fall', (data) => Object.assign(data.connects, { buckets: [5, 1, 4, 1] })],
    ['half a bucket', (data) => Object.assign(data.connects, { buckets: [5] })],
    ['a count that is no number', (data) => Object.assign(data, { cutOff: '1' })],
    ['a count that is not whole', (data) => Object.assign(data, { cutOff: 1.5 })],
    [
      'a kind of fault that is none',
      (data) => data.faults.push(['__proto__', { count: 1, firstSeen: 1, sample: '' }]),
    ],
    ['a status that is none', (data) => data.latencies.push([1e9, data.connects])],
    ['a series of odd width', (data) => Object.assign(data.series, { width: 3 })],
    ['a slot far away', (data) => data.series.slots.push([2 ** 31, { latencies: data.connects, faults: 0 }])],
    ['a part that is missing', (data) => Reflect.deleteProperty(data, 'steps')],
  ])('with %s is refused', (_, spoil) => {
    const data = sample();
    spoil(data);
    expect(() => tallyShape(data, 'tally')).toThrow(ShapeError);
  });
});

interface TallyData {
  connects: object;
  faults: unknown[];
  latencies: unknown[];
  series: { slots: unknown[] };
}

const sample = (): TallyData => travelled(encodeTally(createTally())) as TallyData;

describe('options', () => {
  test('travel as they are, bytes too', () => {
    const options: LoadOptions = {
      url: 'http://localhost/{{a}}',
      method: 'PUT',
      headers: [['X-A', 'b: c']],
      body: new Uint8Array([0, 255, 10]),
      data: [{ a: '1', constructor: 'x' }],
      connections: 3,
      duration: 1.5,
      verifyTls: false,
      stages: [{ duration: 1, rate: 5 }],
      expectStatus: [200, 404],
      oauth: { tokenUrl: 'http://localhost/t', clientId: 'a', clientSecret: 'b' },
      steps: [
        {
          name: 'one',
          method: 'POST',
          path: '/{{a}}',
          headers: [['A', 'b']],
          body: 'text',
          expect: [201],
          captures: [{ name: 'id', from: { kind: 'json', pointer: ['a', '0'] }, pattern: '(.)' }],
        },
      ],
    };
    const arrived = optionsShape(travelled(encodeOptions({ ...options, thresholds: ['p99<1s'] })), 'options');
    expect({ ...arrived, body: new Uint8Array(arrived.body as Uint8Array) }).toEqual(options);
  });

  test.each([
    [{ url: 'http://a', unheardOf: 1 }, 'options.unheardOf is not an option known here'],
    [
      { url: 'http://a', socketPath: '/var/run/docker.sock' },
      'socketPath is not something that a worker is told',
    ],
    [{ url: 'http://a', headers: [['A', 'b\r\nX: y']] }, 'not a header'],
    [{ url: 'http://a', method: 'GET / HTTP/1.1\r\n' }, 'the method is'],
    [{ url: 'http://a', connections: 1e300 }, 'connections is not'],
    [{ url: 'http://a', data: 'x' }, 'data is not a list'],
    [
      {
        url: 'http://a',
        steps: [{ name: '', method: 'GET', path: '/ HTTP/1.1\r\n', headers: [], captures: [] }],
      },
      'path',
    ],
    [{ connections: 1 }, 'options.url is not a text'],
    [null, 'options is not an object'],
    [[], 'options is not an object'],
  ])('%j are refused', (data, message) => {
    expect(() => optionsShape(data, 'options')).toThrow(message);
  });

  test('a name such as __proto__ in a row is a name', () => {
    const arrived = optionsShape(JSON.parse('{"url":"http://a","data":[{"__proto__":"x"}]}'), 'options');
    expect(Object.entries(arrived.data?.[0] ?? {})).toEqual([['__proto__', 'x']]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('messages', () => {
  test('of any form are read or refused, and nothing else happens', () => {
    const shapes = [TO_ALL, TO_WORKER, TO_COORDINATOR, JOB, RESULT];
    const kinds = fc.constantFrom(
      'beat',
      'clock',
      'job',
      'ack',
      'start',
      'join',
      'result',
      '__proto__',
      'toString',
    );
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record({ kind: kinds, phase: fc.jsonValue(), index: fc.jsonValue(), sample: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(message, fc.constantFrom(...shapes), (value, shape) => {
        try {
          expect(shape(value, 'message')).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(ShapeError);
        }
      }),
    );
  });
});

describe('an envelope', () => {
  const self = { version: '1', name: 'n' };
  const ours = createEnvelopes(self, 'key');

  test('is opened by whoever has the key, at its own subject, unchanged', () => {
    const data = ours.close('a', { b: 1 });
    expect(ours.open('a', data)).toEqual({ kind: 'message', body: { b: 1 } });
    expect(ours.open('b', data).kind).toBe('unreadable');
    expect(createEnvelopes(self, 'other').open('a', data).kind).toBe('unreadable');
    expect(createEnvelopes(self, undefined).open('a', data).kind).toBe('unreadable');
    expect(ours.open('a', createEnvelopes(self, undefined).close('a', {})).kind).toBe('unreadable');
    for (let at = 0; at < data.length; at += 1) {
      const changed = Uint8Array.from(data, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(ours.open('a', changed).kind, `byte ${at}`).not.toBe('message');
      expect(ours.open('a', data.subarray(0, at)).kind, `${at} bytes`).toBe('unreadable');
    }
  });

  test('larger than a message may be is not looked at', () => {
    const plain = createEnvelopes(self, undefined);
    expect(plain.open('a', plain.close('a', { text: 'x'.repeat(600_000) })).kind).toBe('unreadable');
  });
});

describe('a parcel', () => {
  test('arrives whole, whatever is lost or said twice on the way', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 500, unit: 'binary' }),
        fc.array(fc.boolean()),
        (content, losses) => {
          const [toReceiver, toSender]: [Part[], number[]] = [[], []];
          const receiver = new ParcelReceiver();
          const sender = new ParcelSender({ content }, 50, (part) => toReceiver.push(part, part));
          const arrived: unknown[] = [];
          for (let round = 0; !sender.isDelivered; round += 1) {
            for (const part of toReceiver.splice(0)) {
              const taken = receiver.take(part);
              if (taken.content !== undefined) arrived.push(taken.content);
              if (taken.index !== undefined && !losses[round]) toSender.push(taken.index, taken.index);
            }
            for (const index of toSender.splice(0)) sender.acknowledged(index);
            sender.again();
          }
          expect(arrived).toEqual([{ content }]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('of too many bytes is refused at both ends', () => {
    expect(() => new ParcelSender({ text: 'x'.repeat(33 * 2 ** 20) }, 1000, () => {})).toThrow('at most');
    const receiver = new ParcelReceiver();
    const data = 'A'.repeat(400_000);
    expect(() => {
      for (let index = 0; index < 200; index += 1) receiver.take({ index, of: 300, data });
    }).toThrow('too large');
  });
});

test('the shortest way tells the most of a clock', () => {
  const sampled = (askedAt: number, answeredAt: number, monotonic: number) => ({
    askedAt,
    answeredAt,
    wallAsked: 1000 + askedAt,
    monotonic,
    wall: 6000 + askedAt,
  });
  expect(clockOffset([sampled(0, 100, 530), sampled(200, 202, 701)])).toEqual({
    monotonic: 500,
    wall: 4999,
    uncertainty: 1,
  });
  expect(clockOffset([])).toBeUndefined();
});
