import type { MediaType, Operation, Parameter } from '../model/api.ts';
import { mediaKind } from '../model/media.ts';
import { printValue } from './literals.ts';
import type { OperationTypeNames } from './operation-types.ts';
import { quoteString } from './quote.ts';
import { type RouteNames, routeKey } from './route-keys.ts';
import { printShape } from './shapes.ts';
import { printZod, type ZodContext } from './zod.ts';
import { fitsSchema } from './zod-objects.ts';

/** `export const getPet: Contract<...> = { ... };` */
export function printContract(
  operation: Operation,
  names: OperationTypeNames,
  context: ZodContext,
  imports: { readonly media: (name: string) => string; readonly routeNames: RouteNames },
): string {
  const request: ZodContext = { ...context, direction: 'request' };
  const response: ZodContext = { ...context, direction: 'response' };
  let parts = '';
  const inRoute = imports.routeNames.get(operation);
  if (operation.parameters.length > 0) {
    const parameters = operation.parameters.map(
      (parameter) => `      ${printParameter(parameter, request, inRoute?.get(parameter.name))},\n`,
    );
    parts += `    parameters: [\n${parameters.join('')}    ],\n`;
  }
  const { body } = operation;
  if (body !== undefined && body.content.length > 0) {
    const content = printContent(body.content, { ...request, binary: 'z.file()' }, imports.media, '    ');
    parts += `    body: { ${body.required ? 'required: true, ' : ''}content: ${content} },\n`;
  }
  const requests = parts === '' ? '' : `  request: () => ({\n${parts}  }),\n`;
  const answers = operation.responses.map(({ status, content }) => {
    const key = /^\d{3}$/.test(status) || status === 'default' ? status : quoteString(status);
    return `    ${key}: ${printContent(content, response, imports.media, '    ')},\n`;
  });
  const responses = answers.length === 0 ? '{}' : `{\n${answers.join('')}  }`;
  const type = `Contract<t.${names.request}, t.${names.response}>`;
  return `export const ${operation.id}: ${type} = {\n  id: '${operation.id}',\n${requests}  responses: () => (${responses}),\n};\n`;
}

function printParameter(parameter: Parameter, context: ZodContext, inRoute?: string): string {
  const { name, required, style, explode, schema } = parameter;
  const members = [`in: '${parameter.in}'`, `name: ${quoteString(name)}`];
  const key = routeKey(inRoute ?? name);
  if (parameter.in === 'path' && key !== name) members.push(`key: ${quoteString(key)}`);
  if (required) members.push('required: true');
  if (style !== DEFAULT_STYLE[parameter.in]) members.push(`style: '${style}'`);
  const exploded = style === 'form';
  if (explode !== exploded && style !== 'deepObject' && style !== 'content')
    members.push(`explode: ${explode}`);
  const shape = printShape(schema, context.table);
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

const DEFAULT_STYLE = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const;

function printContent(
  content: readonly MediaType[],
  context: ZodContext,
  media: (name: string) => string,
  pad: string,
): string {
  if (content.length === 0) return '{}';
  const entries = content.map(
    (entry) => `${quoteString(entry.type)}: ${printMedia(entry, context, media, pad)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

function printMedia(
  { type, schema }: MediaType,
  context: ZodContext,
  media: (name: string) => string,
  pad: string,
): string {
  const kind = mediaKind(type);
  if (kind === 'bytes') return media('bytes');
  const { binary: _, ...plain } = context;
  const isForm = kind === 'form' || kind === 'multipart';
  const text = kind === 'text' ? 'z.string()' : printZod(schema, isForm ? context : plain, pad);
  return isForm ? `${media(kind)}(${text}, ${printShape(schema, context.table)})` : `${media(kind)}(${text})`;
}
