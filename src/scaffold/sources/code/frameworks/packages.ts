import type { PackageModel } from '../interpret/interpreter.ts';
import { type CallValue, constant, native, type Value } from '../value.ts';
import { expressRouter } from './express-router.ts';
import { fastifyApp, SHARED } from './fastify-instance.ts';
import { composed, koaApp, koaMount, koaRouter } from './koa-router.ts';

/** The name that a term is called by: `Router` for `express.Router()`; `''` for the package itself. */
const nameOf = ({ callee }: CallValue): string | undefined =>
  callee.kind === 'external' ? callee.path.join('.') : undefined;

const named =
  (names: readonly string[], make: PackageModel): PackageModel =>
  (call, site) => {
    const name = nameOf(call);
    return name !== undefined && names.includes(name) ? make(call, site) : undefined;
  };

const first: PackageModel = ({ args: [handler] }) => handler;

const shared: PackageModel = ({ args: [plugin] }) => markShared(plugin);

function markShared(plugin: Value | undefined): Value | undefined {
  if (plugin?.kind !== 'function') return plugin;
  const properties = new Map(plugin.properties);
  properties.set(SHARED, constant(true));
  return { ...plugin, properties };
}

const router: PackageModel = ({ args }, site) => koaRouter(args, site);

/** Packages that register what they find in folders, by rules of their own. */
const filesLoaded: PackageModel = ({ origin, callee }, { scope }) => {
  const name = callee.kind === 'external' ? callee.package : 'a package';
  const message = `${name} loads files here by rules that are not read: their routes are missing from the document`;
  scope.frame.interpreter.report('SCF075', 'warning', message, origin);
  return undefined;
};

/** What the functions of packages give that have to do with routes. */
export const PACKAGES: ReadonlyMap<string, PackageModel> = new Map<string, PackageModel>([
  [
    'express',
    (call, site) => {
      const name = nameOf(call);
      if (name === '' || name === 'express') return expressRouter('app', [], site);
      return name === 'Router' ? expressRouter('router', call.args, site) : undefined;
    },
  ],
  ['express-promise-router', named(['', 'Router'], ({ args }, site) => expressRouter('router', args, site))],
  ['fastify', named(['', 'fastify', 'Fastify'], ({ args }, site) => fastifyApp(args, site))],
  ['fastify-plugin', named(['', 'fastifyPlugin'], shared)],
  ['koa', named([''], (_call, site) => koaApp(site))],
  ['@koa/router', named(['', 'Router'], router)],
  ['koa-router', named(['', 'Router'], router)],
  ['koa-joi-router', named([''], router)],
  ['koa-mount', named([''], ({ args }) => koaMount(args))],
  ['koa-compose', named([''], ({ args }) => composed(args))],
  // What it gives is called to be used.
  ['koa-combine-routers', named([''], ({ args }) => native('routers', () => composed(args)))],
  ['express-async-handler', named([''], first)],
  ['express-async-errors', named([''], first)],
  ['util', named(['promisify'], first)],
  ...[
    'express-file-routing',
    'express-fs-router',
    'consign',
    'express-load',
    'koa-autoboot',
    'require-all',
  ].map((name): [string, PackageModel] => [name, filesLoaded]),
]);
