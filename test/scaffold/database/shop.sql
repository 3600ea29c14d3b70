CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$');
CREATE DOMAIN year AS integer CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE TYPE point3 AS (x integer, y integer, label text);

CREATE TABLE city (
  city_id serial PRIMARY KEY,
  name varchar(20) NOT NULL UNIQUE CHECK (length(name) >= 2),
  population bigint CHECK (population >= 0),
  area numeric(12, 2),
  mood mood,
  size text CHECK (size IN ('small', 'large')),
  founded timestamptz DEFAULT now(),
  tags text[] NOT NULL DEFAULT '{}',
  flag bytea,
  extra jsonb,
  place point3,
  open int4range,
  marks bit(5) NOT NULL DEFAULT B'00000'
);
CREATE FUNCTION nowhere() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.name = 'Nowhere' THEN RAISE EXCEPTION 'there is no such place' USING ERRCODE = 'ZZ001'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER nowhere BEFORE INSERT ON city FOR EACH ROW EXECUTE FUNCTION nowhere();
COMMENT ON TABLE city IS 'Where people live */ ${x} `';

CREATE TABLE person (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  city_id integer REFERENCES city,
  boss integer REFERENCES person,
  name text NOT NULL,
  mail email UNIQUE,
  born date,
  since year,
  score double precision,
  shout text GENERATED ALWAYS AS (upper(name)) STORED
);

CREATE TABLE visit (
  city_id integer REFERENCES city ON DELETE CASCADE,
  person_id integer REFERENCES person,
  day date,
  note text,
  PRIMARY KEY (city_id, person_id, day)
);

CREATE TABLE session (token uuid PRIMARY KEY DEFAULT gen_random_uuid(), person_id integer REFERENCES person, "odd ""name""" text, "limit" integer);
CREATE TABLE journal (at timestamptz, entry text);
CREATE VIEW grown AS SELECT id, name, born FROM person WHERE born < '2008-01-01';
