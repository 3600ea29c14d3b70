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
};
