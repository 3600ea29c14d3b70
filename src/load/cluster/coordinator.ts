// Leads a run on many machines: gathers them, lets them start at one moment, watches over them, and adds up.
import { randomBytes } from 'node:crypto';
import { UserError } from '../../core/errors.ts';
import type { LoadOptions } from '../settings.ts';
import { Channel, strangerWords } from './channel.ts';
import type { Envelopes } from './envelope.ts';
import { isGathered, joinPatience, mostWorkers, refuseLongWays, tooFew, type Wanted } from './gathering.ts';
import type { Link } from './link.ts';
import { linkLost, partBytesOf } from './link-rules.ts';
import { Member } from './member.ts';
import { type Job, TO_ALL, TO_COORDINATOR, type ToAll, type ToCoordinator } from './messages.ts';
import { encodeOptions } from './options.ts';
import { ParcelError, ParcelSender } from './parcel.ts';
import {
  allSubject,
  BEAT_EVERY,
  CALL_SUBJECT,
  type Clock,
  coordinatorSubject,
  START_AHEAD,
  STRANGER_SUBJECT,
  workerSubject,
} from './protocol.ts';
import { shareOut } from './share.ts';
import { Watch } from './watch.ts';

/** What is to be done, and how long it takes from the start to the end; in milliseconds. */
export interface Order extends Wanted {
  readonly options: LoadOptions;
  readonly connections: number;
  readonly length: number;
}

const CALL_EVERY_TICKS = 2;
const RESEND_EVERY_TICKS = 4;
/** From the moment it should be ready: a first connection may take as long as a request. */
const PREPARE_WITHIN = 60_000;

export class Coordinator {
  readonly members: Member[] = [];
  readonly notes: string[] = [];
  startAt = 0;
  readonly #run = randomBytes(16).toString('hex');
  readonly #tickets = new Map<string, Member>();
  readonly #channel: Channel;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #order: Order;
  readonly #tell: (line: string) => void;
  readonly #onProgress: (() => void) | undefined;
  readonly #watch: Watch;
  #phase: ToAll['phase'] = 'gathering';
  #ticks = 0;
  #busy = 0;
  #onTurn: () => void = () => {};

  constructor(
    link: Link,
    envelopes: Envelopes,
    order: Order,
    outside: {
      readonly clock: Clock;
      readonly tell: (line: string) => void;
      readonly onProgress?: (() => void) | undefined;
    },
  ) {
    this.#link = link;
    this.#order = order;
    this.#clock = outside.clock;
    this.#tell = outside.tell;
    this.#onProgress = outside.onProgress;
    this.#channel = new Channel(link, envelopes, {
      onStranger: (stranger) => this.#note(strangerWords('A worker', stranger)),
    });
    this.#watch = new Watch(outside.clock, (line) => this.#tell(line));
  }

  get ignored(): number {
    return this.#channel.ignored;
  }

  /** Does the run: afterwards every member has a result, or is lost. Errors: LOAD005, LOAD031 to LOAD034. */
  async lead(signal: AbortSignal): Promise<void> {
    const endings = [
      this.#channel.hear(coordinatorSubject(this.#run, '*'), TO_COORDINATOR, (message, subject) =>
        this.#told(message, subject),
      ),
      // What comes back of our own beats proves that the server passes messages on.
      this.#channel.hear(allSubject(this.#run), TO_ALL, () => this.#watch.echoed()),
      this.#channel.hear(STRANGER_SUBJECT, TO_ALL, () => {}, { shared: true }),
    ];
    const beat = setInterval(() => this.#tick(), BEAT_EVERY);
    const stop = (): void => {
      if (this.#phase === 'running') this.#phase = 'stopping';
      this.#beat();
      this.#onTurn();
    };
    signal.addEventListener('abort', stop);
    try {
      this.#tick();
      await Promise.race([this.#steps(signal), linkLost(this.#link)]);
    } finally {
      this.#phase = 'over';
      this.#beat();
      signal.removeEventListener('abort', stop);
      clearInterval(beat);
      for (const end of endings) end();
    }
  }

  async #steps(signal: AbortSignal): Promise<void> {
    await this.#gather(signal);
    refuseLongWays(this.members);
    this.#sendJobs();
    await this.#prepared(signal);
    this.#begin();
    await this.#until(() => {
      this.#watch.giveUp(this.members, this.startAt + this.#order.length);
      return this.members.every(({ isSettled }) => isSettled);
    });
    if (this.members.every(({ result }) => result === undefined)) {
      const whys = this.members.map(({ name, lostWhy }) => `${name}: ${lostWhy}`);
      throw lost(`every worker was lost (${whys.join('; ')})`);
    }
  }

  async #gather(signal: AbortSignal): Promise<void> {
    const until = this.#clock.monotonic() + joinPatience(this.#order);
    await this.#until(() => {
      interruptedBy(signal);
      const isTimeUp = this.#clock.monotonic() >= until;
      if (isGathered(this.members, this.#order, isTimeUp)) return true;
      if (!isTimeUp || (this.#order.workers === undefined && this.members.length > 0)) return false;
      const heard = { busy: this.#busy, strangers: this.notes, ignored: this.#channel.ignored };
      throw tooFew(this.members, this.#order, heard);
    });
    const names = this.members.map(({ name }) => name);
    this.#tell(`${names.length} workers joined: ${names.join(', ')}`);
  }

  #sendJobs(): void {
    const { options, connections } = this.#order;
    const encoded = encodeOptions(options);
    const shares = shareOut(
      this.members.map(({ capacity }) => capacity),
      { connections, requests: options.requests },
    );
    for (const [at, member] of this.members.entries()) {
      const share = shares[at];
      if (share === undefined) throw new RangeError('there are as many shares as workers');
      member.share = share;
      const own = {
        connections: share.connections,
        ...(share.requests === undefined ? {} : { requests: share.requests }),
      };
      const job = {
        options: { ...encoded, ...own },
        window: share.window,
        place: { index: at, of: shares.length },
      };
      this.#send(member, job satisfies { readonly [Key in keyof Job]: unknown });
    }
  }

  #send(member: Member, job: object): void {
    try {
      member.job = new ParcelSender(job, partBytesOf(this.#link), (part) =>
        member.say({ kind: 'job', ...part }),
      );
    } catch (error) {
      if (!(error instanceof ParcelError)) throw error;
      throw new UserError('LOAD005', `the requests cannot be sent to the workers: ${error.message}`, {
        kind: 'usage',
        help: 'Give fewer rows of --data, or a smaller body.',
      });
    }
  }

  /** Everybody is ready, or there is no run. Errors: LOAD032, LOAD033. */
  async #prepared(signal: AbortSignal): Promise<void> {
    const until = this.#clock.monotonic() + PREPARE_WITHIN;
    await this.#until(() => {
      interruptedBy(signal);
      const refused = this.members.find(({ phase }) => phase === 'refused');
      if (refused !== undefined) throw refusedBy(refused);
      const missing = this.members.find(({ isSilent, isSettled }) => isSilent || isSettled);
      if (missing !== undefined) throw lost(`${missing.name} was lost before the start; nothing was sent`);
      if (this.#clock.monotonic() > until) throw lost('not every worker was ready in time; nothing was sent');
      return this.members.every(({ phase }) => phase === 'ready');
    });
  }

  #begin(): void {
    const longest = Math.max(...this.members.map(({ offset }) => offset?.uncertainty ?? 0));
    this.startAt = this.#clock.monotonic() + START_AHEAD + 4 * longest;
    this.#phase = 'running';
    this.#sendStart();
  }

  #sendStart(): void {
    for (const member of this.members) {
      if (member.phase !== 'ready') continue;
      member.say({ kind: 'start', at: this.startAt + (member.offset?.monotonic ?? 0) });
    }
  }

  /** Resolves when `isSo`, which is asked after each message and each beat; rejects when it throws. */
  async #until(isSo: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#onTurn = () => {
        try {
          if (isSo()) resolve();
        } catch (error) {
          reject(error);
        }
      };
      this.#watch.onGone = (error) => reject(error);
      this.#onTurn();
    }).finally(() => {
      this.#onTurn = () => {};
    });
  }

  #tick(): void {
    this.#ticks += 1;
    this.#watch.tick(this.members, this.#link.server);
    this.#beat();
    if (this.#phase === 'gathering' && this.members.every(({ share }) => share === undefined)) this.#call();
    if (this.#phase === 'running') this.#sendStart();
    const resend = this.#ticks % RESEND_EVERY_TICKS === 0;
    for (const member of this.members) {
      if (resend) member.job?.again();
      if (resend && this.#phase === 'gathering') member.askTime();
    }
    this.#onTurn();
    if (resend && this.#phase === 'running') this.#onProgress?.();
  }

  #call(): void {
    if (this.#ticks % CALL_EVERY_TICKS !== 0) return;
    this.#channel.say(CALL_SUBJECT, { run: this.#run });
    const silent = this.members.filter(({ isSilent, phase }) => isSilent || phase === 'gone');
    for (const member of silent) this.members.splice(this.members.indexOf(member), 1);
  }

  #beat(): void {
    this.#channel.say(allSubject(this.#run), { kind: 'beat', phase: this.#phase });
  }

  #told(message: ToCoordinator, subject: string): void {
    const ticket = subject.slice(subject.lastIndexOf('.') + 1);
    const member = this.#tickets.get(ticket);
    if (message.kind === 'join') this.#join(ticket, message);
    if (member === undefined) return;
    member.heardAt = this.#clock.monotonic();
    (this.#takers[message.kind] as (member: Member, message: ToCoordinator) => void)(member, message);
    this.#onTurn();
  }

  readonly #takers: {
    readonly [K in ToCoordinator['kind']]: (
      member: Member,
      message: Extract<ToCoordinator, { kind: K }>,
    ) => void;
  } = {
    join: () => {},
    clock: (member, message) => member.takeTime(message),
    beat: (member, message) => this.#takeBeat(member, message),
    ack: (member, { index }) => member.job?.acknowledged(index),
    result: (member, message) => this.#takeResult(member, message),
  };

  #takeBeat(member: Member, beat: Extract<ToCoordinator, { kind: 'beat' }>): void {
    member.takeBeat(beat);
    if (beat.phase !== 'gone' || member.isSettled) return;
    member.lostWhy = beat.refusal?.message ?? 'it went away';
    member.lostAt = this.#clock.monotonic();
    this.#tell(`${member.name} is gone: ${member.lostWhy}`);
  }

  #takeResult(member: Member, part: Extract<ToCoordinator, { kind: 'result' }>): void {
    const before = member.isSettled;
    member.takeResult(part);
    if (before || !member.isSettled) return;
    const { result, lostWhy } = member;
    if (lostWhy !== undefined) this.#tell(`${member.name} is lost: ${lostWhy}`);
    else if (result?.left !== undefined) this.#tell(`${member.name} left: ${result.left}`);
  }

  #join(ticket: string, message: Extract<ToCoordinator, { kind: 'join' }>): void {
    if (message.busy) {
      this.#busy += 1;
      return;
    }
    if (this.#tickets.has(ticket)) return;
    const subject = workerSubject(this.#run, ticket);
    const isOpen = this.#phase === 'gathering' && this.members.every(({ share }) => share === undefined);
    if (!isOpen || this.members.length >= mostWorkers(this.#order)) {
      this.#channel.say(subject, { kind: 'declined', why: 'there are enough' });
      return;
    }
    const name = this.#freeName(message.name);
    const member = new Member({ ...message, name }, this.#clock, (answer) =>
      this.#channel.say(subject, answer),
    );
    this.#tickets.set(ticket, member);
    this.members.push(member);
    member.askTime();
  }

  /** Two workers of one name are told apart. */
  #freeName(name: string): string {
    const taken = new Set(this.members.map((member) => member.name));
    let free = name;
    for (let nth = 2; taken.has(free); nth += 1) free = `${name} (${nth})`;
    return free;
  }

  #note(line: string): void {
    if (this.notes.includes(line) || this.notes.length > 100) return;
    this.notes.push(line);
    this.#tell(line);
  }
}

const lost = (message: string): UserError =>
  new UserError('LOAD033', message, { help: 'See what the workers say, and run again.' });

function refusedBy({ name, refusal }: Member): UserError {
  const why = refusal === undefined ? '' : `: ${refusal.message} (${refusal.code})`;
  return new UserError('LOAD032', `${name} refuses the run${why}`, { kind: 'refused' });
}

/** Before the start there is nothing to report. */
function interruptedBy(signal: AbortSignal): void {
  if (signal.aborted) throw lost('the run was interrupted before its start; nothing was sent');
}
