// The service's processes, where they run on this machine and its system tells (Linux, the same user or root).
import { readdir, readFile, readlink } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

/** What the service's threads have used since they began, in milliseconds. */
export interface ProcessTimes {
  readonly cpuMs: number;
  /** Ready to run, but something else did. */
  readonly waitMs: number;
  /** Both, by thread. */
  readonly threads: ReadonlyMap<string, number>;
}

/** A connection of the service that it opened itself. */
export interface Peer {
  readonly address: string;
  readonly localPort: number;
}

export interface ServerProcess {
  times(): Promise<ProcessTimes>;
  peers(): Promise<readonly Peer[]>;
}

const LISTENING = '0A';
const ESTABLISHED = '01';

interface SocketRow {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly state: string;
  readonly inode: string;
}

/** The process that listens on an address, with its descendants; undefined where that cannot be seen. */
export async function findServerProcess(address: string, port: number): Promise<ServerProcess | undefined> {
  if (!isHere(address)) return undefined;
  const inodes = new Set(
    (await socketRows())
      .filter((row) => row.state === LISTENING && row.localPort === port)
      .map(({ inode }) => inode),
  );
  if (inodes.size === 0) return undefined;
  const owners: string[] = [];
  for (const pid of await processes()) {
    if ([...(await socketsOf(pid))].some((inode) => inodes.has(inode))) owners.push(pid);
  }
  if (owners.length === 0 || (await Promise.all(owners.map(isForwarder))).includes(true)) return undefined;
  return {
    times: async () => timesOf(await withDescendants(owners)),
    peers: async () => peersOf(await withDescendants(owners), port),
  };
}

/** Programs that only hand connections on: what they cost says nothing of the service behind them. */
const FORWARDERS: ReadonlySet<string> = new Set([
  'docker-proxy',
  'rootlessport',
  'rootlesskit',
  'conmon',
  'slirp4netns',
  'pasta',
  'nginx',
  'haproxy',
  'envoy',
  'traefik',
  'caddy',
  'sshd',
  'ssh',
  'kubectl',
  'socat',
]);

const isForwarder = async (pid: string): Promise<boolean> =>
  FORWARDERS.has((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim());

function isHere(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
  return address === '' || own.includes(address);
}

const lines = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8').catch(() => '')).trim().split('\n').slice(1);

/** All TCP sockets of this machine, from the kernel's table (Documentation/networking/proc_net_tcp.rst). */
async function socketRows(): Promise<SocketRow[]> {
  const all = [...(await lines('/proc/net/tcp')), ...(await lines('/proc/net/tcp6'))];
  return all.map((line) => {
    const fields = line.trim().split(/\s+/);
    const [local = '', localPort = '0'] = (fields[1] ?? '').split(':');
    const remote = fields[2] ?? '';
    return {
      local,
      localPort: Number.parseInt(localPort, 16),
      remote,
      state: fields[3] ?? '',
      inode: fields[9] ?? '',
    };
  });
}

const processes = async (): Promise<string[]> =>
  (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));

/** The inodes of the sockets that a process holds open. */
async function socketsOf(pid: string): Promise<Set<string>> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** Workers of a cluster are children of the one that listens. */
async function withDescendants(owners: readonly string[]): Promise<string[]> {
  const parents = new Map<string, string>();
  for (const pid of await processes()) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name, in brackets, may hold anything.
    parents.set(pid, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '');
  }
  const family = new Set(owners);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

/** `schedstat` counts nanoseconds: run, and ready but not running (Documentation/scheduler/sched-stats.rst). */
async function timesOf(pids: readonly string[]): Promise<ProcessTimes> {
  const threads = new Map<string, number>();
  let cpuMs = 0;
  let waitMs = 0;
  for (const pid of pids) {
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '');
      const [ran = 0, waited = 0] = text.trim().split(' ').map(Number);
      cpuMs += ran / 1e6;
      // Threads that wait beside the one that answers do not hold it up.
      if (thread === pid) waitMs += waited / 1e6;
      threads.set(`${pid}/${thread}`, (ran + waited) / 1e6);
    }
  }
  return { cpuMs, waitMs, threads };
}

async function peersOf(pids: readonly string[], listening: number): Promise<Peer[]> {
  const held = new Set<string>();
  for (const pid of pids) for (const inode of await socketsOf(pid)) held.add(inode);
  return (await socketRows())
    .filter(
      ({ state, localPort, inode }) => state === ESTABLISHED && localPort !== listening && held.has(inode),
    )
    .map(({ remote, localPort }) => ({ address: readable(remote), localPort }));
}

/** `0100007F:1538` as 127.0.0.1:5432: the kernel prints each 32 bits as the machine stores them. */
function readable(text: string): string {
  const [hex = '', port = '0'] = text.split(':');
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  const number = Number.parseInt(port, 16);
  const v4 = bytes.length === 4 || /^0{20}ffff/i.test(bytes.join(''));
  if (v4)
    return `${bytes
      .slice(-4)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.')}:${number}`;
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  return `[${groups.map((group) => group.replace(/^0{1,3}/, '')).join(':')}]:${number}`;
}
