-- Constraints and indexes with every attribute they have.

-- case: primary keys come, change, are renamed and go
-- before
CREATE TABLE a (x int, y int);
CREATE TABLE b (x int PRIMARY KEY, y int NOT NULL);
CREATE TABLE c (x int CONSTRAINT old PRIMARY KEY);
CREATE TABLE d (x int PRIMARY KEY);
-- after
CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));
CREATE TABLE b (x int, y int PRIMARY KEY);
CREATE TABLE c (x int CONSTRAINT new PRIMARY KEY);
CREATE TABLE d (x int NOT NULL);

-- case: a primary key that others refer to changes
-- before
CREATE TABLE p (a int PRIMARY KEY, b int UNIQUE NOT NULL);
CREATE TABLE c (a int REFERENCES p, b int REFERENCES p (b));
-- after
CREATE TABLE p (a int UNIQUE NOT NULL, b int PRIMARY KEY);
CREATE TABLE c (a int REFERENCES p (a), b int REFERENCES p);

-- case: unique keys with INCLUDE, NULLS NOT DISTINCT, storage and deferral
-- before
CREATE TABLE t (a int, b int, c int, d int, UNIQUE (a), UNIQUE (b) DEFERRABLE);
-- after
CREATE TABLE t (a int, b int, c int, d int, CONSTRAINT t_a_key UNIQUE NULLS NOT DISTINCT (a) INCLUDE (c), CONSTRAINT t_b_key UNIQUE (b) DEFERRABLE INITIALLY DEFERRED, UNIQUE (c) WITH (fillfactor = 70), UNIQUE (a, b));

-- case: two unique keys over the same columns
-- before
CREATE TABLE t (a int, b int);
-- after
CREATE TABLE t (a int, b int, CONSTRAINT one UNIQUE (a, b), CONSTRAINT two UNIQUE (a, b));
CREATE UNIQUE INDEX three ON t (a, b);

-- case: a unique index becomes a unique constraint and the other way round
-- before
CREATE TABLE t (a int, b int);
CREATE UNIQUE INDEX t_a ON t (a);
ALTER TABLE t ADD CONSTRAINT t_b UNIQUE (b);
-- after
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT t_a UNIQUE (a);
CREATE UNIQUE INDEX t_b ON t (b);

-- case: checks come, change, are renamed and go
-- before
CREATE TABLE t (a int, b text, CONSTRAINT one CHECK (a > 0), CONSTRAINT two CHECK (a < 10), CONSTRAINT three CHECK (b <> ''));
-- after
CREATE TABLE t (a int, b text, CONSTRAINT one CHECK (a > 1), CONSTRAINT zwei CHECK (a < 10), CONSTRAINT four CHECK (b IN ('a', 'b') OR a IS NULL));

-- case: constraints that are not valid
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT sooner CHECK (a < 9);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0);
ALTER TABLE t ADD CONSTRAINT sooner CHECK (a < 9) NOT VALID;
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES p NOT VALID;

-- case: constraints that are not enforced
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, b int, c int, CONSTRAINT one CHECK (a > 0), CONSTRAINT fk1 FOREIGN KEY (b) REFERENCES p, CONSTRAINT fk2 FOREIGN KEY (c) REFERENCES p NOT ENFORCED);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, b int, c int, CONSTRAINT one CHECK (a > 0) NOT ENFORCED, CONSTRAINT fk1 FOREIGN KEY (b) REFERENCES p NOT ENFORCED, CONSTRAINT fk2 FOREIGN KEY (c) REFERENCES p);

-- case: foreign keys with every action, match and deferral
-- before
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (a int, b int, x int, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p);
-- after
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (a int, b int, x int, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON DELETE CASCADE ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk2 FOREIGN KEY (x, b) REFERENCES p ON DELETE SET NULL (x), CONSTRAINT fk3 FOREIGN KEY (x, a) REFERENCES p ON DELETE SET DEFAULT ON UPDATE CASCADE);

-- case: a foreign key becomes deferrable, another stops being so
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int CONSTRAINT one REFERENCES p, b int CONSTRAINT two REFERENCES p DEFERRABLE INITIALLY DEFERRED);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int CONSTRAINT one REFERENCES p DEFERRABLE, b int CONSTRAINT two REFERENCES p);

-- case: foreign keys in a circle and to itself
-- before
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a, parent int);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
-- after
CREATE TABLE b (id int PRIMARY KEY, c int, parent int REFERENCES b);
CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b);
ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c;

-- case: exclusion constraints
-- before
CREATE EXTENSION btree_gist;
CREATE TABLE t (room int, during tsrange, c circle, EXCLUDE USING gist (c WITH &&));
-- after
CREATE EXTENSION btree_gist;
CREATE TABLE t (room int, during tsrange, c circle, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0) DEFERRABLE);

-- case: temporal keys and foreign keys
-- before
CREATE EXTENSION btree_gist;
CREATE TABLE p (id int, at daterange);
CREATE TABLE c (id int, p int, at daterange);
-- after
CREATE EXTENSION btree_gist;
CREATE TABLE p (id int, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
CREATE TABLE c (id int, p int, at daterange, UNIQUE (id, at WITHOUT OVERLAPS), FOREIGN KEY (p, PERIOD at) REFERENCES p (id, PERIOD at));

-- case: indexes of every method and operator class
-- before
CREATE EXTENSION pg_trgm;
CREATE TABLE t (a int, b text, c jsonb, d tsvector, e point, f int[], g text);
-- after
CREATE EXTENSION pg_trgm;
CREATE TABLE t (a int, b text, c jsonb, d tsvector, e point, f int[], g text);
CREATE INDEX i1 ON t USING hash (b);
CREATE INDEX i2 ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX i3 ON t USING gin (d);
CREATE INDEX i4 ON t USING gist (e) WITH (buffering = auto);
CREATE INDEX i5 ON t USING brin (a) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX i6 ON t (b text_pattern_ops, a DESC NULLS LAST, g COLLATE "C" NULLS FIRST);
CREATE INDEX i7 ON t USING gin (b gin_trgm_ops);
CREATE INDEX i8 ON t USING spgist (e);
CREATE INDEX i9 ON t (lower(b), (a + 1)) INCLUDE (g) WHERE a > 0 AND b IS NOT NULL;
CREATE INDEX i10 ON t USING brin (a int4_minmax_multi_ops (values_per_range = 16));
CREATE UNIQUE INDEX i11 ON t (a) NULLS NOT DISTINCT WITH (fillfactor = 70, deduplicate_items = off);
CREATE INDEX i12 ON t USING gist (b gist_trgm_ops (siglen = 32));

-- case: every attribute of an index changes under its name
-- before
CREATE TABLE t (a int, b text);
CREATE INDEX i1 ON t (a);
CREATE INDEX i2 ON t (a);
CREATE INDEX i3 ON t (a);
CREATE INDEX i4 ON t (a) WITH (fillfactor = 70);
CREATE INDEX i5 ON t (b);
CREATE INDEX i6 ON t (a) WHERE a > 0;
CREATE UNIQUE INDEX i7 ON t (a);
CREATE INDEX i8 ON t (lower(b));
ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 100;
COMMENT ON INDEX i1 IS 'kept';
-- after
CREATE TABLE t (a int, b text);
CREATE INDEX i1 ON t (a DESC);
CREATE UNIQUE INDEX i2 ON t (a);
CREATE INDEX i3 ON t (a) INCLUDE (b);
CREATE INDEX i4 ON t (a) WITH (fillfactor = 80);
CREATE INDEX i5 ON t (b text_pattern_ops);
CREATE INDEX i6 ON t (a) WHERE a > 1;
CREATE UNIQUE INDEX i7 ON t (a) NULLS NOT DISTINCT;
CREATE INDEX i8 ON t (lower(b));
ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 200;
COMMENT ON INDEX i1 IS 'kept';

-- case: the statistics target of an index column goes
-- before
CREATE TABLE t (b text);
CREATE INDEX i8 ON t (lower(b));
ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 100;
-- after
CREATE TABLE t (b text);
CREATE INDEX i8 ON t (lower(b));

-- case: an index is renamed, another takes its name
-- before
CREATE TABLE t (a int, b int);
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (b);
-- after
CREATE TABLE t (a int, b int);
CREATE INDEX two ON t (a);
CREATE INDEX one ON t (b);

-- case: indexes of a materialized view
-- before
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE INDEX m_b ON m (b);
-- after
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE UNIQUE INDEX m_a ON m (a);
CREATE INDEX m_b ON m (b DESC);

-- case: an index over a function that changes
-- before
CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT a + 1 $$;
CREATE TABLE t (a int);
CREATE INDEX t_f ON t (f(a));
ALTER TABLE t ADD CHECK (f(a) > 0);
-- after
CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT a + 2 $$;
CREATE TABLE t (a int);
CREATE INDEX t_f ON t (f(a));
ALTER TABLE t ADD CHECK (f(a) > 0);

-- case: an index over a function that is made anew
-- before
CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT a + 1 $$;
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (f(1)) STORED);
CREATE INDEX t_f ON t (f(a));
ALTER TABLE t ADD CHECK (f(a) > 0);
-- after
CREATE FUNCTION f(b int) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$ SELECT b + 2::bigint $$;
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (f(1)) STORED);
CREATE INDEX t_f ON t (f(a));
ALTER TABLE t ADD CHECK (f(a) > 0);

-- case: comments on constraints and their indexes
-- before
CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT c CHECK (b > 0));
-- after
CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT c CHECK (b > 0));
COMMENT ON CONSTRAINT c ON t IS 'positive';
COMMENT ON CONSTRAINT t_pkey ON t IS 'key';
COMMENT ON INDEX t_pkey IS 'index of the key';

-- case: the storage of a key's index changes
-- before
CREATE TABLE t (a int PRIMARY KEY WITH (fillfactor = 90), b int UNIQUE);
-- after
CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE WITH (fillfactor = 50));

-- case: a column with a key, an index and a check is dropped
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, b int REFERENCES p, c int CHECK (c > 0), d int UNIQUE, UNIQUE (a, b));
CREATE INDEX t_bc ON t (b, c);
CREATE STATISTICS s ON a, b FROM t;
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int);

-- case: extended statistics of every kind
-- before
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS s1 (ndistinct) ON a, b FROM t;
CREATE STATISTICS s2 ON a, c FROM t;
ALTER STATISTICS s2 SET STATISTICS 100;
-- after
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS s1 (dependencies, mcv) ON a, b FROM t;
CREATE STATISTICS s2 ON a, c FROM t;
ALTER STATISTICS s2 SET STATISTICS 200;
CREATE STATISTICS s3 ON (lower(c)), (a + b) FROM t;
COMMENT ON STATISTICS s1 IS 'x';

-- case: names at their longest
-- before
CREATE TABLE a_table_whose_name_is_sixty_three_characters_long_exactly_abcdefg (a_column_with_a_long_name_that_goes_on int, b int);
-- after
CREATE TABLE a_table_whose_name_is_sixty_three_characters_long_exactly_abcdefg (a_column_with_a_long_name_that_goes_on int NOT NULL UNIQUE, b int CHECK (b > 0), c serial);
CREATE INDEX ON a_table_whose_name_is_sixty_three_characters_long_exactly_abcdefg (b, a_column_with_a_long_name_that_goes_on);
CREATE INDEX ON a_table_whose_name_is_sixty_three_characters_long_exactly_abcdefg (b, c);

-- case: the name of an index moves to another table
-- before
CREATE TABLE a (x int);
CREATE TABLE b (x int) PARTITION BY LIST (x);
CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1);
CREATE TABLE gone (x int);
CREATE UNIQUE INDEX one ON a (x);
CREATE UNIQUE INDEX two ON gone (x);
-- after
CREATE TABLE a (x int);
CREATE TABLE b (x int) PARTITION BY LIST (x);
CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1);
CREATE TABLE new (x int, y int);
CREATE UNIQUE INDEX one ON b (x);
CREATE UNIQUE INDEX two ON new (x, y);
