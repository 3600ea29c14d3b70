// The life of the service: from listening over ready and draining to closed, without losing a request it took.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ServiceConfig } from './settings.js';

/** Something that the service cannot do without; it rejects, or answers false, when it is not there. */
export type ReadinessCheck = () => Promise<unknown>;

/** What load balancers are told. */
export interface Health {
  readonly status: 200 | 503;
  readonly body: { readonly status: 'ok' | 'draining' | 'unavailable'; readonly failing?: readonly string[] };
}

export class Lifecycle {
  readonly #checks: Readonly<Record<string, ReadinessCheck>>;
  #isDraining = false;

  constructor(checks: Readonly<Record<string, ReadinessCheck>> = {}) {
    this.#checks = checks;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  drain(): void {
    this.#isDraining = true;
  }

  /** Whether the process works at all. */
  live(): Health {
    return { status: 200, body: { status: 'ok' } };
  }

  /** Whether requests should come here: not while draining, and not while something is missing. */
  async ready(): Promise<Health> {
    if (this.#isDraining) return { status: 503, body: { status: 'draining' } };
    const names = Object.keys(this.#checks);
    const results = await Promise.all(names.map((name) => withinTime(this.#checks[name])));
    const failing = names.filter((_, at) => results[at] !== true);
    if (failing.length === 0) return { status: 200, body: { status: 'ok' } };
    return { status: 503, body: { status: 'unavailable', failing } };
  }
}

const CHECK_TIMEOUT = 2000;

const withinTime = async (check: ReadinessCheck | undefined): Promise<boolean> => {
  const late = sleep(CHECK_TIMEOUT, false, { ref: false });
  const works = Promise.resolve(check?.()).then(
    (answer) => answer !== false,
    () => false,
  );
  return Promise.race([works, late]);
};

/** A framework's application, as far as its life goes. */
export interface Listener {
  readonly server: Server;
  listen(port: number, host: string): Promise<unknown>;
  /** Lets go of what the framework holds, when the server is closed. */
  close(): Promise<unknown>;
}

/** A service that listens. */
export interface Running {
  readonly port: number;
  /** Stops taking requests, answers those that it took, and lets go of everything. Resolves when all is done. */
  stop(): Promise<void>;
}

/** What running takes. */
export interface RunOptions {
  readonly listener: Listener;
  readonly lifecycle: Lifecycle;
  readonly config: ServiceConfig;
  readonly logger: Logger;
  /** Lets go of what requests need: connections to databases and the like. */
  readonly release: () => Promise<unknown>;
}

/** Starts to listen. */
export async function run({ listener, lifecycle, config, logger, release }: RunOptions): Promise<Running> {
  const open = trackRequests(listener.server);
  await listener.listen(config.PORT, config.HOST);
  const { port } = listener.server.address() as AddressInfo;
  logger.info({ port, host: config.HOST }, 'listening');
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    lifecycle.drain();
    logger.info({ open: open.size }, 'draining: readiness fails, and requests are still answered');
    await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000);
    await quietMoment(listener.server);
    open.close();
    await closeInTime(listener.server, config.SHUTDOWN_TIMEOUT_SECONDS * 1000, logger);
    await listener.close();
    await release();
    logger.info({ ...open.counts }, 'stopped');
  };
  return {
    port,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

const QUIET = 20;
const LONGEST_WAIT = 500;

/**
 * Waits until nobody has connected for a moment. Who connects at the very instant at which listening ends
 * is turned away by the system, without an answer: so that instant should be one in which nobody comes.
 */
async function quietMoment(server: Server): Promise<void> {
  let connected = 0;
  const count = (): void => {
    connected += 1;
  };
  server.on('connection', count);
  for (let waited = 0, before = -1; connected !== before && waited < LONGEST_WAIT; waited += QUIET) {
    before = connected;
    await sleep(QUIET);
  }
  server.off('connection', count);
  // Right after the system was asked for new connections.
  await new Promise((resolve) => setImmediate(resolve));
}

/** How long a client that was told nothing may take to send a last request on a connection that is kept alive. */
const LAST_REQUESTS = 1000;

/**
 * Takes no more connections, and lets those that there are end with an answer. Not by the close of Node's
 * HTTP server: that cuts idle connections at once, and with them requests that are on their way.
 */
async function closeInTime(server: Server, timeout: number, logger: Logger): Promise<void> {
  const closed = new Promise<void>((resolve) => void TcpServer.prototype.close.call(server, () => resolve()));
  const forced = setTimeout(() => {
    logger.error('requests took longer than SHUTDOWN_TIMEOUT_SECONDS: their connections are closed');
    server.closeAllConnections();
  }, timeout);
  await Promise.race([closed, sleep(LAST_REQUESTS)]);
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(forced);
  clearInterval(idle);
}

/** The requests that are being answered. */
class OpenRequests {
  readonly #answers = new Set<ServerResponse>();
  readonly counts = { accepted: 0, answered: 0 };
  #isClosing = false;

  get size(): number {
    return this.#answers.size;
  }

  add(answer: ServerResponse): void {
    this.counts.accepted += 1;
    this.#answers.add(answer);
    if (this.#isClosing) closeAfter(answer);
    answer.once('close', () => {
      this.#answers.delete(answer);
      if (answer.writableFinished) this.counts.answered += 1;
    });
  }

  /** From here on, every answer is the last one on its connection. */
  close(): void {
    this.#isClosing = true;
    for (const answer of this.#answers) closeAfter(answer);
  }
}

function closeAfter(answer: ServerResponse): void {
  if (!answer.headersSent) answer.setHeader('connection', 'close');
}

function trackRequests(server: Server): OpenRequests {
  const open = new OpenRequests();
  server.prependListener('request', (_request: IncomingMessage, answer: ServerResponse) => open.add(answer));
  return open;
}
