-- Partitions: attached, detached, bounds, sub-partitions, and what hangs on them.

-- case: partitions come and go
-- before
CREATE TABLE t (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
-- after
CREATE TABLE t (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE t_3 PARTITION OF t FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE t_d PARTITION OF t DEFAULT;

-- case: a partition changes its bounds
-- before
CREATE TABLE t (id int) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
-- after
CREATE TABLE t (id int) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2, NULL);

-- case: a partition is detached and lives on, a table becomes a partition
-- before
CREATE TABLE t (id int PRIMARY KEY, x text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 (id int PRIMARY KEY, x text);
CREATE INDEX t_x ON t (x);
-- after
CREATE TABLE t (id int PRIMARY KEY, x text) PARTITION BY RANGE (id);
CREATE TABLE t_1 (id int PRIMARY KEY, x text);
CREATE INDEX t_1_x_idx ON t_1 (x);
CREATE TABLE t_2 (id int PRIMARY KEY, x text);
CREATE INDEX t_x ON t (x);
ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES FROM (10) TO (20);

-- case: the strategy and the key of a partitioned table change
-- before
CREATE TABLE t (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- after
CREATE TABLE t (id int, k int) PARTITION BY HASH (k, id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE t_2 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- case: a partitioned table becomes a plain one
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- after
CREATE TABLE t (id int PRIMARY KEY);

-- case: sub-partitions with a key by expression
-- before
CREATE TABLE t (id int, at timestamptz, k text);
-- after
CREATE TABLE t (id int, at timestamptz, k text) PARTITION BY RANGE (date_trunc('month', at AT TIME ZONE 'UTC'), id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01', MINVALUE) TO ('2026-02-01', MAXVALUE) PARTITION BY LIST (lower(k));
CREATE TABLE t_1_a PARTITION OF t_1 FOR VALUES IN ('a');
CREATE TABLE t_1_b PARTITION OF t_1 DEFAULT;

-- case: a column, a default and NOT NULL come to a partitioned table
-- before
CREATE TABLE t (id int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES IN (11);
-- after
CREATE TABLE t (id int NOT NULL, x text DEFAULT 'a' NOT NULL, y int CHECK (y > 0)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES IN (11);

-- case: a column of a partitioned table is retyped and one is dropped
-- before
CREATE TABLE t (id int, x varchar(10), gone int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX t_x ON t (x);
-- after
CREATE TABLE t (id int, x text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX t_x ON t (x);

-- case: a partition has its own default, check, index, trigger and comment
-- before
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int, x int DEFAULT 1) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- after
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int, x int DEFAULT 1) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t (x DEFAULT 2 NOT NULL, CONSTRAINT mine CHECK (x > 0)) FOR VALUES FROM (0) TO (10) WITH (fillfactor = 70);
CREATE INDEX t_1_x ON t_1 (x);
CREATE TRIGGER tr BEFORE INSERT ON t_1 FOR EACH ROW EXECUTE FUNCTION tf();
COMMENT ON TABLE t_1 IS 'first';

-- case: triggers of a partitioned table, one disabled on a partition
-- before
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- after
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (id int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
ALTER TABLE t_1 DISABLE TRIGGER tr;

-- case: foreign keys of and to partitioned tables
-- before
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE c (id int, p int) PARTITION BY RANGE (id);
CREATE TABLE c_1 PARTITION OF c FOR VALUES FROM (0) TO (10);
CREATE TABLE plain (p int);
-- after
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE TABLE c (id int, p int REFERENCES p) PARTITION BY RANGE (id);
CREATE TABLE c_1 PARTITION OF c FOR VALUES FROM (0) TO (10);
CREATE TABLE c_2 PARTITION OF c FOR VALUES FROM (10) TO (20);
CREATE TABLE plain (p int REFERENCES p ON DELETE CASCADE);

-- case: keys of partitioned tables come, change and go
-- before
CREATE TABLE a (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM (0) TO (10);
CREATE TABLE b (id int PRIMARY KEY, k int) PARTITION BY RANGE (id);
CREATE TABLE b_1 PARTITION OF b FOR VALUES FROM (0) TO (10);
CREATE TABLE c (id int, k int, UNIQUE (id)) PARTITION BY RANGE (id);
CREATE TABLE c_1 PARTITION OF c FOR VALUES FROM (0) TO (10);
-- after
CREATE TABLE a (id int PRIMARY KEY, k int) PARTITION BY RANGE (id);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM (0) TO (10);
CREATE TABLE b (id int, k int, PRIMARY KEY (id, k)) PARTITION BY RANGE (id);
CREATE TABLE b_1 PARTITION OF b FOR VALUES FROM (0) TO (10);
CREATE TABLE c (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE c_1 PARTITION OF c FOR VALUES FROM (0) TO (10);

-- case: indexes of partitioned tables come, change and go
-- before
CREATE TABLE a (id int, k int, x text) PARTITION BY RANGE (id);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM (0) TO (10);
CREATE INDEX a_k ON a (k);
CREATE INDEX a_x ON a (x);
-- after
CREATE TABLE a (id int, k int, x text) PARTITION BY RANGE (id);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM (0) TO (10);
CREATE INDEX a_k ON a (k DESC);
CREATE INDEX a_id ON a USING brin (id);
CREATE UNIQUE INDEX a_u ON a (id, k) WHERE k > 0;

-- case: an index of the parent only, not on all partitions
-- before
CREATE TABLE a (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM (0) TO (10);
CREATE TABLE a_2 PARTITION OF a FOR VALUES FROM (10) TO (20);
-- after
CREATE TABLE a (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM (0) TO (10);
CREATE TABLE a_2 PARTITION OF a FOR VALUES FROM (10) TO (20);
CREATE INDEX a_k ON ONLY a (k);
CREATE INDEX a_1_k ON a_1 (k);
ALTER INDEX a_k ATTACH PARTITION a_1_k;

-- case: identity, generated columns and storage in a partitioned table
-- before
CREATE TABLE a (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
-- after
CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY, at date, y int GENERATED ALWAYS AS (id * 2) STORED, z text STORAGE EXTERNAL) PARTITION BY RANGE (at);
CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');

-- case: a new partitioned table with everything
-- before
CREATE TYPE k AS ENUM ('a', 'b');
-- after
CREATE TYPE k AS ENUM ('a', 'b');
CREATE TABLE t (id bigint GENERATED BY DEFAULT AS IDENTITY, k k NOT NULL, at timestamptz NOT NULL DEFAULT now(), n numeric CHECK (n > 0), PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a') PARTITION BY HASH (id);
CREATE TABLE t_a_0 PARTITION OF t_a FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE t_a_1 PARTITION OF t_a FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE t_b PARTITION OF t FOR VALUES IN ('b');
CREATE INDEX t_at ON t (at) INCLUDE (n);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (id > 0);
GRANT SELECT ON t TO reader;

-- case: a partitioned table with all its partitions is dropped
-- before
CREATE TABLE t (id int PRIMARY KEY, x text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES FROM (0) TO (5);
CREATE INDEX t_x ON t (x);
CREATE TABLE other (id int REFERENCES t);
-- after
CREATE TABLE other (id int);

-- case: a partition in another schema with another order of columns
-- before
CREATE SCHEMA parts;
CREATE TABLE t (id int, x text, y date) PARTITION BY RANGE (id);
-- after
CREATE SCHEMA parts;
CREATE TABLE t (id int, x text, y date) PARTITION BY RANGE (id);
CREATE TABLE parts.t_1 (y date, x text, id int);
ALTER TABLE t ATTACH PARTITION parts.t_1 FOR VALUES FROM (0) TO (10);
CREATE INDEX t_y ON t (y);

-- case: a check of a partitioned table changes
-- before
CREATE TABLE t (id int, x int, CONSTRAINT c CHECK (x > 0)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- after
CREATE TABLE t (id int, x int, CONSTRAINT c CHECK (x > 1), CONSTRAINT d CHECK (id <> 5)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);

-- case: a unique key of a partition alone
-- before
CREATE TABLE t (id int, x int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- after
CREATE TABLE t (id int, x int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t (UNIQUE (x)) FOR VALUES FROM (0) TO (10);

-- case: the key of a partition is a part of an index of the parent, which has no key
-- given
CREATE TABLE p (k int NOT NULL, v text NOT NULL) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
-- before
CREATE UNIQUE INDEX whole ON ONLY p (v, k);
ALTER TABLE p1 ADD CONSTRAINT p1_key PRIMARY KEY (v, k);
ALTER INDEX whole ATTACH PARTITION p1_key;
-- after
CREATE UNIQUE INDEX whole ON ONLY p (v, k);
CREATE UNIQUE INDEX p1_other ON p1 (v, k);
ALTER INDEX whole ATTACH PARTITION p1_other;

-- case: the part of a parent's key has another name
-- before
CREATE TABLE p (k int, v text) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT one PRIMARY KEY (v, k)) FOR VALUES IN ('a');
ALTER TABLE p ADD CONSTRAINT whole PRIMARY KEY (v, k);
-- after
CREATE TABLE p (k int, v text) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT two PRIMARY KEY (v, k)) FOR VALUES IN ('a');
ALTER TABLE p ADD CONSTRAINT whole PRIMARY KEY (v, k);

-- case: a key of the parent that not every partition has
-- given
CREATE TABLE p (k int NOT NULL, v text NOT NULL) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('b');
-- before
ALTER TABLE p1 ADD CONSTRAINT p1_key PRIMARY KEY (v, k);
-- after
ALTER TABLE ONLY p ADD CONSTRAINT whole PRIMARY KEY (v, k);
ALTER TABLE p1 ADD CONSTRAINT p1_key PRIMARY KEY (v, k);
ALTER INDEX whole ATTACH PARTITION p1_key;

-- case: columns come to partitions with another default, none, and NOT NULL
-- before
CREATE TABLE p (k int) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- after
CREATE TABLE p (k int, a int DEFAULT 1, b text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p (a DEFAULT 2, b DEFAULT 'x' NOT NULL) FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
ALTER TABLE p2 ALTER COLUMN a DROP DEFAULT, ALTER COLUMN a SET NOT NULL;

-- case: a partition lives on as a table when its parent becomes a plain one
-- before
CREATE TABLE p (k int NOT NULL, v text, PRIMARY KEY (k)) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
-- after
CREATE TABLE p (k int PRIMARY KEY, v text);
CREATE TABLE p1 (k int, v text);

-- case: a partition becomes partitioned when a key of the parent goes
-- before
CREATE TABLE p (k int, v text, n int, PRIMARY KEY (v, k), UNIQUE (v, n)) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
-- after
CREATE TABLE p (k int, v text, n int, PRIMARY KEY (v, k)) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a') PARTITION BY RANGE (k);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;

-- case: the key of a parent takes in no key of a partition that is about to go
-- given
CREATE TABLE p (k int NOT NULL, v text NOT NULL) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
-- before
ALTER TABLE p1 ADD CONSTRAINT own PRIMARY KEY (v, k);
-- after
ALTER TABLE p ADD CONSTRAINT whole UNIQUE (v, k);

-- case: partitioned tables refer to each other by unique indexes
-- before
CREATE TABLE p (v text, w text) PARTITION BY LIST (v);
-- after
CREATE TABLE p (v text, w text) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
CREATE UNIQUE INDEX p_vw ON p (v, w);
CREATE TABLE q (v text, w text) PARTITION BY LIST (v);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN ('a');
CREATE UNIQUE INDEX q_vw ON q (v, w);
ALTER TABLE p ADD CONSTRAINT p_q FOREIGN KEY (v, w) REFERENCES q (v, w);
ALTER TABLE q ADD CONSTRAINT q_p FOREIGN KEY (v, w) REFERENCES p (v, w);

-- case: a partition with new bounds leaves the key that was a part of the parent's index
-- before
CREATE TABLE p (v text, w text) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p (UNIQUE (v, w)) FOR VALUES IN ('a');
CREATE UNIQUE INDEX p_vw ON p (v, w);
-- after
CREATE TABLE p (v text, w text) PARTITION BY LIST (v);
CREATE TABLE p1 PARTITION OF p DEFAULT;
CREATE UNIQUE INDEX p_vw ON p (v, w);

-- case: indexes of a partition's own beside those of its parent
-- before
CREATE TABLE p (v text, w text) PARTITION BY LIST (v);
CREATE INDEX p_vw ON p (v, w);
CREATE TABLE p1 (v text, w text);
CREATE INDEX a_own ON p1 (v, w);
CREATE TABLE p2 (v text, w text);
-- after
CREATE TABLE p (v text, w text) PARTITION BY LIST (v);
CREATE INDEX p_vw ON p (v, w);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
CREATE INDEX a_own ON p1 (v, w);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('b');
CREATE INDEX another_own ON p2 (v, w DESC);

-- case: checks that are valid in some partitions
-- given
CREATE TABLE p (k int, v text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE o (i int);
CREATE TABLE o1 () INHERITS (o);
-- before
ALTER TABLE p ADD CONSTRAINT filled CHECK (v <> '');
ALTER TABLE p ADD CONSTRAINT gone CHECK (k > 0) NOT VALID;
-- after
ALTER TABLE p ADD CONSTRAINT filled CHECK (v <> '') NOT VALID;
ALTER TABLE p1 VALIDATE CONSTRAINT filled;
ALTER TABLE p2 ADD CONSTRAINT gone CHECK (k > 0);
ALTER TABLE o ADD CONSTRAINT filled CHECK (i > 0) NOT VALID;
ALTER TABLE o1 VALIDATE CONSTRAINT filled;
