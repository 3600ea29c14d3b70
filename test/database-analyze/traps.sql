-- One case for every finding of the schema, beside what only looks like one. Names that begin with ok_ are fine.
CREATE ROLE reader;
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, name text);
CREATE TABLE no_key (a integer, b text);
CREATE TABLE ok_no_key_part (at date NOT NULL) PARTITION BY RANGE (at);
ALTER TABLE ok_no_key_part ADD PRIMARY KEY (at);
CREATE TABLE ok_no_key_part_1 PARTITION OF ok_no_key_part FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE ok_no_key_part_2 PARTITION OF ok_no_key_part FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE gap (at date NOT NULL PRIMARY KEY) PARTITION BY RANGE (at);
CREATE TABLE gap_1 PARTITION OF gap FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE gap_2 PARTITION OF gap FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE empty_parts (kind integer PRIMARY KEY) PARTITION BY LIST (kind);

-- Foreign keys: none, in another collation, partial that implies and that does not, permuted, unique within.
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE, ok_buyer bigint REFERENCES users ON DELETE CASCADE,
  ok_seller bigint REFERENCES users ON DELETE CASCADE, partial_bad bigint REFERENCES users ON DELETE CASCADE, state text NOT NULL DEFAULT 'new');
CREATE INDEX ok_orders_buyer ON orders (ok_buyer) WHERE ok_buyer IS NOT NULL;
CREATE INDEX ok_orders_seller ON orders (ok_seller, id);
CREATE INDEX ok_orders_partial ON orders (partial_bad) WHERE state = 'new';

-- Indexes: equal, prefix, unique beside plain; opclass, order, predicate, INCLUDE, collation and expression differ.
CREATE TABLE shapes (id bigint PRIMARY KEY, a text NOT NULL, b text NOT NULL, c integer NOT NULL, tags text[] NOT NULL, data jsonb NOT NULL, words tsvector, ok_words tsvector);
CREATE INDEX dup_1 ON shapes (b);
CREATE INDEX dup_2 ON shapes (b);
CREATE INDEX redundant_a ON shapes (a);
CREATE INDEX ok_ab ON shapes (a, c);
CREATE INDEX ok_pattern ON shapes (a text_pattern_ops);
CREATE INDEX ok_desc ON shapes (a DESC);
CREATE INDEX ok_collate ON shapes (a COLLATE "C");
CREATE INDEX ok_partial ON shapes (c, id) WHERE a <> 'x';
CREATE INDEX ok_partial_2 ON shapes (c, id, b) WHERE a <> 'y';
CREATE INDEX ok_lower ON shapes (lower(a));
CREATE INDEX ok_include ON shapes (c) INCLUDE (b, tags);
CREATE UNIQUE INDEX ok_unique ON shapes (b, a, c);
CREATE UNIQUE INDEX ok_unique_short ON shapes (id, a);
CREATE INDEX overlap_ba ON shapes (c, b);
CREATE INDEX overlap_ab ON shapes (b, c);
CREATE INDEX container_tags ON shapes (tags);
CREATE INDEX container_data ON shapes USING btree (data);
CREATE INDEX ok_words_gin ON shapes USING gin (ok_words);
CREATE TABLE ok_replica (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX ok_replica_a ON ok_replica (a);
ALTER TABLE ok_replica REPLICA IDENTITY USING INDEX ok_replica_a;
CREATE UNIQUE INDEX ok_replica_ab ON ok_replica (a, b);

CREATE TABLE uniques (id bigint PRIMARY KEY, a integer NOT NULL, b integer, c integer, ok_single integer UNIQUE, UNIQUE (a, b));
CREATE UNIQUE INDEX ok_not_distinct ON uniques (a, c) NULLS NOT DISTINCT;
CREATE TABLE checks (id bigint PRIMARY KEY, a integer, b integer);
ALTER TABLE checks ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
ALTER TABLE checks ADD CONSTRAINT ok_positive CHECK (b > 0);

-- Types.
CREATE TABLE numbers (id serial PRIMARY KEY, price double precision, ok_latitude double precision, ok_total_time real, cash money, doc json, at timestamp, ok_at timestamptz,
  code char(3), label varchar(40), ok_label varchar);
CREATE VIEW number_labels AS SELECT id, code, label, at FROM numbers;
CREATE TABLE small_parent (id integer PRIMARY KEY);
CREATE TABLE mismatch (id bigint PRIMARY KEY, parent_id bigint REFERENCES small_parent ON DELETE CASCADE, undecided bigint REFERENCES users);
CREATE INDEX ON mismatch (parent_id);
CREATE INDEX ON mismatch (undecided);
CREATE TABLE chicken (id bigint PRIMARY KEY, egg_id bigint NOT NULL);
CREATE TABLE egg (id bigint PRIMARY KEY, chicken_id bigint NOT NULL REFERENCES chicken ON DELETE RESTRICT);
ALTER TABLE chicken ADD FOREIGN KEY (egg_id) REFERENCES egg ON DELETE RESTRICT;
CREATE INDEX ON chicken (egg_id);
CREATE INDEX ON egg (chicken_id);

-- Security.
CREATE SCHEMA guarded;
CREATE FUNCTION guarded.me() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint';
CREATE TABLE guarded.notes (id bigint PRIMARY KEY, owner bigint NOT NULL);
ALTER TABLE guarded.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded.notes USING (owner = guarded.me() OR (current_setting('app.(x''')) = 'a') WITH CHECK (owner = guarded.me());
CREATE POLICY ok_once ON guarded.notes USING (owner = (SELECT guarded.me()));
CREATE TABLE guarded.forgotten (id bigint PRIMARY KEY);
CREATE TABLE guarded.asleep (id bigint PRIMARY KEY);
CREATE POLICY nothing ON guarded.asleep USING (true);
CREATE TABLE guarded.shut (id bigint PRIMARY KEY);
ALTER TABLE guarded.shut ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION definer() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE FUNCTION ok_definer() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
GRANT SELECT ON users TO PUBLIC;
GRANT SELECT ON orders TO reader;

-- What nothing uses, and names.
CREATE TYPE unused AS ENUM ('a');
CREATE TYPE ok_named AS ENUM ('a');
CREATE FUNCTION ok_names() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a'::ok_named; END $$;
CREATE SEQUENCE unused_seq;
CREATE SEQUENCE ok_named_seq;
CREATE FUNCTION ok_next() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('ok_named_seq'); END $$;
CREATE SEQUENCE ok_default_seq;
CREATE TABLE numbered (id bigint PRIMARY KEY DEFAULT nextval('ok_default_seq'::text));
CREATE UNLOGGED TABLE cache (id bigint PRIMARY KEY);
CREATE TABLE "Weird Names" (id bigint PRIMARY KEY, "userId" bigint, "select" integer, "a""b); DROP TABLE users; --" integer);
