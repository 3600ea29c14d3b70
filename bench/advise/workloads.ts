// What applications ask of three schemas of the corpus and of pgbench's tables, with rows to ask it of. The schemas'
// own indexes are dropped first, those of constraints apart: the question is which ones come back.

export interface Workload {
  readonly name: string;
  /** A file of the corpus; undefined: `tables` makes the schema. */
  readonly schema?: string;
  /** Makes the rows, and tables where there is no file. */
  readonly rows: readonly string[];
  readonly queries: readonly string[];
  /** The foreign keys that one would index by rule. */
  readonly foreignKeys: readonly string[];
  /** What an exhaustive search chooses from: every index that a person might think of. */
  readonly candidates: readonly string[];
}

const chinook: Workload = {
  name: 'chinook',
  schema: 'chinook',
  rows: [
    "INSERT INTO artist SELECT i, 'artist ' || i FROM generate_series(1, 2000) i",
    "INSERT INTO album SELECT i, 'album ' || i, 1 + i % 2000 FROM generate_series(1, 8000) i",
    "INSERT INTO genre SELECT i, 'genre ' || i FROM generate_series(1, 25) i",
    "INSERT INTO media_type SELECT i, 'type ' || i FROM generate_series(1, 5) i",
    "INSERT INTO track SELECT i, 'track ' || i, 1 + (i * 7) % 8000, 1 + i % 5, 1 + i % 25, 'composer ' || i % 3000, 100000 + (i * 7919) % 400000, i * 10, 0.99 FROM generate_series(1, 80000) i",
    "INSERT INTO employee (employee_id, last_name, first_name) SELECT i, 'e' || i, 'f' FROM generate_series(1, 20) i",
    "INSERT INTO customer (customer_id, first_name, last_name, country, email, support_rep_id) SELECT i, 'first' || i % 500, 'last' || i % 3000, 'country' || i % 60, 'c' || i || '@example.com', 1 + i % 20 FROM generate_series(1, 20000) i",
    "INSERT INTO invoice SELECT i, 1 + (i * 13) % 20000, timestamp '2020-01-01' + (i * 7) % 100000 * interval '20 minutes', 'street', 'city' || i % 800, null, 'country' || i % 60, null, (i % 97)::numeric / 3 FROM generate_series(1, 100000) i",
    'INSERT INTO invoice_line SELECT i, 1 + (i * 17) % 100000, 1 + (i * 31) % 80000, 0.99, 1 FROM generate_series(1, 300000) i',
  ],
  queries: [
    'SELECT * FROM invoice WHERE customer_id = 4711 ORDER BY invoice_date DESC LIMIT 20',
    'SELECT l.*, t.name FROM invoice_line l JOIN track t USING (track_id) WHERE l.invoice_id = 815',
    "SELECT * FROM customer WHERE email = 'c4711@example.com'",
    'SELECT a.title, count(*) FROM album a JOIN track t USING (album_id) WHERE a.artist_id = 77 GROUP BY a.title',
    "SELECT date_trunc('day', invoice_date), sum(total) FROM invoice WHERE invoice_date >= '2023-06-01' AND invoice_date < '2023-06-08' GROUP BY 1",
    'SELECT count(*) FROM invoice_line WHERE track_id = 4242',
  ],
  foreignKeys: [
    'album (artist_id)',
    'customer (support_rep_id)',
    'invoice (customer_id)',
    'invoice_line (invoice_id)',
    'invoice_line (track_id)',
    'track (album_id)',
    'track (genre_id)',
    'track (media_type_id)',
  ],
  candidates: [
    'invoice (customer_id)',
    'invoice (customer_id, invoice_date)',
    'invoice (invoice_date)',
    'invoice (invoice_date) INCLUDE (total)',
    'invoice_line (invoice_id)',
    'invoice_line (track_id)',
    'customer (email)',
    'album (artist_id)',
    'album (artist_id, title)',
    'track (album_id)',
    'track (genre_id)',
  ],
};

const pagila: Workload = {
  name: 'pagila',
  schema: 'pagila',
  rows: [
    'SET session_replication_role = replica',
    "INSERT INTO customer (customer_id, store_id, first_name, last_name, email, address_id, active) SELECT i, 1 + i % 2, 'FIRST' || i % 900, 'LAST' || i % 4000, 'c' || i || '@example.com', i, 1 FROM generate_series(1, 30000) i",
    'INSERT INTO inventory (inventory_id, film_id, store_id) SELECT i, 1 + i % 5000, 1 + i % 2 FROM generate_series(1, 40000) i',
    "INSERT INTO rental (rental_id, rental_date, inventory_id, customer_id, return_date, staff_id) SELECT i, timestamptz '2022-01-01' + i * interval '1 minute', 1 + (i * 7) % 40000, 1 + (i * 13) % 30000, CASE WHEN i % 50 = 0 THEN NULL ELSE timestamptz '2022-01-03' + i * interval '1 minute' END, 1 + i % 2 FROM generate_series(1, 250000) i",
    "INSERT INTO payment (payment_id, customer_id, staff_id, rental_id, amount, payment_date) SELECT i, 1 + (i * 13) % 30000, 1 + i % 2, i, 2.99, timestamptz '2022-01-02' + i * interval '1 minute' FROM generate_series(1, 200000) i",
  ],
  queries: [
    'SELECT * FROM rental WHERE customer_id = 4711 ORDER BY rental_date DESC LIMIT 10',
    "SELECT customer_id, count(*) FROM rental WHERE return_date IS NULL AND rental_date < '2022-02-01' GROUP BY 1",
    'SELECT r.rental_date, i.film_id FROM rental r JOIN inventory i USING (inventory_id) WHERE i.film_id = 1234',
    'SELECT sum(amount) FROM payment WHERE customer_id = 815',
    "SELECT * FROM customer WHERE last_name = 'LAST17' AND store_id = 1",
    'SELECT * FROM payment WHERE rental_id = 40000',
  ],
  foreignKeys: [
    'customer (address_id)',
    'customer (store_id)',
    'inventory (film_id)',
    'inventory (store_id)',
    'rental (inventory_id)',
    'rental (customer_id)',
    'payment (customer_id)',
    'payment (staff_id)',
    'payment (rental_id)',
  ],
  candidates: [
    'rental (customer_id)',
    'rental (customer_id, rental_date)',
    'rental (inventory_id)',
    'rental (return_date)',
    'rental (rental_date) INCLUDE (customer_id) WHERE return_date IS NULL',
    'inventory (film_id)',
    'payment (customer_id)',
    'payment (customer_id) INCLUDE (amount)',
    'payment (rental_id)',
    'customer (last_name)',
    'customer (last_name, store_id)',
  ],
};

const WEBSITE = (at: string): string => `('00000000-0000-4000-8000-' || lpad((${at})::text, 12, '0'))::uuid`;

const umami: Workload = {
  name: 'umami',
  schema: 'umami',
  rows: [
    `INSERT INTO session (session_id, website_id, browser, os, device, country, created_at) SELECT ${WEBSITE('i')}, ${WEBSITE('i % 40')}, 'browser' || i % 6, 'os' || i % 5, 'desktop', 'DE', timestamptz '2025-01-01' + i * interval '3 minutes' FROM generate_series(1, 60000) i`,
    `INSERT INTO website_event (event_id, website_id, session_id, visit_id, created_at, url_path, event_type, event_name) SELECT ${WEBSITE('i')}, ${WEBSITE('i % 40')}, ${WEBSITE('1 + (i * 7) % 60000')}, ${WEBSITE('i / 4')}, timestamptz '2025-01-01' + i * interval '1 minute', '/page/' || i % 700, 1 + (i % 20) / 19, CASE WHEN i % 20 = 19 THEN 'event' || i % 11 END FROM generate_series(1, 250000) i`,
  ],
  queries: [
    `SELECT count(*), count(DISTINCT session_id) FROM website_event WHERE website_id = ${WEBSITE('7')} AND created_at BETWEEN '2025-03-01' AND '2025-03-08'`,
    `SELECT url_path, count(*) FROM website_event WHERE website_id = ${WEBSITE('7')} AND created_at BETWEEN '2025-03-01' AND '2025-03-08' AND event_type = 1 GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    `SELECT * FROM website_event WHERE session_id = ${WEBSITE('4711')} ORDER BY created_at`,
    `SELECT * FROM website_event WHERE visit_id = ${WEBSITE('4711')}`,
    `SELECT browser, count(*) FROM session WHERE website_id = ${WEBSITE('7')} AND created_at > '2025-04-01' GROUP BY 1`,
    `SELECT event_name, count(*) FROM website_event WHERE website_id = ${WEBSITE('7')} AND event_name = 'event5' GROUP BY 1`,
  ],
  foreignKeys: ['session (website_id)', 'website_event (website_id)', 'website_event (session_id)'],
  candidates: [
    'website_event (website_id)',
    'website_event (website_id, created_at)',
    'website_event (website_id, created_at, session_id)',
    'website_event (website_id, event_name)',
    'website_event (event_name)',
    'website_event (session_id)',
    'website_event (session_id, created_at)',
    'website_event (visit_id)',
    'session (website_id)',
    'session (website_id, created_at)',
    'session (website_id, created_at) INCLUDE (browser)',
  ],
};

/** https://www.postgresql.org/docs/current/pgbench.html, the tables without their keys, and its statements. */
const pgbench: Workload = {
  name: 'pgbench',
  rows: [
    'CREATE TABLE pgbench_branches (bid int NOT NULL, bbalance int, filler char(88))',
    'CREATE TABLE pgbench_tellers (tid int NOT NULL, bid int, tbalance int, filler char(84))',
    'CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))',
    'CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))',
    'INSERT INTO pgbench_branches SELECT i, 0 FROM generate_series(1, 3) i',
    'INSERT INTO pgbench_tellers SELECT i, 1 + i / 10, 0 FROM generate_series(1, 30) i',
    "INSERT INTO pgbench_accounts SELECT i, 1 + i / 100000, 0, '' FROM generate_series(1, 300000) i",
    "INSERT INTO pgbench_history SELECT 1 + i % 30, 1 + i % 3, 1 + (i * 7919) % 300000, 1, timestamp '2025-01-01' + i * interval '1 second' FROM generate_series(1, 50000) i",
  ],
  queries: [
    'UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = 4711',
    'SELECT abalance FROM pgbench_accounts WHERE aid = 4711',
    'UPDATE pgbench_tellers SET tbalance = tbalance + 1 WHERE tid = 7',
    'UPDATE pgbench_branches SET bbalance = bbalance + 1 WHERE bid = 2',
  ],
  foreignKeys: [
    'pgbench_tellers (bid)',
    'pgbench_accounts (bid)',
    'pgbench_history (tid)',
    'pgbench_history (bid)',
    'pgbench_history (aid)',
  ],
  // Not one that carries abalance: each UPDATE would have to change it, too, which the planner's costs do not show.
  candidates: [
    'pgbench_accounts (aid)',
    'pgbench_accounts (bid)',
    'pgbench_tellers (tid)',
    'pgbench_branches (bid)',
  ],
};

export const WORKLOADS: readonly Workload[] = [chinook, pagila, umami, pgbench];
