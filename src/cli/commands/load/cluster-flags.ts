import type { FlagTable } from '../../command.ts';

const SERVER = 'NATS server';

/** How to get into a NATS server: the same for `load --cluster` and `load worker`. */
export const NATS_FLAGS = {
  'cluster-key': {
    type: 'text',
    value: 'KEY',
    env: 'SENIOR_BACKEND_CLUSTER_KEY',
    description:
      'What coordinator and workers share: messages are encrypted, others not obeyed; @FILE reads it',
    group: 'Many machines',
  },
  'nats-user': {
    type: 'text',
    value: 'NAME',
    env: 'NATS_USER',
    description: 'User of the NATS server',
    group: SERVER,
  },
  'nats-password': {
    type: 'text',
    value: 'PASSWORD',
    env: 'NATS_PASSWORD',
    description: 'Its password; @FILE reads it',
    group: SERVER,
  },
  'nats-token': {
    type: 'text',
    value: 'TOKEN',
    env: 'NATS_TOKEN',
    description: 'A token in place of a user; @FILE reads it',
    group: SERVER,
  },
  'nats-creds': {
    type: 'text',
    value: 'FILE',
    env: 'NATS_CREDS',
    description: 'A .creds file',
    group: SERVER,
  },
  'nats-nkey': {
    type: 'text',
    value: 'FILE',
    env: 'NATS_NKEY',
    description: 'A file with the seed of an NKey',
    group: SERVER,
  },
  'nats-ca': {
    type: 'text',
    value: 'FILE',
    env: 'NATS_CA',
    description: 'PEM: the authorities to trust; TLS is then asked for',
    group: SERVER,
  },
  'nats-cert': {
    type: 'text',
    value: 'FILE',
    env: 'NATS_CERT',
    description: "PEM: the client's own certificate",
    group: SERVER,
  },
  'nats-key': {
    type: 'text',
    value: 'FILE',
    env: 'NATS_KEY',
    description: 'PEM: its key',
    group: SERVER,
  },
} as const satisfies FlagTable;

/** What `load` takes beside its other flags. */
export const CLUSTER_FLAGS = {
  cluster: {
    type: 'text',
    value: 'URL',
    description: 'Send the load from the workers that join at this NATS server: nats://HOST:PORT or tls://',
    group: 'Many machines',
  },
  workers: {
    type: 'number',
    value: 'N',
    min: 1,
    integer: true,
    description: 'Wait for so many workers (default: all that join within --join)',
    group: 'Many machines',
  },
  join: {
    type: 'text',
    value: 'TIME',
    description: 'How long workers may take to join (default 2s, with --workers 30s)',
    group: 'Many machines',
  },
  ...NATS_FLAGS,
} as const satisfies FlagTable;

/** What `load worker` takes. */
export const WORKER_FLAGS = {
  cluster: {
    type: 'text',
    value: 'URL',
    env: 'NATS_URL',
    description: 'The NATS server: nats://HOST:PORT or tls://',
    group: 'Many machines',
  },
  allow: {
    type: 'list',
    value: 'HOST[:PORT]',
    description:
      "May be loaded from here, as in shop.test:443 or '*.test'; again for more (default: this machine)",
    group: 'Many machines',
  },
  name: {
    type: 'text',
    value: 'NAME',
    env: 'HOSTNAME',
    description: 'What reports call it',
    group: 'Many machines',
  },
  capacity: {
    type: 'number',
    value: 'N',
    min: 1,
    integer: true,
    description: 'Its part of the load against the other workers (default: its cores)',
    group: 'Many machines',
  },
  once: { type: 'switch', description: 'End after one run', group: 'Many machines' },
  ...NATS_FLAGS,
} as const satisfies FlagTable;
