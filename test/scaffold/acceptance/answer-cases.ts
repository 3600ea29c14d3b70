import { type Case, given, INTERNAL } from './case.ts';

/** What handlers answer and throw. */
export const ANSWERS: readonly Case[] = [
  {
    is: 'a status without a body',
    method: 'DELETE',
    path: '/pets/7',
    status: 204,
    text: '',
    answerHeaders: { 'content-type': undefined },
  },
  {
    is: 'a 200 without a body',
    method: 'POST',
    path: '/answers/empty',
    status: 200,
    text: '',
    answerHeaders: { 'content-type': undefined, 'content-length': '0' },
  },
  {
    is: 'headers of the handler',
    path: '/answers/headers',
    ...given([1]),
    answerHeaders: { 'x-total': '7', 'set-cookie': ['a=1', 'b=2'] },
  },
  {
    is: 'a stream',
    path: '/answers/stream',
    status: 200,
    text: 'a,b\n1,2\n',
    answerHeaders: { 'content-type': 'text/csv; charset=utf-8' },
  },
  {
    is: 'one of several types',
    path: '/answers/chosen',
    status: 200,
    text: '<p>',
    answerHeaders: { 'content-type': 'text/html; charset=utf-8' },
  },
  { is: 'a handler that throws', path: '/answers/throws', ...INTERNAL },
  {
    is: 'an error meant for the client',
    path: '/answers/refuses',
    status: 409,
    error: { code: 'CONFLICT', message: 'There is one already', details: [['name', 'Taken']] },
    answerHeaders: { 'retry-after': '5' },
  },
  { is: 'an answer against its contract', path: '/answers/wrong-body', ...INTERNAL },
  { is: 'a status that the contract has not', path: '/answers/wrong-status', ...INTERNAL },
  {
    is: 'a request id of the client',
    path: '/pets/7',
    headers: { 'x-request-id': 'abc-1' },
    ...given({ path: { petId: 7 } }),
    answerHeaders: { 'x-request-id': 'abc-1' },
  },
];
