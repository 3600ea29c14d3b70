CREATE EXTENSION btree_gist;
-- state: plain
CREATE TABLE a (id int NOT NULL, v daterange, code text, n int);
CREATE TABLE b (aid int, v daterange, n int);
-- state: temporal
CREATE TABLE a (id int NOT NULL, v daterange NOT NULL, code text, n int, CONSTRAINT a_pk PRIMARY KEY (id, v WITHOUT OVERLAPS));
CREATE TABLE b (aid int, v daterange, n int, CONSTRAINT b_fk FOREIGN KEY (aid, PERIOD v) REFERENCES a (id, PERIOD v));
-- state: ordinary keys of the same names
CREATE TABLE a (id int NOT NULL, v daterange NOT NULL, code text, n int, CONSTRAINT a_pk PRIMARY KEY (id), UNIQUE NULLS NOT DISTINCT (code, n));
CREATE TABLE b (aid int, v daterange, n int, CONSTRAINT b_fk FOREIGN KEY (aid) REFERENCES a ON DELETE SET NULL (aid));
-- state: deferred, not enforced, excluded
CREATE TABLE a (id int NOT NULL, v daterange NOT NULL, code text, n int, CONSTRAINT a_pk PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT ex EXCLUDE USING gist (id WITH =, v WITH &&) WHERE (n > 0) DEFERRABLE, CONSTRAINT ck CHECK (n > 0) NOT ENFORCED, UNIQUE (id));
CREATE TABLE b (aid int, v daterange, n int, CONSTRAINT b_fk FOREIGN KEY (aid) REFERENCES a (id) MATCH FULL ON UPDATE CASCADE DEFERRABLE NOT ENFORCED);
-- state: unique index instead of keys
CREATE TABLE a (id int NOT NULL, v daterange NOT NULL, code text, n int, CONSTRAINT a_pk CHECK (id > 0) NO INHERIT);
CREATE UNIQUE INDEX a_ids ON a (id) INCLUDE (n) WITH (fillfactor = 80);
CREATE TABLE b (aid int, v daterange, n int, CONSTRAINT b_fk FOREIGN KEY (aid) REFERENCES a (id) NOT VALID);
CREATE INDEX ex ON a USING gist (v);
-- state: circular and self
CREATE TABLE a (id bigint, v daterange, code varchar(3), n int, bid int, up bigint, CONSTRAINT a_pk PRIMARY KEY (id));
CREATE TABLE b (aid bigint NOT NULL, v daterange, n int CONSTRAINT bn UNIQUE, CONSTRAINT b_fk FOREIGN KEY (aid) REFERENCES a);
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (bid) REFERENCES b (n), ADD CONSTRAINT a_up FOREIGN KEY (up) REFERENCES a ON DELETE CASCADE;
COMMENT ON CONSTRAINT a_pk ON a IS 'key';
ALTER TABLE a CLUSTER ON a_pk; ALTER TABLE a REPLICA IDENTITY USING INDEX a_pk;
-- state: partial order of names
CREATE TABLE b (id int PRIMARY KEY, v daterange, aid int, n int);
CREATE TABLE a (id int, v daterange, code text, n int, CONSTRAINT b_fk FOREIGN KEY (id) REFERENCES b, CONSTRAINT "a_PK" UNIQUE (id), CONSTRAINT a_pk UNIQUE (n, code) INCLUDE (v));
