// What a user speaks: one connection with one request at a time on it, whose answers are kept.
import { encodeRequest, type RequestSpec } from '../request.ts';
import type { Target } from '../target.ts';
import { AnswerKeeper } from './answer-keeper.ts';
import { Http1Session } from './http1-session.ts';
import { encodeHttp2Request } from './http2-request.ts';
import { type Http2Plan, Http2Session } from './http2-session.ts';
import type { SessionOwner, Slot } from './session.ts';
import { StreamKeeper } from './stream-keeper.ts';

export interface UserProtocol {
  /** A request as bytes that a session sends. */
  encode(spec: RequestSpec, target: Pick<Target, 'authority' | 'path' | 'tls'>): Uint8Array;
  newSession(owner: SessionOwner): Slot;
}

/** HTTP/2 where there is a plan for it, else HTTP/1.1. */
export function userProtocol(http2: Http2Plan | undefined): UserProtocol {
  if (http2 === undefined)
    return {
      encode: encodeRequest,
      newSession: (owner) => new Http1Session(owner, { depth: 1, keeper: new AnswerKeeper() }),
    };
  const plan = { ...http2, streams: 1 };
  return {
    encode: encodeHttp2Request,
    newSession: (owner) => new Http2Session(owner, plan, new StreamKeeper()),
  };
}
