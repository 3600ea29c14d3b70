CREATE SCHEMA s1; CREATE SCHEMA s2;
CREATE TABLE other (kind varchar(255), id int, PRIMARY KEY (kind, id));
-- state: plain
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
-- state: parent pk and unique
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int, PRIMARY KEY (kind, id), UNIQUE (kind, note)) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
CREATE INDEX some_idx ON s1.area USING hash (kind);
CREATE UNIQUE INDEX some_other_idx ON s1.area (kind DESC, size);
-- state: pk over other columns and named
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int, CONSTRAINT "FOO PK" PRIMARY KEY (kind, size)) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
CREATE INDEX some_idx ON s1.area (id DESC, kind);
-- state: local pk behind a parent's index
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE UNIQUE INDEX some_idx ON ONLY s1.area (kind, id);
CREATE UNIQUE INDEX area_1_pkey ON s2.area_1 (kind, id);
ALTER TABLE s2.area_1 ADD CONSTRAINT area_1_pkey PRIMARY KEY USING INDEX area_1_pkey;
ALTER INDEX s1.some_idx ATTACH PARTITION s2.area_1_pkey;
-- state: local unique constraint behind a parent's index
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
ALTER TABLE s2.area_1 ADD CONSTRAINT area_1_uq UNIQUE (kind, id);
CREATE UNIQUE INDEX some_idx ON s1.area (kind, id);
-- state: local index only
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
CREATE UNIQUE INDEX area_1_kind_id_idx ON s2.area_1 (kind, id);
CREATE UNIQUE INDEX area_2_unique ON s2.area_2 (kind, id);
-- state: parent adopts local indexes
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
CREATE UNIQUE INDEX area_1_kind_id_idx ON s2.area_1 (kind, id);
CREATE UNIQUE INDEX area_2_unique ON s2.area_2 (kind, id);
CREATE UNIQUE INDEX area_unique ON s1.area (kind, id);
-- state: pk and unique of the same columns
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
ALTER TABLE s1.area ADD CONSTRAINT area_pkey PRIMARY KEY (kind, id);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE UNIQUE INDEX area_unique ON s1.area (kind, id);
-- state: different local pks
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area (CONSTRAINT "f1 PK" PRIMARY KEY (kind, id)) FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area (CONSTRAINT "f2 PK" PRIMARY KEY (kind, note), CONSTRAINT f2_u UNIQUE (kind, size)) FOR VALUES IN ('b');
-- state: invalid parent index
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
CREATE INDEX lonely ON ONLY s1.area (note);
CREATE INDEX area_1_note_idx ON s2.area_1 (note);
ALTER INDEX s1.lonely ATTACH PARTITION s2.area_1_note_idx;
-- state: invalid parent pk
CREATE TABLE s1.area (id int NOT NULL, kind varchar(255) NOT NULL, note text, size int) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
ALTER TABLE ONLY s1.area ADD CONSTRAINT area_pkey PRIMARY KEY (kind, id);
ALTER TABLE s2.area_1 ADD CONSTRAINT f1_pk PRIMARY KEY (kind, id);
ALTER INDEX s1.area_pkey ATTACH PARTITION s2.f1_pk;
-- state: columns gone with their index
CREATE TABLE s1.area (kind varchar(255)) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
-- state: types changed under indexes
CREATE TABLE s1.area (id bigint, kind text, note varchar(10), size text, PRIMARY KEY (kind, id), UNIQUE (kind, note)) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
CREATE TABLE s2.area_2 PARTITION OF s1.area FOR VALUES IN ('b');
CREATE INDEX some_idx ON s1.area USING btree (lower(size));
CREATE UNIQUE INDEX some_other_idx ON s1.area (kind DESC, size) INCLUDE (note) WITH (fillfactor=70);
-- state: not partitioned, same indexes
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int, PRIMARY KEY (kind, id), UNIQUE (kind, note));
CREATE INDEX some_idx ON s1.area USING hash (kind);
CREATE UNIQUE INDEX some_other_idx ON s1.area (kind DESC, size);
-- state: partitions stand alone
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int, PRIMARY KEY (kind, id)) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 (id int, kind varchar(255), note text, size int, PRIMARY KEY (kind, id));
CREATE TABLE s2.area_2 (size int, note text, kind varchar(255) NOT NULL, id int);
CREATE INDEX area_2_i ON s2.area_2 (note);
-- state: sub partitions and default
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int, PRIMARY KEY (kind, id)) PARTITION BY LIST (kind);
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a') PARTITION BY RANGE (id);
CREATE TABLE s2.area_1_1 PARTITION OF s2.area_1 FOR VALUES FROM (1) TO (10);
CREATE TABLE s2.area_1_d PARTITION OF s2.area_1 DEFAULT;
CREATE TABLE s2.area_2 PARTITION OF s1.area DEFAULT;
CREATE INDEX some_idx ON s1.area (note) WHERE size > 0;
CREATE INDEX mid_idx ON s2.area_1 (size);
CREATE INDEX leaf_idx ON s2.area_1_1 (size, note);
-- state: replica identity and rls and foreign keys
CREATE TABLE s1.area (id int, kind varchar(255), note text, size int, PRIMARY KEY (kind, id)) PARTITION BY LIST (kind);
ALTER TABLE s1.area REPLICA IDENTITY FULL, ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TABLE s2.area_1 PARTITION OF s1.area FOR VALUES IN ('a');
ALTER TABLE s2.area_1 REPLICA IDENTITY NOTHING, ENABLE ROW LEVEL SECURITY;
CREATE TABLE s2.area_2 PARTITION OF s1.area (note NOT NULL, CHECK (size > 0)) FOR VALUES IN ('b');
CREATE UNIQUE INDEX f2_kind ON s2.area_2 (kind);
ALTER TABLE s2.area_2 REPLICA IDENTITY USING INDEX area_2_pkey;
ALTER TABLE s1.area ADD CONSTRAINT to_other FOREIGN KEY (kind, id) REFERENCES other;
ALTER TABLE other ADD CONSTRAINT to_area FOREIGN KEY (kind, id) REFERENCES s1.area (kind, id);
ALTER TABLE s2.area_1 ADD CONSTRAINT local_fk FOREIGN KEY (kind) REFERENCES s2.area_2 (kind) NOT VALID;
CREATE POLICY p ON s2.area_1 USING (id > 0);
