// Does memory stay flat? Resident memory of the load generator while it sends many requests, once a second.
//   npm run build && node bench/load/memory.mjs [--requests 10000000] [--engine io_uring] [--output bench/load/memory.md]
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { main, median, startServer } from './processes.mjs';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000000' },
    engine: { type: 'string', default: 'auto' },
    output: { type: 'string' },
  },
});

const server = await startServer('reference-server.c');
const words = [
  '-c',
  '50',
  '-n',
  values.requests,
  '-d',
  '3600',
  '--threads',
  '1',
  '--engine',
  values.engine,
  '--json',
];
const child = spawn(process.execPath, [main, 'load', `${server.url}/`, ...words], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let text = '';
child.stdout.on('data', (data) => {
  text += data;
});

const megabytes = [];
const sampling = setInterval(() => {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  if (kilobytes !== undefined) megabytes.push(Number(kilobytes) / 1024);
}, 1000);
await new Promise((resolve) => child.once('exit', resolve));
clearInterval(sampling);
server.stop();

const { requests, settings } = JSON.parse(text);
const tenth = Math.max(1, Math.floor(megabytes.length / 10));
const [early, late] = [median(megabytes.slice(tenth, 2 * tenth)), median(megabytes.slice(-tenth))];
const page = [
  '# Memory over a long run',
  '',
  `${requests.total} requests in ${megabytes.length} s (${settings.engine}, ${settings.connections} connections): resident memory`,
  `${early.toFixed(1)} MB in the second tenth of the run, ${late.toFixed(1)} MB in the last; at most ${Math.max(...megabytes).toFixed(1)} MB.`,
  'Written by `node bench/load/memory.mjs`.',
  '',
].join('\n');
console.log(page);
if (values.output !== undefined) writeFileSync(values.output, page);
