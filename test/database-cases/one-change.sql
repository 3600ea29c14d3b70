-- One change each: what a migration tool is asked for on any day. Both ways.

-- case: a nullable column is added
-- before
CREATE TABLE users (id serial PRIMARY KEY, email varchar(100) NOT NULL);
-- after
CREATE TABLE users (id serial PRIMARY KEY, email varchar(100) NOT NULL, bio text);

-- case: a plain table is added
-- before
CREATE TABLE users (id serial PRIMARY KEY);
-- after
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE tags (id serial PRIMARY KEY, name varchar(50) NOT NULL);

-- case: an index is dropped
-- before
CREATE TABLE users (id serial PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- after
CREATE TABLE users (id serial PRIMARY KEY, email text);

-- case: a varchar is widened
-- before
CREATE TABLE users (id serial PRIMARY KEY, email varchar(100));
-- after
CREATE TABLE users (id serial PRIMARY KEY, email varchar(255));

-- case: a column is renamed
-- rename: users.name=users.full_name
-- before
CREATE TABLE users (id serial PRIMARY KEY, name text);
-- after
CREATE TABLE users (id serial PRIMARY KEY, full_name text);

-- case: a table with a foreign key, a check and an index is dropped
-- before
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE posts (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE, state text DEFAULT 'New' CHECK (state <> ''));
CREATE INDEX posts_user ON posts (user_id);
-- after
CREATE TABLE users (id serial PRIMARY KEY);

-- case: an index is added to a table that is there
-- before
CREATE TABLE users (id serial PRIMARY KEY, email text);
-- after
CREATE TABLE users (id serial PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);

-- case: a new table has an index and a cascade
-- before
CREATE TABLE users (id serial PRIMARY KEY);
-- after
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE posts (id serial PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE);
CREATE INDEX posts_user ON posts (user_id);

-- case: a foreign key stands before the table it refers to
-- before
CREATE TABLE users (id serial PRIMARY KEY);
-- after
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE posts (id serial PRIMARY KEY, topic_id int REFERENCES topics (id));
CREATE TABLE topics (id serial PRIMARY KEY);

-- case: text becomes an integer
-- before
CREATE TABLE users (id serial PRIMARY KEY, age text);
-- after
CREATE TABLE users (id serial PRIMARY KEY, age integer);

-- case: a column becomes NOT NULL
-- before
CREATE TABLE users (id serial PRIMARY KEY, email text);
-- after
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL);

-- case: a default changes
-- before
CREATE TABLE users (id serial PRIMARY KEY, state text DEFAULT 'new');
-- after
CREATE TABLE users (id serial PRIMARY KEY, state text DEFAULT 'Active');

-- case: a column becomes unique
-- before
CREATE TABLE users (id serial PRIMARY KEY, email text);
-- after
CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE);

-- case: a check is added
-- before
CREATE TABLE users (id serial PRIMARY KEY, age int);
-- after
CREATE TABLE users (id serial PRIMARY KEY, age int CHECK (age > 0));

-- case: a foreign key is added
-- before
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE posts (id serial PRIMARY KEY, user_id int);
-- after
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE posts (id serial PRIMARY KEY, user_id int REFERENCES users);

-- case: a primary key is added
-- before
CREATE TABLE users (id int, email text);
-- after
CREATE TABLE users (id int PRIMARY KEY, email text);

-- case: an enum gets a value
-- before
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id serial PRIMARY KEY, s state);
-- after
CREATE TYPE state AS ENUM ('new', 'running', 'done');
CREATE TABLE jobs (id serial PRIMARY KEY, s state);

-- case: a view is added
-- before
CREATE TABLE users (id serial PRIMARY KEY, active boolean);
-- after
CREATE TABLE users (id serial PRIMARY KEY, active boolean);
CREATE VIEW active_users AS SELECT id FROM users WHERE active;

-- case: a column comes by ALTER TABLE
-- before
CREATE TABLE users (id serial PRIMARY KEY);
-- after
CREATE TABLE users (id serial PRIMARY KEY);
ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '';

-- case: the predicate of an index changes under its name
-- before
CREATE TABLE users (id serial PRIMARY KEY, email text, active boolean);
CREATE INDEX users_email ON users (email) WHERE active;
-- after
CREATE TABLE users (id serial PRIMARY KEY, email text, active boolean);
CREATE INDEX users_email ON users (email) WHERE NOT active;

-- case: a column comes with a default that has capital letters
-- before
CREATE TABLE users (id serial PRIMARY KEY);
-- after
CREATE TABLE users (id serial PRIMARY KEY, role text DEFAULT 'Member');
