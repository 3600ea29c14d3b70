// How long the command line takes to start, as ratios to bare `node -e 0`, interleaved so that a busy
// machine slows all alike. Run after a build: node bench/start-up.mjs [rounds]
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 21);

const LINES = {
  bare: ['-e', '0'],
  help: [CLI, '--help'],
  decide: [CLI, 'decide', '--sample', '--json'],
};

function milliseconds(args) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    // No ./profiles here: a profile of one's own has to be validated first.
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

const median = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];

const times = Object.fromEntries(Object.keys(LINES).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, args] of Object.entries(LINES)) times[name].push(milliseconds(args));
}
const bare = median(times.bare);
console.log(`node ${process.version}, ${rounds} interleaved rounds, medians`);
for (const name of Object.keys(LINES)) {
  const time = median(times[name]);
  console.log(`${name.padEnd(8)} ${time.toFixed(0).padStart(5)} ms  ${(time / bare).toFixed(2)} x bare node`);
}
