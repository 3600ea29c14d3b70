import type { Expression, ObjectExpression, VariableDeclarator } from 'oxc-parser';
import type { Diagnostic } from '../../../../core/diagnostic.ts';
import { sortByText } from '../../../../core/order.ts';
import type { ApiModel, Operation } from '../../../model/api.ts';
import type { Place } from '../../../model/place.ts';
import { parameterNames } from '../../../model/routes.ts';
import type { NamedSchema, SchemaKey } from '../../../model/schema.ts';
import { placeOf } from '../place.ts';
import { locationOf, type SourceFile } from '../source-file.ts';
import { external, type ObjectValue, type Value } from '../value.ts';
import { ZodReader, type ZodSources } from '../zod/reader.ts';
import { isContract, readContract } from './contracts.ts';
import { Descriptions } from './descriptions.ts';
import { Evaluator } from './evaluate.ts';
import { importsOf } from './nodes.ts';
import { operationWithAliases, withAliases } from './references.ts';
import { remarkParser } from './remarks.ts';
import { type ServedOperation, servedOperations, servesContracts } from './routes.ts';
import { readSchemes, realmOf } from './schemes.ts';
import { templateOf } from './templates.ts';
import { mergeVariants } from './variants.ts';

/** The files of a generated service, parsed. */
export interface ServiceSources {
  readonly validators: SourceFile;
  /** `types.ts`, for what its comments say. */
  readonly types: SourceFile | undefined;
  /** `security.ts`, where operations require anything. */
  readonly security: SourceFile | undefined;
  /** Whatever may hold routes. */
  readonly others: readonly SourceFile[];
  /** Parses the text of one expression; undefined for what is none. */
  readonly parseExpression: (text: string) => Expression | undefined;
}

export interface ReadService {
  readonly model: ApiModel;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The contract of a service that `scaffold` has written, from its code alone: validators.ts says what requests and
 * answers are, the routers where they are served, security.ts by what schemes clients are known. What was changed
 * or added by hand is read as what it says now.
 */
export function readService(sources: ServiceSources): ReadService {
  const { validators } = sources;
  const diagnostics: Diagnostic[] = [];
  const declared = declarationsOf(sources);
  const reader = new ZodReader(zodSources(declared, diagnostics));
  for (const { value } of declared.values()) if (!isContract(value())) reader.read(value());
  const served = sources.others.filter(servesContracts).flatMap(servedOperations);
  const descriptions = sources.types === undefined ? undefined : new Descriptions(sources.types);
  const typeNames = typeNamesOf(validators);
  const operations = operationsOf(served, declared, reader).map((operation) => {
    const names = typeNames.get(operation.id);
    return names === undefined ? operation : (descriptions?.ofOperation(operation, names) ?? operation);
  });
  const { schemas, aliases } = mergeVariants(descriptions?.ofTable(reader.schemas) ?? reader.schemas);
  const { security } = sources;
  const used = operations.map((operation) => operationWithAliases(operation, aliases));
  const required = new Set(
    used.flatMap((operation) => operation.security.flat().map(({ scheme }) => scheme)),
  );
  return {
    model: {
      title: (security && realmOf(security)) ?? '',
      version: '',
      operations: used,
      schemas: namedSchemas(schemas, aliases),
      securitySchemes: readSchemes(security, required, placeIn(security ?? validators, 0)),
      outgoing: [],
    },
    diagnostics,
  };
}

/** A constant of validators.ts. */
interface Declared {
  readonly name: string;
  /** What it is; worked out once. */
  readonly value: () => Value;
}

function declarationsOf({ validators, parseExpression }: ServiceSources): Map<string, Declared> {
  const imports = importsOf(validators.program);
  const found = new Map<string, Declared>();
  const parse = remarkParser((text) => {
    const parsed = parseExpression(`{${text}}`);
    return parsed?.type === 'ObjectExpression' ? (parsed satisfies ObjectExpression) : undefined;
  });
  const evaluator = new Evaluator(
    validators,
    (name) => {
      const [module, imported] = imports.get(name) ?? [];
      if (module === undefined || imported === undefined) return found.get(name)?.value();
      return imported === '*' ? external(module) : external(module, imported);
    },
    parse,
  );
  for (const { id, init } of constantsOf(validators)) {
    if (id.type !== 'Identifier' || init === null) continue;
    let known: Value | undefined;
    const value = (): Value => {
      known ??= evaluator.evaluate(init);
      return known;
    };
    found.set(id.name, { name: id.name, value });
  }
  return found;
}

function constantsOf({ program }: SourceFile): VariableDeclarator[] {
  return program.body.flatMap((statement) => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    return declared?.type === 'VariableDeclaration' ? declared.declarations : [];
  });
}

/** The names of the types of an operation's request and answers: `getPet: Contract<t.GetPetRequest, t.GetPetResponse>`. */
function typeNamesOf(file: SourceFile): Map<string, { readonly request: string; readonly response: string }> {
  return new Map(
    constantsOf(file).flatMap(({ id }) => {
      const annotation = id.type === 'Identifier' ? id.typeAnnotation?.typeAnnotation : undefined;
      if (id.type !== 'Identifier' || annotation?.type !== 'TSTypeReference') return [];
      const [request, response] = (annotation.typeArguments?.params ?? []).map((type) =>
        type.type === 'TSTypeReference' && type.typeName.type === 'TSQualifiedName'
          ? type.typeName.right.name
          : '',
      );
      return request && response ? [[id.name, { request, response }] as const] : [];
    }),
  );
}

function zodSources(declared: ReadonlyMap<string, Declared>, diagnostics: Diagnostic[]): ZodSources {
  let named: Map<Value, string> | undefined;
  return {
    call: (of) => (of.kind === 'host' ? (of.host.call?.([], NO_SITE) ?? of) : of),
    nameOf: (value) => {
      named ??= new Map([...declared.values()].map((constant) => [constant.value(), constant.name]));
      const name = named.get(value);
      return name === undefined ? undefined : { key: name, name };
    },
    place: (origin) => (origin === undefined ? NOWHERE : placeIn(origin.file, origin.node.start)),
    report: (message, origin) => {
      diagnostics.push({
        code: 'SCF079',
        severity: 'warning',
        message,
        ...(origin === undefined ? {} : { location: locationOf(origin) }),
      });
    },
    isZod: (module) => /(?:^|\/)runtime\/zod\.[jt]s$/.test(module),
  };
}

/** Thunks of generated code ask for nothing of where they are called. */
const NO_SITE = undefined as never;

const placeIn = (file: SourceFile, start: number): Place => placeOf({ file, node: { start, end: start } });

const NOWHERE: Place = { file: { name: 'validators.ts', locate: () => undefined } };

/** The operations in the order in which validators.ts declares them. */
function operationsOf(
  served: readonly ServedOperation[],
  declared: ReadonlyMap<string, Declared>,
  reader: ZodReader,
): Operation[] {
  const byId = new Map<string, ServedOperation[]>();
  for (const one of served) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  return [...declared.values()].flatMap(({ name, value }) => {
    const contract = value();
    if (!isContract(contract)) return [];
    return (byId.get(name) ?? []).map((one) => operationOf(one, contract, reader));
  });
}

function operationOf(served: ServedOperation, contract: ObjectValue, reader: ZodReader): Operation {
  const { variant, names, ...said } = readContract(reader, contract);
  const path = templateOf(served.parts, (key) => names.get(key) ?? key) + variant;
  const { comment, id, method, tag, origin } = served;
  const inPath = new Set(parameterNames(path));
  return {
    ...said,
    parameters: said.parameters.filter((parameter) => parameter.in !== 'path' || inPath.has(parameter.name)),
    id,
    method,
    path,
    tag,
    ...(comment === undefined || comment.text === '' ? {} : { summary: comment.text }),
    deprecated: comment?.deprecated === true,
    place: placeIn(origin.file, origin.node.start),
  };
}

function namedSchemas(
  schemas: ReadonlyMap<SchemaKey, NamedSchema>,
  aliases: ReadonlyMap<SchemaKey, SchemaKey>,
): Map<SchemaKey, NamedSchema> {
  const named = [...schemas.values()].map((one) => ({ ...one, schema: withAliases(one.schema, aliases) }));
  return new Map(sortByText(named, ({ name }) => name).map((one) => [one.key, one]));
}
