// Requests per CPU-second of a generated list against one written by hand with Fastify and pg, on one PostgreSQL,
// interleaved: npm run bench:list -- [rounds]. Writes bench/results/list.md.
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { readDatabase } from '../src/scaffold/from-database.ts';
import { FRAMEWORKS, type FrameworkName } from '../src/scaffold/index.ts';
import { compileServices, sourceOf } from '../test/scaffold/database/service.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { ROOT } from '../test/support/repository.ts';

const ROUNDS = Number(process.argv[2] ?? 41);
// Short rounds: what else the machine does then falls on all servers alike.
const REQUESTS = 500;
const WARM_UP = 15_000;
const CONCURRENCY = 16;
const BY_HAND = 'by hand';
const SCHEMA = join(ROOT, 'bench', 'list', 'schema.sql');

const frameworks = Object.keys(FRAMEWORKS) as FrameworkName[];
const kinds = [BY_HAND, ...frameworks];

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
  readonly agent: Agent;
}

const nextMessage = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve) => child.once('message', (message) => resolve(message as T)));

/** Keeps all threads of a process on one core: what PostgreSQL and the client do beside a server is not its cost then. */
const keepOn = (core: number, pid = process.pid): unknown =>
  spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)]);

async function start(kind: string, folder: string, url: string): Promise<Server> {
  const child = fork(join(ROOT, 'bench', 'list', 'serve.mjs'), [kind, folder, url], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const port = await nextMessage<number>(child);
  keepOn(0, child.pid);
  return { child, port, agent: new Agent({ keepAlive: true, maxSockets: CONCURRENCY }) };
}

const ask = ({ port, agent }: Server, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', agent, path }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`${path}: ${answer.statusCode} ${text}`));
      });
    });
    sent.on('error', reject).end();
  });

async function cpuOf({ child }: Server): Promise<number> {
  const message = nextMessage<NodeJS.CpuUsage>(child);
  child.send('cpu');
  const { user, system } = await message;
  return (user + system) / 1e6;
}

/** Requests per CPU-second of the server's process. */
async function measure(server: Server, path: string, requests: number): Promise<number> {
  const before = await cpuOf(server);
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask(server, path);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return requests / ((await cpuOf(server)) - before);
}

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;

/** What the second page of an order is asked for with. */
async function secondPage(server: Server, query: string): Promise<string> {
  const page = JSON.parse(await ask(server, `/purchase?${query}`)) as { meta: { nextCursor: string } };
  return `/purchase?${query}&cursor=${page.meta.nextCursor}`;
}

const TARGETS: Readonly<Record<string, (server: Server) => Promise<string>>> = {
  'first page': async () => '/purchase',
  'second page': (server) => secondPage(server, 'limit=20'),
  'filtered, in another order, second page': (server) =>
    secondPage(server, 'limit=20&sort=-placed_at,-id&customer_id[eq]=7&total[gte]=100'),
  'five rows by a filter': async () => '/purchase?limit=5&customer_id[eq]=7&state[eq]=paid',
};

keepOn(1);
const database = await startPostgres();
const client = new pg.Client(database.url());
await client.connect();
await client.query(readFileSync(SCHEMA, 'utf8'));
await client.end();
const services = await compileServices('bench-list', await readDatabase(sourceOf(SCHEMA)), frameworks);
const folder = join(services.get('fastify')?.folder ?? '', '..');
const servers = await Promise.all(kinds.map((kind) => start(kind, folder, database.url())));

const rows: string[] = [];
for (const [name, target] of Object.entries(TARGETS)) {
  const paths = await Promise.all(servers.map(target));
  const answers = await Promise.all(
    servers.map(async (server, at) => JSON.parse(await ask(server, paths[at] ?? ''))),
  );
  for (const answer of answers)
    if (JSON.stringify(answer.data) !== JSON.stringify(answers[0].data))
      throw new Error(`${name}: other rows\n${JSON.stringify(answer)}\n${JSON.stringify(answers[0])}`);
  const rates = kinds.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? kinds.keys() : [...kinds.keys()].reverse();
    for (const at of order) {
      const server = servers[at] as Server;
      // The first round only warms up: V8 has optimised what runs often by then.
      const rate = await measure(server, paths[at] ?? '', round >= 0 ? REQUESTS : WARM_UP);
      if (round >= 0) rates[at]?.push(rate);
    }
  }
  const [hand = []] = rates;
  const cells = frameworks.map((_framework, index) => {
    const own = rates[index + 1] ?? [];
    return `${Math.round(median(own))} | ${median(own.map((rate, round) => rate / (hand[round] ?? 1))).toFixed(2)}`;
  });
  const row = `| ${[name, Math.round(median(hand)), ...cells].join(' | ')} |`;
  console.log(row);
  rows.push(row);
}
for (const { child, agent } of servers) {
  agent.destroy();
  child.disconnect();
}
await database.stop();

writeFileSync(
  join(ROOT, 'bench', 'results', 'list.md'),
  `# A generated list against one by hand

\`npm run bench:list\`: requests per CPU-second of the server's process (PostgreSQL 18 is another one), Node ${process.versions.node},
NODE_ENV=production, ${CONCURRENCY} keep-alive connections, the median of ${ROUNDS} interleaved rounds of ${REQUESTS} requests; the ratio is the
median of the rounds' ratios. The list by hand (bench/list/by-hand.mjs) is Fastify with its own JSON Schema validation and \`pg\`: pages
by key, the same filters and orders, every value a parameter, the same envelope, the same rows, compared before they are measured.
Ratios are to it, on whatever framework.

| list | Fastify and pg by hand | ${frameworks.map((name) => `${name} | ratio`).join(' | ')} |
| --- | ---: | ${frameworks.map(() => '---: | ---:').join(' | ')} |
${rows.join('\n')}
`,
);
