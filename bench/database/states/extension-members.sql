CREATE ROLE app; CREATE SCHEMA x;
-- state: none
CREATE TABLE t (a int);
-- state: plain
CREATE EXTENSION hstore SCHEMA public; CREATE EXTENSION pg_stat_statements SCHEMA x; CREATE EXTENSION postgres_fdw;
-- state: granted
CREATE EXTENSION hstore SCHEMA public; CREATE EXTENSION pg_stat_statements SCHEMA x; CREATE EXTENSION postgres_fdw;
GRANT EXECUTE ON FUNCTION hstore(text, text) TO app; REVOKE EXECUTE ON FUNCTION hstore(text[]) FROM PUBLIC;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO app; REVOKE SELECT ON x.pg_stat_statements FROM PUBLIC; GRANT SELECT (query) ON x.pg_stat_statements TO app;
GRANT USAGE ON TYPE hstore TO app;
-- state: granted otherwise elsewhere
CREATE EXTENSION hstore SCHEMA x; CREATE EXTENSION pg_stat_statements SCHEMA public;
GRANT EXECUTE ON FUNCTION x.hstore(text, text) TO app WITH GRANT OPTION;
GRANT ALL ON pg_stat_statements TO app;
