// Watches the database and the service while the load runs.
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadEvidence, LockWait, SessionEvidence } from './evidence.ts';
import type { Cost, Meter, Reading } from './meter.ts';
import { Sampler } from './sampler.ts';

/** What was seen during the load, not divided by anything. */
export interface Seen {
  readonly cost: Cost;
  readonly sessions: SessionEvidence | undefined;
  readonly locks: readonly LockWait[];
  readonly peers: LoadEvidence['peers'];
  /** Statements as they were sent, by their numbers, as far as they were met. */
  readonly sent: ReadonlyMap<string, string>;
  /** The role may not see what the sessions do. */
  readonly isBlind: boolean;
}

const SAMPLE_MS = 25;
const PEERS_MS = 300;

export class Watch {
  readonly #meter: Meter;
  readonly #sampler: Sampler;
  readonly #peers = new Map<string, number>();
  /** Ports of the service's connections to the database, which are no peers. */
  readonly #ports = new Set<number>();
  readonly #databases = new Set<string>();
  #before: Reading | undefined;
  #after: Reading | undefined;

  private constructor(meter: Meter, sampler: Sampler) {
    this.#meter = meter;
    this.#sampler = sampler;
  }

  /** To be called when the service has connections: sessions that are not its own are left out from now on. */
  static async open(meter: Meter, now: () => number): Promise<Watch> {
    const sampler = meter.substitute ?? new Sampler(meter.observer, now);
    sampler.startAnew();
    const watch = new Watch(meter, sampler);
    const peers = (await meter.server?.peers()) ?? [];
    const sessions = (await meter.observer.sessions().catch(() => undefined)) ?? [];
    const ports = new Set(peers.map(({ localPort }) => localPort));
    const own = sessions.filter(({ port }) => port !== null && ports.has(port));
    if (own.length > 0) sampler.ignore(sessions.filter((one) => !own.includes(one)).map(({ pid }) => pid));
    return watch;
  }

  /** Does the work and watches. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const state = { done: false };
    this.#before = await this.#meter.read();
    const looking = this.#lookForPeers(state);
    try {
      return await this.#sampler.during(work, SAMPLE_MS);
    } finally {
      state.done = true;
      this.#after = await this.#meter.read();
      await looking;
    }
  }

  async #lookForPeers(state: { readonly done: boolean }): Promise<void> {
    const { server, observer } = this.#meter;
    while (server !== undefined && !state.done) {
      const peers = await server.peers().catch(() => []);
      for (const { port } of (await observer.sessions().catch(() => undefined)) ?? []) {
        if (port !== null) this.#ports.add(port);
      }
      const counts = new Map<string, number>();
      for (const { address, localPort } of peers) {
        if (this.#ports.has(localPort)) this.#databases.add(address);
        else counts.set(address, (counts.get(address) ?? 0) + 1);
      }
      for (const [address, count] of counts)
        this.#peers.set(address, Math.max(count, this.#peers.get(address) ?? 0));
      await delay(PEERS_MS);
    }
  }

  get seen(): Seen {
    if (this.#before === undefined || this.#after === undefined)
      throw new RangeError('nothing was watched yet');
    return {
      cost: this.#meter.between(this.#before, this.#after),
      sessions: this.#sampler.sessions,
      locks: this.#sampler.locks,
      isBlind: this.#sampler.isBlind,
      sent: this.#sampler.sent,
      peers: [...this.#peers]
        .filter(([address]) => !this.#databases.has(address))
        .map(([address, connections]) => ({ address, connections }))
        .sort((one, other) => other.connections - one.connections),
    };
  }
}
