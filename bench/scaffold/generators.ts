import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../test/support/repository.ts';

/** The peers, in exact versions: installed when the bench is run, and nowhere else. */
const PEERS = [
  'openapi-typescript@7.13.0',
  '@hey-api/openapi-ts@0.99.0',
  'openapi-zod-client@1.18.3',
] as const;

/** Both need the old compiler's API. */
const THEIR_COMPILER = 'typescript@5.9.3';

const FOLDER = join(ROOT, '.cache', 'bench-peers', '1');

/** Installs the peers, unless they are there. */
export function installPeers(): void {
  if (existsSync(join(FOLDER, 'complete'))) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PEERS, THEIR_COMPILER];
  execFileSync('npm', args, { cwd: FOLDER, stdio: 'inherit' });
  writeFileSync(join(FOLDER, 'complete'), '');
}

/** Where a file of a peer is to be imported from. */
export const peerModule = (file: string): string => pathToFileURL(join(FOLDER, 'node_modules', file)).href;

/** How to generate from a document into a folder. */
export interface Generator {
  readonly name: string;
  readonly makes: string;
  readonly command: (
    document: string,
    output: string,
  ) => { readonly script: string; readonly args: string[] };
}

const ours = (document: string, output: string): string[] => ['scaffold', document, '-o', output, '-q'];

const MAIN = join(ROOT, 'dist', 'cli', 'main.js');

export const GENERATORS: readonly Generator[] = [
  {
    name: 'senior-backend',
    makes: 'types, Zod, an Express server',
    command: (document, output) => ({ script: MAIN, args: ours(document, output) }),
  },
  {
    name: 'senior-backend --types-only',
    makes: 'types',
    command: (document, output) => ({ script: MAIN, args: [...ours(document, output), '--types-only'] }),
  },
  {
    name: 'openapi-typescript 7.13.0',
    makes: 'types',
    command: (document, output) => ({
      script: join(FOLDER, 'node_modules/openapi-typescript/bin/cli.js'),
      args: [document, '-o', join(output, 'types.ts')],
    }),
  },
  {
    name: '@hey-api/openapi-ts 0.99.0',
    makes: 'types, Zod',
    command: (document, output) => {
      const config = join(output, '..', 'hey-api.config.mjs');
      const plugins = ['@hey-api/typescript', 'zod'];
      const text = { input: document, output: { path: output }, plugins };
      writeFileSync(config, `export default ${JSON.stringify(text)};\n`);
      return { script: join(FOLDER, 'node_modules/@hey-api/openapi-ts/bin/run.js'), args: ['-f', config] };
    },
  },
];
