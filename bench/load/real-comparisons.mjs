// How often a comparison of real services is wrong: the same service against itself, against one that is
// 5 % slower, and against a dead one. Latencies are log-normal around 5 ms (truth-server.c), so that few
// connections load the machine little; several comparisons run at the same time.
//   npm run build && node bench/load/real-comparisons.mjs -- [--runs 200] [--seconds 6] [--slower-runs 100]
//     [--slower-seconds 24] [--parallel 5] [--output bench/load/comparisons.md]
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { main, POLLING_AHEAD, startServer } from './processes.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '6' },
    'slower-runs': { type: 'string', default: '100' },
    'slower-seconds': { type: 'string', default: '24' },
    parallel: { type: 'string', default: '5' },
    output: { type: 'string' },
  },
  allowPositionals: true,
});

/** The fraction of a pair's time that goes into warm-ups: what a comparison of `seconds` takes in all. */
const wallClock = (seconds) => Math.round(2 * 1.2 * seconds + 2.4 * Math.max(0.25, seconds / 20));

const baseline = await startServer('truth-server.c');
const candidate = await startServer('truth-server.c');

const [program, ...rest] = [...POLLING_AHEAD, process.execPath];

async function compareOnce(candidateUrl, seconds) {
  const words = [
    `${baseline.url}/spread/5000`,
    candidateUrl,
    '--compare',
    '-c',
    '4',
    '-d',
    String(seconds),
    '--json',
  ];
  const { stdout } = await promisify(execFile)(program, [...rest, main, 'load', ...words]);
  return JSON.parse(stdout).comparison.verdict;
}

/** The verdicts of many comparisons, several at a time. */
async function verdicts(name, candidateUrl, runs, seconds) {
  const counts = {};
  let left = runs;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const verdict = await compareOnce(candidateUrl, seconds);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
      console.error(`${name}: ${JSON.stringify(counts)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, worker));
  return counts;
}

const start = loadavg()[0];
const equal = await verdicts(
  'equal',
  `${candidate.url}/spread/5000`,
  Number(values.runs),
  Number(values.seconds),
);
const middle = loadavg()[0];
const slower = await verdicts(
  'slower',
  `${candidate.url}/spread/5250`,
  Number(values['slower-runs']),
  Number(values['slower-seconds']),
);
baseline.stop();
candidate.stop();

const row = (name, runs, seconds, counts) =>
  `| ${name} | ${runs} | ${wallClock(Number(seconds))} s | ${['no difference shown', 'too noisy', 'better', 'worse'].map((verdict) => counts[verdict] ?? 0).join(' | ')} |`;
const page = [
  '# How often a comparison is wrong',
  '',
  'Real runs against two servers whose latencies are log-normal around 5 ms; the verdicts on the second of them.',
  `${values.parallel} comparisons at a time. Node ${process.version}, ${availableParallelism()} cores, load average ${start.toFixed(1)}, ${middle.toFixed(1)}, ${loadavg()[0].toFixed(1)}.`,
  'Written by `node bench/load/real-comparisons.mjs`.',
  '',
  '| second server | comparisons | each took | no difference shown | too noisy | better | worse |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  row('the same', values.runs, values.seconds, equal),
  row('5 % slower', values['slower-runs'], values['slower-seconds'], slower),
  '',
].join('\n');
console.log(page);
if (values.output !== undefined) writeFileSync(values.output, page);
