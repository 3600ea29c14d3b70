import { camelCase, identifier, NameRegistry } from '../../../core/names.ts';
import type { HttpMethod, Operation } from '../../model/api.ts';
import { arrayAt, isJsonObject, type JsonObject, objectAt, own, stringAt } from '../../model/json.ts';
import { routeShape } from '../../model/routes.ts';
import { readBody } from './bodies.ts';
import { readParameters } from './parameters.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import { readResponses } from './responses.ts';
import type { SchemaReader } from './schemas.ts';

const METHODS: readonly HttpMethod[] = [
  'get',
  'head',
  'post',
  'put',
  'patch',
  'delete',
  'options',
  'trace',
  'query',
];

/** Reads every operation under `paths`, in the order of the document. */
export function readOperations(reader: SchemaReader, root: Site): Operation[] {
  const paths = enter(root, 'paths');
  if (!isJsonObject(paths.value)) {
    // OpenAPI 3.1 allows a document of webhooks or components alone.
    const mayBeAbsent = reader.dialect === 'openapi-3.1' && paths.value === undefined;
    if (!mayBeAbsent) reader.report('SCF007', 'error', '"paths" must be an object', paths);
    return [];
  }
  const found: FoundOperation[] = [];
  const routes = new Map<string, string>();
  for (const path of Object.keys(paths.value)) {
    if (!path.startsWith('/')) {
      if (!path.startsWith('x-')) {
        reader.report(
          'SCF007',
          'error',
          `a path must start with /: ${JSON.stringify(path)}`,
          enter(paths, path),
        );
      }
      continue;
    }
    if (path.length > MAX_PATH) {
      const message = `a path has ${path.length} characters; no server takes more than ${MAX_PATH}`;
      reader.report('SCF004', 'error', message, paths);
      continue;
    }
    for (const operation of operationsOfPath(reader, enter(paths, path))) {
      reportTwin(reader, routes, operation, path);
      found.push({ ...operation, path });
    }
  }
  const claim = operationNamer(reader);
  return found.map((operation) => readOperation(reader, root, operation, claim(operation)));
}

/** Node refuses requests with longer heads than twice this. */
const MAX_PATH = 8_192;

/** A document's operation before its name is settled. */
export interface FoundOperation {
  readonly method: HttpMethod;
  readonly path: string;
  readonly site: Site;
  /** The path item that the operation stands in. */
  readonly item: Site;
}

export function* operationsOfPath(
  reader: SchemaReader,
  written: Site,
): Generator<Omit<FoundOperation, 'path'>> {
  const item = resolved(reader, written);
  if (!isJsonObject(item.value)) {
    if (item.value !== null) reader.report('SCF007', 'error', 'a path item must be an object', item);
    return;
  }
  const additional = objectAt(item.value, 'additionalOperations');
  for (const method of METHODS) {
    const keys = Object.hasOwn(item.value, method)
      ? [method]
      : Object.keys(additional)
          .filter((name) => name.toLowerCase() === method)
          .flatMap((name) => ['additionalOperations', name]);
    if (keys.length === 0) continue;
    // The specification allows no reference here, but documents split into a file an operation use them.
    const site = resolved(reader, enter(item, ...keys));
    if (isJsonObject(site.value)) yield { method, site, item };
    else reader.report('SCF007', 'error', 'an operation must be an object', site);
  }
}

function reportTwin(
  reader: SchemaReader,
  routes: Map<string, string>,
  { method, site }: Omit<FoundOperation, 'path'>,
  path: string,
): void {
  const route = `${method} ${routeShape(path)}`;
  const other = routes.get(route);
  if (other === undefined) routes.set(route, path);
  else {
    const message = `${method.toUpperCase()} ${path} answers the same requests as ${other}, and is asked after it`;
    reader.report('SCF010', 'warning', message, site);
  }
}

/** Gives operations their names: the operationId, or one made of method and path. */
export function operationNamer(reader: SchemaReader): (operation: FoundOperation) => string {
  const registry = new NameRegistry(RESERVED);
  return ({ method, path, site }) => {
    const written = isJsonObject(site.value) ? stringAt(site.value, 'operationId') : undefined;
    const wanted = operationName(written ?? '') ?? operationName(derivedName(method, path)) ?? method;
    const id = registry.claim(wanted);
    if (id !== wanted && written !== undefined) {
      const message = `the operationId ${JSON.stringify(written)} is taken; the operation is named ${id}`;
      reader.report('SCF013', 'info', message, site);
    }
    return id;
  };
}

const operationName = (text: string): string | undefined => identifier(camelCase(text), '') || undefined;

/** `get /pets/{petId}` to `get pets by petId`. */
function derivedName(method: string, path: string): string {
  return `${method} ${path.replaceAll(/\{([^{}]*)\}/g, ' by $1 ')}`;
}

/** Words that cannot name a constant in strict code, and names that generated modules use themselves. */
const RESERVED: readonly string[] =
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof undefined var void while with yield z t e usualError`.split(
    /\s+/,
  );

/** Reads one operation that has been given its name. */
export function readOperation(
  reader: SchemaReader,
  root: Site,
  found: FoundOperation,
  id: string,
): Operation {
  const { method, path, site, item } = found;
  const raw: JsonObject = isJsonObject(site.value) ? site.value : {};
  const summary = stringAt(raw, 'summary');
  const description = stringAt(raw, 'description');
  const body = readBody(reader, root, found);
  const tag = arrayAt(raw, 'tags').find((name) => typeof name === 'string' && name.trim() !== '');
  return {
    id,
    method,
    path,
    tag: typeof tag === 'string' ? tag : 'default',
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    deprecated: own(raw, 'deprecated') === true,
    parameters: readParameters(reader, path, item, site),
    ...(body === undefined ? {} : { body }),
    responses: readResponses(reader, root, site),
    place: site.place,
  };
}
