-- state: scalars
CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'x', b numeric(10,2) DEFAULT 1.5, c timestamp, d text[], e int, f bytea, g char(3));
CREATE VIEW v AS SELECT a, b, d FROM t;
CREATE INDEX i ON t (lower(a)); CREATE INDEX j ON t (b) WHERE e > 3;
-- state: enums and domains
CREATE TYPE en AS ENUM ('x', 'y'); CREATE DOMAIN dm AS numeric(8,1) DEFAULT 2 NOT NULL CONSTRAINT pos CHECK (VALUE >= 0);
CREATE DOMAIN ad AS text[] CHECK (cardinality(VALUE) < 9);
CREATE TABLE t (id bigint PRIMARY KEY, a en DEFAULT 'x', b dm, c timestamptz, d ad, e smallint, f text, g varchar(2));
CREATE VIEW v AS SELECT a, b, d FROM t;
CREATE INDEX i ON t (a); CREATE INDEX j ON t (b) WHERE e > 3;
-- state: enums swapped and domain of another base
CREATE TYPE en AS ENUM ('z', 'x', 'yy'); CREATE DOMAIN dm AS int CHECK (VALUE <> 0);
CREATE DOMAIN ad AS en[]; CREATE DOMAIN deep AS dm CHECK (VALUE < 100);
CREATE TABLE t (id uuid PRIMARY KEY, a en[] DEFAULT '{x}', b deep DEFAULT 3, c date, d ad, e boolean, f jsonb, g text COLLATE "C");
CREATE VIEW v AS SELECT b, d, a FROM t;
CREATE INDEX i ON t USING gin (f); CREATE INDEX j ON t (b DESC NULLS LAST);
-- state: composites and ranges
CREATE TYPE inner_c AS (n int, s text COLLATE "C"); CREATE TYPE outer_c AS (i inner_c, l inner_c[]);
CREATE TYPE rg AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = mrg);
CREATE TABLE t (id int PRIMARY KEY, a outer_c, b rg, c mrg, d inner_c[], e interval, f xml, g "char");
CREATE VIEW v AS SELECT (a).i, b, d FROM t;
CREATE INDEX i ON t USING gist (b); CREATE INDEX j ON t ((((a).i).n));
CREATE FUNCTION fc(x outer_c) RETURNS inner_c LANGUAGE sql AS 'SELECT x.i';
-- state: composites and ranges changed
CREATE TYPE inner_c AS (s text, m bigint); CREATE TYPE outer_c AS (i inner_c, k int);
CREATE TYPE rg AS RANGE (SUBTYPE = numeric);
CREATE TABLE t (id int PRIMARY KEY, a outer_c, b rg, c rg, d inner_c[], e time, f json, g name);
CREATE VIEW v AS SELECT (a).i, b, d FROM t;
CREATE INDEX i ON t USING gist (b); CREATE INDEX j ON t ((((a).i).m));
CREATE FUNCTION fc(x outer_c) RETURNS inner_c LANGUAGE sql AS 'SELECT x.i';
-- state: typed table and generated
CREATE TYPE en AS (id int, a text, b numeric);
CREATE TABLE t OF en (PRIMARY KEY (id), a WITH OPTIONS DEFAULT 'k' NOT NULL);
CREATE TABLE g (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME gs INCREMENT 3), a int, b int GENERATED ALWAYS AS (a + 1) STORED, c int GENERATED ALWAYS AS (a * 2), d en);
CREATE VIEW v AS SELECT a, b FROM t;
-- state: same names otherwise
CREATE TABLE en (id int, a text, b numeric); CREATE SEQUENCE gs; CREATE VIEW t AS SELECT * FROM en; CREATE TYPE g AS ENUM ();
CREATE MATERIALIZED VIEW v AS SELECT 1 AS one; CREATE TYPE dm AS RANGE (SUBTYPE = date);
