import type { JsonValue } from '../../../model/json.ts';
import { textOf, type Value } from '../value.ts';

/** The JSON value that a value is, as far as it is known; undefined for everything else. */
export function jsonOf(value: Value | undefined): JsonValue | undefined {
  if (value?.kind === 'constant') return constantJson(value.value);
  if (value?.kind === 'list') {
    const items = value.items.map(jsonOf);
    return value.open || items.includes(undefined) ? undefined : (items as JsonValue[]);
  }
  if (value?.kind !== 'object' || value.open) return undefined;
  const entries = [...value.properties].map(([name, part]) => [name, jsonOf(part)] as const);
  if (entries.some(([, part]) => part === undefined)) return undefined;
  return Object.fromEntries(entries) as JsonValue;
}

function constantJson(value: unknown): JsonValue | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return value === null || typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

/** A number that is known. */
export const numberOf = (value: Value | undefined): number | undefined => {
  const json = jsonOf(value);
  return typeof json === 'number' ? json : undefined;
};

/** The source of a regular expression, one that runs in linear time included. */
export function patternOf(pattern: Value | undefined): string | undefined {
  if (pattern?.kind === 'pattern') return pattern.source;
  if (pattern?.kind !== 'call' || pattern.callee.kind !== 'external') return undefined;
  return pattern.callee.path.at(-1) === 'linear' || pattern.callee.path.at(-1) === 'RegExp'
    ? textOf(pattern.args[0])
    : undefined;
}
