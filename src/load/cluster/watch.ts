// Who is still there. A worker that is not heard of may be lost; when the NATS server is silent, nobody is to blame.
import { UserError } from '../../core/errors.ts';
import type { Member } from './member.ts';
import {
  BEAT_EVERY,
  type Clock,
  LINK_DOWN_AFTER,
  PATIENCE,
  RETURN_PATIENCE,
  SILENT_AFTER,
} from './protocol.ts';

/** A result that has not come so long after the end of a run does not come. */
const RESULT_WITHIN = 30_000;

export class Watch {
  /** Told when the server has been silent for too long. */
  onGone: (error: UserError) => void = () => {};
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;
  #echoAt: number;
  /** Since when what we do not hear was not said. */
  #listeningSince: number;
  #tickAt: number;
  #isDown = false;

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#echoAt = clock.monotonic();
    this.#listeningSince = this.#echoAt;
    this.#tickAt = this.#echoAt;
  }

  /** One of our own messages came back. */
  echoed(): void {
    this.#echoAt = this.#clock.monotonic();
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#listeningSince = this.#echoAt;
    this.#tell('the NATS server is back');
  }

  /** Judges who is silent; to be called at every beat. */
  tick(members: readonly Member[], server: string): void {
    const now = this.#clock.monotonic();
    // This process had no processor: what was said meanwhile is still to be read, so that nobody is judged before.
    const wasAbsent = now - this.#tickAt > 3 * BEAT_EVERY;
    this.#tickAt = now;
    if (wasAbsent) return;
    this.#judgeLink(now, server);
    if (!this.#isDown) for (const member of members) this.#judge(member, now);
  }

  #judgeLink(now: number, server: string): void {
    const silence = now - this.#echoAt;
    if (silence > LINK_DOWN_AFTER && !this.#isDown) {
      this.#isDown = true;
      this.#tell(`the NATS server ${server} does not pass messages on`);
    }
    if (silence <= PATIENCE) return;
    const error = new UserError('LOAD034', `the NATS server ${server} was silent for ${PATIENCE / 1000} s`, {
      help: 'The workers end the run by themselves; start the server and run again.',
    });
    this.onGone(error);
  }

  #judge(member: Member, now: number): void {
    if (member.isSettled) return;
    const isSilent = now - Math.max(member.heardAt, this.#listeningSince) > SILENT_AFTER;
    if (isSilent === member.isSilent) return;
    member.isSilent = isSilent;
    const { name, heardAt } = member;
    const silence = ((now - heardAt) / 1000).toFixed(1);
    this.#tell(isSilent ? `${name} is lost: nothing was heard of it for ${silence} s` : `${name} is back`);
  }

  /**
   * Gives up those from whom nothing more is to be expected: they have been silent for long, and all others are done;
   * or the run should be over since half a minute.
   */
  giveUp(members: readonly Member[], endsAt: number): void {
    const now = this.#clock.monotonic();
    const othersDone = members.every(({ isSettled, isSilent }) => isSettled || isSilent);
    for (const member of members) {
      const silence = now - Math.max(member.heardAt, this.#listeningSince);
      const isLost = !this.#isDown && othersDone && member.isSilent && silence > RETURN_PATIENCE;
      if (member.isSettled || !(isLost || now > endsAt + RESULT_WITHIN)) continue;
      member.lostWhy = isLost ? 'nothing more was heard of it' : 'its result did not come';
      member.lostAt = Math.min(now, member.heardAt + BEAT_EVERY);
    }
  }
}
