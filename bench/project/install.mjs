// What a user does with a whole service: npm install, npm test, npm start, a request, SIGTERM. For each
// framework, in a fresh folder, with packages from the registry. Prints one line a step; ends with 1 when one fails.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const [chosen] = process.argv.slice(2);
const FRAMEWORKS = chosen === undefined ? ['express', 'fastify', 'koa'] : [chosen];
const CONTRACT = join(ROOT, 'test/scaffold/security/contract.yaml');
const FOLDER = mkdtempSync(join(tmpdir(), 'project-'));

function step(framework, name, run) {
  const begun = performance.now();
  const said = run() ?? '';
  console.log(`${framework}: ${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s ${said}`);
}

const ending = (text, pattern) => pattern.exec(text)?.[0]?.trim() ?? '';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function serve(cwd) {
  const port = await freePort();
  const child = spawn('npm', ['start'], {
    cwd,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  const until = performance.now() + 60_000;
  while (!log.includes('"listening"') && performance.now() < until)
    await new Promise((done) => setTimeout(done, 100));
  const health = await fetch(`http://127.0.0.1:${port}/healthz`);
  const unknown = await fetch(`http://127.0.0.1:${port}/no/such/path`);
  const ended = once(child, 'exit');
  if (child.pid === undefined) throw new Error('npm start did not start');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
  if (health.status !== 200 || unknown.status !== 404)
    throw new Error('the service does not answer as it should');
  // npm tells its child as well; the service says when it is done.
  while (!log.includes('"stopped"') && performance.now() < until)
    await new Promise((done) => setTimeout(done, 100));
  return `/healthz ${health.status}, unknown path ${unknown.status}, ${log.includes('"stopped"') ? 'stopped' : 'NOT STOPPED'}`;
}

try {
  for (const framework of FRAMEWORKS) {
    const cwd = join(FOLDER, framework);
    const run = (command, ...args) =>
      execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const cli = join(ROOT, 'dist/cli/main.js');
    execFileSync(process.execPath, [
      cli,
      'scaffold',
      CONTRACT,
      '--project',
      '-f',
      framework,
      '-o',
      cwd,
      '--quiet',
    ]);
    step(framework, 'npm install', () =>
      ending(run('npm', 'install', '--no-audit', '--no-fund'), /added \d+ packages/),
    );
    step(framework, 'npm test', () => ending(run('npm', 'test'), /Tests .*/));
    const said = await serve(cwd);
    console.log(`${framework}: npm start: ${said}`);
    if (said.includes('NOT')) process.exitCode = 1;
  }
  console.log(`on Node ${process.version}`);
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
