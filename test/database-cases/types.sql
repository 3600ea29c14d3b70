-- Domains, composite types and ranges, and columns that change their type.

-- case: a domain changes its check, default and NOT NULL
-- before
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS text DEFAULT 'x' NOT NULL CONSTRAINT d_check CHECK (length(VALUE) > 2) CONSTRAINT other CHECK (VALUE <> 'no');
CREATE TABLE t (a d);

-- case: a domain changes its base type under columns and a view
-- before
CREATE DOMAIN d AS varchar(10) CHECK (VALUE <> '');
CREATE TABLE t (a d DEFAULT 'q', b d[]);
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE DOMAIN d AS varchar(20) CHECK (VALUE <> '');
CREATE TABLE t (a d DEFAULT 'q', b d[]);
CREATE VIEW v AS SELECT a FROM t;

-- case: what a domain's default calls is made anew under its columns
-- before
CREATE FUNCTION first() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE DOMAIN d AS int DEFAULT first();
CREATE DOMAIN e AS text DEFAULT 'x';
CREATE TABLE t (a d, b e);
-- after
CREATE FUNCTION first() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1::bigint';
CREATE DOMAIN d AS int DEFAULT first();
CREATE DOMAIN e AS text;
CREATE TABLE t (a d, b e);

-- case: a domain over a domain is made anew
-- before
CREATE DOMAIN d AS int;
CREATE DOMAIN e AS d CHECK (VALUE > 0);
CREATE TABLE t (a e);
-- after
CREATE DOMAIN d AS bigint;
CREATE DOMAIN e AS d CHECK (VALUE > 0);
CREATE TABLE t (a e);

-- case: a domain check is renamed, and one is not yet valid
-- before
CREATE DOMAIN d AS int CONSTRAINT one CHECK (VALUE > 0);
CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS int CONSTRAINT two CHECK (VALUE > 0);
ALTER DOMAIN d ADD CONSTRAINT three CHECK (VALUE < 100) NOT VALID;
CREATE TABLE t (a d);

-- case: a domain gets a collation
-- before
CREATE DOMAIN d AS text;
CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS text COLLATE "C";
CREATE TABLE t (a d);

-- case: a domain goes and its column becomes the base type
-- before
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (a d NOT NULL DEFAULT 'x');
-- after
CREATE TABLE t (a text NOT NULL DEFAULT 'x');

-- case: a composite type gains and loses fields
-- before
CREATE TYPE addr AS (street text, zip int);
CREATE TABLE t (a addr);
-- after
CREATE TYPE addr AS (street text, city text, country char(2));
CREATE TABLE t (a addr);

-- case: a field of a composite type changes its type under columns, arrays and functions
-- before
CREATE TYPE addr AS (street text, zip int);
CREATE TABLE t (id int, a addr, b addr[]);
CREATE FUNCTION f(a addr) RETURNS text LANGUAGE sql AS $$ SELECT (a).street $$;
CREATE VIEW v AS SELECT (a).zip FROM t;
-- after
CREATE TYPE addr AS (street text, zip text);
CREATE TABLE t (id int, a addr, b addr[]);
CREATE FUNCTION f(a addr) RETURNS text LANGUAGE sql AS $$ SELECT (a).street $$;
CREATE VIEW v AS SELECT (a).zip FROM t;

-- case: fields of a composite type change their order, with comments
-- before
CREATE TYPE addr AS (street text, zip int);
COMMENT ON COLUMN addr.zip IS 'code';
-- after
CREATE TYPE addr AS (zip int, street text);
COMMENT ON COLUMN addr.zip IS 'post code';
COMMENT ON TYPE addr IS 'where';

-- case: a composite type inside a composite type and a typed table
-- before
CREATE TYPE inner_t AS (x int);
CREATE TYPE outer_t AS (i inner_t, n text);
CREATE TABLE typed OF outer_t;
CREATE TABLE plain (o outer_t);
-- after
CREATE TYPE inner_t AS (x bigint);
CREATE TYPE outer_t AS (i inner_t, n text);
CREATE TABLE typed OF outer_t;
CREATE TABLE plain (o outer_t);

-- case: a typed table with a key and defaults
-- before
CREATE TYPE person AS (id int, name text);
-- after
CREATE TYPE person AS (id int, name text, age int);
CREATE TABLE people OF person (id WITH OPTIONS PRIMARY KEY, name DEFAULT 'x' NOT NULL);

-- case: the type of a typed table gains a field
-- before
CREATE TYPE person AS (id int, name text);
CREATE TABLE people OF person (PRIMARY KEY (id));
-- after
CREATE TYPE person AS (id int, name text, age int);
CREATE TABLE people OF person (PRIMARY KEY (id));

-- case: a typed table becomes a plain one
-- before
CREATE TYPE person AS (id int, name text);
CREATE TABLE people OF person;
-- after
CREATE TYPE person AS (id int, name text);
CREATE TABLE people (id int, name text);

-- case: a range type with a subtype function, used by a column and an exclusion
-- before
CREATE FUNCTION td(a time, b time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT extract(epoch FROM a - b)::float8 $$;
-- after
CREATE FUNCTION td(a time, b time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT extract(epoch FROM a - b)::float8 $$;
CREATE TYPE timerange AS RANGE (SUBTYPE = time, SUBTYPE_DIFF = td, MULTIRANGE_TYPE_NAME = timeranges);
CREATE TABLE t (during timerange, all_of timeranges, EXCLUDE USING gist (during WITH &&));

-- case: a range type changes its subtype
-- before
CREATE TYPE r AS RANGE (SUBTYPE = int4);
CREATE TABLE t (a r);
-- after
CREATE TYPE r AS RANGE (SUBTYPE = int8);
CREATE TABLE t (a r);

-- case: numbers widen under keys, foreign keys, views and defaults
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id smallint PRIMARY KEY DEFAULT 1, p int NOT NULL REFERENCES p ON DELETE CASCADE);
CREATE INDEX c_p ON c (p);
CREATE VIEW v AS SELECT c.id, p.id AS pid FROM c JOIN p ON p.id = c.p;
-- after
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY DEFAULT 1, p bigint NOT NULL REFERENCES p ON DELETE CASCADE);
CREATE INDEX c_p ON c (p);
CREATE VIEW v AS SELECT c.id, p.id AS pid FROM c JOIN p ON p.id = c.p;

-- case: an integer key becomes a uuid with its foreign key
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
-- after
CREATE TABLE p (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE c (id int PRIMARY KEY, p uuid REFERENCES p);

-- case: types without a direct cast
-- before
CREATE TABLE t (a int, b boolean, c timestamp, d jsonb, e text[], f point, g bytea, h interval, i int[], j numeric, k date, l inet, m macaddr, n xml);
-- after
CREATE TABLE t (a boolean, b int, c date, d text, e jsonb, f text, g text, h text, i text[], j money, k timestamptz, l text, m text, n text);

-- case: text becomes everything
-- before
CREATE TABLE t (a text, b text, c text, d text, e text, f text, g text, h varchar(5), i char(3), j text, k text);
-- after
CREATE TABLE t (a int, b boolean, c date, d jsonb, e text[], f uuid, g inet, h numeric(4,2), i "char", j tsvector, k interval);

-- case: a default that does not fit the new type
-- before
CREATE TABLE t (a text DEFAULT 'none', b int DEFAULT 7, c boolean DEFAULT true, d text DEFAULT '5');
-- after
CREATE TABLE t (a int DEFAULT 0, b text DEFAULT 'seven', c int DEFAULT 1, d int DEFAULT 5);

-- case: a type changes under an expression index, a check, a generated column and a rule
-- before
CREATE TABLE t (a varchar(10), b int, g text GENERATED ALWAYS AS (upper(a)) STORED, CHECK (length(a) > 1));
CREATE INDEX t_l ON t (lower(a));
CREATE TABLE log (a text);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);
CREATE STATISTICS s ON a, b FROM t;
-- after
CREATE TABLE t (a text, b int, g text GENERATED ALWAYS AS (upper(a)) STORED, CHECK (length(a) > 1));
CREATE INDEX t_l ON t (lower(a));
CREATE TABLE log (a text);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);
CREATE STATISTICS s ON a, b FROM t;

-- case: a type changes under a policy, a trigger and a publication
-- before
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a = current_user);
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION tf();
CREATE PUBLICATION pub FOR TABLE t (id, a) WHERE (id > 10);
-- after
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id bigint PRIMARY KEY, a text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a = current_user);
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION tf();
CREATE PUBLICATION pub FOR TABLE t (id, a) WHERE (id > 10);

-- case: the collation of a column changes with its indexes
-- before
CREATE TABLE t (a text, b text COLLATE "C");
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b COLLATE "POSIX");
-- after
CREATE TABLE t (a text COLLATE "C", b text);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b COLLATE "C");

-- case: precision, scale, length and array dimensions
-- before
CREATE TABLE t (a numeric(10,2), b numeric, c varchar(20), d timestamp(3), e time, f bit(3), g int, h varchar(3)[], i interval);
-- after
CREATE TABLE t (a numeric(12,4), b numeric(5), c varchar(10), d timestamp, e time(0), f bit varying(5), g int[], h varchar(5)[], i interval day to second(2));

-- case: timestamp becomes timestamptz under an index and a partition key
-- before
CREATE TABLE t (id int, at timestamp NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE INDEX t_at ON t (at);
-- after
CREATE TABLE t (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE INDEX t_at ON t (at);

-- case: a column becomes a domain and back
-- before
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE t (a text, b email);
CREATE VIEW v AS SELECT a, b FROM t;
-- after
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE t (a email, b text);
CREATE VIEW v AS SELECT a, b FROM t;

-- case: a user cast is there for a type change
-- before
CREATE TYPE c AS (x int);
CREATE TYPE d AS ENUM ('a', 'b');
CREATE TABLE t (a c, b d, e int);
-- after
CREATE TYPE c AS (x int);
CREATE TYPE d AS ENUM ('a', 'b');
CREATE TABLE t (a text, b int, e d);

-- case: citext and hstore come in
-- before
CREATE TABLE t (a text, b json);
CREATE UNIQUE INDEX t_a ON t (lower(a));
-- after
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE t (a citext UNIQUE, b json, c hstore DEFAULT '');
CREATE INDEX t_c ON t USING gin (c);

-- case: a table of other columns becomes a typed one
-- given
CREATE TYPE c AS (a int, b text);
-- before
CREATE TABLE t (a text, b text, x int);
-- after
CREATE TABLE t OF c;

-- case: a domain inside arrays and composite values is held to more
-- before
CREATE DOMAIN size AS int CHECK (VALUE > 0);
CREATE TYPE box AS (w size, h size);
CREATE TABLE t (a size, b size[], c box, d box[]);
-- after
CREATE DOMAIN size AS int NOT NULL CHECK (VALUE > 0) CONSTRAINT small CHECK (VALUE < 100);
CREATE TYPE box AS (w size, h size);
CREATE TABLE t (a size, b size[], c box, d box[]);
