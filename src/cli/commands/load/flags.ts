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
  header: { type: 'list', short: 'H', value: "'Name: Value'", description: 'A header; may be given again' },
  concurrency: {
    type: 'number',
    short: 'c',
    value: 'N',
    default: 10,
    min: 1,
    integer: true,
    description: 'Connections that send at the same time',
  },
  duration: {
    type: 'text',
    short: 'd',
    value: 'TIME',
    default: '10s',
    description: 'How long to send: 10s, 2m, 500ms or seconds',
  },
  requests: {
    type: 'number',
    short: 'n',
    value: 'N',
    min: 1,
    integer: true,
    description: 'Stop after N requests, or at --duration',
  },
  timeout: {
    type: 'text',
    short: 't',
    value: 'TIME',
    default: '30s',
    description: 'For each request, to its last byte',
  },
  'no-verify-ssl': { type: 'switch', description: 'Accept any TLS certificate' },
  output: { type: 'text', short: 'o', value: 'FILE', description: 'Also write the JSON report to a file' },
} as const satisfies FlagTable;
