import type { Schema } from '../model/schema.ts';
import { quoteString } from './quote.ts';
import { withRemark } from './remarks.ts';
import { withChecks, type ZodContext } from './zod.ts';

/** Formats that Zod checks as JSON Schema means them. `uuid` is any UUID, whatever its version bits say. */
const ZOD_FORMATS: Readonly<Record<string, string>> = {
  date: 'z.iso.date()',
  ipv4: 'z.ipv4()',
  uuid: 'z.guid()',
};

/** Formats that runtime/formats.ts checks. */
const CHECKED_FORMATS: ReadonlySet<string> = new Set([
  'time',
  'date-time',
  'duration',
  'email',
  'idn-email',
  'hostname',
  'idn-hostname',
  'ipv6',
  'uri',
  'uri-reference',
  'iri',
  'iri-reference',
  'uri-template',
  'json-pointer',
  'relative-json-pointer',
  'regex',
  'byte',
  'base64url',
  'char',
]);

/** Formats that say how a string is meant to be shown or stored, and refuse nothing. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'password',
  'binary',
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
  const base = (format === undefined ? undefined : zodFormat(format)) ?? 'z.string()';
  const isChecked = format !== undefined && CHECKED_FORMATS.has(format);
  if (format !== undefined && base === 'z.string()' && !isChecked && !ANNOTATIONS.has(format)) {
    context.report(schema, `format ${JSON.stringify(format)} is not checked`);
  }
  // For one character and for none, UTF-16 units and code points agree.
  const least = minLength === 1 ? '.min(1)' : '';
  const most = maxLength === 0 ? '.max(0)' : '';
  const checks: string[] = isChecked ? [`${helper('format')}('${format}')`] : [];
  if (minLength !== undefined && minLength > 1) checks.push(`${helper('minLength')}(${minLength})`);
  if (maxLength !== undefined && maxLength > 0) checks.push(`${helper('maxLength')}(${maxLength})`);
  const regex = pattern === undefined ? undefined : context.pattern(schema, pattern);
  const said: string[] = [];
  if (format !== undefined && base === 'z.string()' && !isChecked)
    said.push(`format: ${quoteString(format)}`);
  if (pattern !== undefined && regex === undefined) said.push(`pattern: ${quoteString(pattern)}`);
  const limits = `${base}${least}${most}${regex === undefined ? '' : `.regex(${regex})`}`;
  return withRemark(said, withChecks(limits, checks));
}

const zodFormat = (format: string): string | undefined =>
  Object.hasOwn(ZOD_FORMATS, format) ? ZOD_FORMATS[format] : undefined;
