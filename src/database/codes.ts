import type { CodeCatalogue } from '../core/diagnostic.ts';

export const DATABASE_CODES: CodeCatalogue = {
  DB001: { title: 'A database cannot be reached', help: 'Check host, port, role and that the server runs.' },
  DB002: {
    title: 'No scratch database could be made',
    help: 'Give --scratch a role that may create databases, or leave it out to use the embedded PostgreSQL.',
  },
  DB003: {
    title: 'A statement ran too long in the scratch database',
    help: 'Remove the statement that does the work, or raise --budget.',
  },
  DB004: { title: 'A connection is not one we know', help: 'Give postgres://..., pglite:DIR or pglite:.' },
  DB010: {
    title: 'A file is not SQL that PostgreSQL can parse',
    help: 'The message and the place are those of its parser.',
  },
  DB011: {
    title: 'A schema file or folder cannot be read',
    help: 'Give an .sql file or a folder that holds some.',
  },
  DB012: {
    title: 'A statement was left out',
    help: 'The message says why; what it would have made is not compared.',
  },
  DB013: { title: 'A statement of the schema failed', help: 'The message is that of PostgreSQL.' },
  DB014: { title: 'Statements that change rows were not run', help: 'Only the schema is compared.' },
  DB015: {
    title: 'Nothing says what to compare',
    help: 'Name a file or give --connection; pglite: is an empty database.',
  },
  DB016: { title: 'Something in the database is not compared', help: 'docs/coverage.md lists what is.' },
  DB020: {
    title: 'No order of statements was found',
    help: 'Make the change in two steps, each with its own target schema.',
  },
  DB021: {
    title: 'The online form could not be proved, so the plain form is used',
    help: 'The plain form holds stronger locks for longer; run it when the tables are quiet.',
  },
  DB022: { title: 'The plan could not be proved', help: 'The differences show what PostgreSQL made of it.' },
  DB023: {
    title: 'A hazard was not allowed',
    help: 'Read what the statement does, then name it with --allow.',
  },
  DB025: {
    title: 'A rename names nothing, or nothing that can be renamed',
    help: 'Give --rename table.old=table.new.',
  },
  DB026: {
    title: 'A removal and an addition may be a rename',
    help: 'If they are, name it with --rename; nothing is lost then.',
  },
  DB030: {
    title: 'The server and the scratch are of different versions',
    help: 'Give --scratch a server of the same version to prove the plan where it will run.',
  },
  DB031: {
    title: 'The plan fails on rows, so it was proved without',
    help: 'Look at the rows you have before you run it: the statement is named, and so is what PostgreSQL said.',
  },
  DB032: {
    title: 'Scratch databases of earlier runs were dropped',
    help: 'A run that is killed cannot drop its own; the next one on that server does.',
  },
  DB040: {
    title: 'A statement of the file cannot work',
    help: 'The message is that of PostgreSQL, which ran it behind the ones before it.',
  },
  DB041: {
    title: 'A statement was not run, so its hazards are only supposed',
    help: 'Give the schema the file is for as FROM or with --connection.',
  },
  DB042: {
    title: '--lint was given together with what it does not go with',
    help: 'Usage: senior-backend db diff [FROM] --lint FILE; FROM or --connection is the schema before the file.',
  },
  DB024: { title: 'No such hazard', help: 'The names are in docs/database.md.' },
  DB080: {
    title: 'The analysis took too long',
    help: 'Raise --budget, or analyse a dump of the schema instead.',
  },
  DB081: { title: 'Something was not judged', help: 'The message says what and why.' },
  DB082: {
    title: 'A trace cannot be read',
    help: 'Give JSON lines with "request" and "sql", SQL with "-- request: NAME" lines, or a server log.',
  },
  DB083: {
    title: 'A file of statements, or a report, cannot be read or written',
    help: 'Check the path and its permissions.',
  },
  DB084: {
    title: 'Nothing says what to analyse',
    help: 'Name an SQL file or a folder, or give --connection.',
  },
  DB085: {
    title: 'There is no workload',
    help: 'Give --queries FILE, or create the extension pg_stat_statements; foreign keys alone were looked at.',
  },
  DB060: {
    title: 'Another run is at work on the same journal',
    help: 'Wait longer with --wait, or look at what the other one does.',
  },
  DB061: {
    title: 'A migration was applied and its file has changed since',
    help: 'Restore the file and put the change into a new migration.',
  },
  DB062: {
    title: 'A statement of a migration failed',
    help: 'Mend it and run the same line again; what is done is not done twice.',
  },
  DB063: {
    title: 'A lock was not to be had',
    help: 'Run the same line again when those in the way are done; --lock-timeout and --lock-retries say how long to try.',
  },
  DB064: {
    title: 'The connection was lost during a migration',
    help: 'Run the same line again: it looks at what was done and goes on from there.',
  },
  DB065: {
    title: 'The database is not in the state that a file was made for',
    help: 'See what differs with db diff and make the file anew, or go on with --force-fingerprint.',
  },
  DB066: {
    title: 'There is no way back',
    help: 'Write one beside the migration (x_rollback.sql, x.down.sql, U1__x.sql) or as the lower half of its file.',
  },
  DB067: {
    title: 'This cannot be rolled back, or not now',
    help: 'Only the last migration can be undone, and only once it is finished.',
  },
  DB068: {
    title: 'A migration was begun, and its file is missing or has changed where it is done',
    help: 'Restore what is done; what comes after it may be mended.',
  },
  DB069: {
    title: 'A file holds what cannot be run and recorded',
    help: 'Write what it does as SQL in transactions that end, or run the file with psql and record it with --baseline.',
  },
  DB070: {
    title: 'A migration is not there, is there twice, or is a way back',
    help: 'The message says which.',
  },
  DB071: {
    title: 'The schema did not become what a file promised',
    help: 'See what differs with db diff.',
  },
  DB072: {
    title: 'A pooler hands out connections for single transactions',
    help: 'Connect to the server itself or to a pool in session mode.',
  },
  DB073: {
    title: 'The journal cannot be made or is not one',
    help: 'Give the role the right to create a schema, or name another one with --journal.',
  },
  DB074: {
    title: 'A run ended inside a statement whose outcome cannot be seen',
    help: 'Look, then go on with --resume skip or --resume again.',
  },
  DB075: {
    title: 'A PGlite folder is open in another process',
    help: 'Only one process can use it at a time; wait until the other has ended.',
  },
  DB076: {
    title: 'A migration comes before one that is applied already',
    help: 'It is applied all the same; make sure that the order does not matter.',
  },
  DB077: {
    title: 'A migration is in the journal and not among the files',
    help: 'Restore the file, or leave it if it is not needed any more.',
  },
  DB079: {
    title: 'A run was stopped as asked',
    help: 'What is committed stays and is in the journal; the same line goes on from there.',
  },
};
