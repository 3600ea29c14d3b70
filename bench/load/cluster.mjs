// Runs on many machines against a real NATS server: do four workers report what one reports, is every request counted
// once, how soon is a lost worker noticed, and what becomes of a run whose NATS server goes away?
//   npm run bench:load:cluster -- [--seconds 10] [--rounds 5] [--output bench/load/cluster.md]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { main, POLLING_AHEAD, SERVER_AHEAD } from './processes.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '300' },
    output: { type: 'string' },
  },
});
const [seconds, rounds, rate] = [Number(values.seconds), Number(values.rounds), Number(values.rate)];
const FIGURES = ['p50', 'p90', 'p95', 'p99'];
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const started = new Set();

// What else the machine does then delays neither side, as far as that is allowed.
function run([program, ...words], onError = () => {}) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  const output = { text: '' };
  child.stdout.on('data', (data) => {
    output.text += data;
  });
  child.stderr.on('data', (data) => onError(String(data)));
  const exit = once(child, 'close').then(([code]) => {
    started.delete(child);
    return code;
  });
  return { child, output, exit };
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const port = await freePort();
const nats = `nats://127.0.0.1:${port}`;
const startNats = async () => {
  const server = run([...SERVER_AHEAD, 'nats-server', '-a', '127.0.0.1', '-p', String(port)]);
  await pause(500);
  return server;
};
let natsServer = await startNats();

const serverFile = fileURLToPath(new URL('cluster-server.mjs', import.meta.url));
const server = run([...SERVER_AHEAD, process.execPath, serverFile]);
const [line] = await once(server.child.stdout, 'data');
const url = `http://127.0.0.1:${Number(line)}/`;
const serverReport = async () => (await fetch(`${url}count`)).json();

/** Workers that are ready for calls. */
async function startWorkers(count) {
  const workers = Array.from({ length: count }, (_, at) =>
    run([
      ...POLLING_AHEAD,
      process.execPath,
      main,
      'load',
      'worker',
      '--cluster',
      nats,
      '--name',
      `w${at + 1}`,
      '--capacity',
      '1',
    ]),
  );
  await pause(1500);
  return workers;
}

async function stopWorkers(workers) {
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ exit }) => exit));
}

/** A run on so many workers; `meanwhile` is told of it once load is sent. */
async function lead(count, words, meanwhile = async () => 0) {
  const workers = await startWorkers(count);
  await serverReport();
  const said = [];
  const command = [main, 'load', url, '--cluster', nats, '--workers', String(count), ...words];
  const report = `/tmp/cluster-bench-${process.pid}.json`;
  const coordinator = run([...POLLING_AHEAD, process.execPath, ...command, '--output', report], (text) =>
    said.push([performance.now(), text.trim()]),
  );
  while (!said.some(([, text]) => text.includes('workers joined')) && coordinator.child.exitCode === null)
    await pause(50);
  await pause(2000);
  const happened = await meanwhile(workers, said);
  const exit = await coordinator.exit;
  await stopWorkers(workers);
  const document = exit === 0 || exit === 3 ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  rmSync(report, { force: true });
  const { asked, latency } = await serverReport();
  return { exit, document, said, happened, counted: asked, took: latency };
}

const open = ['--rate', String(rate), '-c', '400', '-d', `${seconds}s`];
const lines = [];
const write = (text = '') => {
  lines.push(text);
  process.stdout.write(`${text}\n`);
};

const percent = (value, reference) => `${(100 * (value / reference - 1)).toFixed(2)} %`;
const seen = ({ requests }) => requests.total + requests.cutOff;

// One worker, four workers, and one again, side by side.
const kinds = { one: 1, four: 4, again: 1 };
const runs = { one: [], four: [], again: [] };
for (let round = 0; round < rounds; round += 1) {
  const order = Object.keys(kinds);
  if (round % 2 === 1) order.reverse();
  for (const kind of order) runs[kind].push(await lead(kinds[kind], open));
}
const figure = (kind, name) => median(runs[kind].map(({ document }) => document.latency[name]));
/** What the workers saw against what the server took: a busy machine makes both slower. */
const beside = (kind, name) =>
  median(runs[kind].map(({ document, took }) => document.latency[name] / took[name]));
write('# Many machines');
write();
write(
  `One NATS server, one HTTP server of spread latency (400 to 1200 ms), ${rate} requests a second for ${seconds} s in the open`,
);
write(
  `model, ${rounds} rounds of each side by side, medians; processes of one machine with ${availableParallelism()} cores, load average ${loadavg()[0].toFixed(1)}.`,
);
write(`Node ${process.version}. Written by \`npm run bench:load:cluster\`.`);
write();
write(
  'Milliseconds as reported; beside it, as a share of what the server says of the same requests, which leaves out that the',
);
write('machine was not equally busy in all runs.');
write();
write(
  '| figure | one worker | one worker again | four workers | noise (one against one) | four against one | the same, against the server |',
);
write('| --- | --- | --- | --- | --- | --- | --- |');
for (const name of FIGURES) {
  const [one, again, four] = ['one', 'again', 'four'].map((kind) => figure(kind, name));
  const [oneBeside, againBeside, fourBeside] = ['one', 'again', 'four'].map((kind) => beside(kind, name));
  const times = [one, again, four].map((value) => `${value.toFixed(2)} ms`).join(' | ');
  const shares = `${percent(again, one)} | ${percent(four, one)} | ${percent(againBeside, oneBeside)} and ${percent(fourBeside, oneBeside)}`;
  write(`| ${name} | ${times} | ${shares} |`);
}
write();
const all = Object.values(runs).flat();
const exact = all.filter(({ document, counted }) => seen(document) === counted);
write(
  `Requests counted and recorded by the server are equal in ${exact.length} of ${all.length} runs (${all.reduce((sum, { counted }) => sum + counted, 0)} requests).`,
);
const spreads = runs.four.map(({ document }) => document.cluster.startSpread);
write(
  `The four workers started within ${Math.min(...spreads).toFixed(2)} to ${Math.max(...spreads).toFixed(2)} ms of each other.`,
);
write();

// A worker is killed.
write('## A worker of four is killed');
write();
write('| said after | lost one: known of | others: counted, of their share | exit |');
write('| --- | --- | --- | --- |');
for (let round = 0; round < rounds; round += 1) {
  const { document, said, happened, exit } = await lead(4, open, async ([, second]) => {
    await pause(round * 130);
    second.child.kill('SIGKILL');
    return performance.now();
  });
  const noticed = said.find(([, text]) => text.includes('w2 is lost'));
  const after = noticed === undefined ? 'never' : `${((noticed[0] - happened) / 1000).toFixed(2)} s`;
  const lost = document.cluster.workers.find(({ name }) => name === 'w2');
  const share = (rate * seconds * 3) / 4;
  write(
    `| ${after} | ${lost.requests.total} | ${seen(document) + document.requests.unsent} of ${share} | ${exit} |`,
  );
}
write();

// The NATS server goes away.
const AWAY = {
  'stopped and continued (SIGSTOP, SIGCONT)': [
    () => natsServer.child.kill('SIGSTOP'),
    async () => natsServer.child.kill('SIGCONT'),
  ],
  'killed and started again on its port': [
    () => natsServer.child.kill('SIGKILL'),
    async () => {
      natsServer = await startNats();
    },
  ],
};
write('## The NATS server is away for 3 s, four workers');
write();
write('| how | exit | lost | counted | recorded by the server |');
write('| --- | --- | --- | --- | --- |');
for (const [how, [away, back]] of Object.entries(AWAY)) {
  for (let round = 0; round < 2; round += 1) {
    const { document, counted, exit } = await lead(4, open, async () => {
      void away();
      await pause(3000);
      await back();
    });
    write(
      `| ${how} | ${exit} | ${document?.cluster.lost} | ${document === undefined ? '' : seen(document)} | ${counted} |`,
    );
  }
}
for (const child of started) child.kill('SIGKILL');
if (values.output !== undefined) writeFileSync(values.output, `${lines.join('\n')}\n`);
