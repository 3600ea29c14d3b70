import type { Schema } from '../model/schema.ts';
import { withChecks, type ZodContext } from './zod.ts';

/**
 * Formats that Zod checks as the format registry of OpenAPI and JSON Schema describe them. `uuid` is
 * any UUID, whatever its version bits say; `date-time` is RFC 3339, which allows an offset.
 */
const FORMATS: Readonly<Record<string, string>> = {
  date: 'z.iso.date()',
  'date-time': 'z.iso.datetime({ offset: true })',
  duration: 'z.iso.duration()',
  email: 'z.email()',
  hostname: 'z.hostname()',
  ipv4: 'z.ipv4()',
  ipv6: 'z.ipv6()',
  uri: 'z.url()',
  uuid: 'z.guid()',
};

/** Formats that say how a string is meant to be shown or stored, and refuse nothing. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'password',
  'binary',
  'byte',
  'string',
  'text',
  'html',
  'markdown',
]);

/** A schema of the strings with the given length, pattern and format. */
export function printStringSchema(schema: Schema, context: ZodContext): string {
  const { minLength, maxLength, pattern, format } = schema;
  if (format === 'binary' && context.binary !== undefined) return context.binary;
  const { helper } = context;
  const base = (format === undefined ? undefined : knownFormat(format)) ?? 'z.string()';
  if (format !== undefined && base === 'z.string()' && !ANNOTATIONS.has(format)) {
    context.report(schema, `format ${JSON.stringify(format)} is not checked`);
  }
  // For one character and for none, UTF-16 units and code points agree.
  const least = minLength === 1 ? '.min(1)' : '';
  const most = maxLength === 0 ? '.max(0)' : '';
  const checks: string[] = [];
  if (minLength !== undefined && minLength > 1) checks.push(`${helper('minLength')}(${minLength})`);
  if (maxLength !== undefined && maxLength > 0) checks.push(`${helper('maxLength')}(${maxLength})`);
  const regex = pattern === undefined ? undefined : context.pattern(schema, pattern);
  return withChecks(`${base}${least}${most}${regex === undefined ? '' : `.regex(${regex})`}`, checks);
}

const knownFormat = (format: string): string | undefined =>
  Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
