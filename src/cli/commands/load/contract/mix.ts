import { UserError } from '../../../../core/errors.ts';
import type { ContractOperation } from '../../../../scaffold/index.ts';
import { nearest } from '../../../nearest.ts';

/** How often each operation is sent, against the others, and which were named for it. */
export interface Mix {
  readonly weights: ReadonlyMap<string, number>;
  /** Those that --mix names themselves, not by a `*`. */
  readonly named: ReadonlySet<string>;
}

/** Services are read more than they are written to. */
export const SAFE_WEIGHT = 10;
export const OTHER_WEIGHT = 1;

const MOST = 10_000;

/**
 * Reads `GET /orders=10,DELETE /orders/{id}=0`: the names are method and path as the contract writes them, or operation
 * ids; `*` is every other operation, `GET *` every other of a method. What is not named weighs 10 when it only
 * reads, else 1. Errors: LOAD005.
 */
export function readMix(text: string | undefined, operations: readonly ContractOperation[]): Mix {
  const rules = text === undefined || text.trim() === '' ? [] : partsOf(text).map(ruleOf);
  const named = new Set<string>();
  const weights = new Map(
    operations.map(({ name, isSafe }): [string, number] => [name, isSafe ? SAFE_WEIGHT : OTHER_WEIGHT]),
  );
  // The general rules first, whatever their place: what names an operation goes before them.
  for (const rule of [...rules].sort((one, other) => breadth(other) - breadth(one))) {
    const meant = operations.filter((operation) => isMeant(rule.what, operation));
    if (meant.length === 0) throw unknown(rule.what, operations);
    for (const { name } of meant) {
      weights.set(name, rule.weight);
      if (breadth(rule) === 0) named.add(name);
    }
  }
  return { weights, named };
}

interface Rule {
  readonly what: string;
  readonly weight: number;
}

/** Paths may hold commas: a part begins after a weight. */
const partsOf = (text: string): string[] => text.split(/(?<==\s*[\d.]+)\s*,\s*/);

function ruleOf(part: string): Rule {
  const at = part.lastIndexOf('=');
  const weight = Number(part.slice(at + 1).trim() || Number.NaN);
  const what = part.slice(0, Math.max(0, at)).trim();
  if (what !== '' && weight >= 0 && weight <= MOST) return { what, weight };
  throw new UserError('LOAD005', `${JSON.stringify(part)} is no part of a mix`, {
    kind: 'usage',
    help: `Write it as --mix 'GET /orders=10,POST /orders=1,DELETE /orders/{id}=0', weights from 0 to ${MOST}.`,
  });
}

const breadth = ({ what }: Rule): number => (what === '*' ? 2 : /^[A-Za-z]+ \*$/.test(what) ? 1 : 0);

function isMeant(what: string, { id, name, method }: ContractOperation): boolean {
  if (what === '*' || what === id) return true;
  const [verb = '', path = ''] = what.split(/\s+(.*)/s);
  if (verb.toUpperCase() !== method) return false;
  return path === '*' || `${method} ${path}` === name;
}

function unknown(what: string, operations: readonly ContractOperation[]): UserError {
  const close =
    nearest(
      what,
      operations.map(({ name }) => name),
    ) ?? operations[0]?.name;
  return new UserError('LOAD005', `--mix names ${JSON.stringify(what)}, which the contract does not have`, {
    kind: 'usage',
    help: close === undefined ? 'The contract has no operations.' : `Did you mean ${JSON.stringify(close)}?`,
  });
}
