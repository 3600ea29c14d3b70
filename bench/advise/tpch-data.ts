// Tables and rows with the distributions of TPC-H's dbgen, made inside the server from a hash, so that every run
// has the same rows and nothing is downloaded. https://www.tpc.org/tpch/ (specification 3.0.1, clauses 1.4 and 4.2)

/** `r(i, salt, low, high)`: a whole number that looks random and is always the same. */
const RANDOM = `CREATE FUNCTION r(i bigint, salt int, low bigint, high bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT low + abs(hashint8extended(i, salt) % (high - low + 1)) $$;
CREATE FUNCTION pick(words text[], i bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT words[1 + abs(hashint8extended(i, salt) % cardinality(words))] $$;`;

const TABLES = `
CREATE TABLE region (r_regionkey int PRIMARY KEY, r_name char(25) NOT NULL, r_comment varchar(152));
CREATE TABLE nation (n_nationkey int PRIMARY KEY, n_name char(25) NOT NULL, n_regionkey int NOT NULL REFERENCES region, n_comment varchar(152));
CREATE TABLE part (p_partkey int PRIMARY KEY, p_name varchar(55) NOT NULL, p_mfgr char(25) NOT NULL, p_brand char(10) NOT NULL, p_type varchar(25) NOT NULL,
  p_size int NOT NULL, p_container char(10) NOT NULL, p_retailprice numeric(15,2) NOT NULL, p_comment varchar(23) NOT NULL);
CREATE TABLE supplier (s_suppkey int PRIMARY KEY, s_name char(25) NOT NULL, s_address varchar(40) NOT NULL, s_nationkey int NOT NULL REFERENCES nation,
  s_phone char(15) NOT NULL, s_acctbal numeric(15,2) NOT NULL, s_comment varchar(101) NOT NULL);
CREATE TABLE partsupp (ps_partkey int NOT NULL REFERENCES part, ps_suppkey int NOT NULL REFERENCES supplier, ps_availqty int NOT NULL,
  ps_supplycost numeric(15,2) NOT NULL, ps_comment varchar(199) NOT NULL, PRIMARY KEY (ps_partkey, ps_suppkey));
CREATE TABLE customer (c_custkey int PRIMARY KEY, c_name varchar(25) NOT NULL, c_address varchar(40) NOT NULL, c_nationkey int NOT NULL REFERENCES nation,
  c_phone char(15) NOT NULL, c_acctbal numeric(15,2) NOT NULL, c_mktsegment char(10) NOT NULL, c_comment varchar(117) NOT NULL);
CREATE TABLE orders (o_orderkey int PRIMARY KEY, o_custkey int NOT NULL REFERENCES customer, o_orderstatus char(1) NOT NULL, o_totalprice numeric(15,2) NOT NULL,
  o_orderdate date NOT NULL, o_orderpriority char(15) NOT NULL, o_clerk char(15) NOT NULL, o_shippriority int NOT NULL, o_comment varchar(79) NOT NULL);
CREATE TABLE lineitem (l_orderkey int NOT NULL REFERENCES orders, l_partkey int NOT NULL, l_suppkey int NOT NULL, l_linenumber int NOT NULL,
  l_quantity numeric(15,2) NOT NULL, l_extendedprice numeric(15,2) NOT NULL, l_discount numeric(15,2) NOT NULL, l_tax numeric(15,2) NOT NULL,
  l_returnflag char(1) NOT NULL, l_linestatus char(1) NOT NULL, l_shipdate date NOT NULL, l_commitdate date NOT NULL, l_receiptdate date NOT NULL,
  l_shipinstruct char(25) NOT NULL, l_shipmode char(10) NOT NULL, l_comment varchar(44) NOT NULL, PRIMARY KEY (l_orderkey, l_linenumber),
  FOREIGN KEY (l_partkey, l_suppkey) REFERENCES partsupp);`;

const list = (words: string): string =>
  `ARRAY[${words
    .split(' ')
    .map((word) => `'${word.replaceAll('_', ' ')}'`)
    .join(',')}]`;

const COLOURS = list(
  'almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta maroon medium metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder puff purple red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise violet wheat white yellow',
);
const WORDS = list(
  'furiously quickly slyly carefully blithely ironic final regular express bold silent even unusual pending deposits accounts packages foxes ideas theodolites instructions dependencies requests sleep nag wake haggle among above across after along',
);
const SEGMENTS = list('AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD');
const NATIONS =
  'ALGERIA 0 ARGENTINA 1 BRAZIL 1 CANADA 1 EGYPT 4 ETHIOPIA 0 FRANCE 3 GERMANY 3 INDIA 2 INDONESIA 2 IRAN 4 IRAQ 4 JAPAN 2 JORDAN 4 KENYA 0 MOROCCO 0 MOZAMBIQUE 0 PERU 1 CHINA 2 ROMANIA 3 SAUDI_ARABIA 4 VIETNAM 2 RUSSIA 3 UNITED_KINGDOM 3 UNITED_STATES 1'.split(
    ' ',
  );
const words = (count: number, salt: number): string =>
  Array.from({ length: count }, (_, at) => `pick(${WORDS}, i, ${salt + at})`).join(` || ' ' || `);
const money = (salt: number, low: number, high: number): string =>
  `r(i, ${salt}, ${low * 100}, ${high * 100}) / 100.0`;
const phone = (nation: string): string =>
  `(10 + ${nation}) || '-' || r(i, 31, 100, 999) || '-' || r(i, 32, 100, 999) || '-' || r(i, 33, 1000, 9999)`;

/** Each part has four suppliers, spread over all: clause 4.2.3. */
const supplierOf = (part: string, at: string, suppliers: number): string =>
  `((${part} + (${at} * (${suppliers} / 4 + (${part} - 1) / ${suppliers}))) % ${suppliers} + 1)::int`;

const RETAIL = (part: string): string => `(90000 + (${part} / 10) % 20001 + 100 * (${part} % 1000)) / 100.0`;

function smallTables(): string {
  const nations = Array.from(
    { length: 25 },
    (_, at) =>
      `(${at}, '${(NATIONS[at * 2] ?? '').replaceAll('_', ' ')}', ${NATIONS[at * 2 + 1]}, 'a nation')`,
  );
  return `INSERT INTO region SELECT ord - 1, name, 'a region' FROM unnest(${list('AFRICA AMERICA ASIA EUROPE MIDDLE_EAST')}) WITH ORDINALITY u(name, ord);
INSERT INTO nation VALUES ${nations.join(', ')};`;
}

function partTables(scale: number): string {
  const suppliers = Math.round(10_000 * scale);
  const parts = Math.round(200_000 * scale);
  const container = `pick(${list('SM LG MED JUMBO WRAP')}, i, 8) || ' ' || pick(${list('CASE BOX BAG JAR PKG PACK CAN DRUM')}, i, 9)`;
  const type = `pick(${list('STANDARD SMALL MEDIUM LARGE ECONOMY PROMO')}, i, 10) || ' ' || pick(${list('ANODIZED BURNISHED PLATED POLISHED BRUSHED')}, i, 11) || ' ' || pick(${list('TIN NICKEL BRASS STEEL COPPER')}, i, 12)`;
  const name = Array.from({ length: 5 }, (_, at) => `pick(${COLOURS}, i, ${20 + at})`).join(` || ' ' || `);
  return `INSERT INTO supplier SELECT i, 'Supplier#' || lpad(i::text, 9, '0'), md5(i::text), r(i, 1, 0, 24), ${phone('r(i, 1, 0, 24)')}, ${money(2, -999, 9999)},
  CASE r(i, 3, 0, 1999) WHEN 0 THEN 'blithely Customer nag Complaints sleep' WHEN 1 THEN 'slyly Customer wake Recommends ideas' ELSE ${words(6, 40)} END FROM generate_series(1, ${suppliers}) i;
INSERT INTO part SELECT i, ${name}, 'Manufacturer#' || r(i, 6, 1, 5), 'Brand#' || r(i, 6, 1, 5) || r(i, 7, 1, 5), ${type}, r(i, 13, 1, 50), ${container}, ${RETAIL('i')},
  left(${words(2, 50)}, 23) FROM generate_series(1, ${parts}) i;
INSERT INTO partsupp SELECT p, ${supplierOf('p', 's', suppliers)}, r(i, 14, 1, 9999), ${money(15, 1, 1000)}, ${words(12, 60)}
  FROM generate_series(1, ${parts}) p, generate_series(0, 3) s, LATERAL (SELECT p * 4::bigint + s AS i) x;`;
}

/** Order dates run from 1992-01-01 to 1998-08-02; a third of the customers never order: clause 4.2.3. */
function orderTables(scale: number): string {
  const customers = Math.round(150_000 * scale);
  const orders = Math.round(1_500_000 * scale);
  const suppliers = Math.round(10_000 * scale);
  const parts = Math.round(200_000 * scale);
  const today = "date '1995-06-17'";
  return `INSERT INTO customer SELECT i, 'Customer#' || lpad(i::text, 9, '0'), md5(i::text), r(i, 4, 0, 24), ${phone('r(i, 4, 0, 24)')}, ${money(5, -999, 9999)},
  pick(${SEGMENTS}, i, 16), ${words(8, 80)} FROM generate_series(1, ${customers}) i;
CREATE TABLE made AS SELECT i AS ordinal, ((i - 1) / 8 * 32 + (i - 1) % 8 + 1)::int AS key, (r(i, 70, 0, ${Math.floor(customers / 3)} - 1) * 3 + r(i, 71, 1, 2))::int AS customer,
  date '1992-01-01' + r(i, 72, 0, 2405)::int AS ordered, r(i, 73, 1, 7) AS lines FROM generate_series(1, ${orders}) i;
CREATE TABLE line AS SELECT key, n AS number, ordered, o.ordinal * 8 + n AS i, r(o.ordinal * 8 + n, 74, 1, ${parts})::int AS part FROM made o, generate_series(1, lines::int) n;
INSERT INTO orders SELECT key, customer, CASE WHEN ordered + 121 < ${today} THEN 'F' WHEN ordered > ${today} THEN 'O' ELSE pick(ARRAY['F','O','P'], ordinal, 75) END,
  r(ordinal, 76, 90000, 45000000) / 100.0, ordered, pick(${list('1-URGENT 2-HIGH 3-MEDIUM 4-NOT_SPECIFIED 5-LOW')}, ordinal, 77), 'Clerk#' || lpad(r(ordinal, 78, 1, ${Math.round(1000 * scale)})::text, 9, '0'), 0,
  CASE WHEN r(i, 79, 0, 99) = 0 THEN 'slyly special packages haggle requests' ELSE ${words(5, 90)} END FROM made, LATERAL (SELECT ordinal AS i) x;
INSERT INTO lineitem SELECT key, part, ${supplierOf('part', 'r(i, 101, 0, 3)', suppliers)}, number, quantity, quantity * ${RETAIL('part')}, r(i, 102, 0, 10) / 100.0, r(i, 103, 0, 8) / 100.0,
  CASE WHEN received <= ${today} THEN pick(ARRAY['R','A'], i, 104) ELSE 'N' END, CASE WHEN shipped > ${today} THEN 'O' ELSE 'F' END, shipped, committed, received,
  pick(${list('DELIVER_IN_PERSON COLLECT_COD NONE TAKE_BACK_RETURN')}, i, 105), pick(${list('REG_AIR AIR RAIL SHIP TRUCK MAIL FOB')}, i, 106), left(${words(3, 110)}, 44)
  FROM line, LATERAL (SELECT r(i, 107, 1, 50) AS quantity, ordered + r(i, 108, 1, 121)::int AS shipped, ordered + r(i, 109, 30, 90)::int AS committed) a,
  LATERAL (SELECT shipped + r(i, 100, 1, 30)::int AS received) b;
DROP TABLE made, line;`;
}

/** Everything, as statements to be run one by one; VACUUM cannot be with others. */
export function tpchStatements(scale: number): string[] {
  const tables = ['region', 'nation', 'part', 'supplier', 'partsupp', 'customer', 'orders', 'lineitem'];
  return [
    RANDOM,
    TABLES,
    smallTables(),
    partTables(scale),
    orderTables(scale),
    ...tables.map((name) => `VACUUM (ANALYZE) ${name}`),
  ];
}
