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
};
