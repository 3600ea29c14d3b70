// What one request costs each load generator, in CPU time of its whole process, against a server that is
// quicker than all of them. Rounds are interleaved, so that what else the machine does hits all alike; the
// server counts the requests. Peers are those found on PATH. Usage:
//   npm run bench:load -- [--rounds 5] [--seconds 5] [--concurrency 1,50,256] [--output bench/load/results.md]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '1,50,256' },
    output: { type: 'string' },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const ours = (engine) => (url, c) => [
  process.execPath,
  main,
  'load',
  url,
  '-c',
  c,
  '-d',
  seconds,
  '--engine',
  engine,
  '--threads',
  1,
  '--quiet',
];

const GENERATORS = [
  { name: 'senior-backend, io_uring', line: ours('io_uring') },
  { name: 'senior-backend, net', line: ours('net') },
  { name: 'wrk', line: (url, c) => ['wrk', '-t1', `-c${c}`, `-d${seconds}`, url] },
  { name: 'ab -k', line: (url, c) => ['ab', '-k', '-q', '-c', c, '-t', seconds, '-n', 100000000, url] },
  { name: 'h2load --h1', line: (url, c) => ['h2load', '--h1', '-t1', '-c', c, '-D', seconds, url] },
  { name: 'oha', line: (url, c) => ['oha', '--no-tui', '-c', c, '-z', `${seconds}s`, url] },
  { name: 'autocannon', line: (url, c) => ['autocannon', '-c', c, '-d', seconds, url] },
].filter(({ line }) => spawnSync('sh', ['-c', `command -v ${line('', 1)[0]}`]).status === 0);

const pin = (core) => (spawnSync('taskset', ['-V']).status === 0 ? ['taskset', '-c', String(core)] : []);

async function startServer() {
  const binary = join(mkdtempSync(join(tmpdir(), 'reference-')), 'server');
  execFileSync('cc', ['-O2', '-o', binary, join(root, 'bench/load/reference-server.c')]);
  const [program, ...words] = [...pin(0), binary];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = () => new Promise((resolve) => child.stdout.once('data', (data) => resolve(Number(data))));
  const port = await line();
  const count = () => {
    const next = line();
    child.kill('SIGUSR1');
    return next;
  };
  return { url: `http://127.0.0.1:${port}/`, count, stop: () => child.kill() };
}

/** Runs a generator to its end; its CPU seconds, those of its children included. */
function measure(words) {
  const line = [...pin(Math.min(1, availableParallelism() - 1)), ...words.map(String)];
  const { stdout } = spawnSync('sh', ['-c', '"$@" > /dev/null 2>&1; times', 'sh', ...line], {
    encoding: 'utf8',
  });
  const [, user = '', system = ''] = /(\S+) (\S+)\s*$/.exec(stdout) ?? [];
  return cpuSeconds(user) + cpuSeconds(system);
}

const cpuSeconds = (text) => {
  const [, minutes = 0, rest = 0] = /(\d+)m([\d.]+)s/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
};

const median = (list) => [...list].sort((left, right) => left - right)[Math.floor(list.length / 2)];

const server = await startServer();
const costs = new Map();
const loads = [];
try {
  for (let round = 0; round < rounds; round += 1) {
    for (const c of values.concurrency.split(',')) {
      for (const { name, line } of GENERATORS) {
        const before = await server.count();
        const cpu = measure(line(server.url, c));
        const requests = (await server.count()) - before;
        const key = `${name} ${c}`;
        costs.set(key, [
          ...(costs.get(key) ?? []),
          { cost: (cpu / requests) * 1e6, rate: requests / seconds },
        ]);
        loads.push(loadavg()[0]);
        console.error(
          `round ${round + 1} c ${c} ${name}: ${requests} requests, ${((cpu / requests) * 1e6).toFixed(2)} us each`,
        );
      }
    }
  }
} finally {
  server.stop();
}

const columns = values.concurrency.split(',');
const cell = (name, c) => {
  const own = costs.get(`${name} ${c}`);
  const wrk = costs.get(`wrk ${c}`);
  const cost = median(own.map((entry) => entry.cost));
  // Within a round, so that a busy minute does not count for one and not for the other.
  const ratio =
    wrk === undefined ? '' : ` (${median(own.map((entry, at) => entry.cost / wrk[at].cost)).toFixed(2)})`;
  return `${cost.toFixed(1)}${ratio}`;
};
const table = [
  `CPU microseconds per request (and, round by round, the ratio to wrk's); medians of ${rounds} interleaved rounds of`,
  `${seconds} s, whole process with its start; server on core 0, generator on core 1; Node ${process.version}; load average`,
  `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} on ${availableParallelism()} cores.`,
  '',
  `| generator | ${columns.map((c) => `c ${c}`).join(' | ')} |`,
  `| --- | ${columns.map(() => '---').join(' | ')} |`,
  ...GENERATORS.map(({ name }) => `| ${name} | ${columns.map((c) => cell(name, c)).join(' | ')} |`),
  '',
].join('\n');
console.log(table);
if (values.output !== undefined) writeFileSync(values.output, table);
