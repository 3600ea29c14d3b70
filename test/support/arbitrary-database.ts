import fc from 'fast-check';

/** Few names, so that what one schema has under a name another has otherwise. */
const TABLES = ['a', 'b', 'c', '"D d"'] as const;
const COLUMNS = ['x', 'y', 'z', '"W w"'] as const;

/** Types with a default for each; the last three are made by the schema itself. */
const DEFAULTS: Readonly<Record<string, string>> = {
  integer: '1',
  bigint: '2',
  text: `'it''s'`,
  'varchar(10)': `'v'`,
  'numeric(6,2)': '1.50',
  boolean: 'true',
  date: `'2026-01-01'`,
  timestamptz: 'now()',
  jsonb: `'{}'`,
  'integer[]': `'{1}'`,
  mood: `'ok'`,
  positive: '1',
  pair: `ROW(1, 'a')`,
};

const column = fc.record({
  name: fc.constantFrom(...COLUMNS),
  type: fc.constantFrom(...Object.keys(DEFAULTS)),
  notNull: fc.boolean(),
  hasDefault: fc.boolean(),
  comment: fc.option(fc.constantFrom('one', 'two')),
});

type Column = ReturnType<typeof column.generate>['value'];

const index = fc.record({
  at: fc.nat(3),
  unique: fc.boolean(),
  descending: fc.boolean(),
  where: fc.boolean(),
});

const table = fc.record({
  name: fc.constantFrom(...TABLES),
  idType: fc.constantFrom('integer', 'bigint', 'serial', 'bigint GENERATED ALWAYS AS IDENTITY', 'uuid'),
  hasKey: fc.boolean(),
  columns: fc.uniqueArray(column, { maxLength: 4, selector: ({ name }) => name }),
  uniqueAt: fc.option(fc.nat(3)),
  check: fc.option(fc.constantFrom('id IS NOT NULL', `id::text <> ''`)),
  refersTo: fc.option(fc.record({ table: fc.constantFrom(...TABLES), onDelete: fc.boolean() })),
  indexes: fc.array(index, { maxLength: 2 }),
  partitioned: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 6 }),
  generated: fc.boolean(),
  policy: fc.boolean(),
  trigger: fc.option(fc.constantFrom('INSERT', 'UPDATE')),
  grant: fc.option(fc.constantFrom('SELECT', 'INSERT, UPDATE')),
  unlogged: fc.boolean(),
});

type Table = ReturnType<typeof table.generate>['value'];

const view = fc.record({
  name: fc.constantFrom('v', 'w'),
  over: fc.constantFrom(...TABLES),
  at: fc.nat(3),
  materialized: fc.boolean(),
  where: fc.boolean(),
});

type View = ReturnType<typeof view.generate>['value'];

const FUNCTIONS = [
  `CREATE FUNCTION f(n integer) RETURNS integer IMMUTABLE LANGUAGE sql AS $$ SELECT n + 1 $$;`,
  `CREATE FUNCTION f(n integer) RETURNS integer IMMUTABLE LANGUAGE sql AS $$ SELECT n + 2 $$;`,
  `CREATE FUNCTION f(n integer, m integer DEFAULT 3) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$ SELECT (n + m)::bigint $$;`,
  `CREATE FUNCTION f(n integer) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT n::text $$;`,
];

/** A schema as SQL: types, a function, tables with everything on them, and views. */
export const arbitraryDatabase: fc.Arbitrary<string> = fc
  .record({
    labels: fc.constantFrom(['ok'], ['ok', 'sad'], ['sad', 'ok'], ['a', 'ok', 'b', 'sad']),
    domain: fc.constantFrom('integer CHECK (VALUE > 0)', 'bigint NOT NULL', 'integer CHECK (VALUE > -5)'),
    pair: fc.constantFrom('m integer, n text', 'm integer, n text, o date', 'm bigint, n text'),
    body: fc.constantFrom(...FUNCTIONS),
    tables: fc.uniqueArray(table, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    views: fc.uniqueArray(view, { maxLength: 2, selector: ({ name }) => name }),
  })
  .map(({ labels, domain, pair, body, tables, views }) =>
    [
      `CREATE TYPE mood AS ENUM (${labels.map((label) => `'${label}'`).join(', ')});`,
      `CREATE DOMAIN positive AS ${domain};`,
      `CREATE TYPE pair AS (${pair.replace(', o date', '')}${pair.includes('o date') ? ', o date' : ''});`,
      body,
      'CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;',
      ...tables.flatMap((one) => tableSql(one)),
      ...tables.flatMap((one) => foreignKey(one, tables)),
      ...views.flatMap((one) => viewSql(one, tables)),
    ].join('\n'),
  );

function columnSql({ name, type, notNull, hasDefault }: Column): string {
  const value = type === 'pair' ? undefined : DEFAULTS[type];
  return `${name} ${type}${notNull ? ' NOT NULL' : ''}${hasDefault && value !== undefined ? ` DEFAULT ${value}` : ''}`;
}

function tableSql(one: Table): string[] {
  const { name, columns, hasKey, partitioned, check } = one;
  const at = (place: number): string => columns[place]?.name ?? 'id';
  const isHash = partitioned !== null && !one.idType.startsWith('serial');
  const parts = [
    `id ${one.idType}`,
    ...columns.map(columnSql),
    ...(one.generated && !one.idType.startsWith('uuid')
      ? ['g integer GENERATED ALWAYS AS (f(1)::text::integer) STORED']
      : []),
    ...(hasKey ? ['PRIMARY KEY (id)'] : []),
    ...(one.uniqueAt === null || columns[one.uniqueAt]?.type === 'pair'
      ? []
      : [`UNIQUE (${[...new Set(['id', at(one.uniqueAt)])].join(', ')})`]),
    ...(check === null ? [] : [`CHECK (${check})`]),
  ];
  const head = `CREATE ${one.unlogged && !isHash ? 'UNLOGGED ' : ''}TABLE ${name} (${parts.join(', ')})`;
  return [
    `${head}${isHash ? ' PARTITION BY HASH (id)' : ''};`,
    ...(isHash ? partitionsOf(name, partitioned) : []),
    ...one.indexes.map(({ at: place, unique, descending, where }) => {
      const keys = [...new Set([...(unique ? ['id'] : []), `${at(place)}`])];
      return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ON ${name} (${keys.join(', ')}${descending ? ' DESC' : ''})${where ? ' WHERE id IS NOT NULL' : ''};`;
    }),
    ...columns.flatMap((own) =>
      own.comment === null ? [] : [`COMMENT ON COLUMN ${name}.${own.name} IS '${own.comment}';`],
    ),
    ...(one.policy
      ? [
          `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`,
          `CREATE POLICY p ON ${name} USING (${at(0)} IS NOT NULL);`,
        ]
      : []),
    ...(one.trigger === null
      ? []
      : [`CREATE TRIGGER t BEFORE ${one.trigger} ON ${name} FOR EACH ROW EXECUTE FUNCTION tf();`]),
    ...(one.grant === null ? [] : [`GRANT ${one.grant} ON ${name} TO reader;`]),
  ];
}

const partitionsOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => {
    const part = name.startsWith('"') ? `${name.slice(0, -1)}_${at}"` : `${name}_${at}`;
    return `CREATE TABLE ${part} PARTITION OF ${name} FOR VALUES WITH (MODULUS ${count}, REMAINDER ${at});`;
  });

const idTypeOf = ({ idType }: Table): string =>
  idType === 'serial' ? 'integer' : idType.startsWith('bigint') ? 'bigint' : idType;

/** A partitioned table is never unlogged. */
const isUnlogged = ({ unlogged, partitioned, idType }: Table): boolean =>
  unlogged && (partitioned === null || idType === 'serial');

function foreignKey(one: Table, tables: readonly Table[]): string[] {
  const { name, refersTo } = one;
  const other = tables.find((one) => one.name === refersTo?.table);
  if (other === undefined || !other.hasKey || (isUnlogged(other) && !isUnlogged(one))) return [];
  return [
    `ALTER TABLE ${name} ADD COLUMN other ${idTypeOf(other)} REFERENCES ${other.name}${refersTo?.onDelete === true ? ' ON DELETE CASCADE' : ''};`,
  ];
}

function viewSql({ name, over, at, materialized, where }: View, tables: readonly Table[]): string[] {
  const base = tables.find((one) => one.name === over);
  if (base === undefined) return [];
  const columns = ['id', ...(base.columns[at] === undefined ? [] : [base.columns[at].name])];
  const kind = materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  return [
    `CREATE ${kind} ${name} AS SELECT ${columns.join(', ')}, f(1) AS n FROM ${over}${where ? ' WHERE id IS NOT NULL' : ''};`,
    `COMMENT ON ${kind} ${name} IS 'over ${over.replaceAll('"', '')}';`,
  ];
}
