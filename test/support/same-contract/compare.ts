import type { ApiModel } from '../../../src/scaffold/model/api.ts';
import { canonicalModel } from './model.ts';
import type { Canonical } from './schemas.ts';

/** What two contracts differ in. */
export interface Difference {
  /** The operation or schema, and where in it. */
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

/** Every piece of two contracts that is not the same, with the first place in it that differs. */
export function differences(before: ApiModel, after: ApiModel): Difference[] {
  const [left, right] = [canonicalModel(before), canonicalModel(after)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const found = firstDifference(left.get(name), right.get(name), '');
    return found === undefined ? [] : [{ ...found, where: `${name} ${found.where}`.trim() }];
  });
}

function firstDifference(
  before: Canonical | undefined,
  after: Canonical | undefined,
  where: string,
): Difference | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const [left, right] = [partsOf(before), partsOf(after)];
  if (left !== undefined && right !== undefined && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = firstDifference(left[key], right[key], `${where}/${key}`);
      if (found !== undefined) return found;
    }
  }
  return { where, before: shown(before), after: shown(after) };
}

const partsOf = (value: Canonical | undefined): Readonly<Record<string, Canonical>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Canonical>>) : undefined;

const shown = (value: Canonical | undefined): string =>
  value === undefined ? 'absent' : JSON.stringify(value).slice(0, 300);
