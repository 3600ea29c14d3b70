// Is what the load generator reports what really happened? Against servers of known latency, whose own
// records (kernel time of arrival to time of sending) say what each request took; for the open model, where
// latency counts from when a request was due, arithmetic on the same records says it. The two are held
// together percentile by percentile, and the counts have to be equal.
//   npm run bench:load:truth -- [--seconds 10] [--output bench/load/truth.md]
import { mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installed, loadReport, onGeneratorsCore, startServer } from './processes.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    engines: { type: 'string', default: 'io_uring,net' },
    output: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
/** What the reported figure may be off by: a share, or milliseconds. */
const [SHARE, MILLISECONDS] = [0.01, 0.2];
const WARM_UP = 1;
const FIGURES = [
  [50, 'p50'],
  [90, 'p90'],
  [95, 'p95'],
  [99, 'p99'],
  [99.9, 'p999'],
];

const server = await startServer('truth-server.c');

/** What the server did since it was last asked: milliseconds of arrival and of sending. */
async function takeRecords() {
  const words = new BigInt64Array(await (await fetch(`${server.url}/records`)).arrayBuffer());
  const origin = words[0] ?? 0n;
  return Array.from({ length: words.length / 2 }, (_, at) => ({
    received: Number(words[2 * at] - origin) / 1e6,
    sent: Number(words[2 * at + 1] - origin) / 1e6,
  }));
}

/** Requests are due evenly from a start that is not later than any arrival allows. */
function openLatencies(records, rate) {
  const inOrder = [...records].sort((left, right) => left.received - right.received);
  const start = inOrder.reduce(
    (first, { received }, at) => Math.min(first, received - (1000 * at) / rate),
    0,
  );
  return inOrder.map(({ sent }, at) => ({ sent: sent - start, took: sent - start - (1000 * at) / rate }));
}

const closedLatencies = (records) => records.map(({ received, sent }) => ({ sent, took: sent - received }));

function percentile(sorted, percent) {
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length - 1e-9)) - 1] ?? Number.NaN;
}

function judged(expected, reported) {
  const off = Math.abs(reported - expected);
  return { expected, reported, ok: off <= MILLISECONDS || off <= SHARE * expected };
}

async function measure({ path, rate, connections, engine }) {
  await takeRecords();
  const pace = rate === undefined ? [] : ['--rate', rate];
  const words = ['-c', connections, '-d', seconds, '--warmup', WARM_UP, '--threads', 1, '--engine', engine];
  const report = loadReport([`${server.url}${path}`, ...words, ...pace]);
  const records = await takeRecords();
  const all = rate === undefined ? closedLatencies(records) : openLatencies(records, rate);
  const [from, to] = [WARM_UP * 1000, (WARM_UP + seconds) * 1000];
  const took = Float64Array.from(
    all.filter(({ sent }) => sent >= from && sent < to),
    (one) => one.took,
  ).sort();
  const figures = FIGURES.map(([percent, key]) => judged(percentile(took, percent), report.latency[key]));
  const { total, warmUp, cutOff, perSecond } = report.requests;
  // The last answers may have been sent and not read when time was over.
  const unread = records.length - total - warmUp;
  const counted = {
    text: `${total + warmUp} + ${unread} = ${records.length}`,
    ok: unread >= 0 && unread <= cutOff,
  };
  return { figures, counted, perSecond };
}

/** What wrk says of the same: C code beside the same server on the same core shows what the machine itself adds. */
async function measurePeer({ path, connections }) {
  await takeRecords();
  const script = join(mkdtempSync(join(tmpdir(), 'truth-')), 'percentiles.lua');
  writeFileSync(
    script,
    `done = function(summary, latency)
      io.write("figures", ${FIGURES.map(([percent]) => `" ", latency:percentile(${percent})`).join(', ')}, "\\n")
      io.write("requests ", summary.requests, " ", summary.duration, "\\n")
    end`,
  );
  const words = [
    'wrk',
    '-t',
    '1',
    '-c',
    connections,
    '-d',
    `${seconds}s`,
    '-s',
    script,
    `${server.url}${path}`,
  ];
  const said = onGeneratorsCore(words);
  const took = Float64Array.from(closedLatencies(await takeRecords()), (one) => one.took).sort();
  const micros = /figures (.+)/.exec(said)[1].split(' ').map(Number);
  const [, total, duration] = /requests (\d+) (\d+)/.exec(said).map(Number);
  const figures = FIGURES.map(([percent], at) => judged(percentile(took, percent), micros[at] / 1000));
  // It counts neither what was under way at its end nor what it reports of it.
  const counted = { text: `${total} of ${took.length}`, ok: true };
  return { figures, counted, perSecond: (total / duration) * 1e6 };
}

/** With a number of requests there is no end in the middle of anything: both counts are that number. */
async function countExactly(engine, path, requests) {
  await takeRecords();
  const words = ['-c', 50, '-n', requests, '-d', 120, '--engine', engine];
  const { total } = loadReport([`${server.url}${path}`, ...words]).requests;
  const recorded = (await takeRecords()).length;
  return { total, recorded, ok: total === requests && recorded === requests };
}

/** The most that server and generator can do together, each with a core of its own. */
const capacityOf = (engine) =>
  loadReport([
    `${server.url}/instant`,
    '-c',
    256,
    '-d',
    3,
    '--warmup',
    WARM_UP,
    '--threads',
    1,
    '--engine',
    engine,
  ]).requests.perSecond;

function casesOf(engine, capacity) {
  const closed = (path, connections) => ({ path, connections, engine });
  const open = (path, rate, connections) => ({ path, rate: Math.round(rate), connections, engine });
  return [
    ...['/fixed', '/bimodal', '/tail', '/stall'].map((path) => closed(path, 20)),
    open('/fixed', 2000, 100),
    open('/bimodal', 2000, 200),
    open('/tail', 1000, 400),
    open('/stall', 1000, 1500),
    ...[0.2, 0.5, 0.8].flatMap((share) => [
      { ...open('/fixed', capacity * share, Math.ceil(capacity * share * 0.015)), share },
      { ...closed('/fixed', Math.ceil(capacity * share * 0.005)), share },
    ]),
  ];
}

const ms = (value) => value.toFixed(value < 100 ? 3 : 1);
function rowOf({ path, rate, connections, engine, share }, { figures, counted, perSecond }) {
  const pace = rate === undefined ? `closed, ${connections} connections` : `open, ${rate}/s`;
  const part = share === undefined ? '' : `, ${share * 100} % of capacity`;
  const cells = figures.map(
    ({ expected, reported, ok }) => `${ms(expected)} / ${ms(reported)}${ok ? '' : ' **off**'}`,
  );
  const count = counted.ok ? counted.text : `**${counted.text}**`;
  return {
    ok: counted.ok && figures.every(({ ok }) => ok),
    text: `| ${engine} | ${path.slice(1)}, ${pace}${part} | ${count} | ${perSecond.toFixed(0)} | ${cells.join(' | ')} |`,
  };
}

const rows = [];
const peers = [];
const counts = [];
const loads = [];
const capacities = [];
for (const engine of values.engines.split(',')) {
  const capacity = capacityOf(engine);
  capacities.push(`${Math.round(capacity)} with ${engine}`);
  for (const one of casesOf(engine, capacity)) {
    loads.push(loadavg()[0]);
    rows.push(rowOf(one, await measure(one)));
    console.error(rows.at(-1).text);
    if (engine !== 'io_uring' || one.rate !== undefined || !installed('wrk')) continue;
    peers.push(rowOf({ ...one, engine: 'wrk' }, await measurePeer(one)));
    console.error(peers.at(-1).text);
  }
  for (const [path, requests] of [
    ['/instant', 200_000],
    ['/bimodal', 20_000],
  ]) {
    const { total, recorded, ok } = await countExactly(engine, path, requests);
    counts.push({ ok, text: `| ${engine} | ${path.slice(1)} | ${requests} | ${total} | ${recorded} |` });
  }
}
server.stop();

const page = [
  '# What is reported, and what happened',
  '',
  'Each cell: milliseconds by the records of the server / as reported; off is what differs by more than 1 % and',
  '0.2 ms. Requests: reported + answered but not read when time was over = recorded by the server, with the warm-up',
  `of ${WARM_UP} s. Server and generator come before what else the machine does; capacity is what the two do together at most, in requests a`,
  `second ${capacities.join(' and ')}. Node ${process.version}, ${availableParallelism()} cores, load average`,
  `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}. Written by \`npm run bench:load:truth\`.`,
  '',
  `| engine | server and load | requests | per second | ${FIGURES.map(([percent]) => `P${percent}`).join(' | ')} |`,
  `| --- | --- | --- | --- | ${FIGURES.map(() => '---').join(' | ')} |`,
  ...rows.map(({ text }) => text),
  ...peers.map(({ text }) => text),
  '',
  `${rows.filter(({ ok }) => ok).length} of ${rows.length} rows hold in every figure${peers.length > 0 ? `, and ${peers.filter(({ ok }) => ok).length} of ${peers.length} of wrk, which is C code and asks in the closed model only` : ''}.`,
  '',
  '| engine | server | requests asked for | reported | recorded by the server |',
  '| --- | --- | --- | --- | --- |',
  ...counts.map(({ text }) => text),
  '',
].join('\n');
console.log(page);
if (values.output !== undefined) writeFileSync(values.output, page);
