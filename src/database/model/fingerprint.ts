import { sha256 } from '../../core/hash.ts';
import { sortByText } from '../../core/order.ts';
import type { AttributeValue, DatabaseModel } from './database-model.ts';

/** A text that is equal exactly when the values are: objects with their keys in order. */
export function canonical(value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = sortByText(Object.entries(value), ([key]) => key);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

const isList = (value: object): value is readonly AttributeValue[] => Array.isArray(value);

/** SHA-256 of everything that a comparison looks at: two states with one fingerprint have no difference. */
export function fingerprint(model: DatabaseModel): string {
  const objects = sortByText(model.objects.values(), ({ id }) => id);
  return sha256(objects.map(({ id, attributes }) => `${id} ${canonical(attributes)}`).join('\n'));
}
