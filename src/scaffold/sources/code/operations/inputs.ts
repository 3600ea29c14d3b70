import type { FoundBody, FoundParameter } from '../../../describe/contract.ts';
import { isJsonObject, type JsonObject, objectAt, own } from '../../../model/json.ts';
import type { Checked, Trace } from '../handlers/trace.ts';
import type { FoundRoute } from '../routes.ts';
import { type SchemaContext, unknownSchema } from '../schemas/context.ts';
import { FILE } from '../schemas/json-schema.ts';
import { schemaOfTerm } from '../schemas/terms.ts';
import { newDraft } from '../schemas/validators/chain.ts';
import { type CheckedField, fieldsSchema } from '../schemas/validators/express-validator.ts';
import { withJoiOptions } from '../schemas/validators/joi-preferences.ts';
import type { RequestTypes } from '../types/request-types.ts';
import { schemaOfType } from '../types/schema.ts';
import { type InputPart, textOf, type Value } from '../value.ts';
import { inPlace, isClosed, membersOf } from './members.ts';
import { pickedSchema, withoutMembers } from './picked.ts';
import { unreadPackage } from './validation.ts';

/** Everything that was found out about what a request carries. */
export interface Inputs {
  readonly route: FoundRoute;
  readonly trace: Trace;
  readonly checked: readonly Checked[];
  /** Single fields that express-validator checks. */
  readonly fields: readonly CheckedField[];
  /** What the handler itself reads. */
  readonly handlerReads: Trace['reads'];
  readonly types: RequestTypes;
  /** Fastify's schema of the route. */
  readonly schema: Value | undefined;
  readonly context: SchemaContext;
}

const FASTIFY_NAMES: Readonly<Record<string, readonly string[]>> = {
  body: ['body'],
  query: ['querystring', 'query'],
  path: ['params'],
  headers: ['headers'],
};

/** The schema of a part of the request: what is enforced counts more than what a type says. */
export function partSchema(
  part: 'body' | 'query' | 'path' | 'headers' | 'cookies',
  inputs: Inputs,
): JsonObject | undefined {
  return enforcedPart(part, inputs) ?? typedPart(part, inputs);
}

const enforcedPart = (part: InputPart, inputs: Inputs): JsonObject | undefined =>
  declaredPart(part, inputs) ?? checkedPart(part, inputs);

/** Whether what requests are held to states a member of a part. */
export function isStated(part: InputPart, name: string, inputs: Inputs): boolean {
  const schema = enforcedPart(part, inputs);
  return schema !== undefined && membersOf(schema, inputs.context).has(name);
}

function declaredPart(part: string, { schema, context }: Inputs): JsonObject | undefined {
  if (schema?.kind !== 'object') return undefined;
  for (const name of FASTIFY_NAMES[part] ?? []) {
    const declared = schema.properties.get(name);
    if (declared !== undefined) return schemaOfTerm(declared, context);
  }
  return undefined;
}

function checkedPart(part: InputPart, { checked, fields, context }: Inputs): JsonObject | undefined {
  const single = checked.flatMap((one) => fieldOf(one, part, context));
  const schemas = [
    ...checked.filter(({ at }) => at === undefined).map((one) => checkedSchema(one, part, context)),
    fieldsSchema([...fields, ...single], part),
  ].filter((schema) => schema !== undefined);
  const different = schemas.filter(
    (schema, at) => schemas.findIndex((other) => JSON.stringify(other) === JSON.stringify(schema)) === at,
  );
  const [only] = different;
  return different.length > 1 ? { allOf: different } : only;
}

/** A single member that a schema checks: `State.parse(req.query.state)`. It may be checked only where it is there. */
function fieldOf(
  { part, schema, at, options, origin }: Checked,
  asked: InputPart,
  context: SchemaContext,
): CheckedField[] {
  if (at === undefined || part !== asked) return [];
  const own = schemaOfTerm(schema, withJoiOptions(context, options, origin));
  return [{ parts: [part], path: at, draft: newDraft(own) }];
}

/** Names under which schemas of whole requests keep the parts. */
const PART_NAMES: Readonly<Record<InputPart, readonly string[]>> = {
  body: ['body'],
  query: ['query', 'querystring'],
  path: ['params', 'param'],
  headers: ['headers'],
  cookies: ['cookies'],
  request: [],
};

function checkedSchema(checked: Checked, asked: InputPart, plain: SchemaContext): JsonObject | undefined {
  const { part, schema, origin, options, picked, besides } = checked;
  const context = withJoiOptions(plain, options, origin);
  const unread = unreadPackage(schema);
  if (unread !== undefined) {
    if (part === asked)
      context.interpreter.report('SCF077', 'info', `schemas of ${unread} are not read`, origin);
    return undefined;
  }
  if (schema.kind === 'member' && schema.name.startsWith('shape.')) {
    return part === asked ? shapeOf(schema.of, [schema.name.slice('shape.'.length)], context) : undefined;
  }
  if (part === 'request') return shapeOf(schema, PART_NAMES[asked], context);
  if (part !== asked) return undefined;
  const whole = schemaOfTerm(schema, context);
  if (picked !== undefined) return pickedSchema(whole, picked, part, context);
  return besides === undefined ? whole : withoutMembers(whole, besides, part, context);
}

/** Whether something holds a part of the request to what it says. */
const isChecked = (part: InputPart, { checked, fields }: Inputs): boolean =>
  checked.some((one) => (one.part === part && one.at === undefined) || one.part === 'request') ||
  fields.some(({ parts }) => parts.includes(part));

/** Whether a part of the request is known by single fields alone: there may be others that nobody checks. */
const isPartial = (part: InputPart, { schema, checked, fields }: Inputs): boolean =>
  schema === undefined &&
  (fields.some(({ parts }) => parts.includes(part)) ||
    checked.some((one) => one.part === part && isOfMembers(one))) &&
  !fields.some(({ parts, exact }) => exact === true && parts.includes(part)) &&
  !checked.some((one) => (one.part === part && !isOfMembers(one)) || one.part === 'request');

const isOfMembers = ({ picked, at }: Checked): boolean => picked !== undefined || at !== undefined;

function shapeOf(schema: Value, names: readonly string[], context: SchemaContext): JsonObject | undefined {
  const { properties } = inPlace(schemaOfTerm(schema, context), context);
  if (!isJsonObject(properties)) return undefined;
  for (const name of names) {
    const found = own(properties, name);
    if (isJsonObject(found)) return found;
  }
  return undefined;
}

function typedPart(part: InputPart, { types, trace, context }: Inputs): JsonObject | undefined {
  const cast = trace.typedInputs.find((one) => one.part === part && one.path.length === 0);
  const type = cast?.type ?? (part in types ? types[part as keyof RequestTypes] : undefined);
  if (type === undefined) return undefined;
  const schema = schemaOfType(type, context);
  return Object.keys(schema).length === 0 ? undefined : schema;
}

/** The parameters of an operation: those of its path, and what is read from query, headers and cookies. */
export function parametersOf(inputs: Inputs, credentials: ReadonlySet<string>): FoundParameter[] {
  return [
    ...pathParameters(inputs),
    ...namedParameters('query', 'query', inputs, credentials),
    ...namedParameters('headers', 'header', inputs, credentials),
    ...namedParameters('cookies', 'cookie', inputs, credentials),
  ];
}

function pathParameters(inputs: Inputs): FoundParameter[] {
  const schema = partSchema('path', inputs);
  const members = schema === undefined ? new Map<string, never>() : membersOf(schema, inputs.context);
  return inputs.route.path.parameters.map(({ name, pattern, rest }) => ({
    name,
    in: 'path',
    required: true,
    ...(rest ? { description: 'May be several segments of the path.' } : {}),
    schema: textUnlessTold(
      members.get(name)?.schema ?? { type: 'string', ...(pattern === undefined ? {} : { pattern }) },
    ),
  }));
}

/** Headers that OpenAPI keeps for itself, and those that every request has. */
const COMMON_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'authorization',
  'host',
  'user-agent',
  'content-length',
  'cookie',
  'connection',
  'origin',
  'referer',
]);

function namedParameters(
  part: 'query' | 'headers' | 'cookies',
  place: FoundParameter['in'],
  inputs: Inputs,
  credentials: ReadonlySet<string>,
): FoundParameter[] {
  const schema = partSchema(part, inputs);
  const members =
    schema === undefined
      ? new Map<string, { schema: JsonObject; required: boolean }>()
      : membersOf(schema, inputs.context);
  for (const { part: from, path } of inputs.trace.reads) {
    const [name] = path;
    // What a schema allows is all that there is; what is read besides it is not there.
    const isAll = schema !== undefined && members.size > 0 && !isPartial(part, inputs);
    if (from !== part || name === undefined || isAll || members.has(name)) continue;
    members.set(name, { schema: { type: 'string' }, required: false });
  }
  return [...members]
    .filter(
      ([name]) =>
        !(place === 'header' && COMMON_HEADERS.has(name.toLowerCase())) &&
        !credentials.has(`${place} ${name.toLowerCase()}`),
    )
    .map(([name, member]) => ({
      name,
      in: place,
      required: member.required,
      schema: textUnlessTold(member.schema),
    }));
}

/** Parameters come as texts: those of which no schema says more are such. */
const textUnlessTold = (schema: JsonObject): JsonObject =>
  Object.keys(schema).every((keyword) => ANNOTATIONS.has(keyword)) ? { type: 'string', ...schema } : schema;

const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
]);

/** The body of a request: what it is held to, or what is read of it. */
export function bodyOf(
  inputs: Inputs,
  method: string,
  files: readonly string[] | undefined,
): FoundBody | undefined {
  if (method === 'get' || method === 'head') return undefined;
  const byType = bodiesByType(inputs);
  if (byType !== undefined) return { required: true, content: byType };
  const schema = partSchema('body', inputs);
  const bodies = inputs.trace.reads.filter(({ part }) => part === 'body');
  const reads = bodies.map(({ path }) => path).filter(({ length }) => length > 0);
  const form = schema ?? readSchema(reads);
  const consumed = consumedTypes(inputs.schema);
  if (files !== undefined || consumed.includes(MULTIPART) || hasFile(form, inputs.context))
    return { required: true, content: new Map([[MULTIPART, formSchema(files ?? [], form, inputs)]]) };
  if (schema !== undefined) {
    const whole = isPartial('body', inputs)
      ? withReads(schema, readSchema(reads))
      : inputs.schema === undefined && isChecked('body', inputs)
        ? withOthers(schema, reads, inputs.context)
        : schema;
    return {
      required: inputs.schema !== undefined || isChecked('body', inputs),
      content: new Map([[bodyType(inputs), whole]]),
    };
  }
  const whole = inputs.handlerReads.find(({ part }) => part === 'body');
  if (reads.length === 0 && whole !== undefined) {
    // A body that is only passed along is none that a client of DELETE has to send.
    if (method === 'delete') return undefined;
    const unknown = unknownSchema(
      inputs.context,
      `the body of ${method.toUpperCase()} ${inputs.route.path.template}`,
      whole.origin,
    );
    return { required: false, content: new Map([[bodyType(inputs), unknown]]) };
  }
  if (reads.length === 0) return undefined;
  return { required: false, content: new Map([[bodyType(inputs), readSchema(reads)]]) };
}

const MULTIPART = 'multipart/form-data';

/** What Fastify's schema says in `consumes`. */
function consumedTypes(schema: Value | undefined): string[] {
  const consumes = schema?.kind === 'object' ? schema.properties.get('consumes') : undefined;
  const texts = (consumes?.kind === 'list' ? consumes.items : []).map(textOf);
  return texts.filter((text) => text !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(text)).map(String);
}

/** Fastify's schemas of bodies by media type: `{ content: { 'application/json': { schema } } }`. */
function bodiesByType({ schema, context }: Inputs): Map<string, JsonObject> | undefined {
  const body = schema?.kind === 'object' ? schema.properties.get('body') : undefined;
  const content = body?.kind === 'object' ? body.properties.get('content') : undefined;
  if (content?.kind !== 'object') return undefined;
  return new Map(
    [...content.properties].map(([mediaType, media]) => {
      const own = media.kind === 'object' ? media.properties.get('schema') : undefined;
      return [mediaType, own === undefined ? {} : schemaOfTerm(own, context)];
    }),
  );
}

/** Whether a member of a body is a file, or a list of them: those come in forms. */
const hasFile = (schema: JsonObject, context: SchemaContext): boolean =>
  Object.values(objectAt(inPlace(schema, context), 'properties')).some(
    (member) => isJsonObject(member) && (isFile(member) || isFile(objectAt(member, 'items'))),
  );

const isFile = ({ contentMediaType }: JsonObject): boolean => contentMediaType === FILE['contentMediaType'];

/** Forms, where nothing in front of a route of Express reads JSON, but something reads forms. */
function bodyType({ route: { router, before, handlers }, schema }: Inputs): string {
  const [consumed] = consumedTypes(schema);
  if (consumed !== undefined) return consumed;
  const parsers = [...before, ...handlers].flatMap((handler) => {
    const callee = handler.kind === 'call' ? handler.callee : undefined;
    const isParser = callee?.kind === 'external' && /^(?:express|body-parser)$/.test(callee.package);
    return isParser ? [callee.path.at(-1) ?? 'json'] : [];
  });
  const isForm =
    router.framework === 'express' && parsers.includes('urlencoded') && !parsers.includes('json');
  return isForm ? 'application/x-www-form-urlencoded' : 'application/json';
}

/** A schema that lets members besides through, with those that are read of them. */
function withOthers(
  schema: JsonObject,
  reads: readonly (readonly string[])[],
  context: SchemaContext,
): JsonObject {
  const members = membersOf(schema, context);
  const others = reads.filter(([name]) => name !== undefined && !members.has(name));
  if (members.size === 0 || others.length === 0 || isClosed(schema, context)) return schema;
  const read = readSchema(others);
  return '$ref' in schema || 'allOf' in schema ? { allOf: [schema, read] } : withReads(schema, read);
}

/** A schema with the members besides that were read. */
function withReads(schema: JsonObject, read: JsonObject): JsonObject {
  const properties = { ...objectAt(read, 'properties'), ...objectAt(schema, 'properties') };
  return schema['type'] === 'object' ? { ...schema, properties } : schema;
}

/** An object with the members that were read; of what kind they are is not known. */
function readSchema(reads: readonly (readonly string[])[]): JsonObject {
  const names = [...new Set(reads.map(([name]) => name).filter((name) => name !== undefined))];
  const properties = names.map((name): [string, JsonObject] => {
    const inner = reads
      .filter(([first, ...rest]) => first === name && rest.length > 0)
      .map(([, ...rest]) => rest);
    return [name, inner.length === 0 ? {} : readSchema(inner)];
  });
  return {
    type: 'object',
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
  };
}

/** A form: its fields, and files by their names. */
function formSchema(names: readonly string[], form: JsonObject, inputs: Inputs): JsonObject {
  const { context, route } = inputs;
  const { properties: _properties, additionalProperties, ...fields } = inPlace(form, context);
  const properties = {
    ...objectAt(inPlace(form, context), 'properties'),
    ...Object.fromEntries(names.map((name): [string, JsonObject] => [name, FILE])),
  };
  const isKnown = names.length > 0 || hasFile({ properties }, context);
  if (!isKnown) {
    const message = `the names of the files that ${route.path.template} takes cannot be told`;
    context.interpreter.report('SCF076', 'info', message, route.site.origin);
  }
  return {
    ...fields,
    type: 'object',
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(isKnown && additionalProperties !== undefined ? { additionalProperties } : {}),
  };
}
