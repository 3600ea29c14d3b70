// How long one `decide` takes to start and answer, as a ratio to bare `node -e 0`, interleaved so that
// a busy machine slows both alike. Run after a build: node bench/decide-start.mjs [rounds]
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 21);

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

const bare = [];
const decide = [];
for (let round = 0; round < rounds; round += 1) {
  bare.push(milliseconds(['-e', '0']));
  decide.push(milliseconds([CLI, 'decide', '--sample', '--json']));
}
const ratio = median(decide) / median(bare);
console.log(
  JSON.stringify({
    node: process.version,
    rounds,
    bare_ms: Math.round(median(bare)),
    decide_ms: Math.round(median(decide)),
    ratio: Math.round(ratio * 100) / 100,
  }),
);
