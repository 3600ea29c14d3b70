// Which reason `load --db` names first for services with a planted fault, in many runs.
//   npm run build && node bench/load/reasons.mjs [--rounds 20] [--busy N] [--only NAME,NAME] [--state FILE] [--minutes M] [--output FILE]
// Needs Node 24, which reads TypeScript. --busy keeps N more processes computing beside it. With --state the runs are
// kept in a file, so that a bench that was ended by --minutes goes on where it stopped.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { openLab } from '../../test/load-explain/lab.ts';
import { PLANTINGS, SHOP } from './plantings/table.mjs';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    busy: { type: 'string', default: '0' },
    only: { type: 'string' },
    state: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    output: { type: 'string' },
  },
});

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const chosen = (services) =>
  services.filter(([name]) => flags.only === undefined || flags.only.split(',').includes(name));

/** A database and the services on it; their upstream is slow by 40 ms, or by 20 to 80. */
const LABS = [
  {
    title: 'Services of the tests (`test/load-explain/service.mjs`)',
    services: chosen(SHOP),
    open: () => openLab(),
    start: (lab, fault, framework) => lab.start(fault, framework),
  },
  {
    title: 'Other services on another database (`bench/load/plantings/`)',
    services: chosen(PLANTINGS),
    open: () =>
      openLab({ schema: 'bench/load/plantings/schema.sql', upstreamMs: () => 20 + Math.random() * 60 }),
    start: (lab, planting, style) => lab.run(file(`./plantings/${style}.mjs`), [planting]),
  },
];

const state =
  flags.state !== undefined && existsSync(flags.state)
    ? JSON.parse(readFileSync(flags.state, 'utf8'))
    : { runs: [], loads: [] };
const end = Date.now() + Number(flags.minutes) * 60_000;
const hogs = Array.from({ length: Number(flags.busy) }, () =>
  spawn(process.execPath, ['-e', 'for (;;) Math.sqrt(Math.random())'], { stdio: 'ignore' }),
);

async function firstReason(service, database, more) {
  const line = ['dist/cli/main.js', 'load', service.url, '-c', '16', '-d', '1500ms', '--db', database];
  const { stdout } = await promisify(execFile)(process.execPath, [...line, ...more, '--json'], {
    maxBuffer: 64 << 20,
    timeout: 180_000,
  });
  const { explanation, latency, requests } = JSON.parse(stdout);
  const [first] = explanation.reasons;
  return {
    code: first?.code ?? 'none',
    share: first?.share ?? 0,
    all: explanation.reasons.map(({ code, share }) => `${code} ${Math.round(share * 100)} %`),
    meanMs: latency?.mean ?? 0,
    failed: requests.failed,
  };
}

async function runOnce({ lab, start }, [name, style, , more = []]) {
  const service = await start(lab, name, style);
  try {
    return await firstReason(service, lab.database, more);
  } finally {
    await service.stop();
  }
}

const isRight = (wanted, code) => (wanted.length === 0 ? code === 'none' : wanted.includes(code));

const opened = [];
try {
  for (const one of LABS) if (one.services.length > 0) opened.push({ ...one, lab: await one.open() });
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const one of opened) {
      for (const service of one.services) {
        const [fault, framework, wanted] = service;
        const done = state.runs.filter((run) => run.fault === fault).length;
        if (done > round || Date.now() > end) continue;
        const found = await runOnce(one, service);
        state.runs.push({ fault, framework, ...found });
        state.loads.push(loadavg()[0]);
        const mark = isRight(wanted, found.code) ? '' : ' WRONG';
        process.stderr.write(
          `${round + 1} ${fault}: ${found.all.join(', ') || 'none'}; ${found.meanMs.toFixed(1)} ms, ${found.failed} failed${mark}\n`,
        );
        if (flags.state !== undefined) writeFileSync(flags.state, JSON.stringify(state));
      }
    }
  }
} finally {
  for (const hog of hogs) hog.kill('SIGKILL');
  for (const { lab } of opened) await lab.close();
}

const median = (numbers) =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

function row([fault, framework, wanted]) {
  const runs = state.runs.filter((run) => run.fault === fault);
  const right = runs.filter(({ code }) => isRight(wanted, code));
  const others = [...new Set(runs.filter((run) => !right.includes(run)).map(({ code }) => code))].join(', ');
  const percents = right.map(({ share }) => Math.round(share * 100));
  const shares =
    wanted.length === 0 || right.length === 0 ? '' : `${Math.min(...percents)} to ${Math.max(...percents)} %`;
  return `| ${fault} (${framework}) | ${wanted.join(' or ') || 'none'} | ${right.length} of ${runs.length} | ${others} | ${shares} | ${median(runs.map(({ meanMs }) => meanMs)).toFixed(1)} ms |`;
}

const tables = LABS.filter(({ services }) => services.length > 0).map(
  ({ title, services }) => `## ${title}

| service | to be named | named first | others | share | mean, median of the runs |
| --- | --- | --- | --- | --- | --- |
${services.map(row).join('\n')}
`,
);
const text = `# Which reason comes first

Services with a planted fault, 16 connections for 1.5 seconds. Written by \`npm run bench:load:reasons\`.

${tables.join('\n')}
Node ${process.version}, ${cpus().length} cores, load average ${median(state.loads).toFixed(1)} (median over the runs)${
  Number(flags.busy) > 0 ? `, ${flags.busy} processes computing beside it` : ''
}.
`;
if (flags.output === undefined) process.stdout.write(text);
else writeFileSync(flags.output, text);
