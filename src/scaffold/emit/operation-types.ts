import type { MediaType, Operation, Parameter, ParameterIn, Response } from '../model/api.ts';
import { mediaKind } from '../model/media.ts';
import { docComment, quoteString, typeKey } from './quote.ts';
import { printType, type TypeContext, union } from './types.ts';

/** The names of an operation's types. */
export interface OperationTypeNames {
  readonly request: string;
  readonly response: string;
}

/** Types that a types.ts declares only when some operation uses them. */
export interface OperationTypeUses {
  /** The name of the type of all status codes; `Status`, unless a schema has it. */
  readonly status: string;
  /** Classes of status codes: `4XX`, and `Status` for all. */
  readonly statuses: Set<string>;
  usesFile: boolean;
}

const GROUPS: readonly (readonly [ParameterIn, string])[] = [
  ['path', 'path'],
  ['query', 'query'],
  ['header', 'headers'],
  ['cookie', 'cookies'],
];

/** The two declarations of an operation: what its handler is given, and what it may answer. */
export function printOperationTypes(
  operation: Operation,
  names: OperationTypeNames,
  context: TypeContext,
  uses: OperationTypeUses,
): string {
  const title = docComment(`${operation.method.toUpperCase()} ${operation.path}`);
  const request = printRequest(operation, names.request, { ...context, direction: 'request' }, uses);
  const answers = operation.responses.flatMap((response) =>
    printAnswers(response, operation.responses, { ...context, direction: 'response' }, uses),
  );
  const any = '{ status: number; body?: unknown; headers?: Record<string, string> }';
  const alternatives = (answers.length === 0 ? [any] : answers).map((answer) => `\n  | ${answer}`).join('');
  return `${title}${request}\nexport type ${names.response} =${alternatives};\n`;
}

function printRequest(
  operation: Operation,
  name: string,
  context: TypeContext,
  uses: OperationTypeUses,
): string {
  const groups = GROUPS.map(([place, group]) => {
    const parameters = operation.parameters.filter((parameter) => parameter.in === place);
    return parameters.length === 0 ? '' : printGroup(group, parameters, context);
  }).join('');
  const bodies = printBodies(operation, context, uses);
  if (bodies.length <= 1) {
    const members = groups + (bodies[0] ?? '');
    return `export interface ${name} ${members === '' ? '{}' : `{\n${members}}`}\n`;
  }
  const start = groups === '' ? '' : `{\n${groups}} & `;
  return `export type ${name} = ${start}(\n${bodies.map((body) => `  | {\n${body}}\n`).join('')});\n`;
}

function printGroup(group: string, parameters: readonly Parameter[], context: TypeContext): string {
  const members = parameters.map((parameter) => {
    const present = parameter.required || parameter.schema.default !== undefined;
    const { description, deprecated } = parameter;
    const comment = docComment(deprecated ? `${description ?? ''}\n@deprecated` : description, '    ');
    const type = printType(parameter.schema, context, '    ');
    return `${comment}    ${typeKey(parameter.name)}${present ? '' : '?'}: ${type};\n`;
  });
  return `  ${group}: {\n${members.join('')}  };\n`;
}

/** The body members of a request, one for each type that a body may have. */
function printBodies({ body }: Operation, context: TypeContext, uses: OperationTypeUses): string[] {
  if (body === undefined || body.content.length === 0) return [];
  const mark = body.required ? '' : '?';
  const byType = new Map<string, string[]>();
  for (const media of body.content) {
    const type = printRequestBody(media, context, uses);
    byType.set(type, [...(byType.get(type) ?? []), media.type]);
  }
  const several = body.content.length > 1 || body.content.some(({ type }) => type.includes('*'));
  return [...byType].map(([type, medias]) => {
    const open = medias.some((media) => media.includes('*'));
    const contentType = open ? 'string' : medias.map(quoteString).join(' | ');
    return `${several ? `  contentType${mark}: ${contentType};\n` : ''}  body${mark}: ${type};\n`;
  });
}

function printRequestBody(media: MediaType, context: TypeContext, uses: OperationTypeUses): string {
  const kind = mediaKind(media.type);
  if (kind === 'bytes') return 'AsyncIterable<Uint8Array>';
  if (kind === 'text') return 'string';
  if (kind === 'json') return printType(media.schema, context, '  ');
  const type = printType(media.schema, { ...context, binary: 'File' }, '  ');
  if (type.includes('File')) uses.usesFile = true;
  return type;
}

function printAnswers(
  { status, content, headers, description }: Response,
  all: readonly Response[],
  context: TypeContext,
  uses: OperationTypeUses,
): string[] {
  const start = `status: ${statusType(status, all, uses)}`;
  const end = `${printHeaders(headers, context)} }`;
  const comment = docComment(description.split('\n')[0]).trimEnd();
  const prefix = comment === '' ? '' : `${comment}\n    `;
  if (content.length === 0) return [`${prefix}{ ${start}; body?: undefined${end}`];
  return content.map((media) => {
    const contentType =
      content.length > 1 || media.type.includes('*') ? `; ${contentTypeMember(media, content)}` : '';
    return `${prefix}{ ${start}; body: ${printAnswerBody(media, context)}${contentType}${end}`;
  });
}

const contentTypeMember = ({ type }: MediaType, content: readonly MediaType[]): string => {
  const isFirst = content[0]?.type === type;
  return `contentType${isFirst ? '?' : ''}: ${type.includes('*') ? 'string' : quoteString(type)}`;
};

function printAnswerBody(media: MediaType, context: TypeContext): string {
  const kind = mediaKind(media.type);
  if (kind === 'json') return printType(media.schema, context, '      ');
  return kind === 'text' ? 'string' : 'string | Uint8Array | AsyncIterable<Uint8Array>';
}

function printHeaders(headers: readonly Parameter[], context: TypeContext): string {
  if (headers.length === 0) return '; headers?: Record<string, string>';
  const members = headers.map(
    ({ name, required, schema }) => `${typeKey(name)}${required ? '' : '?'}: ${printType(schema, context)}`,
  );
  const mark = headers.some(({ required }) => required) ? '' : '?';
  return `; headers${mark}: { ${members.join('; ')}; [name: string]: unknown }`;
}

/** Ranges and `default` stand for the codes that are not listed beside them. */
function statusType(status: string, all: readonly Response[], uses: OperationTypeUses): string {
  if (/^\d{3}$/.test(status)) return status;
  const range = status === 'default' ? uses.status : uses.status + status;
  uses.statuses.add(status);
  const listed = all.map((response) => response.status);
  const inRange = listed.filter(
    (other) => /^\d{3}$/.test(other) && (status === 'default' || other[0] === status[0]),
  );
  const ranges = status === 'default' ? listed.filter((other) => other.endsWith('XX')) : [];
  for (const other of ranges) uses.statuses.add(other);
  const without = union([...inRange, ...ranges.map((other) => uses.status + other)]);
  return without === 'never' ? range : `Exclude<${range}, ${without}>`;
}

/** Registered status codes (RFC 9110, section 15, and the IANA registry) from 200 up. */
const STATUS_CODES: Readonly<Record<string, readonly number[]>> = {
  '2XX': [200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
  '3XX': [300, 301, 302, 303, 304, 305, 307, 308],
  '4XX': [
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422,
    423, 424, 425, 426, 428, 429, 431, 451,
  ],
  '5XX': [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
};

/** The declarations of the status types that were used. */
export function printStatusTypes({ status, statuses }: OperationTypeUses): string {
  const wanted = statuses.has('default') ? Object.keys(STATUS_CODES) : [...statuses].sort();
  const classes = wanted.map(
    (range) => `type ${status}${range} = ${(STATUS_CODES[range] ?? [100]).join(' | ')};\n`,
  );
  if (!statuses.has('default')) return classes.join('');
  const all = Object.keys(STATUS_CODES).map((range) => status + range);
  return `${classes.join('')}type ${status} = ${all.join(' | ')};\n`;
}
