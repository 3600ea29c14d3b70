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
