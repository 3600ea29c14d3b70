import type { JsonValue } from '../model/json.ts';
import { objectKey, quoteNumber, quoteString, typeKey } from './quote.ts';

/** A JSON value as a JavaScript expression. */
export function printValue(value: JsonValue): string {
  if (typeof value === 'string') return quoteString(value);
  if (typeof value === 'number') return quoteNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  const entries = Object.entries(value).map(([key, part]) => `${objectKey(key)}: ${printValue(part)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** The type of exactly this JSON value. */
export function printValueType(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(printValueType).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return printValue(value);
  const entries = Object.entries(value).map(([key, part]) => `${typeKey(key)}: ${printValueType(part)}`);
  return entries.length === 0 ? 'Record<string, never>' : `{ ${entries.join('; ')} }`;
}
