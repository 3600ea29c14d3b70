// Hostile documents in numbers that the tests have no time for: npm run bench:hostile [documents [seed]].
// Writes bench/results/hostile.md after a run without failures.
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { advisoryCases } from '../test/scaffold/hostile/advisories.ts';
import {
  differenceOf,
  generatorVocabulary,
  hostileCase,
  isCompared,
} from '../test/scaffold/hostile/comparison.ts';
import { OFFERED } from '../test/scaffold/hostile/offered.ts';

const [documents = 10_000, seed = 1] = process.argv.slice(2).map(Number);

const vocabulary = await generatorVocabulary(OFFERED);
const failures = new Map<string, string>();
const counts = { compared: 0, places: 0 };
const before = process.cpuUsage();
const inTurn = [...advisoryCases()];
const random = fc.sample(hostileCase, { numRuns: documents, seed });
for (const one of [...inTurn, ...random]) {
  counts.places += one.texts.size;
  if (isCompared(one)) counts.compared += 1;
  let difference: string | undefined;
  try {
    difference = await differenceOf(one, vocabulary);
  } catch (error) {
    difference = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (difference !== undefined && failures.size < 40) {
    const texts = [...one.texts].map(
      ([{ kind, path }, text]) => `${kind} ${path.join('/')} = ${JSON.stringify(text)}`,
    );
    failures.set(difference.slice(0, 300), `${one.dialect}\n  ${texts.join('\n  ')}`);
  }
}
const { user, system } = process.cpuUsage(before);
const seconds = ((user + system) / 1e6).toFixed(0);
for (const [difference, where] of failures) console.log(`FAILED: ${difference}\n${where}\n`);
const summary = `${inTurn.length} documents with one text in each place in turn and ${documents} random ones (seed ${seed}), ${counts.places} places, ${counts.compared} compared tree by tree, ${failures.size} failures, ${seconds} s of CPU`;
console.log(summary);
if (failures.size > 0) process.exitCode = 1;
else if (documents >= 10_000) {
  writeFileSync(
    new URL('results/hostile.md', import.meta.url),
    `# Hostile documents

\`npm run bench:hostile\`: small documents of Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 that have every keyword, with
hostile texts in 1 to 30 of their places (values and names of members), each generated for Express, Fastify and Koa.
Every program is parsed; it may use no name, module or file that is not the generator's or declared by itself. Where
the places have no meaning but their text, its syntax tree is also that of the same document with harmless texts,
literals, comments and declared names apart.

${summary}; Node ${process.versions.node}.
`,
  );
}
