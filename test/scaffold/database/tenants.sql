CREATE ROLE tenant NOLOGIN;
CREATE TABLE author (id serial PRIMARY KEY, name text NOT NULL);
INSERT INTO author (name) VALUES ('Ann');
CREATE TABLE note (
  id serial PRIMARY KEY,
  tenant text NOT NULL,
  author_id integer REFERENCES author DEFAULT 1,
  body text
);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (tenant = current_setting('request.jwt.claims', true)::json ->> 'tenant');
GRANT SELECT, INSERT, UPDATE, DELETE ON note, author TO tenant;
GRANT USAGE ON SEQUENCE note_id_seq TO tenant;
-- What a trigger of its own finds only where its table is.
CREATE SCHEMA counted;
CREATE TABLE counted.total (n integer PRIMARY KEY);
CREATE TABLE counted.item (id integer PRIMARY KEY, made timestamptz NOT NULL DEFAULT '2026-01-01T00:00:00Z');
CREATE FUNCTION counted.count_one() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO total SELECT count(*) FROM item; RETURN NULL; END';
CREATE TRIGGER count_one AFTER INSERT ON counted.item EXECUTE FUNCTION counted.count_one();
