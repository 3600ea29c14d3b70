// How often a comparison is wrong: services made of random numbers, whose machine drifts by a tenth from
// block to block, compared 200 times with themselves, with one 5 % slower, and dead. Deterministic.
//   npm run build && node bench/load/comparisons.mjs
import { compareBlocks } from '../../dist/load/compare.js';
import { createHistogram, record } from '../../dist/load/histogram.js';

const RUNS = 200;
const BLOCKS = 20;

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const gauss = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function blocksOf(random, drift, slower) {
  return drift.map((factor) => {
    const latencies = createHistogram();
    const own = slower * factor * (1 + 0.02 * gauss(random));
    const answers = 500;
    for (let count = 0; count < answers; count += 1)
      record(latencies, 5000 * own * Math.exp(0.3 * gauss(random)));
    return { latencies, failed: 0, seconds: (answers * 0.005 * own) / 10 };
  });
}

for (const [name, slower, wanted] of [
  ['equal, called different', 1, ['better', 'worse']],
  ['5 % slower, found', 1.05, ['worse']],
  ['5 % faster, found', 1 / 1.05, ['better']],
]) {
  let count = 0;
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const random = seeded(seed);
    const drift = Array.from({ length: BLOCKS }, () => Math.exp(0.1 * gauss(random)));
    const options = { paired: true, random };
    const { verdict } = compareBlocks(blocksOf(random, drift, 1), blocksOf(random, drift, slower), options);
    if (wanted.includes(verdict)) count += 1;
  }
  console.log(`${String(name)}: ${count} of ${RUNS} (${((count / RUNS) * 100).toFixed(1)} %)`);
}
