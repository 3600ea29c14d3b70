// Which targets a worker's operator lets it load. Whoever can speak to a worker could otherwise aim it at anybody.
import { UserError } from '../../core/errors.ts';
import type { Target } from '../target.ts';

/** Whether a host and port may be loaded. */
export type Permit = (target: Pick<Target, 'host' | 'port'>) => boolean;

/** This machine, by the names and addresses that are always its own. */
export const LOOPBACK: Permit = ({ host }) =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/**
 * The permit of `--allow` values: `HOST`, `HOST:PORT`, `*.DOMAIN` (what is below it) or `*`. Without any, this machine
 * alone. Errors: LOAD005.
 */
export function permitOf(rules: readonly string[]): Permit {
  if (rules.length === 0) return LOOPBACK;
  const permits = rules.map(permitOfRule);
  return (target) => permits.some((permit) => permit(target));
}

/** Whether only this machine may be loaded. */
export const allowsOnlyLoopback = (rules: readonly string[]): boolean =>
  rules.every((rule) => LOOPBACK({ host: parseRule(rule).host, port: 0 }));

function permitOfRule(rule: string): Permit {
  const { host, port } = parseRule(rule);
  const fits = host === '*' ? () => true : host.startsWith('*.') ? below(host.slice(1)) : equals(host);
  return (target) => fits(target.host.toLowerCase()) && (port === undefined || port === target.port);
}

const below =
  (suffix: string) =>
  (host: string): boolean =>
    host.endsWith(suffix) && host.length > suffix.length;

const equals =
  (wanted: string) =>
  (host: string): boolean =>
    host === wanted;

function parseRule(rule: string): { readonly host: string; readonly port: number | undefined } {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([^:/@\s[\]]+))(?::(\d{1,5}))?$/i.exec(rule) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (host.includes('*') && !/^\*(\.[^*]+)?$/.test(host))) {
    throw new UserError('LOAD005', `--allow is ${JSON.stringify(rule)}`, {
      kind: 'usage',
      help: "Give HOST, HOST:PORT, '*.example.com' or '*' (any host).",
    });
  }
  return { host: host.toLowerCase(), port: port === undefined ? undefined : Number(port) };
}
