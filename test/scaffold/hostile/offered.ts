import * as jsonSchema from '../../../templates/runtime/json-schema.ts';

/** Names of the generator that a plain document need not use: checks of the runtime, methods of Zod, types of its own. */
export const OFFERED: readonly string[] = [
  ...Object.keys(jsonSchema),
  ...[
    'min',
    'max',
    'gte',
    'gt',
    'lte',
    'lt',
    'int',
    'int32',
    'boolean',
    'null',
    'unknown',
    'never',
    'literal',
  ],
  ...[
    'union',
    'xor',
    'record',
    'catchall',
    'strictObject',
    'nullable',
    'check',
    'email',
    'url',
    'iso',
    'guid',
  ],
  ...['undefined', 'RegExp', 'linear', 'Exclude', 'AsyncIterable', 'Uint8Array', 'Record', 'File', 'Status'],
  ...['bind', 'firstOf', 'except', 'named', 'only', 'json', 'form', 'text', 'bytes', 'bytesOf', 'multipart'],
  ...['Status2XX', 'Status3XX', 'Status4XX', 'Status5XX', 'file'],
  ...['Credential', 'const', 'object'],
];
