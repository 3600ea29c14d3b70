CREATE ROLE app;
-- state: none
CREATE TABLE keep (a int);
-- state: row type check
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION ok(r t) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN r.a > 0; END';
ALTER TABLE t ADD CONSTRAINT c CHECK (ok(t));
CREATE TABLE keep (a int);
-- state: row type check other
CREATE TABLE t (id bigint PRIMARY KEY, a text, b int);
CREATE FUNCTION ok(r t) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN r.b > 0; END';
ALTER TABLE t ADD CONSTRAINT c CHECK (ok(t));
CREATE INDEX i ON t ((ok(t)));
CREATE TABLE keep (a int);
-- state: row type partitioned
CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
CREATE FUNCTION ok(r t) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN r.a > 0; END';
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE POLICY p ON t USING (ok(t));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE TABLE keep (a int);
-- state: serial enum and fk
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE parent (id serial PRIMARY KEY, s e NOT NULL DEFAULT 'a', UNIQUE (id, s));
CREATE TABLE t (id int PRIMARY KEY, pid int, s e, FOREIGN KEY (pid, s) REFERENCES parent (id, s));
CREATE TABLE keep (a int REFERENCES parent);
CREATE FUNCTION ef(x e DEFAULT 'a', y e[] DEFAULT '{b}') RETURNS e LANGUAGE sql AS 'SELECT x';
-- state: enum replaced, fk column gone
CREATE TYPE e AS ENUM ('a', 'c');
CREATE TABLE parent (id int PRIMARY KEY, s e NOT NULL DEFAULT 'c');
CREATE TABLE t (id int PRIMARY KEY, s e[]);
CREATE TABLE keep (a bigint);
CREATE FUNCTION ef(x e DEFAULT 'a', y e[] DEFAULT '{c}') RETURNS e LANGUAGE sql AS 'SELECT x';
CREATE VIEW v AS SELECT s, ef(s) FROM parent;
-- state: views and functions in a ring
CREATE TABLE t (id int, a int);
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION vf() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v';
CREATE VIEW w AS SELECT * FROM vf();
CREATE FUNCTION atomic(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM w WHERE id = x; END;
CREATE MATERIALIZED VIEW mv AS SELECT atomic(1) AS n;
CREATE INDEX mvi ON mv (n);
CREATE TABLE keep (a int DEFAULT atomic(2));
GRANT SELECT (n) ON mv TO app;
GRANT SELECT (id), UPDATE (id) ON v TO app;
-- state: views and functions in a ring, wider
CREATE TABLE t (id bigint, a int, b text);
CREATE VIEW v AS SELECT id, b FROM t;
CREATE FUNCTION vf() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v';
CREATE VIEW w AS SELECT id FROM vf();
CREATE FUNCTION atomic(x bigint) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM w WHERE id = x; END;
CREATE MATERIALIZED VIEW mv AS SELECT atomic(1) AS n, 2 AS m;
CREATE UNIQUE INDEX mvi ON mv (n, m);
CREATE TABLE keep (a bigint DEFAULT atomic(2));
GRANT SELECT (m) ON mv TO app;
GRANT SELECT ON v TO app;
-- state: event trigger and publication
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION et();
CREATE PUBLICATION pub FOR TABLE t (id, a) WHERE (id > 5);
CREATE TABLE keep (a int);
CREATE FUNCTION public_fn(r keep) RETURNS int LANGUAGE sql AS 'SELECT r.a';
-- state: event trigger moved and publication of less
CREATE SCHEMA ets;
CREATE TABLE t (id bigint PRIMARY KEY, b varchar);
CREATE FUNCTION ets.et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''x''; END';
CREATE EVENT TRIGGER ev ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION ets.et();
CREATE PUBLICATION pub FOR TABLE t WHERE (id > 5 AND id < 9), TABLES IN SCHEMA ets;
CREATE TABLE keep (a text);
CREATE FUNCTION public_fn(r keep) RETURNS text LANGUAGE sql AS 'SELECT r.a';
