CREATE TABLE shelf (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE book (id integer PRIMARY KEY, shelf_id integer NOT NULL REFERENCES shelf, title text NOT NULL);
INSERT INTO shelf SELECT n, 'shelf ' || n FROM generate_series(1, 2000) n;
INSERT INTO book SELECT n, 1 + n % 2000, 'book ' || n FROM generate_series(1, 100000) n;
