import { admittedTypes, hasType } from '../model/admits.ts';
import type { FieldEncoding, MediaType, Operation, Parameter, Response } from '../model/api.ts';
import { mediaKind } from '../model/media.ts';
import { segmentsOf, variantOf } from '../model/routes.ts';
import { isSecured, printIdentity, printSecurity } from '../security/requirements.ts';
import { printValue } from './literals.ts';
import type { OperationTypeNames } from './operation-types.ts';
import { objectKey, quoteString } from './quote.ts';
import { withRemark } from './remarks.ts';
import { type RouteNames, routeKey } from './route-keys.ts';
import { printFormShape, printShape } from './shapes.ts';
import { printZod, type ZodContext } from './zod.ts';
import { fitsSchema } from './zod-objects.ts';

/** What the text of a contract needs of its file. */
export interface ContractImports {
  /** The name of the type `Contract`. */
  readonly contract: string;
  /** Names a function of runtime/body.js. */
  readonly media: (name: string) => string;
  readonly routeNames: RouteNames;
  /** The function that fills in an error schema: `e.toProblem`. */
  readonly fill: (media: MediaType) => string | undefined;
}

/** `export const getPet: Contract<...> = { ... };` */
export function printContract(
  operation: Operation,
  names: OperationTypeNames,
  context: ZodContext,
  imports: ContractImports,
): string {
  const request: ZodContext = { ...context, direction: 'request' };
  const response: ZodContext = { ...context, direction: 'response' };
  let parts = '';
  const inRoute = imports.routeNames.get(operation);
  if (operation.parameters.length > 0) {
    const parameters = operation.parameters.map(
      (parameter) =>
        `      ${printParameter(parameter, operation, request, inRoute?.get(parameter.name))},\n`,
    );
    parts += `    parameters: [\n${parameters.join('')}    ],\n`;
  }
  const { body } = operation;
  if (body !== undefined && body.content.length > 0) {
    const content = printContent(body.content, { ...request, binary: 'z.file()' }, imports);
    parts += `    body: { ${body.required ? 'required: true, ' : ''}content: ${content} },\n`;
  }
  const requests = parts === '' ? '' : `  request: () => ({\n${parts}  }),\n`;
  const answers = operation.responses.map(
    ({ status, content }) => `    ${statusKey(status)}: ${printContent(content, response, imports)},\n`,
  );
  const responses = answers.length === 0 ? '{}' : `{\n${answers.join('')}  }`;
  const headers = printHeaders(operation.responses, response);
  const variant = variantOf(operation.path);
  const told = variant === '' ? '' : `  variant: ${quoteString(variant)},\n`;
  const who = isSecured(operation) ? `, ${printIdentity(operation)}` : '';
  const type = `${imports.contract}<t.${names.request}, t.${names.response}${who}>`;
  return `export const ${operation.id}: ${type} = {\n  id: '${operation.id}',\n${told}${printSecurity(operation)}${requests}  responses: () => (${responses}),\n${headers}};\n`;
}

const statusKey = (status: string): string =>
  /^\d{3}$/.test(status) || status === 'default' ? status : quoteString(status);

/** The headers that answers carry, by status; nothing where the contract has none. */
function printHeaders(responses: readonly Response[], context: ZodContext): string {
  const entries = responses.flatMap(({ status, headers }) => {
    if (headers.length === 0) return [];
    const members = headers.map(({ name, required, explode, schema }) => {
      const flags = `${required ? 'required: true, ' : ''}${explode ? 'explode: true, ' : ''}`;
      return `      ${objectKey(name)}: { ${flags}schema: ${printZod(schema, context, '      ')} },\n`;
    });
    return [`    ${statusKey(status)}: {\n${members.join('')}    },\n`];
  });
  return entries.length === 0 ? '' : `  headers: () => ({\n${entries.join('')}  }),\n`;
}

function printParameter(
  parameter: Parameter,
  { path }: Operation,
  context: ZodContext,
  inRoute?: string,
): string {
  const { name, required, style, explode, mediaType, schema } = parameter;
  const members = [`in: '${parameter.in}'`, `name: ${quoteString(name)}`];
  const key = routeKey(inRoute ?? name);
  if (parameter.in === 'path' && key !== name) members.push(`key: ${quoteString(key)}`);
  const shape = printShape(schema, context.table);
  const types = admittedTypes(schema, context.table);
  const hasParts = shape.startsWith('{') && (hasType(types, 'array') || hasType(types, 'object'));
  const segment = hasParts ? segmentFromEnd(parameter, path) : undefined;
  if (segment !== undefined) members.push(`segment: ${segment}`);
  if (required) members.push('required: true');
  if (style !== DEFAULT_STYLE[parameter.in]) members.push(`style: '${style}'`);
  const exploded = style === 'form';
  if (explode !== exploded && style !== 'deepObject' && style !== 'content')
    members.push(`explode: ${explode}`);
  if (mediaType !== undefined && mediaType !== 'application/json')
    members.push(`mediaType: ${quoteString(mediaType)}`);
  if (shape !== `'string'`) members.push(`shape: ${shape}`);
  const { default: fallback, ...bare } = schema;
  const isFilledIn = fallback !== undefined && !required && fitsSchema(fallback, schema, context);
  if (isFilledIn) members.push(`default: ${printValue(fallback)}`);
  else if (fallback !== undefined && !required) {
    const message = `the default of parameter ${JSON.stringify(name)} does not fit its schema`;
    context.report(schema, message, 'SCF011');
  }
  members.push(`schema: ${printZod(isFilledIn ? bare : schema, context, '      ')}`);
  return `{ ${members.join(', ')} }`;
}

/** Where in its path a parameter stands, -1 being the last segment; undefined where it shares the segment with others. */
function segmentFromEnd({ in: place, name, style }: Parameter, path: string): number | undefined {
  if (place !== 'path' || style === 'content') return undefined;
  const segments = segmentsOf(path);
  const at = segments.findIndex(([only, ...others]) => {
    return others.length === 0 && only !== undefined && 'parameter' in only && only.parameter === name;
  });
  return at === -1 ? undefined : at - segments.length;
}

const DEFAULT_STYLE = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const;

function printContent(content: readonly MediaType[], context: ZodContext, imports: ContractImports): string {
  if (content.length === 0) return '{}';
  const entries = content.map(
    (entry) => `${quoteString(entry.type)}: ${printMedia(entry, context, imports)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

function printMedia(media: MediaType, context: ZodContext, imports: ContractImports): string {
  const { type, schema } = media;
  const kind = mediaKind(type);
  const { binary: _, ...plain } = context;
  if (kind === 'bytes' || kind === 'text')
    return printUnjudged(kind, printZod(schema, plain, '    '), imports);
  const isForm = kind === 'form' || kind === 'multipart';
  const more = isForm ? printForm(media, context) : imports.fill(media);
  const text = printZod(schema, isForm ? context : plain, '    ');
  return `${imports.media(kind)}(${text}${more === undefined ? '' : `, ${more}`})`;
}

/** What the fields of a form stand for, and how they are written where the contract says so. */
function printForm({ schema, encoding }: MediaType, { table }: ZodContext): string {
  const fields = [...encoding].map(([name, field]) => `${objectKey(name)}: ${printEncoding(field)}`);
  const shape = printFormShape(schema, table);
  return fields.length === 0 ? shape : `${shape}, { ${fields.join(', ')} }`;
}

function printEncoding({ contentType, style, explode }: FieldEncoding): string {
  const members: string[] = [];
  if (contentType !== undefined) members.push(`contentType: ${quoteString(contentType)}`);
  if (style !== undefined) members.push(`style: ${quoteString(style)}`);
  if (explode !== undefined) members.push(`explode: ${explode}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Texts and bytes are handed on as they are; what the contract says that they stand for is said, where it is more. */
function printUnjudged(kind: 'bytes' | 'text', schema: string, { media }: ContractImports): string {
  const isUsual = schema === 'z.unknown()' || schema === USUAL[kind];
  if (kind === 'bytes') return isUsual ? media('bytes') : `${media('bytesOf')}(() => ${schema})`;
  return `${media('text')}(z.string()${isUsual ? '' : `, () => ${schema}`})`;
}

const USUAL = { bytes: withRemark(["format: 'binary'"], 'z.string()'), text: 'z.string()' } as const;
