// Messages over a link: sealed, numbered, and read only when they have the shape that is waited for.
import type { Envelopes } from './envelope.ts';
import type { Link } from './link.ts';
import { PROTOCOL } from './protocol.ts';
import { number, object, type Shape, ShapeError } from './shape.ts';

/** A message of another protocol was heard. */
export interface Stranger {
  readonly protocol: number;
  readonly version: string;
  readonly name: string;
}

/** Who is told of what is not read. */
export interface Listeners {
  readonly onStranger?: (stranger: Stranger) => void;
  /** Of no form, of another key, or without one. */
  readonly onUnreadable?: (subject: string) => void;
}

const NUMBERED = object({ seq: number(1, Number.MAX_SAFE_INTEGER) });

/** No run has so many subjects; what lies beyond is somebody's flood. */
const MOST_SUBJECTS = 10_000;

export class Channel {
  /** Messages that were not read: not ours, of another key, out of shape, late or said twice. */
  ignored = 0;
  readonly #link: Link;
  readonly #envelopes: Envelopes;
  readonly #listeners: Listeners;
  /** The last number that was read on each subject. */
  readonly #last = new Map<string, number>();
  #said = 0;

  constructor(link: Link, envelopes: Envelopes, listeners: Listeners) {
    this.#link = link;
    this.#envelopes = envelopes;
    this.#listeners = listeners;
  }

  say(subject: string, message: object): void {
    this.#said += 1;
    this.#link.publish(subject, this.#envelopes.close(subject, { ...message, seq: this.#said }));
  }

  /**
   * Tells `take` of every new message on `subject` that has the shape. Hands back what ends that. `shared`: several
   * speak on it, each with numbers of its own, so that what is said twice is read twice.
   */
  hear<T>(
    subject: string,
    shape: Shape<T>,
    take: (message: T, subject: string) => void,
    { shared = false } = {},
  ): () => void {
    return this.#link.subscribe(subject, (from, data) => {
      const opened = this.#envelopes.open(from, data);
      if (opened.kind === 'foreign') this.#listeners.onStranger?.(opened);
      if (opened.kind === 'unreadable') this.#listeners.onUnreadable?.(from);
      const message = opened.kind === 'message' ? this.#read(from, opened.body, shape, shared) : undefined;
      if (message === undefined) this.ignored += 1;
      else take(message, from);
    });
  }

  /** The message, unless it is out of shape, or not newer than the last one. */
  #read<T>(subject: string, body: unknown, shape: Shape<T>, shared: boolean): T | undefined {
    try {
      const { seq } = NUMBERED(body, 'message');
      const message = shape(body, 'message');
      if (shared) return message;
      const last = this.#last.get(subject);
      if (last === undefined ? this.#last.size >= MOST_SUBJECTS : seq <= last) return undefined;
      this.#last.set(subject, seq);
      return message;
    } catch (error) {
      if (error instanceof ShapeError) return undefined;
      throw error;
    }
  }

  /** Subjects of a run that is over are not heard again. */
  forget(subject: string): void {
    this.#last.delete(subject);
  }
}

/** What both ends say when they meet one of another protocol. */
export const strangerWords = (who: string, { name, protocol, version }: Stranger): string =>
  `${who} ${JSON.stringify(name)} speaks protocol ${protocol} (senior-backend ${version}), this one ${PROTOCOL}: ` +
  'install the same version on all machines';
