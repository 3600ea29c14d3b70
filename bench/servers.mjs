// Requests per CPU-second of the generated servers against servers written by hand on the same framework,
// interleaved: node bench/servers.mjs [rounds [framework]]. A run of all frameworks writes bench/results/servers.md.
import { execFileSync, fork } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { PET } from './servers/pet.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}.cache/bench-servers`;
const ALL = ['express', 'fastify', 'koa'];
const FRAMEWORKS = process.argv[3] === undefined ? ALL : [process.argv[3]];
const KINDS = ['generated', 'by hand'];
const ROUNDS = Number(process.argv[2] ?? 9);
const REQUESTS = 6000;
const CONCURRENCY = 16;

const TARGETS = {
  'GET with path and query': { method: 'GET', path: '/pets/7?limit=5', status: 200 },
  'POST with a JSON body': { method: 'POST', path: '/pets', status: 201, body: JSON.stringify(PET) },
};

function generate() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const contract = `${ROOT}bench/servers/contract.yaml`;
  for (const name of FRAMEWORKS) {
    const output = `${FOLDER}/src/${name}`;
    execFileSync(process.execPath, [
      `${ROOT}dist/cli/main.js`,
      'scaffold',
      contract,
      '-f',
      name,
      '-o',
      output,
      '-q',
    ]);
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
  execFileSync(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, '-p', FOLDER]);
}

const nextMessage = (child) => new Promise((resolve) => child.once('message', resolve));

async function start(framework, kind) {
  const child = fork(`${ROOT}bench/servers/serve.mjs`, [framework, kind, `${FOLDER}/out`], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return {
    child,
    port: await nextMessage(child),
    agent: new Agent({ keepAlive: true, maxSockets: CONCURRENCY }),
  };
}

function once({ port, agent }, { method, path, status, body }) {
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', agent, method, path, headers }, (answer) => {
      if (answer.statusCode !== status) reject(new Error(`${method} ${path} answered ${answer.statusCode}`));
      answer.resume().on('end', resolve);
    });
    sent.on('error', reject).end(body);
  });
}

async function cpuOf({ child }) {
  const message = nextMessage(child);
  child.send('cpu');
  const { user, system } = await message;
  return (user + system) / 1e6;
}

/** Requests per CPU-second of the server's process. */
async function measure(server, target, requests) {
  const before = await cpuOf(server);
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await once(server, target);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return requests / ((await cpuOf(server)) - before);
}

const median = (values) => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];

async function compare(framework, target) {
  const servers = await Promise.all(KINDS.map((kind) => start(framework, kind)));
  for (const server of servers) await measure(server, target, REQUESTS);
  const rates = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const at of order) rates[at].push(await measure(servers[at], target, REQUESTS));
  }
  for (const { child, agent } of servers) {
    agent.destroy();
    child.disconnect();
  }
  const ratios = rates[0].map((rate, round) => rate / rates[1][round]);
  return { generated: median(rates[0]), byHand: median(rates[1]), ratio: median(ratios) };
}

generate();
const rows = [];
for (const framework of FRAMEWORKS) {
  for (const [name, target] of Object.entries(TARGETS)) {
    const { generated, byHand, ratio } = await compare(framework, target);
    const row = `| ${framework} | ${name} | ${Math.round(generated)} | ${Math.round(byHand)} | ${ratio.toFixed(2)} |`;
    console.log(row);
    rows.push(row);
  }
}
const table = `# Generated servers against servers written by hand

\`npm run bench:servers\`: requests per CPU-second of the server's process, Node ${process.versions.node},
NODE_ENV=production, ${CONCURRENCY} keep-alive connections, the median of ${ROUNDS} interleaved rounds of ${REQUESTS} requests;
the ratio is the median of the rounds' ratios. The servers by hand (bench/servers/by-hand.mjs) use the
framework's own body parser, the same Zod checks, the same error envelope and a request id.

| framework | request | generated | by hand | ratio |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
if (FRAMEWORKS === ALL) writeFileSync(`${ROOT}bench/results/servers.md`, table);
