import type { CodeCatalogue } from '../core/diagnostic.ts';

export const DECIDE_CODES: CodeCatalogue = {
  DEC001: {
    title: 'An input that the decision needs is missing',
    help: 'Give the flag that is named, or answer the question that yields it with senior-backend grill.',
  },
  DEC002: {
    title: 'An input has a value that cannot be',
    help: 'The message says what is possible; the question that is named yields a better one.',
  },
  DEC003: {
    title: 'Two inputs contradict each other',
    help: 'Give targets that rise from p50 to p99.',
  },
  DEC004: { title: 'A file cannot be read as JSON', help: 'Check the path and the syntax.' },
  DEC005: {
    title: 'A profile does not keep to the schema',
    help: 'Mend the place that the pointer names; schemas/profile.schema.json says what may stand there.',
  },
  DEC006: {
    title: 'Two profiles in one folder have the same name',
    help: 'Rename one of them; the first file in alphabetical order is used.',
  },
  DEC007: {
    title: 'The report would overwrite a file',
    help: 'Choose another name, or give --force to overwrite it.',
  },
};

export const GRILL_CODES: CodeCatalogue = {
  GRL001: {
    title: 'The answer does not say what the question needs',
    help: 'The message names what is missing and shows an answer that works.',
  },
  GRL002: {
    title: 'The file is not one that grill wrote',
    help: 'Name another file with --file; this one is left as it is.',
  },
  GRL003: {
    title: 'Another session changed the file',
    help: 'Read the next question again and answer that one.',
  },
  GRL004: {
    title: 'Questions are still open',
    help: 'Answer them one by one with grill --next and grill --answer.',
  },
  GRL005: {
    title: 'There is nobody to ask',
    help: 'Use grill --next to read the question and grill --answer to answer it.',
  },
  GRL006: {
    title: 'All questions are answered',
    help: 'Change one with --question N, or begin another session with --new.',
  },
};
