// Throughput of generated validators against ajv on the same bodies: `npm run bench:validators`.
import { performance } from 'node:perf_hooks';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { validatorFor } from '../test/support/generated-module.ts';
import { CASES, type Case } from './validator-cases.ts';

/** Rounds of each side, taken in turns: what slows the machine down slows both. */
const ROUNDS = 15;
const ROUND_MS = 60;

/** Bodies a second, over one round. */
function rate(judge: (body: unknown) => boolean, bodies: readonly unknown[]): number {
  const start = performance.now();
  let judged = 0;
  let elapsed = 0;
  for (; elapsed < ROUND_MS; elapsed = performance.now() - start) {
    for (const body of bodies) judge(body);
    judged += bodies.length;
  }
  return (judged * 1000) / elapsed;
}

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

const perSecond = (value: number): string => Math.round(value).toLocaleString('en-US');

async function measure({ name, schema, valid, invalid }: Case): Promise<string[]> {
  const ajv = new Ajv2020({ strict: false, allErrors: true, ownProperties: true });
  addFormats.default(ajv);
  const compiled = ajv.compile<unknown>(schema);
  const { validator } = await validatorFor(schema);
  const generated = (body: unknown): boolean => validator.safeParse(body).success;
  const peer = (body: unknown): boolean => compiled(body);
  return (
    [
      ['valid', valid],
      ['invalid', invalid],
    ] as const
  ).map(([kind, bodies]) => {
    for (const body of bodies) {
      if (generated(body) !== peer(body)) throw new Error(`${name}: the two disagree about a body`);
    }
    rate(generated, bodies);
    rate(peer, bodies);
    const rounds = Array.from(
      { length: ROUNDS },
      () => [rate(generated, bodies), rate(peer, bodies)] as const,
    );
    const [ours, theirs] = [median(rounds.map(([own]) => own)), median(rounds.map(([, other]) => other))];
    const ratio = median(rounds.map(([own, other]) => own / other));
    return `| ${name}, ${kind} | ${perSecond(ours)} | ${perSecond(theirs)} | ${ratio.toFixed(2)} |`;
  });
}

console.log('| schema, bodies | generated, a second | ajv, a second | ratio (median of rounds) |');
console.log('| --- | --- | --- | --- |');
for (const each of CASES) for (const row of await measure(each)) console.log(row);
