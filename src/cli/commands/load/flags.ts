import type { FlagTable } from '../../command.ts';

/** Apart from the command, so that its implementation can name their types without a circle. */
export const LOAD_FLAGS = {
  method: { type: 'text', short: 'm', value: 'METHOD', description: 'GET, or POST when there is a body' },
  body: {
    type: 'text',
    short: 'b',
    value: 'TEXT',
    description: 'The body; @FILE reads a file, @- standard input',
  },
  header: {
    type: 'list',
    short: 'H',
    value: "'Name: Value'",
    description: 'A header; may be given again',
  },
  timeout: {
    type: 'text',
    short: 't',
    value: 'TIME',
    default: '30s',
    description: 'For each request, to its last byte',
  },
  'no-verify-ssl': { type: 'switch', description: 'Accept any TLS certificate' },
  engine: {
    type: 'choice',
    choices: ['auto', 'net', 'io_uring'],
    default: 'auto',
    description: 'How bytes are moved: net is portable, io_uring needs Linux and koffi',
  },
  threads: {
    type: 'number',
    value: 'N',
    min: 1,
    integer: true,
    description: 'Threads that share the connections (default: half the cores, if they have enough to do)',
  },
  output: { type: 'text', short: 'o', value: 'FILE', description: 'Also write the JSON report to a file' },
  concurrency: {
    type: 'number',
    short: 'c',
    value: 'N',
    min: 1,
    integer: true,
    description: 'Connections (default 10; 100 with --rate or --stages)',
    group: 'Pace',
  },
  duration: {
    type: 'text',
    short: 'd',
    value: 'TIME',
    description: 'How long to measure: 10s, 2m, 500ms or seconds (default 10s)',
    group: 'Pace',
  },
  requests: {
    type: 'number',
    short: 'n',
    value: 'N',
    min: 1,
    integer: true,
    description: 'Stop after N requests, or at --duration',
    group: 'Pace',
  },
  rate: {
    type: 'number',
    value: 'N',
    description: 'Open model: N requests a second are due, whatever the service does',
    group: 'Pace',
  },
  stages: {
    type: 'text',
    value: 'TIME:N,...',
    description: 'Open model: rates one after the other, as in 10s:100,30s:1000',
    group: 'Pace',
  },
  warmup: {
    type: 'text',
    value: 'TIME',
    description: 'Send this long before anything is counted',
    group: 'Pace',
  },
  ramp: {
    type: 'text',
    value: 'TIME',
    description: 'Let connections, or the rate, grow evenly from nothing for this long',
    group: 'Pace',
  },
  'expect-status': {
    type: 'list',
    value: 'STATUS',
    description: 'This status, and no other, is a success; may be given again',
    group: 'Expectations (exit 3 when not met)',
  },
  'expect-rate-limit': {
    type: 'switch',
    description: 'The service answers 429 at some time; its limit is measured',
    group: 'Expectations (exit 3 when not met)',
  },
  threshold: {
    type: 'list',
    value: "'p99<200ms'",
    description: "A limit to keep: 'p99<200ms', 'errors<0.5%', 'rps>1000'; may be given again",
    group: 'Expectations (exit 3 when not met)',
  },
  compare: {
    type: 'switch',
    description: 'Compare two URLs side by side, or a URL with a saved report (baseline.json)',
    group: 'Comparing',
  },
  until: {
    type: 'text',
    value: 'PERCENT',
    description:
      'Stop when every interval is within this of the difference, as in 2%; --duration is the most',
    group: 'Comparing',
  },
  'fail-on-regression': {
    type: 'switch',
    description: 'Exit 3 when the second target (or the URL, against a report) is worse',
    group: 'Comparing',
  },
} as const satisfies FlagTable;
