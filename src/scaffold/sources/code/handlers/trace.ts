import type { Watcher } from '../interpret/interpreter.ts';
import type { Origin } from '../source-file.ts';
import {
  type CallValue,
  type FunctionValue,
  type InputPart,
  nameOfCallee,
  optionsOf,
  type TypeReference,
  type Value,
} from '../value.ts';
import { errorObject } from './errors.ts';

/** A status code; `default` when it cannot be told. */
export type Status = number | 'default';

/** How the answer stands on one of the ways that lead to a place. */
export interface Standing {
  readonly status?: Status;
  readonly mediaType?: string;
  readonly body?: Value;
  /** Whether an answer was sent already: there is no second one. */
  readonly sent?: true;
  /** Whether an error has ended this way: nothing that stands behind is done on it. */
  readonly failed?: true;
}

export interface Answer {
  readonly status: Status;
  /** What is sent; absent when nothing is. */
  readonly body?: Value;
  /** Absent when the framework decides by the body. */
  readonly mediaType?: string;
  readonly origin: Origin;
  /** What the answer's type says of its body. */
  readonly type?: TypeReference;
}

export interface Read {
  readonly part: InputPart;
  readonly path: readonly string[];
  readonly origin: Origin;
}

/** Something that one stage puts on a request for others, or looks for there: `user`, `state.user`, `session.id`. */
interface Kept {
  readonly name: string;
  readonly isSet: boolean;
}

/** A schema that a part of the request was held to. */
export interface Checked {
  readonly part: InputPart;
  readonly schema: Value;
  readonly origin: Origin;
  /** What the call says besides, such as Joi's `{ allowUnknown: true }`. */
  readonly options?: Value;
  /** Where members of what is checked were taken from: `schema.validate({ name: req.body.name })`. */
  readonly picked?: readonly Picked[];
  /** Of a single member of the part, its names from the outside in. */
  readonly at?: readonly string[];
  /** Members of the schema that do not come from this part: `schema.validate({ ...req.body, id })`. */
  readonly besides?: readonly string[];
}

/** A member of a value that was put together, and where in a part of the request it comes from. */
export interface Picked {
  readonly name: string;
  readonly path: readonly string[];
  /** Whether something else may stand for it. */
  readonly optional: boolean;
}

export interface TypedInput {
  readonly part: InputPart;
  readonly path: readonly string[];
  readonly type: TypeReference;
}

/** More ways to one place are not told apart. */
const MAX_WAYS = 12;

/** What was seen of a request and its answers while a route's functions were followed. */
export class Trace implements Watcher {
  readonly answers: Answer[] = [];
  /** Every status that was set, in order: what a stage of Koa answers is sent when all of them have run. */
  readonly statuses: Status[] = [];
  readonly reads: Read[] = [];
  readonly kept: Kept[] = [];
  readonly checked: Checked[] = [];
  /** Whether the stage that is followed hands on requests that nobody has answered. */
  handedOn = false;
  /** Chains of express-validator that were run. */
  readonly chains: Value[] = [];
  readonly typedInputs: TypedInput[] = [];
  readonly thrownValues: {
    readonly value: Value;
    readonly standing: readonly Standing[];
    readonly origin: Origin;
  }[] = [];
  /** Everything that was thrown or handed on, caught or not. */
  readonly raised: Trace['thrownValues'] = [];
  /** Calls of packages, in order. */
  readonly calls: CallValue[] = [];
  readonly entered_: FunctionValue[] = [];
  standing: readonly Standing[] = [{}];
  readonly #caught: Value[][] = [];
  /** How many try blocks stand around the stage that is followed. */
  #catchers = 0;
  readonly #onType: (value: Value, type: TypeReference, trace: Trace) => void;
  readonly #onCall: (call: CallValue, trace: Trace) => Value | undefined;

  constructor(
    onCall: (call: CallValue, trace: Trace) => Value | undefined,
    onType: (value: Value, type: TypeReference, trace: Trace) => void,
  ) {
    this.#onCall = onCall;
    this.#onType = onType;
  }

  save(): readonly Standing[] {
    return this.standing;
  }

  restore(state: unknown): void {
    if (Array.isArray(state)) this.standing = state;
  }

  join(states: readonly unknown[]): void {
    const all: Standing[] = states.flatMap((state) => (Array.isArray(state) ? state : []));
    const different: Standing[] = [];
    for (const standing of all) {
      if (!different.some((other) => isSame(other, standing))) different.push(standing);
      if (different.length >= MAX_WAYS) break;
    }
    if (different.length > 0) this.standing = different;
  }

  thrown(given: Value, origin: Origin): void {
    const value = errorObject(given);
    // What a stage catches itself has not left it.
    if (this.#caught.length <= this.#catchers) this.#raise(value, origin);
    const caught = this.#caught.at(-1);
    if (caught !== undefined) caught.push(value);
    else this.#unanswered(value, origin);
  }

  tried(work: () => void): Value[] {
    const caught: Value[] = [];
    this.#caught.push(caught);
    work();
    this.#caught.pop();
    return caught;
  }

  /** Does what a stage does: the try blocks that stand around it are not its own. */
  staged(work: () => void): void {
    const before = this.#catchers;
    this.#catchers = this.#caught.length;
    work();
    this.#catchers = before;
  }

  #raise(value: Value, origin: Origin): void {
    if (this.raised.length < 500) this.raised.push({ value, standing: this.standing, origin });
  }

  /** Errors handed on, which no try block catches. */
  passedOn(value: Value, origin: Origin): void {
    this.#raise(value, origin);
    this.#unanswered(value, origin);
  }

  /** An error behind an answer changes nothing. */
  #unanswered(value: Value, origin: Origin): void {
    const open = this.standing.filter(({ sent }) => sent !== true);
    // Of what nothing is known, it may have happened before.
    const isUnknown = optionsOf(value).some(({ kind }) => kind === 'unknown');
    const standing = open.length === 0 && isUnknown ? [{}] : open;
    if (standing.length > 0 && this.thrownValues.length < 100)
      this.thrownValues.push({ value, standing, origin });
  }

  entered(callee: FunctionValue): void {
    if (this.entered_.length < 1_000) this.entered_.push(callee);
  }

  called(call: CallValue): Value | undefined {
    if (this.calls.length < 5_000) this.calls.push(call);
    const before = this.checked.length;
    const given = this.#onCall(call, this);
    if (this.checked.length > before && THROWING.has(nameOfCallee(call)))
      this.thrown({ kind: 'unknown' }, call.origin);
    return given;
  }

  typed(value: Value, type: TypeReference): void {
    if (value.kind === 'input') {
      if (value.path.length <= 1) this.typedInputs.push({ part: value.part, path: value.path, type });
    } else this.#onType(value, type, this);
  }

  /** Changes how the answer stands on every way to here. */
  stand(change: (standing: Standing) => Standing): void {
    const changed = this.standing.map((standing) => (standing.failed === true ? standing : change(standing)));
    this.#noteStatuses(
      changed.flatMap(({ status }, at) =>
        status === undefined || status === this.standing[at]?.status ? [] : [status],
      ),
    );
    this.standing = changed;
  }

  /** An error ends every way to here. */
  fail(): void {
    this.stand((standing) => ({ ...standing, failed: true }));
  }

  /** How the answer stands on the ways that no error has ended. */
  get going(): readonly Standing[] {
    return this.standing.filter(({ failed }) => failed !== true);
  }

  #noteStatuses(statuses: readonly Status[]): void {
    if (this.statuses.length < 500) this.statuses.push(...statuses);
  }

  setStatus(value: Value | undefined): void {
    const statuses = value === undefined ? (['default'] as const) : statusesOf(value);
    this.#noteStatuses(statuses);
    const going = (status: Status): readonly Standing[] =>
      this.standing.map((standing) => (standing.failed === true ? standing : { ...standing, status }));
    this.join(statuses.map(going));
  }

  /** Sends an answer on every way to here; `usual` is its media type where nothing was said of that. */
  answer(body: Value | undefined, origin: Origin, more: Partial<Answer> = {}, usual?: string): void {
    const open = this.standing.filter(({ sent }) => sent !== true);
    this.stand((standing) => ({ ...standing, sent: true }));
    for (const { status = 200, mediaType = usual } of open) {
      if (this.answers.length > 500) return;
      this.answers.push({
        status,
        origin,
        ...(body === undefined ? {} : { body }),
        ...(mediaType === undefined ? {} : { mediaType }),
        ...more,
      });
    }
  }

  keep(name: string, isSet: boolean): void {
    if (this.kept.length < 2_000) this.kept.push({ name, isSet });
  }

  read(part: InputPart, path: readonly string[], origin: Origin): void {
    if (this.reads.length < 2_000) this.reads.push({ part, path, origin });
  }
}

/** What validators call the functions that throw for requests that they refuse. */
const THROWING: ReadonlySet<string> = new Set([
  'parse',
  'parseAsync',
  'Parse',
  'attempt',
  'assert',
  'validateSync',
  'validateAsync',
]);

const isSame = (left: Standing, right: Standing): boolean =>
  left.status === right.status &&
  left.mediaType === right.mediaType &&
  left.body === right.body &&
  left.sent === right.sent &&
  left.failed === right.failed;

/** The status codes that a value may be. */
export function statusesOf(value: Value): readonly Status[] {
  const found = optionsOf(value).map((option): Status | undefined => {
    if (option.kind === 'constant') {
      if (option.value === undefined || option.value === null) return undefined;
      const status = Number(option.value);
      return Number.isInteger(status) && status >= 100 && status <= 599 ? status : 'default';
    }
    if (option.kind === 'external') return statusOfName(option.path.at(-1) ?? '') ?? 'default';
    if (option.kind === 'member') return statusOfName(option.name) ?? 'default';
    return 'default';
  });
  const given = found.filter((status) => status !== undefined);
  return given.length === 0 ? ['default'] : [...new Set(given)];
}

/** Names of status codes as packages spell them: `NOT_FOUND`, `NotFound`, `notFound`, `HTTP_STATUS_NOT_FOUND`. */
export function statusOfName(name: string): number | undefined {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/^(?:https?status|http|sc)/, '');
  return Object.hasOwn(STATUS_NAMES, plain) ? STATUS_NAMES[plain] : undefined;
}

const STATUS_NAMES: Readonly<Record<string, number>> = {
  ok: 200,
  created: 201,
  accepted: 202,
  nocontent: 204,
  movedpermanently: 301,
  movedtemporarily: 302,
  found: 302,
  seeother: 303,
  notmodified: 304,
  badrequest: 400,
  unauthorized: 401,
  paymentrequired: 402,
  forbidden: 403,
  notfound: 404,
  methodnotallowed: 405,
  notacceptable: 406,
  requesttimeout: 408,
  conflict: 409,
  gone: 410,
  preconditionfailed: 412,
  payloadtoolarge: 413,
  unsupportedmediatype: 415,
  unprocessableentity: 422,
  locked: 423,
  toomanyrequests: 429,
  internalservererror: 500,
  internalserver: 500,
  internal: 500,
  servererror: 500,
  notimplemented: 501,
  badgateway: 502,
  serviceunavailable: 503,
  gatewaytimeout: 504,
};
