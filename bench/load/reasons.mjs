// Which reason `load --db` names first for services with a planted fault, in many runs.
//   npm run build && node bench/load/reasons.mjs [--rounds 20] [--busy N] [--state FILE] [--minutes M] [--output FILE]
// Needs Node 24, which reads TypeScript. --busy keeps N more processes computing beside it. With --state the runs are
// kept in a file, so that a bench that was ended by --minutes goes on where it stopped.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { openLab } from '../../test/load-explain/lab.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    busy: { type: 'string', default: '0' },
    state: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    output: { type: 'string' },
  },
});

/** What is planted, in which framework, and the reason that has to come first; undefined: none at all. */
const SERVICES = [
  ['missing-index-kysely', 'koa', 'missing-index'],
  ['n-plus-one', 'fastify', 'n-plus-one'],
  ['pool', 'express', 'small-pool'],
  ['convoy', 'express', 'lock-wait'],
  ['upstream', 'koa', 'waits-elsewhere'],
  ['cpu', 'fastify', 'processor'],
  ['payload', 'express', 'large-payload'],
  ['healthy', 'fastify', undefined],
  ['healthy-insert', 'koa', undefined],
];

const state =
  flags.state !== undefined && existsSync(flags.state)
    ? JSON.parse(readFileSync(flags.state, 'utf8'))
    : { runs: [], loads: [] };
const end = Date.now() + Number(flags.minutes) * 60_000;
const hogs = Array.from({ length: Number(flags.busy) }, () =>
  spawn(process.execPath, ['-e', 'for (;;) Math.sqrt(Math.random())'], { stdio: 'ignore' }),
);
const lab = await openLab();

async function firstReason(fault, framework) {
  const service = await lab.start(fault, framework);
  try {
    const line = [
      'dist/cli/main.js',
      'load',
      service.url,
      '-c',
      '16',
      '-d',
      '1500ms',
      '--db',
      lab.database,
      '--json',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, line, {
      maxBuffer: 64 << 20,
      timeout: 120_000,
    });
    const { explanation, latency } = JSON.parse(stdout);
    const [first] = explanation.reasons;
    return { code: first?.code ?? 'none', share: first?.share ?? 0, meanMs: latency?.mean ?? 0 };
  } finally {
    await service.stop();
  }
}

try {
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const [fault, framework] of SERVICES) {
      const done = state.runs.filter((run) => run.fault === fault).length;
      if (done > round || Date.now() > end) continue;
      const found = await firstReason(fault, framework);
      state.runs.push({ fault, framework, ...found });
      state.loads.push(loadavg()[0]);
      process.stderr.write(`${round + 1} ${fault}: ${found.code} ${Math.round(found.share * 100)} %\n`);
      if (flags.state !== undefined) writeFileSync(flags.state, JSON.stringify(state));
    }
  }
} finally {
  for (const hog of hogs) hog.kill('SIGKILL');
  await lab.close();
}

const median = (numbers) =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
const rows = SERVICES.map(([fault, framework, wanted]) => {
  const runs = state.runs.filter((run) => run.fault === fault);
  const right = runs.filter(({ code }) => code === (wanted ?? 'none'));
  const others = [...new Set(runs.filter((run) => !right.includes(run)).map(({ code }) => code))].join(', ');
  const shares =
    wanted === undefined || right.length === 0
      ? ''
      : `${Math.round(Math.min(...right.map(({ share }) => share)) * 100)} to ${Math.round(Math.max(...right.map(({ share }) => share)) * 100)} %`;
  return `| ${fault} (${framework}) | ${wanted ?? 'none'} | ${right.length} of ${runs.length} | ${others} | ${shares} | ${median(runs.map(({ meanMs }) => meanMs)).toFixed(1)} ms |`;
});
const text = `| service | to be named | named first | others | share | mean, median of the runs |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Node ${process.version}, ${cpus().length} cores, load average ${median(state.loads).toFixed(1)} (median over the runs)${
  Number(flags.busy) > 0 ? `, ${flags.busy} processes computing beside it` : ''
}.
`;
if (flags.output === undefined) process.stdout.write(text);
else
  writeFileSync(
    flags.output,
    `# Which reason comes first\n\nServices with a planted fault (\`test/load-explain/service.mjs\`), 16 connections for one second. Written by \`bench/load/reasons.mjs\`.\n\n${text}`,
  );
