import { execFile } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildSources } from '../support/built.ts';
import { folderWith } from '../support/scratch-folder.ts';
import { BOMBS } from './hostile/bombs.ts';

/** What one document may cost: processor time, and memory in KiB. */
const LIMITS = { seconds: 10, kibibytes: 1024 * 1024 };

interface Ending {
  readonly code: string;
  readonly stderr: string;
  readonly kibibytes: number;
}

/** Says at the very end how much memory the process had. */
const METER = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\nmaxRSS '+process.resourceUsage().maxRSS))`;

let program = '';
beforeAll(() => {
  program = join(buildSources('hostile'), 'cli', 'main.js');
});

/** Runs the command on doc.yaml under the limits: the system ends a process that takes more processor time. */
function scaffold(folder: string): Promise<Ending> {
  const node = [process.execPath, '--max-old-space-size=1024', '--import', METER, program];
  const words = [...node, 'scaffold', 'doc.yaml', '-o', 'out', '--dry-run'];
  const line = `ulimit -t ${LIMITS.seconds}; exec ${words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')}`;
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', line],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (error, _stdout, stderr) => {
        const code =
          /error\[(\w+)\]/.exec(stderr)?.[1] ??
          (error === null ? 'handled' : `ended by ${error.signal ?? error.code}`);
        resolve({ code, stderr, kibibytes: Number(/maxRSS (\d+)/.exec(stderr)?.[1] ?? Number.NaN) });
      },
    );
  });
}

describe.skipIf(process.platform === 'win32')(
  'a document made to cost as much as it can',
  { timeout: 300_000 },
  () => {
    test.each(BOMBS.filter(({ big }) => big !== true))('$name: $end', async ({ text, files, end }) => {
      const folder = folderWith(files?.() ?? {});
      writeFileSync(join(folder, 'doc.yaml'), text());
      const { code, stderr, kibibytes } = await scaffold(folder);
      expect(code, stderr.slice(0, 500)).toBe(end);
      expect(kibibytes).toBeLessThan(LIMITS.kibibytes);
      if (end !== 'handled') expect(stderr).toMatch(/ {2}at doc\.yaml/);
      expect(stderr).not.toContain('This is a bug');
    });
  },
);

test('no reference of a document opens a socket, or a file that was not allowed', {
  timeout: 120_000,
}, async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end('{}');
  });
  server.on('connection', () => {
    asked += 1;
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const web = `http://127.0.0.1:${port}/x.yaml`;
  const addresses = [
    web,
    `${web}#/a`,
    `//127.0.0.1:${port}/x`,
    `HTTP:/127.0.0.1:${port}/x`,
    `https://127.0.0.1:${port}/x`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    'file:/etc/passwd',
    '/etc/passwd',
    '../../../../../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '/proc/self/environ',
    'data:application/json,{"type":"string"}',
    'node:fs',
    'ftp://127.0.0.1/x',
    'link.yaml',
  ];
  const folder = folderWith({ 'inside/doc.yaml': '', 'secret.yaml': 'type: string\ndescription: SECRET\n' });
  const inside = join(folder, 'inside');
  symlinkSync(join(folder, 'secret.yaml'), join(inside, 'link.yaml'));
  for (const $ref of [...addresses, '../secret.yaml']) {
    const schema = { $ref };
    const document = {
      openapi: '3.1.0',
      info: { title: 't', version: '1' },
      externalDocs: { url: web },
      servers: [{ url: web }],
      jsonSchemaDialect: web,
      paths: {
        '/a': {
          get: { responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } } },
        },
      },
    };
    writeFileSync(join(inside, 'doc.yaml'), JSON.stringify(document));
    const { code, stderr } = await scaffold(inside);
    expect([$ref, code]).toEqual([$ref, expect.stringMatching(/^SCF00[56]$/)]);
    expect(stderr).not.toContain('SECRET');
    expect(stderr).not.toContain('root:');
  }
  await new Promise((resolve) => server.close(resolve));
  expect(asked).toBe(0);
  expect(existsSync(join(inside, 'out'))).toBe(false);
  expect(readdirSync(inside).sort()).toEqual(['doc.yaml', 'link.yaml']);
});
