import type { CodeCatalogue } from '../core/diagnostic.ts';

export const LOAD_CODES: CodeCatalogue = {
  LOAD001: {
    title: 'The URL to load is not one we can load',
    help: 'Give a whole URL such as http://localhost:3000/orders.',
  },
  LOAD002: { title: 'A header is not of the form Name: Value', help: "Write it as --header 'Name: Value'." },
  LOAD003: {
    title: 'The host to load cannot be reached',
    help: 'Nothing was sent. Start the service, or check the host and the port.',
  },
  LOAD004: {
    title: 'The TLS handshake with the host failed',
    help: 'Nothing was sent. For a certificate of your own, use --no-verify-ssl.',
  },
  LOAD005: {
    title: 'An option of the load test has a value outside what it allows',
    help: 'The message says what is allowed.',
  },
  LOAD006: { title: 'A file for the requests cannot be read', help: 'Check the path and its permissions.' },
  LOAD007: { title: 'The report cannot be written', help: 'Choose a file you may write to.' },
  LOAD008: {
    title: 'The baseline is not a saved report',
    help: 'Make one with: senior-backend load URL -d 30s --output baseline.json',
  },
  LOAD009: { title: 'There is too little to compare', help: 'Let both runs last at least 5 seconds.' },
  LOAD010: {
    title: 'The engine that was asked for cannot be used here',
    help: 'Leave out --engine, or give --engine net.',
  },
  LOAD011: {
    title: 'The data for the requests cannot be used',
    help: 'Give CSV with a head line, or a file .jsonl with one object a line.',
  },
  LOAD012: {
    title: 'The file of steps cannot be used',
    help: 'Write steps: a list, each with request: METHOD /path, and headers, body or json, expect, capture.',
  },
  LOAD013: {
    title: 'Steps, cookies or redirects were asked for together with what they do not go with',
    help: 'Each connection is a user, who sends one request at a time; leave one of the two out.',
  },
  LOAD014: {
    title: 'The token for the run was not granted',
    help: 'Check the token URL, the client id, its secret and the scope.',
  },
  LOAD015: {
    title: 'The curl command cannot be used',
    help: 'Give one curl command as a browser copies it; it is read, never run.',
  },
  LOAD016: {
    title: 'The HAR file cannot be used',
    help: 'Export one from the network tab of a browser; requests to other hosts than the URL are left out.',
  },
  LOAD017: {
    title: 'The metrics cannot be sent',
    help: 'npm install @opentelemetry/sdk-metrics @opentelemetry/exporter-metrics-otlp-http',
  },
  LOAD018: {
    title: 'The database behind the service cannot be watched',
    help: 'Give postgres://user@host/database; an embedded database is inside the process of the service, which can tell of it: watch:SOCKET.',
  },
  LOAD020: {
    title: 'The operations cannot be sent as they are',
    help: 'Each has its own method, path and body; give at least one a weight above 0.',
  },
  LOAD021: {
    title: 'No operation of the contract can be sent',
    help: 'Give the credentials it asks for, or name operations in --mix.',
  },
  LOAD030: {
    title: 'The NATS server cannot be reached, or does not let us in',
    help: 'Check the URL, the credentials and, with TLS, --nats-ca.',
  },
  LOAD031: {
    title: 'No worker joined the run, or too few',
    help: 'Start them with: senior-backend load worker --cluster URL, with the same --cluster-key.',
  },
  LOAD032: {
    title: 'A worker refuses the run',
    help: 'Nothing was sent. The message says why; --allow at the worker names hosts that it may load.',
  },
  LOAD033: {
    title: 'The workers are lost, or cannot start at one moment',
    help: 'See what the workers say, and run again.',
  },
  LOAD034: {
    title: 'The connection to the NATS server was lost for good during a run',
    help: 'The workers end the run by themselves; start the server and run again.',
  },
};
