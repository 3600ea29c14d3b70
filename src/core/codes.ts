import type { CodeCatalogue } from './diagnostic.ts';

export const CORE_CODES: CodeCatalogue = {
  CORE001: {
    title: 'A file name would leave the output folder',
    help: 'Names from a document are made safe before they are used; please report the document.',
  },
  CORE002: {
    title: 'The output folder cannot be written',
    help: 'Choose a folder you may write to with --output.',
  },
  CORE003: {
    title: 'A generated file was edited by hand',
    help: 'Move the changes into a file of your own, or name the loss with --force.',
  },
  CORE004: {
    title: 'The manifest in the output folder is not one of ours',
    help: 'Remove .senior-backend.json; edited files are then treated as yours.',
  },
};
