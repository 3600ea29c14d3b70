/** Zod's names of string formats, as builders (`z.email()`, `z.iso.date()`) and as methods, in the words of JSON Schema and OpenAPI. */
const FORMATS: Readonly<Record<string, string>> = {
  email: 'email',
  url: 'uri',
  httpUrl: 'uri',
  uuid: 'uuid',
  uuidv4: 'uuid',
  uuidv6: 'uuid',
  uuidv7: 'uuid',
  guid: 'uuid',
  hostname: 'hostname',
  ip: 'ip',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  date: 'date',
  time: 'time',
  datetime: 'date-time',
  duration: 'duration',
  base64: 'byte',
  base64url: 'base64url',
  'iso.date': 'date',
  'iso.time': 'time',
  'iso.datetime': 'date-time',
  'iso.duration': 'duration',
};

/** Formats that nobody else has a name for. */
const ZODS_OWN = `emoji nanoid cuid cuid2 ulid xid ksuid jwt e164 mac cidr cidrv4 cidrv6 hex`.split(' ');

const ALL: ReadonlyMap<string, string> = new Map([
  ...Object.entries(FORMATS),
  ...ZODS_OWN.map((name) => [name, name] as const),
]);

/** Builders of strings of a format. `z.date()` is another thing. */
export const STRING_BUILDERS: ReadonlyMap<string, string> = new Map(
  [...ALL].filter(([name]) => !['date', 'time', 'datetime', 'duration', 'ip', 'cidr'].includes(name)),
);

/** Methods of `z.string()` that name a format. */
export const STRING_METHODS: ReadonlyMap<string, string> = new Map(
  [...ALL].filter(([name]) => !name.includes('.')),
);

/** Builders of numbers: type, and format where there is one. */
export const NUMBER_BUILDERS: ReadonlyMap<string, readonly [type: 'integer' | 'number', format?: string]> =
  new Map([
    ['number', ['number']],
    ['int', ['integer']],
    ['int32', ['integer', 'int32']],
    ['uint32', ['integer', 'uint32']],
    ['int64', ['integer', 'int64']],
    ['uint64', ['integer', 'uint64']],
    ['bigint', ['integer', 'int64']],
    ['float32', ['number', 'float']],
    ['float64', ['number', 'double']],
    ['nan', ['number']],
  ]);
