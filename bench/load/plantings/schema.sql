-- A desk that answers tickets: rows enough that what is missing costs something, names of nobody else's.
CREATE TABLE accounts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  handle text NOT NULL UNIQUE,
  email text NOT NULL,
  bio text NOT NULL
);
INSERT INTO accounts (handle, email, bio)
  SELECT 'user-' || n, 'user' || n || '@example.org', repeat('likes long walks and short queries ', 6) FROM generate_series(1, 20000) n;
CREATE TABLE tickets (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts,
  state text NOT NULL,
  subject text NOT NULL,
  meta jsonb NOT NULL,
  opened_at timestamptz NOT NULL
);
INSERT INTO tickets (account_id, state, subject, meta, opened_at)
  SELECT a.id, (ARRAY['open', 'waiting', 'closed'])[1 + n % 3], md5(n::text) || ' ' || md5((n * 7)::text),
    jsonb_build_object('source', 'shop-' || n % 5000, 'tags', jsonb_build_array('t' || n % 900, 't' || n % 7), 'score', n % 100),
    timestamptz '2024-01-01' + ((n * 7919) % 150000) * interval '1 minute'
  FROM generate_series(1, 150000) n
  JOIN (SELECT id, row_number() OVER (ORDER BY handle) AS at FROM accounts) a ON a.at = 1 + (n * 31) % 20000;
CREATE TABLE comments (
  ticket_id bigint NOT NULL REFERENCES tickets,
  place integer NOT NULL,
  author text NOT NULL REFERENCES accounts (handle),
  words text NOT NULL,
  PRIMARY KEY (ticket_id, place)
);
INSERT INTO comments SELECT t, p, 'user-' || 1 + (t * 13 + p * 101) % 20000, 'a comment of some words'
  FROM generate_series(1, 3000) t, generate_series(1, 6) p;
CREATE TABLE stock (sku text PRIMARY KEY, quantity integer NOT NULL, hits bigint NOT NULL DEFAULT 0);
INSERT INTO stock SELECT 'sku-' || n, 1000000 FROM generate_series(1, 500) n;
CREATE TABLE documents (id integer PRIMARY KEY, title text NOT NULL, content text NOT NULL, body jsonb NOT NULL);
INSERT INTO documents
  SELECT n, 'document ' || n, repeat(md5(n::text), 800),
    (SELECT jsonb_agg(jsonb_build_object('at', m, 'word', md5((n * m)::text), 'more', repeat('y', 40))) FROM generate_series(1, 1500) m)
  FROM generate_series(1, 60) n;
CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
ANALYZE;
