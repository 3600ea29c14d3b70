CREATE ROLE app;
-- state: none
CREATE TABLE t (a text);
-- state: in schemas
CREATE SCHEMA x; CREATE SCHEMA y;
CREATE EXTENSION hstore SCHEMA x; CREATE EXTENSION citext SCHEMA y; CREATE EXTENSION pg_trgm;
CREATE TABLE t (a y.citext, h x.hstore DEFAULT '');
CREATE INDEX tr ON t USING gin ((a::text) gin_trgm_ops);
-- state: swapped schemas
CREATE SCHEMA x; CREATE SCHEMA y;
CREATE EXTENSION hstore SCHEMA y; CREATE EXTENSION citext SCHEMA x; CREATE EXTENSION pg_trgm SCHEMA x;
CREATE TABLE t (a x.citext, h y.hstore DEFAULT '');
CREATE INDEX tr ON t USING gist ((a::text) x.gist_trgm_ops);
-- state: grants on members
CREATE EXTENSION hstore; CREATE EXTENSION pgcrypto; CREATE EXTENSION "uuid-ossp";
REVOKE EXECUTE ON FUNCTION gen_random_bytes(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gen_random_bytes(int) TO app;
CREATE TABLE t (a text DEFAULT uuid_generate_v4()::text, b bytea DEFAULT gen_random_bytes(4));
COMMENT ON EXTENSION hstore IS 'ours';
-- state: ltree and functions over them
CREATE EXTENSION ltree; CREATE EXTENSION btree_gist; CREATE EXTENSION unaccent; CREATE EXTENSION cube; CREATE EXTENSION earthdistance;
CREATE TABLE t (a ltree, r int4range, k int, EXCLUDE USING gist (k WITH =, r WITH &&));
CREATE INDEX l ON t USING gist (a);
CREATE FUNCTION f(a text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT unaccent('unaccent', a) $$;
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH unaccent, simple;
-- state: postgres_fdw
CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h');
CREATE USER MAPPING FOR app SERVER s;
CREATE FOREIGN TABLE t (a text OPTIONS (column_name 'b'), CONSTRAINT c CHECK (a <> '')) SERVER s OPTIONS (table_name 'x');
-- state: postgres_fdw changed
CREATE EXTENSION postgres_fdw;
CREATE SERVER s TYPE 'x' VERSION '2' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h2', port '1');
CREATE FOREIGN TABLE t (a int NOT NULL DEFAULT 1, b text) SERVER s OPTIONS (table_name 'y');
