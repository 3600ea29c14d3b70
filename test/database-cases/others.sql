-- Schemas, sequences, extensions, privileges, comments, publications, foreign data and text search.

-- case: schemas come and go with what is in them
-- before
CREATE SCHEMA one;
CREATE TABLE one.t (a serial PRIMARY KEY);
CREATE VIEW one.v AS SELECT * FROM one.t;
CREATE TYPE one.e AS ENUM ('a');
CREATE FUNCTION one.f(one.e) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- after
CREATE SCHEMA "Two";
CREATE TABLE "Two"."T" (a serial PRIMARY KEY);
COMMENT ON SCHEMA "Two" IS 'x';
GRANT USAGE ON SCHEMA "Two" TO reader;

-- case: sequences change every attribute
-- before
CREATE SEQUENCE a;
CREATE SEQUENCE b AS smallint START 5;
CREATE SEQUENCE c INCREMENT -1;
CREATE SEQUENCE d;
-- after
CREATE SEQUENCE a AS int INCREMENT 2 MINVALUE -10 MAXVALUE 1000 START 0 CACHE 20 CYCLE;
CREATE SEQUENCE b;
CREATE SEQUENCE c INCREMENT -2 MINVALUE -100 MAXVALUE 0 START -1;
CREATE UNLOGGED SEQUENCE d;
CREATE SEQUENCE e INCREMENT BY -1;

-- case: sequences change their owner column
-- before
CREATE TABLE t (a int, b int);
CREATE SEQUENCE one OWNED BY t.a;
CREATE SEQUENCE two;
CREATE SEQUENCE three OWNED BY t.b;
-- after
CREATE TABLE t (a int, b int);
CREATE SEQUENCE one;
CREATE SEQUENCE two OWNED BY t.a;
CREATE SEQUENCE three OWNED BY t.a;

-- case: the owning column of a sequence goes, the sequence stays
-- before
CREATE TABLE t (a int, b int);
CREATE SEQUENCE one OWNED BY t.b;
-- after
CREATE TABLE t (a int);
CREATE SEQUENCE one;

-- case: extensions come, go and move
-- before
CREATE SCHEMA ext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION hstore;
CREATE TABLE t (h hstore);
-- after
CREATE SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext;
CREATE EXTENSION citext;
COMMENT ON EXTENSION citext IS 'own words';
CREATE TABLE t (h citext);

-- case: an extension that is dropped takes a column's type
-- before
CREATE EXTENSION hstore;
CREATE TABLE t (a int, h hstore);
CREATE INDEX t_h ON t USING gin (h);
CREATE VIEW v AS SELECT h -> 'a' AS x FROM t;
-- after
CREATE TABLE t (a int);

-- case: grants of every kind of object
-- before
CREATE SCHEMA s;
CREATE TABLE t (a int, b int);
CREATE SEQUENCE q;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TYPE e AS ENUM ('a');
CREATE DOMAIN d AS int;
CREATE VIEW v AS SELECT 1 AS x;
GRANT SELECT ON t TO reader;
GRANT ALL ON t TO writer;
-- after
CREATE SCHEMA s;
CREATE TABLE t (a int, b int);
CREATE SEQUENCE q;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TYPE e AS ENUM ('a');
CREATE DOMAIN d AS int;
CREATE VIEW v AS SELECT 1 AS x;
GRANT USAGE, CREATE ON SCHEMA s TO reader;
GRANT SELECT, INSERT ON t TO reader WITH GRANT OPTION;
GRANT UPDATE (a, b), REFERENCES (a) ON t TO writer;
GRANT USAGE ON SEQUENCE q TO PUBLIC;
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO reader;
REVOKE USAGE ON TYPE e FROM PUBLIC;
GRANT USAGE ON DOMAIN d TO reader WITH GRANT OPTION;
GRANT SELECT ON v TO PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- case: a role may read less of a table, and as much of its columns
-- before
CREATE TABLE t (a int, b int);
GRANT SELECT, INSERT ON t TO reader;
GRANT SELECT (a), UPDATE (b) ON t TO reader;
GRANT SELECT ON t TO writer;
GRANT SELECT (b) ON t TO writer;
-- after
CREATE TABLE t (a int, b int);
GRANT INSERT ON t TO reader;
GRANT SELECT (a), UPDATE (b) ON t TO reader;
GRANT SELECT (b) ON t TO writer;

-- case: a grant option is taken away, a column grant too
-- before
CREATE TABLE t (a int, b int);
GRANT SELECT, UPDATE ON t TO reader WITH GRANT OPTION;
GRANT SELECT (a), UPDATE (b) ON t TO writer;
-- after
CREATE TABLE t (a int, b int);
GRANT SELECT ON t TO reader;
GRANT SELECT (b) ON t TO writer;

-- case: the owner's own rights are taken away
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
REVOKE DELETE, TRUNCATE ON t FROM CURRENT_USER;

-- case: default privileges come, change and go, with new objects under them
-- before
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
-- after
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT EXECUTE ON FUNCTIONS TO reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO reader WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO reader;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO reader;
CREATE TABLE s.t (a serial);
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TYPE e AS ENUM ('a');
CREATE SCHEMA late;

-- case: default privileges that stay while objects come and are made anew
-- before
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- after
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE t (a text);
CREATE VIEW v AS SELECT a FROM t;
REVOKE SELECT ON v FROM reader;
CREATE TABLE u (a int);
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;
GRANT EXECUTE ON FUNCTION f() TO PUBLIC;

-- case: default privileges for another role
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA public REVOKE SELECT ON TABLES FROM reader;

-- case: comments on everything change, come and go
-- before
CREATE TABLE t (a int, b int);
CREATE INDEX i ON t (a);
CREATE SEQUENCE s;
CREATE TYPE e AS ENUM ('x');
CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0);
COMMENT ON TABLE t IS 'old';
COMMENT ON COLUMN t.a IS 'gone';
-- after
CREATE TABLE t (a int, b int);
CREATE INDEX i ON t (a);
CREATE SEQUENCE s;
CREATE TYPE e AS ENUM ('x');
CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0);
COMMENT ON TABLE t IS 'new, it''s \ and
of two lines';
COMMENT ON COLUMN t.b IS 'here';
COMMENT ON INDEX i IS 'i';
COMMENT ON SEQUENCE s IS 's';
COMMENT ON TYPE e IS 'e';
COMMENT ON DOMAIN d IS 'd';
COMMENT ON CONSTRAINT dc ON DOMAIN d IS 'dc';
COMMENT ON SCHEMA public IS 'ours';

-- case: publications of every kind
-- before
CREATE TABLE a (id int PRIMARY KEY, x int, y text);
CREATE TABLE b (id int PRIMARY KEY);
CREATE SCHEMA s;
CREATE PUBLICATION p1 FOR TABLE a;
CREATE PUBLICATION p2 FOR ALL TABLES;
CREATE PUBLICATION p3 FOR TABLES IN SCHEMA s;
-- after
CREATE TABLE a (id int PRIMARY KEY, x int, y text);
CREATE TABLE b (id int PRIMARY KEY);
CREATE SCHEMA s;
CREATE PUBLICATION p1 FOR TABLE a (id, x) WHERE (id > 5), b WITH (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION p2 FOR TABLE b;
CREATE PUBLICATION p3 FOR TABLES IN SCHEMA s, TABLE a;
CREATE PUBLICATION p4 WITH (publish_generated_columns = stored);
COMMENT ON PUBLICATION p4 IS 'x';

-- case: a published table gains a key and loses a column
-- before
CREATE TABLE a (id int PRIMARY KEY, x int, y text);
CREATE PUBLICATION p FOR TABLE a (id, x);
-- after
CREATE TABLE a (id bigint PRIMARY KEY, y text);
CREATE PUBLICATION p FOR TABLE a (id, y);

-- case: foreign data wrappers, servers, mappings and tables
-- before
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');
CREATE SERVER s TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'a', port '1');
CREATE FOREIGN TABLE f (a int OPTIONS (n 'x'), b text) SERVER s OPTIONS (t 'one');
-- after
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'false', more 'it''s');
CREATE SERVER s TYPE 'x' VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'b');
CREATE USER MAPPING FOR reader SERVER s OPTIONS (user 'u');
CREATE FOREIGN TABLE f (a bigint OPTIONS (n 'y') NOT NULL, c text DEFAULT 'x', CHECK (a > 0)) SERVER s OPTIONS (t 'two', u 'three');
COMMENT ON SERVER s IS 'x';
GRANT USAGE ON FOREIGN SERVER s TO reader;
GRANT SELECT ON f TO reader;

-- case: the version and options of a foreign server change and its tables stay
-- before
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'a');
CREATE FOREIGN TABLE f (a int) SERVER s OPTIONS (t 'one');
CREATE VIEW v AS SELECT a FROM f;
-- after
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'b', port '5');
CREATE FOREIGN TABLE f (a int) SERVER s OPTIONS (t 'two');
CREATE VIEW v AS SELECT a FROM f;

-- case: a foreign table is a partition
-- before
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE t (id int, x text) PARTITION BY RANGE (id);
-- after
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE t (id int, x text) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10) SERVER s OPTIONS (t 'x');

-- case: text search configurations and dictionaries
-- before
CREATE TEXT SEARCH CONFIGURATION c (COPY = english);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english);
CREATE TABLE t (a text);
CREATE INDEX t_a ON t USING gin (to_tsvector('c', a));
-- after
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d, simple;
ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR email;
CREATE TEXT SEARCH CONFIGURATION e (PARSER = default);
CREATE TABLE t (a text);
CREATE INDEX t_a ON t USING gin (to_tsvector('c', a));
COMMENT ON TEXT SEARCH CONFIGURATION c IS 'x';

-- case: collations of every provider
-- before
CREATE COLLATION one (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION two (provider = libc, locale = 'C');
CREATE TABLE t (a text COLLATE one);
-- after
CREATE COLLATION one (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
CREATE COLLATION three (provider = builtin, locale = 'C.UTF-8');
CREATE COLLATION four (provider = icu, locale = 'und', rules = '&a < g');
CREATE TABLE t (a text COLLATE one, b text COLLATE three);
COMMENT ON COLLATION three IS 'x';

-- case: a conversion
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION c IS 'x';

-- case: an access method and a language
-- before
CREATE TABLE t (a int);
-- after
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int) USING heap2;
CREATE MATERIALIZED VIEW m USING heap2 AS SELECT a FROM t;

-- case: an operator family with members of its own
-- before
CREATE OPERATOR FAMILY f USING btree;
-- after
CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (int4, int8), FUNCTION 1 btint48cmp(int4, int8);

-- case: only white space and case differ
-- before
create table   T (A INT, b TEXT default 'x');
create view V as select a,b from t where A>1;
-- after
CREATE TABLE t (a integer, b text DEFAULT 'x'::text);
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1;
COMMENT ON VIEW v IS 'only this';

-- case: columns in another order
-- before
CREATE TABLE t (a int, b text, c date);
-- after
CREATE TABLE t (c date, b text, a int);
COMMENT ON TABLE t IS 'only this';

-- case: grants on what an extension has made
-- given
CREATE ROLE reader;
CREATE EXTENSION hstore;
-- before
GRANT EXECUTE ON FUNCTION hstore(text, text) TO reader;
-- after
REVOKE EXECUTE ON FUNCTION hstore(text[]) FROM PUBLIC;
GRANT USAGE ON TYPE hstore TO reader;

-- case: default privileges change while something is made anew under them
-- given
CREATE ROLE reader;
-- before
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE t (a e);
-- after
ALTER DEFAULT PRIVILEGES REVOKE INSERT ON TABLES FROM CURRENT_USER;
CREATE TYPE e AS ENUM ('a');
REVOKE USAGE ON TYPE e FROM PUBLIC;
CREATE TABLE t (a e);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
