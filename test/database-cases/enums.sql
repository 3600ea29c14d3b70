-- Enums: every change of the labels, with everything that can use the type.

-- case: a label is added at the end
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok');
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id int, m mood DEFAULT 'ok');

-- case: labels are added at the front, in the middle and at the end
-- before
CREATE TYPE mood AS ENUM ('b', 'd');
-- after
CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'c2', 'd', 'e');

-- case: a new label becomes the default at once
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok');
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id int, m mood DEFAULT 'happy', n mood NOT NULL DEFAULT 'happy');

-- case: a new label is used in a check, an index predicate, a view and a policy
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok');
-- after
CREATE TYPE mood AS ENUM ('sad', 'meh', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok', CHECK (m <> 'meh'));
CREATE INDEX t_m ON t (id) WHERE m = 'meh';
CREATE VIEW v AS SELECT * FROM t WHERE m = 'meh';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (m > 'meh');

-- case: a label is removed under columns, arrays, defaults, checks, indexes, views and functions
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id int, m mood DEFAULT 'ok' NOT NULL, ms mood[] DEFAULT '{ok}', CHECK (m <> 'sad'));
CREATE INDEX t_m ON t (m);
CREATE INDEX t_p ON t (id) WHERE m = 'ok';
CREATE VIEW v AS SELECT id, m FROM t WHERE m > 'sad';
CREATE MATERIALIZED VIEW mv AS SELECT m, count(*) FROM t GROUP BY m;
CREATE UNIQUE INDEX mv_m ON mv (m);
CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT m $$;
CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
COMMENT ON TYPE mood IS 'how it feels';
COMMENT ON VIEW v IS 'shown';
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok' NOT NULL, ms mood[] DEFAULT '{ok}', CHECK (m <> 'sad'));
CREATE INDEX t_m ON t (m);
CREATE INDEX t_p ON t (id) WHERE m = 'ok';
CREATE VIEW v AS SELECT id, m FROM t WHERE m > 'sad';
CREATE MATERIALIZED VIEW mv AS SELECT m, count(*) FROM t GROUP BY m;
CREATE UNIQUE INDEX mv_m ON mv (m);
CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT m $$;
CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
COMMENT ON TYPE mood IS 'how it feels';
COMMENT ON VIEW v IS 'shown';

-- case: labels change their order
-- before
CREATE TYPE level AS ENUM ('low', 'high', 'mid');
CREATE TABLE t (id int PRIMARY KEY, l level NOT NULL DEFAULT 'low');
CREATE INDEX t_l ON t (l DESC);
GRANT USAGE ON TYPE level TO reader;
REVOKE USAGE ON TYPE level FROM PUBLIC;
-- after
CREATE TYPE level AS ENUM ('low', 'mid', 'high');
CREATE TABLE t (id int PRIMARY KEY, l level NOT NULL DEFAULT 'low');
CREATE INDEX t_l ON t (l DESC);
GRANT USAGE ON TYPE level TO reader;
REVOKE USAGE ON TYPE level FROM PUBLIC;

-- case: a label is removed under a domain, a composite type and columns of both
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN real_mood AS mood NOT NULL CHECK (VALUE <> 'sad');
CREATE TYPE person AS (name text, m mood);
CREATE TABLE t (id int, m real_mood DEFAULT 'ok', p person, ps person[]);
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN real_mood AS mood NOT NULL CHECK (VALUE <> 'sad');
CREATE TYPE person AS (name text, m mood);
CREATE TABLE t (id int, m real_mood DEFAULT 'ok', p person, ps person[]);

-- case: a label is removed under a partition key
-- before
CREATE TYPE region AS ENUM ('eu', 'us', 'as');
CREATE TABLE t (id int, r region NOT NULL) PARTITION BY LIST (r);
CREATE TABLE t_eu PARTITION OF t FOR VALUES IN ('eu');
CREATE TABLE t_us PARTITION OF t FOR VALUES IN ('us');
CREATE INDEX t_id ON t (id);
-- after
CREATE TYPE region AS ENUM ('eu', 'us');
CREATE TABLE t (id int, r region NOT NULL) PARTITION BY LIST (r);
CREATE TABLE t_eu PARTITION OF t FOR VALUES IN ('eu');
CREATE TABLE t_us PARTITION OF t FOR VALUES IN ('us');
CREATE INDEX t_id ON t (id);

-- case: a label is removed from an enum in a partitioned table that is not its key
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id int, m mood DEFAULT 'ok') PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t DEFAULT;
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok') PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t DEFAULT;

-- case: a label is removed from an enum in an inherited column
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE p (id int, m mood DEFAULT 'ok');
CREATE TABLE c (extra text) INHERITS (p);
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE p (id int, m mood DEFAULT 'ok');
CREATE TABLE c (extra text) INHERITS (p);

-- case: a label is removed under a generated column and a trigger with a condition
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int, m mood DEFAULT 'ok', is_ok boolean GENERATED ALWAYS AS (m = 'ok') STORED);
CREATE TRIGGER tr BEFORE UPDATE OF m ON t FOR EACH ROW WHEN (NEW.m = 'ok') EXECUTE FUNCTION tf();
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int, m mood DEFAULT 'ok', is_ok boolean GENERATED ALWAYS AS (m = 'ok') STORED);
CREATE TRIGGER tr BEFORE UPDATE OF m ON t FOR EACH ROW WHEN (NEW.m = 'ok') EXECUTE FUNCTION tf();

-- case: an enum key that a foreign key refers to loses a label
-- before
CREATE TYPE k AS ENUM ('a', 'b', 'c');
CREATE TABLE p (k k PRIMARY KEY);
CREATE TABLE c (id int, k k REFERENCES p);
-- after
CREATE TYPE k AS ENUM ('a', 'b');
CREATE TABLE p (k k PRIMARY KEY);
CREATE TABLE c (id int, k k REFERENCES p);

-- case: an enum becomes text with a check
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood NOT NULL DEFAULT 'ok');
-- after
CREATE TABLE t (id int, m text NOT NULL DEFAULT 'ok' CHECK (m IN ('sad', 'ok')));

-- case: text with a check becomes an enum
-- before
CREATE TABLE t (id int, m text NOT NULL DEFAULT 'ok' CHECK (m IN ('sad', 'ok')));
CREATE INDEX t_m ON t (m) WHERE m = 'ok';
CREATE VIEW v AS SELECT m FROM t;
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood NOT NULL DEFAULT 'ok');
CREATE INDEX t_m ON t (m) WHERE m = 'ok';
CREATE VIEW v AS SELECT m FROM t;

-- case: one enum is exchanged for another
-- before
CREATE TYPE a AS ENUM ('x', 'y');
CREATE TABLE t (id int, m a DEFAULT 'x');
-- after
CREATE TYPE b AS ENUM ('x', 'y', 'z');
CREATE TABLE t (id int, m b DEFAULT 'z');

-- case: an enum moves to another schema
-- before
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'ok');
-- after
CREATE SCHEMA other;
CREATE TYPE other.mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m other.mood DEFAULT 'ok');

-- case: an enum of odd names and labels
-- before
CREATE TYPE "Odd Type" AS ENUM ('it''s', 'a,b', '"q"', '');
CREATE TABLE "Odd.Table" ("A b" "Odd Type" DEFAULT 'it''s', "as" "Odd Type"[] DEFAULT ARRAY['a,b'::"Odd Type"]);
-- after
CREATE TYPE "Odd Type" AS ENUM ('it''s', 'a,b', 'new''s');
CREATE TABLE "Odd.Table" ("A b" "Odd Type" DEFAULT 'it''s', "as" "Odd Type"[] DEFAULT ARRAY['a,b'::"Odd Type"]);

-- case: an enum argument default, a procedure and an aggregate over an enum that loses a label
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION f(a int, m mood DEFAULT 'ok') RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE PROCEDURE p(m mood) LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION sf(s mood, v mood) RETURNS mood LANGUAGE sql AS $$ SELECT greatest(s, v) $$;
CREATE AGGREGATE top(mood) (SFUNC = sf, STYPE = mood);
GRANT EXECUTE ON FUNCTION f(int, mood) TO reader;
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION f(a int, m mood DEFAULT 'ok') RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE PROCEDURE p(m mood) LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION sf(s mood, v mood) RETURNS mood LANGUAGE sql AS $$ SELECT greatest(s, v) $$;
CREATE AGGREGATE top(mood) (SFUNC = sf, STYPE = mood);
GRANT EXECUTE ON FUNCTION f(int, mood) TO reader;

-- case: an enum under a cast, an operator and a range type loses a label
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION to_int(m mood) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT 1 $$;
CREATE CAST (mood AS int) WITH FUNCTION to_int(mood) AS ASSIGNMENT;
CREATE FUNCTION same(a mood, b mood) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR === (FUNCTION = same, LEFTARG = mood, RIGHTARG = mood);
CREATE TYPE mood_range AS RANGE (SUBTYPE = mood);
CREATE TABLE t (r mood_range);
-- after
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION to_int(m mood) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT 1 $$;
CREATE CAST (mood AS int) WITH FUNCTION to_int(mood) AS ASSIGNMENT;
CREATE FUNCTION same(a mood, b mood) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR === (FUNCTION = same, LEFTARG = mood, RIGHTARG = mood);
CREATE TYPE mood_range AS RANGE (SUBTYPE = mood);
CREATE TABLE t (r mood_range);

-- case: an unused enum is dropped and another is added
-- before
CREATE TYPE a AS ENUM ('x');
-- after
CREATE TYPE b AS ENUM ();

-- case: a label is renamed with everything that uses it
-- rename: mood.sad=unhappy
-- before
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'sad', CHECK (m <> 'sad' OR id > 0));
CREATE VIEW v AS SELECT id FROM t WHERE m = 'sad';
-- after
CREATE TYPE mood AS ENUM ('unhappy', 'ok');
CREATE TABLE t (id int, m mood DEFAULT 'unhappy', CHECK (m <> 'unhappy' OR id > 0));
CREATE VIEW v AS SELECT id FROM t WHERE m = 'unhappy';
