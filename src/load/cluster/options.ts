// The settings of a run on their way to a worker. Each option has its shape; one that a worker does not know is refused,
// never dropped: a load without it would be another load.
import { UserError } from '../../core/errors.ts';
import { parseHeader, parseMethod } from '../request.ts';
import type { LoadOptions } from '../settings.ts';
import {
  flag,
  list,
  number,
  object,
  oneOf,
  record,
  type Shape,
  text,
  variant,
  whole,
  wrong,
} from './shape.ts';

/** What stands for bytes in JSON. */
const BYTES = '$base64';

const LONGEST_TEXT = 16 * 1024 * 1024;
const LONGEST_VALUE = 64 * 1024;
const MOST_ROWS = 20_000;
const WEEK = 7 * 24 * 3600;

const seconds = number(0, WEEK);
const statuses = list(whole(100, 999), 900);

const method: Shape<string> = (value, at) => parseMethod(text(100)(value, at));

const header: Shape<readonly [string, string]> = (value, at) => {
  const [name, content] = list(text(LONGEST_VALUE), 2)(value, at);
  return parseHeader(`${name}: ${content}`);
};

const bytes: Shape<Uint8Array> = (value, at) =>
  Buffer.from(object({ [BYTES]: text(LONGEST_TEXT * 1.4) })(value, at)[BYTES] ?? '', 'base64');

const body: Shape<string | Uint8Array> = (value, at) =>
  typeof value === 'string' ? text(LONGEST_TEXT)(value, at) : bytes(value, at);

const stage = object({ duration: seconds, rate: number(0, 1e9) });

const capture = object(
  {
    name: text(200),
    from: variant({
      json: object({ pointer: list(text(LONGEST_VALUE), 1000) }),
      header: object({ header: text(LONGEST_VALUE) }),
      regex: object({}),
      status: object({}),
    }),
  },
  { pattern: text(LONGEST_VALUE) },
);

const step = object(
  {
    name: text(1000),
    method,
    // What would end the request line would begin another one.
    path: text(LONGEST_VALUE, /^[^\r\n]*$/),
    headers: list(header, 1000),
    captures: list(capture, 1000),
  },
  { body, expect: statuses },
);

const always: Shape<true> = (value, at) => (value === true ? value : wrong(at, 'true'));

const operation = object(
  {
    name: text(LONGEST_VALUE),
    method,
    path: text(LONGEST_VALUE),
    headers: list(header, 1000),
    weight: number(0, 1e9),
  },
  { body: bytes, once: always },
);

const oauth = object(
  { tokenUrl: text(LONGEST_VALUE), clientId: text(LONGEST_VALUE), clientSecret: text(LONGEST_VALUE) },
  { scope: text(LONGEST_VALUE) },
);

const never: Shape<never> = (_, at) => wrong(at, 'something that a worker is told');

/** Every option of a run: one without a shape does not compile. */
const SHAPES: { readonly [Option in keyof LoadOptions]-?: Shape<LoadOptions[Option]> } = {
  url: text(LONGEST_VALUE),
  method,
  headers: list(header, 1000),
  body,
  data: list(record(text(LONGEST_TEXT), 1000), MOST_ROWS),
  connections: whole(1, 1_000_000),
  duration: seconds,
  timeout: seconds,
  requests: whole(1, Number.MAX_SAFE_INTEGER),
  verifyTls: flag,
  ca: text(LONGEST_TEXT),
  certificate: text(LONGEST_TEXT),
  key: text(LONGEST_TEXT),
  // A file of the worker's machine, such as that of a container engine.
  socketPath: never,
  rate: number(0, 1e9),
  stages: list(stage, 10_000),
  warmup: seconds,
  ramp: seconds,
  expectStatus: statuses,
  // Its onset would be seen in parts, each of another clock.
  expectRateLimit: never,
  http2: flag,
  streams: whole(1, 100_000),
  pipeline: whole(1, 1000),
  follow: whole(0, 1000),
  cookies: flag,
  steps: list(step, 10_000),
  operations: list(operation, 20_000),
  // Whole answers would go over the wire that the run is led by.
  samples: never,
  oauth,
  engine: oneOf('auto', 'net', 'io_uring'),
  threads: whole(1, 1024),
  // The coordinator's to judge.
  thresholds: never,
};

const KEPT_HERE: ReadonlySet<string> = new Set(['thresholds']);

/** The options as plain data. What the coordinator does itself is left out. Errors: LOAD005. */
export function encodeOptions(options: LoadOptions): Readonly<Record<string, unknown>> {
  const told = Object.entries(options).filter(
    ([option, value]) => value !== undefined && value !== false && !KEPT_HERE.has(option),
  );
  if (options.verifyTls === false) told.push(['verifyTls', false]);
  for (const [option] of told) {
    if (SHAPES[option as keyof LoadOptions] === never)
      throw new UserError('LOAD005', `${NAMES[option] ?? option} does not go with --cluster`, {
        kind: 'usage',
        help: 'Leave one of the two out.',
      });
  }
  return Object.fromEntries(told.map(([option, value]) => [option, plain(value)]));
}

const NAMES: Readonly<Record<string, string>> = {
  samples: 'keeping answers',
  socketPath: '--unix-socket',
  expectRateLimit: '--expect-rate-limit',
};

/** The options that `data` stands for. Throws ShapeError, or a UserError of what it is read with. */
export const optionsShape: Shape<LoadOptions> = (value, at) => {
  const given = Object.entries(record((one) => one, 1000)(value, at)).map(([option, one]) => {
    const shape = Object.hasOwn(SHAPES, option) ? SHAPES[option as keyof LoadOptions] : undefined;
    return [
      option,
      shape === undefined ? wrong(`${at}.${option}`, 'an option known here') : shape(one, option),
    ];
  });
  // Only options of the table, each of its own shape, and `url` is asked for here.
  return { ...Object.fromEntries(given), url: SHAPES.url(Object.fromEntries(given).url, `${at}.url`) };
};

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
