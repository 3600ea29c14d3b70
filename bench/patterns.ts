// CPU time of generated servers for texts that make patterns slow: npm run bench:patterns. Writes bench/results/patterns.md.
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { CATASTROPHES, HARMLESS } from '../test/scaffold/hostile/catastrophes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}.cache/bench-patterns`;
const FRAMEWORKS = ['express', 'fastify', 'koa'];
const LENGTH = 50_000;
const BUDGET_MS = 100;

interface Target {
  readonly name: string;
  readonly engine: string;
  readonly schema: object;
  readonly body: unknown;
}

const pumped = (piece: string, end = ''): string => piece.repeat(LENGTH / piece.length) + end;

const FORMATS: readonly (readonly [string, string])[] = [
  ['email', pumped('a', '!')],
  ['email', `a@${pumped('a.', '!')}`],
  ['email', pumped('a.', '@')],
  ['uri', `http://${pumped('a.', '!')}`],
  ['uri', `http:${pumped('/')}`],
  ['hostname', pumped('a-', '.')],
  ['hostname', pumped('a.', '!')],
  ['ipv4', pumped('1.')],
  ['ipv6', pumped(':1')],
  ['ipv6', pumped('::')],
  ['date', pumped('1')],
  ['date-time', `2026-01-01T00:00:00.${pumped('1', '!')}`],
  ['duration', `P${pumped('1', '!')}`],
  ['uuid', pumped('a')],
];

const TARGETS: readonly Target[] = [
  ...CATASTROPHES.flatMap(({ pattern, attack, engine }): Target[] => [
    { name: `\`${pattern}\``, engine, schema: { type: 'string', pattern }, body: attack(LENGTH) },
    {
      name: `\`${pattern}\` as a property's name`,
      engine,
      schema: {
        type: 'object',
        patternProperties: { [pattern]: { type: 'string' } },
        additionalProperties: false,
      },
      body: { [attack(LENGTH)]: 'x' },
    },
  ]),
  ...HARMLESS.map(
    (pattern): Target => ({
      name: `\`${pattern}\``,
      engine: 'native',
      schema: { type: 'string', pattern },
      body: pumped('a1', '!\n'),
    }),
  ),
  ...FORMATS.map(
    ([format, body]): Target => ({
      name: `format ${format}, ${body.slice(0, 12)}...`,
      engine: 'Zod',
      schema: { type: 'string', format },
      body,
    }),
  ),
];

function generate(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const paths = Object.fromEntries(
    TARGETS.map(({ schema }, at) => [
      `/t${at}`,
      {
        post: {
          operationId: `t${at}`,
          tags: ['all of it'],
          requestBody: { required: true, content: { 'application/json': { schema } } },
          responses: { 204: { description: 'ok' } },
        },
      },
    ]),
  );
  const document = { openapi: '3.1.0', info: { title: 'Patterns', version: '1' }, paths };
  writeFileSync(`${FOLDER}/openapi.json`, JSON.stringify(document));
  for (const name of FRAMEWORKS) {
    const words = ['scaffold', `${FOLDER}/openapi.json`, '-f', name, '-o', `${FOLDER}/src/${name}`, '-q'];
    execFileSync(process.execPath, [`${ROOT}dist/cli/main.js`, ...words]);
  }
  writeFileSync(`${FOLDER}/package.json`, '{ "type": "module" }');
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    rootDir: 'src',
    outDir: 'out',
    skipLibCheck: true,
  };
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ['src'] }));
  execFileSync(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, '-p', FOLDER], {
    stdio: 'inherit',
  });
}

const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('message', resolve));

async function cpuOf(child: ChildProcess): Promise<number> {
  const message = nextMessage(child);
  child.send('cpu');
  const { user, system } = (await message) as NodeJS.CpuUsage;
  return (user + system) / 1000;
}

function post(port: number, path: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}

interface Row extends Target {
  readonly status: number;
  /** Milliseconds of CPU of the first request of its kind, and the most of the four after it. */
  readonly first: number;
  readonly later: number;
}

async function measure(framework: string): Promise<Row[]> {
  const child = fork(`${ROOT}bench/patterns/serve.mjs`, [framework, `${FOLDER}/out`]);
  const port = (await nextMessage(child)) as number;
  const rows: Row[] = [];
  for (const [at, target] of TARGETS.entries()) {
    const body = JSON.stringify(target.body);
    const times: number[] = [];
    let status = 0;
    for (let round = 0; round < 5; round += 1) {
      const before = await cpuOf(child);
      status = await post(port, `/t${at}`, body);
      times.push((await cpuOf(child)) - before);
    }
    rows.push({ ...target, status, first: times[0] ?? 0, later: Math.max(...times.slice(1)) });
  }
  child.disconnect();
  return rows;
}

generate();
const all = new Map<string, Row[]>();
for (const framework of FRAMEWORKS) all.set(framework, await measure(framework));
const lines = TARGETS.map(({ name, engine }, at) => {
  const cells = FRAMEWORKS.map((framework) => {
    const row = all.get(framework)?.[at];
    return row === undefined ? '-' : `${row.first.toFixed(1)} / ${row.later.toFixed(1)} (${row.status})`;
  });
  return `| ${name.replaceAll('|', '\\|').replaceAll('\n', ' ')} | ${engine} | ${cells.join(' | ')} |`;
});
const worst = [...all.values()]
  .flat()
  .sort((left, right) => Math.max(right.first, right.later) - Math.max(left.first, left.later))[0];
const most = Math.max(worst?.first ?? 0, worst?.later ?? 0);
const slow = [...all.values()].flat().filter(({ first, later }) => Math.max(first, later) > BUDGET_MS);
console.log(lines.join('\n'));
console.log(`most: ${most.toFixed(1)} ms for ${worst?.name}; above ${BUDGET_MS} ms: ${slow.length}`);
for (const { name, first, later } of slow) console.log(`SLOW ${name} ${first} ${later}`);
writeFileSync(
  new URL('results/patterns.md', import.meta.url),
  `# Patterns that could take for ever, on generated servers

\`npm run bench:patterns\`: milliseconds of CPU of the server's process for one request with a text of ${LENGTH / 1000} kB made to
be slow, over a socket: the first request of its kind (which builds its validator) / the most of four more, and the
status. Nothing warms the servers up. Of ${TARGETS.length * FRAMEWORKS.length} cases, ${slow.length} took more than ${BUDGET_MS} ms; the most was ${most.toFixed(1)} ms. Node ${process.versions.node}.

| pattern | engine | ${FRAMEWORKS.join(' | ')} |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
);
if (slow.length > 0) process.exitCode = 1;
