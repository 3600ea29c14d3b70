import { admittedTypes, hasType } from '../model/admits.ts';
import type { MediaType, Operation, Parameter } from '../model/api.ts';
import { mediaKind } from '../model/media.ts';
import { segmentsOf } from '../model/routes.ts';
import { printValue } from './literals.ts';
import type { OperationTypeNames } from './operation-types.ts';
import { quoteString } from './quote.ts';
import { type RouteNames, routeKey } from './route-keys.ts';
import { printShape } from './shapes.ts';
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
  const answers = operation.responses.map(({ status, content }) => {
    const key = /^\d{3}$/.test(status) || status === 'default' ? status : quoteString(status);
    return `    ${key}: ${printContent(content, response, imports)},\n`;
  });
  const responses = answers.length === 0 ? '{}' : `{\n${answers.join('')}  }`;
  const type = `${imports.contract}<t.${names.request}, t.${names.response}>`;
  return `export const ${operation.id}: ${type} = {\n  id: '${operation.id}',\n${requests}  responses: () => (${responses}),\n};\n`;
}

function printParameter(
  parameter: Parameter,
  { path }: Operation,
  context: ZodContext,
  inRoute?: string,
): string {
  const { name, required, style, explode, schema } = parameter;
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
  if (shape !== `'string'`) members.push(`shape: ${shape}`);
  if (schema.default !== undefined && !required) {
    if (fitsSchema(schema.default, schema, context)) members.push(`default: ${printValue(schema.default)}`);
    else {
      const message = `the default of parameter ${JSON.stringify(name)} does not fit its schema`;
      context.report(schema, message, 'SCF011');
    }
  }
  members.push(`schema: ${printZod(schema, context, '      ')}`);
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
  if (kind === 'bytes') return imports.media('bytes');
  const { binary: _, ...plain } = context;
  const isForm = kind === 'form' || kind === 'multipart';
  const text = kind === 'text' ? 'z.string()' : printZod(schema, isForm ? context : plain, '    ');
  const more = isForm ? printShape(schema, context.table) : imports.fill(media);
  return `${imports.media(kind)}(${text}${more === undefined ? '' : `, ${more}`})`;
}
