import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FRAMEWORKS, type FrameworkName, scaffoldServer } from '../../../src/scaffold/index.ts';
import { ROOT } from '../../support/repository.ts';
import { STRICT_OPTIONS } from '../../support/strict-options.ts';

/** A generated server that listens, and what it reported. */
export interface Booted {
  readonly port: number;
  readonly reported: { readonly error: unknown; readonly requestId: string }[];
  close(): void;
}

type Handler = (request: never, context: { readonly requestId: string }) => unknown;
export type Handlers = Readonly<Record<string, Handler>>;

/** The options that a generated application is made with. */
export interface AppOptions {
  readonly validateResponses?: boolean;
  readonly bodyLimit?: number;
}

/** What the applications of the frameworks have in common: a way to get at the listener of requests. */
const LISTENERS: Readonly<Record<FrameworkName, (app: never) => Promise<RequestListener>>> = {
  express: async (app: RequestListener) => app,
  koa: async (app: { callback(): RequestListener }) => app.callback(),
  fastify: async (app: { ready(): Promise<unknown>; routing: RequestListener }) => {
    await app.ready();
    return app.routing;
  },
};

const FOLDER = join(ROOT, '.cache', 'acceptance');

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

interface Variant {
  readonly framework: FrameworkName;
  readonly contract: string;
  readonly errors?: 'envelope' | 'problem+json';
}

/** What is generated: for every framework a server with our envelope, and others for other shapes of errors. */
const VARIANTS: Readonly<Record<string, Variant>> = Object.fromEntries(
  NAMES.flatMap((framework): [string, Variant][] => [
    [framework, { framework, contract: 'contract.yaml', errors: 'envelope' }],
    [variantOf(framework, 'problem'), { framework, contract: 'contract.yaml', errors: 'problem+json' }],
    [variantOf(framework, 'errors'), { framework, contract: 'errors.yaml' }],
  ]),
);

/** The folder of a framework's server that answers errors as problem details, or as its contract has them. */
export function variantOf(framework: FrameworkName, kind: 'problem' | 'errors'): string {
  return `${framework}-${kind}`;
}

/** Generates the contracts' servers for every framework and compiles them, as strictly as can be. */
export async function compileServers(): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [variant, { framework, contract, ...errors }] of Object.entries(VARIANTS)) {
    const path = join(ROOT, 'test', 'scaffold', 'acceptance', contract);
    await scaffoldServer({ path, shown: contract }, join(FOLDER, 'src', variant), {
      framework,
      ...errors,
      typesOnly: false,
      force: false,
      allowRefs: false,
      allowNetwork: false,
    });
  }
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, include: ['src'] }));
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', FOLDER]);
}

const STRICT = {
  ...STRICT_OPTIONS,
  noUnusedLocals: true,
  isolatedDeclarations: true,
  declaration: true,
  rootDir: 'src',
  outDir: 'out',
};

/** Boots a compiled server with these handlers, by operation id. */
export async function boot(
  framework: FrameworkName,
  handlers: Handlers,
  options: AppOptions = {},
  variant: string = framework,
): Promise<Booted> {
  const url = pathToFileURL(compiledFile(variant, 'index.js')).href;
  const { createApp, allHandlers } = await import(/* @vite-ignore */ url);
  const tags = Object.keys(allHandlers).map((tag) => [tag, handlers]);
  const reported: { error: unknown; requestId: string }[] = [];
  const onError = (error: unknown, requestId: string): void => {
    reported.push({ error, requestId });
  };
  const app = createApp(Object.fromEntries(tags), { ...options, onError });
  const server = createServer(await LISTENERS[framework](app as never));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: portOf(server), reported, close: () => closeAll(server) };
}

/** A file of a compiled server. */
export const compiledFile = (variant: string, file: string): string => join(FOLDER, 'out', variant, file);

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function closeAll(server: Server): void {
  server.close();
  server.closeAllConnections();
}
