import { defineCommand, type FlagTable } from '../../command.ts';

export const GRILL_FLAGS = {
  next: { type: 'switch', description: 'Print the next question' },
  answer: { type: 'text', value: 'ANSWER', description: 'Answer it: key=value pairs, JSON, or plain words' },
  question: {
    type: 'number',
    value: 'N',
    integer: true,
    min: 1,
    description: 'Answer this question instead of the next, to change or to anticipate an answer',
  },
  digest: { type: 'switch', description: 'Print the decision in at most 200 words' },
  file: {
    type: 'text',
    value: 'FILE',
    description: 'Where the answers are kept (default ./backend-grill-<date>.json)',
  },
  new: { type: 'switch', description: 'Begin another session in a file of its own' },
  profile: {
    type: 'list',
    value: 'FILE',
    description: 'A profile of your own for the decision; may be given again',
  },
} as const satisfies FlagTable;

export const grill = defineCommand({
  path: ['grill'],
  summary: 'Ask the seven questions that a backend decision needs, one a turn',
  about:
    'Every answer is kept in one file that a person can read, so that a session can be left and taken up again. A tripped kill criterion stops it with exit 3 until the answer is a better one; no flag overrides it. After the seventh answer the decision is made.',
  positionals: [],
  flags: GRILL_FLAGS,
  examples: [
    { line: 'senior-backend grill', what: 'Ask me, here at the terminal' },
    { line: 'senior-backend grill --next --json', what: 'The next question, for an agent' },
    { line: "senior-backend grill --answer 'ratio=20 qps=180'", what: 'Answer it, and get the one after' },
    { line: 'senior-backend grill --digest', what: 'What came of it, in at most 200 words' },
  ],
  load: () => import('./run.ts'),
});
