import type { CodeCatalogue } from '../core/diagnostic.ts';

export const CLI_CODES: CodeCatalogue = {
  CLI001: { title: 'No such command', help: 'See senior-backend --help.' },
  CLI002: { title: 'No such flag', help: "See the command's --help." },
  CLI003: { title: 'A flag was given in the wrong form', help: "See the command's --help." },
  CLI004: { title: 'A flag has a value outside what it allows', help: 'The message says what is allowed.' },
  CLI005: { title: 'An argument is missing or one too many', help: 'The usage line shows what is wanted.' },
  DEMO001: {
    title: 'A step of the demo failed',
    help: 'The message says what the tool it called said; remove the demo folder to start afresh.',
  },
  DEMO002: {
    title: 'The demo found no index that helps',
    help: 'Remove the demo folder to start afresh.',
  },
};
