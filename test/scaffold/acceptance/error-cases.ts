import { type Case, jsonBody, typed } from './case.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** The contract's usual error. */
const usual = (
  status: number,
  message: string,
  errors: readonly object[] = [],
): Pick<Case, 'status' | 'json' | 'answerHeaders'> => ({
  status,
  json: { object: 'error', code: status, message, request_id: 'abc-1', errors },
  answerHeaders: JSON_TYPE,
});

const INVALID = 'The request does not match the contract';

const envelope = (
  status: number,
  code: string,
  message: string,
  details: readonly object[],
): Pick<Case, 'status' | 'json' | 'answerHeaders'> => ({
  status,
  json: { error: { code, message, details }, meta: { requestId: 'abc-1' } },
  answerHeaders: JSON_TYPE,
});

/** Errors of acceptance/errors.yaml, all with the request id `abc-1`. */
export const ERRORS: readonly Case[] = [
  {
    is: 'the schema of a range',
    path: '/named/x',
    status: 400,
    json: { error: 'VALIDATION_ERROR', error_description: INVALID },
    answerHeaders: JSON_TYPE,
  },
  {
    is: 'the schema and media type of one status',
    path: '/named/409',
    status: 409,
    json: {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'There is one already',
      errors: { name: ['Taken'] },
    },
    answerHeaders: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '5' },
  },
  { is: 'the schema of all other statuses', path: '/named/500', ...usual(500, 'Internal server error') },
  {
    is: 'a schema that stands in the answer, with an entry for each fault',
    method: 'POST',
    path: '/inline',
    ...jsonBody({ size: 'x' }),
    status: 400,
    json: {
      errors: [
        {
          status: '400',
          title: 'Bad Request',
          detail: 'Invalid input: expected string, received undefined',
        },
        { status: '400', title: 'Bad Request', detail: 'Invalid input: expected number, received string' },
      ],
    },
    answerHeaders: { 'content-type': 'application/vnd.api+json; charset=utf-8' },
  },
  {
    is: "an undocumented status in the operation's own words",
    method: 'POST',
    path: '/inline',
    ...typed('text/plain', 'x'),
    status: 415,
    json: {
      errors: [
        {
          status: '415',
          title: 'Unsupported Media Type',
          detail: 'The body must be of type application/json',
        },
      ],
    },
    answerHeaders: { 'content-type': 'application/vnd.api+json; charset=utf-8' },
  },
  {
    is: 'a schema that cannot hold an error: the envelope',
    path: '/impossible?n=x',
    ...envelope(400, 'VALIDATION_ERROR', INVALID, [
      { field: 'n', message: 'Invalid input: expected number, received string' },
    ]),
  },
  {
    is: 'a schema that refuses this error: the envelope',
    path: '/short?n=x',
    ...envelope(400, 'VALIDATION_ERROR', INVALID, [
      { field: 'n', message: 'Invalid input: expected number, received string' },
    ]),
  },
  {
    is: 'a status without a schema: the usual error',
    path: '/silent?n=x',
    ...usual(400, INVALID, [{ field: 'n', message: 'Invalid input: expected number, received string' }]),
  },
  {
    is: 'a default answer that is no error: the usual error',
    path: '/only-default?n=x',
    ...usual(400, INVALID, [{ field: 'n', message: 'Invalid input: expected number, received string' }]),
  },
  { is: 'an unknown path', path: '/nothing', ...usual(404, 'There is nothing at this path') },
  {
    is: 'a wrong method',
    method: 'DELETE',
    path: '/silent',
    ...usual(405, 'The path does not answer this method'),
    answerHeaders: { ...JSON_TYPE, allow: 'GET, HEAD, OPTIONS' },
  },
  { is: 'a path that is no text', path: '/named/%ff', ...usual(400, 'The request cannot be read') },
];
