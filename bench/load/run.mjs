// What one request costs each load generator, in CPU time, against servers that are quicker than all of
// them. Each is run for a second and for --seconds: `whole` is the longer run with the program's start,
// `steady` the difference of the two, which has no start in it. Rounds are interleaved, so that what else
// the machine does hits all alike; HTTP/1.1 requests are counted by the server. Peers are those on PATH.
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
const rounds = Number(values.rounds);
const lengths = [1, Number(values.seconds)];
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');

const ours =
  (engine, ...flags) =>
  (url, c, seconds) => [
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
    '--json',
    ...flags,
  ];
const totalOfOurs = (text) => JSON.parse(text).requests.total;
const totalOfWrk = (text) => Number(/(\d+) requests in/.exec(text)?.[1]);
const totalOfH2load = (text) => Number(/requests: (\d+) total/.exec(text)?.[1]);

const installed = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const keepInstalled = (list) => list.filter(({ line }) => installed(line('', 1, 1)[0]));

const HTTP1 = keepInstalled([
  { name: 'senior-backend, io_uring', line: ours('io_uring') },
  { name: 'senior-backend, net', line: ours('net') },
  { name: 'wrk', line: (url, c, seconds) => ['wrk', '-t1', `-c${c}`, `-d${seconds}`, url] },
  { name: 'h2load --h1', line: (url, c, seconds) => ['h2load', '--h1', '-t1', '-c', c, '-D', seconds, url] },
  { name: 'oha', line: (url, c, seconds) => ['oha', '--no-tui', '-c', c, '-z', `${seconds}s`, url] },
  { name: 'autocannon', line: (url, c, seconds) => ['autocannon', '-c', c, '-d', seconds, url] },
]);
const HTTP2 = keepInstalled([
  {
    name: 'senior-backend, net',
    line: ours('net', '--http2', '--streams', 10, '--no-verify-ssl'),
    total: totalOfOurs,
  },
  {
    name: 'h2load',
    line: (url, c, seconds) => ['h2load', '-t1', '-c', c, '-m10', '-D', seconds, url],
    total: totalOfH2load,
  },
  {
    name: 'oha',
    line: (url, c, seconds) => [
      'oha',
      '--no-tui',
      '--http2',
      '--insecure',
      '-p',
      10,
      '-c',
      c,
      '-z',
      `${seconds}s`,
      '-j',
      url,
    ],
    total: (text) => Object.values(JSON.parse(text).statusCodeDistribution)[0],
  },
]);
const HTTP1_TLS = keepInstalled([
  { name: 'senior-backend, net', line: ours('net', '--no-verify-ssl'), total: totalOfOurs },
  {
    name: 'wrk',
    line: (url, c, seconds) => ['wrk', '-t1', `-c${c}`, `-d${seconds}`, url],
    total: totalOfWrk,
  },
  {
    name: 'h2load --h1',
    line: (url, c, seconds) => ['h2load', '--h1', '-t1', '-c', c, '-D', seconds, url],
    total: totalOfH2load,
  },
]);

const pin = (core) => (installed('taskset') ? ['taskset', '-c', String(core)] : []);

/** Runs a program to its end: its output, and the CPU seconds of it and its children. */
function measure(words) {
  const line = [...pin(Math.min(1, availableParallelism() - 1)), ...words.map(String)];
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { stdout } = spawnSync('sh', ['-c', '"$@" 2>/dev/null; times', 'sh', ...line], options);
  const [, user = '', system = ''] = /(\S+) (\S+)\s*$/.exec(stdout) ?? [];
  return { text: stdout.split('\n').slice(0, -3).join('\n'), cpu: cpuSeconds(user) + cpuSeconds(system) };
}

const cpuSeconds = (text) => {
  const [, minutes = 0, rest = 0] = /(\d+)m([\d.]+)s/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
};

/** Starts a server pinned to core 0 that prints its port, and its request count on SIGUSR1. */
async function startReferenceServer() {
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

/** A server of somebody else's on the first core, once it listens. */
async function startForeign(port, scheme, words) {
  const [program, ...rest] = [...pin(0), ...words.map(String)];
  const child = spawn(program, rest, { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 700));
  return { url: `${scheme}://127.0.0.1:${port}/`, count: undefined, stop: () => child.kill() };
}

const folder = mkdtempSync(join(tmpdir(), 'reference-'));
writeFileSync(join(folder, 'index.html'), 'ok');
const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
const portFrom = (offset) => 20_000 + ((process.pid * 4 + offset) % 20_000);

function makeCertificate() {
  const words = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const files = ['-subj', '/CN=localhost', '-keyout', key, '-out', certificate];
  return spawnSync('openssl', [...words, ...files], { stdio: 'ignore' }).status === 0;
}

const startHttp2 = () => {
  const port = portFrom(0);
  return startForeign(port, 'http', ['nghttpd', '--no-tls', '-d', folder, port]);
};

const startHttp2Tls = () => {
  const port = portFrom(1);
  return startForeign(port, 'https', ['nghttpd', '-d', folder, port, key, certificate]);
};

const startHttp1Tls = () => {
  const port = portFrom(2);
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log /dev/null;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}; proxy_temp_path ${folder};
fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
server { listen 127.0.0.1:${port} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};
location / { return 200 "ok"; } } }`,
  );
  return startForeign(port, 'https', ['nginx', '-c', file]);
};

const median = (list) => [...list].sort((left, right) => left - right)[Math.floor(list.length / 2)];
const loads = [];

/** One generator, both lengths: microseconds a request. */
async function cost({ line, total }, server, c) {
  const runs = [];
  for (const seconds of lengths) {
    const before = await server.count?.();
    const { text, cpu } = measure(line(server.url, c, seconds));
    const requests = total === undefined ? (await server.count()) - before : total(text);
    runs.push({ cpu, requests });
    loads.push(loadavg()[0]);
  }
  const [short, long] = runs;
  const steady = (long.cpu - short.cpu) / (long.requests - short.requests);
  return { whole: (long.cpu / long.requests) * 1e6, steady: steady * 1e6 };
}

async function table(generators, server, columns, yardstick) {
  const costs = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const c of columns) {
      for (const generator of generators) {
        const key = `${generator.name} ${c}`;
        const own = await cost(generator, server, c);
        costs.set(key, [...(costs.get(key) ?? []), own]);
        console.error(
          `round ${round + 1} c ${key}: whole ${own.whole.toFixed(2)}, steady ${own.steady.toFixed(2)}`,
        );
      }
    }
  }
  server.stop();
  // Ratios are taken within a round: a busy minute then does not count for one and not for the other.
  const cell = (name, c, kind) => {
    const own = costs.get(`${name} ${c}`);
    const other = costs.get(`${yardstick} ${c}`);
    const ratio =
      other === undefined
        ? ''
        : ` (${median(own.map((entry, at) => entry[kind] / other[at][kind])).toFixed(2)})`;
    return `${median(own.map((entry) => entry[kind])).toFixed(1)}${ratio}`;
  };
  const heads = columns.flatMap((c) => [`c ${c}, steady`, `c ${c}, whole`]);
  return [
    `| generator | ${heads.join(' | ')} |`,
    `| --- | ${heads.map(() => '---').join(' | ')} |`,
    ...generators.map(
      ({ name }) =>
        `| ${name} | ${columns.flatMap((c) => [cell(name, c, 'steady'), cell(name, c, 'whole')]).join(' | ')} |`,
    ),
  ];
}

const SECTIONS = [
  {
    title: 'HTTP/1.1, keep-alive, an answer of two bytes',
    generators: HTTP1,
    start: startReferenceServer,
    columns: values.concurrency.split(','),
    yardstick: 'wrk',
  },
  {
    title: 'HTTP/2 in cleartext, 10 streams on each of 10 connections',
    needs: ['nghttpd'],
    generators: HTTP2,
    start: startHttp2,
    columns: ['10'],
    yardstick: 'h2load',
  },
  {
    title: 'HTTP/2 with TLS, 10 streams on each of 10 connections',
    needs: ['nghttpd', 'openssl'],
    generators: HTTP2,
    start: startHttp2Tls,
    columns: ['10'],
    yardstick: 'h2load',
  },
  {
    title: 'HTTP/1.1 with TLS',
    needs: ['nginx', 'openssl'],
    generators: HTTP1_TLS,
    start: startHttp1Tls,
    columns: ['50'],
    yardstick: 'wrk',
  },
];

makeCertificate();
const tables = [];
for (const { title, needs = [], generators, start, columns, yardstick } of SECTIONS) {
  if (!needs.every(installed)) continue;
  tables.push('', `## ${title}`, '', ...(await table(generators, await start(), columns, yardstick)));
}
const missing = ['wrk', 'h2load', 'oha', 'autocannon', 'nghttpd', 'nginx'].filter((name) => !installed(name));
const page = [
  '# What a request costs',
  '',
  'CPU microseconds per request, and in brackets the ratio to wrk (HTTP/2: h2load) of the same round; medians of',
  `${rounds} interleaved rounds. \`whole\`: a run of ${lengths[1]} s with the start of the program; \`steady\`: the same less a run of 1 s.`,
  `The server has core 0, the generator core 1. Node ${process.version}, ${availableParallelism()} cores, load average`,
  `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}. Written by \`npm run bench:load\`.`,
  ...(missing.length === 0 ? [] : [`Not installed here, so not measured: ${missing.join(', ')}.`]),
  ...tables,
  '',
].join('\n');
console.log(page);
if (values.output !== undefined) writeFileSync(values.output, page);
