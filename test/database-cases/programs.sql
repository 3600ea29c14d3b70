-- Functions, procedures, aggregates, operators, casts, triggers, rules, policies and views.

-- case: a function body, language, volatility and settings change
-- before
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
-- after
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 5 SET search_path = pg_catalog, public SET work_mem = '1MB' AS $$ BEGIN RETURN a; END $$;

-- case: a function changes its result, parameter names and defaults
-- before
CREATE FUNCTION a(x int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION b(x int, y int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION c(x int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION d(OUT p int, OUT q text) LANGUAGE sql AS $$ SELECT 1, 'a' $$;
CREATE FUNCTION e() RETURNS TABLE (x int) LANGUAGE sql AS $$ SELECT 1 $$;
COMMENT ON FUNCTION a(int) IS 'kept';
GRANT EXECUTE ON FUNCTION a(int) TO reader;
REVOKE ALL ON FUNCTION a(int) FROM PUBLIC;
-- after
CREATE FUNCTION a(x int) RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;
CREATE FUNCTION b(x int, y int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION c(z int DEFAULT 3) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION d(OUT p int, OUT r text, OUT s date) LANGUAGE sql AS $$ SELECT 1, 'a', now()::date $$;
CREATE FUNCTION e() RETURNS TABLE (x int, y text) ROWS 10 LANGUAGE sql AS $$ SELECT 1, 'a' $$;
COMMENT ON FUNCTION a(int) IS 'kept';
GRANT EXECUTE ON FUNCTION a(int) TO reader;
REVOKE ALL ON FUNCTION a(int) FROM PUBLIC;

-- case: a function becomes a procedure, a window function, variadic and polymorphic
-- before
CREATE FUNCTION a() RETURNS void LANGUAGE sql AS $$ SELECT $$;
CREATE FUNCTION v(x int[]) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION p(x int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- after
CREATE PROCEDURE a(INOUT x int DEFAULT 1) LANGUAGE plpgsql AS $$ BEGIN x := 2; END $$;
CREATE FUNCTION v(VARIADIC x int[]) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION p(x anyelement) RETURNS anyelement LANGUAGE sql AS $$ SELECT x $$;

-- case: overloaded functions
-- before
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 0 $$;
-- after
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$ SELECT 11 $$;
CREATE FUNCTION f(text, int DEFAULT 3) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;
CREATE FUNCTION f(numeric(4,2)) RETURNS int LANGUAGE sql AS $$ SELECT 4 $$;

-- case: functions with a standard body depend on tables, views and each other
-- before
CREATE TABLE t (a int, b text);
CREATE FUNCTION f() RETURNS int RETURN 1;
CREATE FUNCTION g() RETURNS SETOF t BEGIN ATOMIC SELECT a, b FROM t; END;
CREATE VIEW v AS SELECT f() AS x;
-- after
CREATE TABLE t (a bigint, b text);
CREATE FUNCTION f() RETURNS bigint RETURN 1::bigint;
CREATE FUNCTION g() RETURNS SETOF t BEGIN ATOMIC SELECT a, b FROM t; END;
CREATE FUNCTION h() RETURNS bigint RETURN f() + 1;
CREATE VIEW v AS SELECT f() AS x;

-- case: a string function over a table that is made with it
-- before
CREATE TABLE other (x int);
-- after
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM items $$;
CREATE TABLE items (id int DEFAULT total()::int, x int);
CREATE FUNCTION of_items(i items) RETURNS int LANGUAGE sql AS $$ SELECT i.id $$;
CREATE VIEW v AS SELECT of_items(i) FROM items i;

-- case: a function whose row type gains a column
-- before
CREATE TABLE t (a int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS $$ SELECT $1.a $$;
CREATE FUNCTION g() RETURNS t LANGUAGE sql AS $$ SELECT * FROM t $$;
-- after
CREATE TABLE t (a int, b int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS $$ SELECT $1.b $$;
CREATE FUNCTION g() RETURNS t LANGUAGE sql AS $$ SELECT * FROM t $$;

-- case: aggregates of every kind
-- before
CREATE FUNCTION acc(s int, v int) RETURNS int LANGUAGE sql AS $$ SELECT s + v $$;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int, INITCOND = '0');
CREATE AGGREGATE gone(int) (SFUNC = acc, STYPE = int);
-- after
CREATE FUNCTION acc(s int, v int) RETURNS int LANGUAGE sql AS $$ SELECT s + v $$;
CREATE FUNCTION fin(s int) RETURNS text LANGUAGE sql AS $$ SELECT s::text $$;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int, INITCOND = '1', FINALFUNC = fin, COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE AGGREGATE smallest(int) (SFUNC = int4smaller, STYPE = int, SORTOP = <);
CREATE AGGREGATE moving(int) (SFUNC = int4pl, STYPE = int, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0', INITCOND = '0');
COMMENT ON AGGREGATE total(int) IS 'sum';

-- case: an aggregate used by a view changes
-- before
CREATE FUNCTION acc(s int, v int) RETURNS int LANGUAGE sql AS $$ SELECT s + v $$;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int);
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) FROM t;
-- after
CREATE FUNCTION acc(s int, v int) RETURNS int LANGUAGE sql AS $$ SELECT s + v $$;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int, INITCOND = '7');
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) FROM t;

-- case: operators with commutators, negators and classes
-- before
CREATE TYPE pair AS (a int, b int);
-- after
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION lt(pair, pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT $1.a < $2.a $$;
CREATE FUNCTION gt(pair, pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT $1.a > $2.a $$;
CREATE FUNCTION eq(pair, pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT $1.a = $2.a $$;
CREATE FUNCTION cmp(pair, pair) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT $1.a - $2.a $$;
CREATE OPERATOR <# (FUNCTION = lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >#, RESTRICT = scalarltsel);
CREATE OPERATOR ># (FUNCTION = gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <#);
CREATE OPERATOR =# (FUNCTION = eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = =#, HASHES, MERGES);
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING btree FAMILY fam AS OPERATOR 1 <#, OPERATOR 3 =#, OPERATOR 5 >#, FUNCTION 1 cmp(pair, pair);
CREATE TABLE t (p pair);
CREATE INDEX t_p ON t (p pair_ops);

-- case: the function behind an operator changes its result
-- before
CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE OPERATOR ## (FUNCTION = f, LEFTARG = int, RIGHTARG = text);
CREATE VIEW v AS SELECT 1 ## 'a' AS x;
-- after
CREATE FUNCTION f(int, text) RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;
CREATE OPERATOR ## (FUNCTION = f, LEFTARG = int, RIGHTARG = text);
CREATE VIEW v AS SELECT 1 ## 'a' AS x;

-- case: casts of every kind
-- before
CREATE TYPE a AS (x int);
CREATE FUNCTION to_int(a) RETURNS int LANGUAGE sql AS $$ SELECT $1.x $$;
CREATE CAST (a AS int) WITH FUNCTION to_int(a);
-- after
CREATE TYPE a AS (x int);
CREATE FUNCTION to_int(a) RETURNS int LANGUAGE sql AS $$ SELECT $1.x $$;
CREATE CAST (a AS int) WITH FUNCTION to_int(a) AS IMPLICIT;
CREATE CAST (a AS text) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (a AS text) IS 'shown';

-- case: triggers of every kind
-- before
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TRIGGER two AFTER DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION tf();
CREATE TRIGGER off AFTER DELETE ON t EXECUTE FUNCTION tf();
ALTER TABLE t DISABLE TRIGGER off;
-- after
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER one BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION tf('x', '1');
CREATE TRIGGER two AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION tf();
CREATE CONSTRAINT TRIGGER three AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TRIGGER four INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TRIGGER five AFTER TRUNCATE ON t EXECUTE FUNCTION tf();
CREATE TRIGGER off AFTER DELETE ON t EXECUTE FUNCTION tf();
ALTER TABLE t ENABLE ALWAYS TRIGGER three, ENABLE REPLICA TRIGGER five;
COMMENT ON TRIGGER five ON t IS 'x';

-- case: a trigger function moves to another schema
-- before
CREATE SCHEMA s;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE t (a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
-- after
CREATE SCHEMA s;
CREATE FUNCTION s.tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE t (a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION s.tf();

-- case: event triggers
-- before
CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER one ON ddl_command_end EXECUTE FUNCTION ef();
-- after
CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER one ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER two ON sql_drop EXECUTE FUNCTION ef();
ALTER EVENT TRIGGER two DISABLE;
COMMENT ON EVENT TRIGGER two IS 'x';

-- case: rules
-- before
CREATE TABLE t (a int, b text);
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING;
-- after
CREATE TABLE t (a int, b text);
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE RULE r AS ON UPDATE TO t WHERE NEW.a > 0 DO ALSO INSERT INTO u VALUES (NEW.a);
CREATE RULE vi AS ON INSERT TO v DO INSTEAD INSERT INTO t (a) VALUES (NEW.a) RETURNING t.a;
ALTER TABLE t DISABLE RULE r;
COMMENT ON RULE vi ON v IS 'x';

-- case: policies and row security
-- before
CREATE TABLE t (a int, o text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY one ON t USING (true);
CREATE POLICY two ON t FOR SELECT TO reader USING (a > 0);
CREATE POLICY three ON t FOR UPDATE USING (a > 0) WITH CHECK (a > 1);
CREATE TABLE u (a int);
-- after
CREATE TABLE t (a int, o text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY one ON t AS RESTRICTIVE USING (o = current_user);
CREATE POLICY two ON t FOR SELECT TO reader, writer USING (a > 0 AND EXISTS (SELECT FROM u WHERE u.a = t.a));
CREATE POLICY three ON t FOR UPDATE USING (a > 0);
CREATE POLICY four ON t FOR INSERT WITH CHECK (a IS NOT NULL);
CREATE TABLE u (a int);
ALTER TABLE u FORCE ROW LEVEL SECURITY;
COMMENT ON POLICY four ON t IS 'x';

-- case: a policy over a function that is made anew
-- before
CREATE FUNCTION me() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TABLE t (a int);
CREATE POLICY p ON t USING (a = me());
-- after
CREATE FUNCTION me() RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE TABLE t (a int);
CREATE POLICY p ON t USING (a = me());

-- case: views change their columns
-- before
CREATE TABLE t (a int, b text, c date);
CREATE VIEW added AS SELECT a FROM t;
CREATE VIEW removed AS SELECT a, b FROM t;
CREATE VIEW renamed AS SELECT a AS x FROM t;
CREATE VIEW retyped AS SELECT a FROM t;
CREATE VIEW reordered AS SELECT a, b FROM t;
-- after
CREATE TABLE t (a int, b text, c date);
CREATE VIEW added AS SELECT a, b FROM t;
CREATE VIEW removed AS SELECT a FROM t;
CREATE VIEW renamed AS SELECT a AS y FROM t;
CREATE VIEW retyped AS SELECT a::text FROM t;
CREATE VIEW reordered AS SELECT b, a FROM t;

-- case: options, aliases and defaults of views
-- before
CREATE TABLE t (a int, b text);
CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM t WHERE a > 0;
-- after
CREATE TABLE t (a int, b text);
CREATE VIEW v (z) WITH (security_invoker = true) AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;
ALTER VIEW w ALTER COLUMN a SET DEFAULT 7;
COMMENT ON COLUMN w.a IS 'x';

-- case: a chain of views over a column that changes
-- before
CREATE TABLE t (a int, b text);
CREATE VIEW v1 AS SELECT a, b FROM t;
CREATE VIEW v2 AS SELECT a FROM v1 WHERE b <> '';
CREATE MATERIALIZED VIEW v3 AS SELECT a, count(*) AS n FROM v2 GROUP BY a;
CREATE UNIQUE INDEX v3_a ON v3 (a);
CREATE VIEW v4 AS SELECT n FROM v3;
GRANT SELECT ON v2 TO reader;
GRANT SELECT (n) ON v4 TO reader;
COMMENT ON VIEW v4 IS 'last';
CREATE RULE r AS ON DELETE TO v2 DO INSTEAD NOTHING;
-- after
CREATE TABLE t (a numeric, b text);
CREATE VIEW v1 AS SELECT a, b FROM t;
CREATE VIEW v2 AS SELECT a FROM v1 WHERE b <> '';
CREATE MATERIALIZED VIEW v3 AS SELECT a, count(*) AS n FROM v2 GROUP BY a;
CREATE UNIQUE INDEX v3_a ON v3 (a);
CREATE VIEW v4 AS SELECT n FROM v3;
GRANT SELECT ON v2 TO reader;
GRANT SELECT (n) ON v4 TO reader;
COMMENT ON VIEW v4 IS 'last';
CREATE RULE r AS ON DELETE TO v2 DO INSTEAD NOTHING;

-- case: recursive and WITH views
-- before
CREATE TABLE t (id int, parent int);
-- after
CREATE TABLE t (id int, parent int);
CREATE RECURSIVE VIEW nums (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM nums WHERE n < 10;
CREATE VIEW tree AS WITH RECURSIVE r AS (SELECT id, parent, 1 AS depth FROM t UNION ALL SELECT t.id, t.parent, r.depth + 1 FROM t JOIN r ON t.parent = r.id) SELECT * FROM r;
CREATE VIEW grouped AS SELECT id, array_agg(parent) FROM t GROUP BY id;
CREATE VIEW by_key AS SELECT * FROM t ORDER BY id LIMIT 5;

-- case: a view that groups by a primary key
-- before
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a, count(*) FROM t GROUP BY id;
-- after
CREATE TABLE t (id int, a text, CONSTRAINT other PRIMARY KEY (id));
CREATE VIEW v AS SELECT id, a, count(*) FROM t GROUP BY id;

-- case: a materialized view without data, with options and a comment
-- before
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a FROM t WITH NO DATA;
CREATE MATERIALIZED VIEW q AS SELECT a FROM t;
-- after
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
CREATE MATERIALIZED VIEW n AS SELECT a FROM t;
CREATE MATERIALIZED VIEW q WITH (fillfactor = 70) AS SELECT a + 1 AS a FROM t;
COMMENT ON MATERIALIZED VIEW q IS 'x';
COMMENT ON COLUMN q.a IS 'y';

-- case: a view becomes a materialized view and the other way round
-- before
CREATE TABLE t (a int);
CREATE VIEW a AS SELECT a FROM t;
CREATE MATERIALIZED VIEW b AS SELECT a FROM t;
CREATE VIEW c AS SELECT * FROM b;
-- after
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW a AS SELECT a FROM t;
CREATE VIEW b AS SELECT a FROM t;
CREATE VIEW c AS SELECT * FROM b;

-- case: a view over a function over the view's table
-- before
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE VIEW v AS SELECT * FROM f();
CREATE FUNCTION g(x v) RETURNS int LANGUAGE sql AS $$ SELECT x.a $$;
-- after
CREATE TABLE t (a text);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE VIEW v AS SELECT * FROM f();
CREATE FUNCTION g(x v) RETURNS text LANGUAGE sql AS $$ SELECT x.a $$;

-- case: a table column that a view shows is dropped and the view goes on without it
-- before
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT * FROM v;
-- after
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT * FROM v;

-- case: an aggregate takes the name of a function with defaults
-- given
CREATE TABLE t (id bigint);
-- before
CREATE FUNCTION f(x bigint, y text DEFAULT 'r') RETURNS bigint LANGUAGE sql AS 'SELECT x';
CREATE VIEW v AS SELECT f(id) AS n FROM t;
-- after
CREATE AGGREGATE f(bigint) (SFUNC = int8pl, STYPE = bigint);
CREATE VIEW v AS SELECT f(id) AS n FROM t;

-- case: conditions that are read back with fewer brackets
-- before
CREATE TABLE t (a int, b int, c text);
CREATE TABLE log (n int);
-- after
CREATE TABLE t (a int, b int, c text, g boolean GENERATED ALWAYS AS (a BETWEEN 1 AND 2 AND b > 0) STORED, d boolean DEFAULT (1 BETWEEN 0 AND 2 AND true), CHECK (b BETWEEN 0 AND 9 AND a > 0), CHECK ((a, b, 1) IS DISTINCT FROM (1, 2, 3)));
CREATE TABLE log (n int);
CREATE INDEX t_a ON t (a) WHERE b BETWEEN 0 AND 9 AND a > 0;
CREATE STATISTICS st ON (b BETWEEN 0 AND 9 AND a > 0), a FROM t;
CREATE VIEW v AS SELECT a FROM t WHERE b BETWEEN 0 AND 9 AND c = 'x) AND (' OR a = 1 OR b = 2;
CREATE MATERIALIZED VIEW m AS SELECT x.a FROM t x JOIN t y ON x.a BETWEEN y.a AND y.b AND x.b = y.b;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t FOR UPDATE USING (b BETWEEN 0 AND 9 AND a > 0) WITH CHECK (a NOT BETWEEN 0 AND 9 OR b > 0);
CREATE FUNCTION f(a int, b boolean DEFAULT (1 BETWEEN 0 AND 2 AND true)) RETURNS boolean LANGUAGE sql RETURN a BETWEEN 0 AND 9 AND b;
CREATE FUNCTION h(a int, b boolean DEFAULT (1 BETWEEN 0 AND 2 AND true)) RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF (((a > 1) AND (b)) AND true) THEN RETURN NULL; END IF; RETURN NEW; END';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tg AFTER UPDATE ON t FOR EACH ROW WHEN ((OLD.a, OLD.b, OLD.c) IS DISTINCT FROM (NEW.a, NEW.b, NEW.c)) EXECUTE FUNCTION tf();
CREATE RULE ru AS ON UPDATE TO log WHERE old.n BETWEEN 0 AND 9 AND new.n > 0 DO ALSO INSERT INTO log VALUES (1);
CREATE DOMAIN dm AS int DEFAULT 3 CHECK (VALUE BETWEEN 0 AND 9 AND VALUE <> 5);
CREATE TABLE pt (a int, b int) PARTITION BY LIST ((b BETWEEN 0 AND 10 AND a >= 0));
CREATE PUBLICATION pb FOR TABLE t WHERE (b BETWEEN 0 AND 9 AND a > 0) WITH (publish = 'insert');
