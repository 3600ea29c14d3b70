import type { FaultKind } from '../../src/load/index.ts';
import { GOOD, type Misbehaviour } from './faulty-server.ts';

/** What a server does wrong, and what it has to be counted as. */
interface FaultCase {
  readonly name: string;
  readonly misbehave: Misbehaviour;
  /** The kind it has to be counted as; undefined: as a success. */
  readonly kind?: FaultKind;
}

const answer =
  (text: string): Misbehaviour =>
  (socket) =>
    void socket.write(text);
export const answerAndEnd =
  (text: string): Misbehaviour =>
  (socket) =>
    void socket.end(text);

export const FAULTS: readonly FaultCase[] = [
  { name: 'a reset', kind: 'reset', misbehave: (socket) => void socket.resetAndDestroy() },
  { name: 'a close before the answer', kind: 'closed-early', misbehave: (socket) => void socket.end() },
  {
    name: 'a close inside the head',
    kind: 'closed-early',
    misbehave: answerAndEnd('HTTP/1.1 200 OK\r\nConte'),
  },
  { name: 'a malformed status line', kind: 'malformed', misbehave: answer('HTTQ/1.1 200 OK\r\n\r\n') },
  {
    name: 'a body shorter than announced',
    kind: 'wrong-length',
    misbehave: answerAndEnd('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort'),
  },
  { name: 'a body longer than announced', kind: 'wrong-length', misbehave: answer(`${GOOD} and more`) },
  {
    name: 'a surplus that comes later',
    kind: 'wrong-length',
    misbehave: (socket) => {
      socket.write(GOOD);
      // In a segment of its own: the next request may be on its way already.
      setImmediate(() => socket.write(' and more'));
    },
  },
  {
    name: 'bytes that are no answer at all',
    kind: 'malformed',
    misbehave: answer('\u0000\u0001 nothing\r\n\r\n'),
  },
  {
    name: 'an invalid chunk size',
    kind: 'malformed',
    misbehave: answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n'),
  },
  {
    name: 'chunks without an end',
    kind: 'closed-early',
    misbehave: answerAndEnd('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'),
  },
  { name: 'no answer at all', kind: 'first-byte-timeout', misbehave: () => {} },
  {
    name: 'a body that never ends',
    kind: 'body-timeout',
    misbehave: answer('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nslow'),
  },
  { name: 'a 503', kind: 'status', misbehave: answer('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n') },
  { name: 'an interim answer first', misbehave: answer(`HTTP/1.1 102 Processing\r\n\r\n${GOOD}`) },
  {
    name: 'a body that ends with the connection',
    misbehave: answerAndEnd('HTTP/1.1 200 OK\r\n\r\nuntil the end'),
  },
];

/** Seconds to wait for an answer: short where that is what is tested; else no machine is so busy that it passes. */
export const patience = (kind: FaultKind | undefined): number => (kind?.endsWith('timeout') ? 0.15 : 10);
