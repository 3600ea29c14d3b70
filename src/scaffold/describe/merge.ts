import type { Diagnostic } from '../../core/diagnostic.ts';
import { isJsonObject, type JsonObject, type JsonValue, own } from '../model/json.ts';
import { escapePointerToken } from '../model/place.ts';
import { type Drop, mergeSchema } from './merge-schemas.ts';

/** A document with what was found out written into it. */
export interface Merged {
  readonly document: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

interface Merging {
  readonly file: string;
  readonly diagnostics: Diagnostic[];
}

/**
 * Writes what the sources say into a document that is there already. What people wrote stays: descriptions, examples,
 * names, tags, servers, extensions, and every keyword that the sources say nothing of. Structure follows the sources:
 * a schema that they know replaces the one that is there, one that they do not know (`{}`) does not. Paths and
 * operations that only the document has stay, and are named. Merging the result again changes nothing.
 */
export function mergeDocuments(existing: JsonObject, found: JsonObject, file: string): Merged {
  const merging: Merging = { file, diagnostics: [] };
  const document = {
    ...existing,
    ...onlyNew(existing, found, ['openapi', 'info', 'servers', 'tags']),
    ...tagsOf(existing, found),
    paths: mergePaths(section(existing, 'paths'), section(found, 'paths'), merging),
    ...componentsOf(existing, found, merging),
  };
  return { document, diagnostics: merging.diagnostics };
}

const section = (document: JsonObject, name: string): JsonObject => {
  const value = own(document, name);
  return isJsonObject(value) ? value : {};
};

/** What the document has no word of yet. */
function onlyNew(existing: JsonObject, found: JsonObject, names: readonly string[]): JsonObject {
  const added = names.flatMap((name): [string, JsonValue][] => {
    const value = own(found, name);
    return own(existing, name) === undefined && value !== undefined ? [[name, value]] : [];
  });
  return Object.fromEntries(added);
}

function tagsOf(existing: JsonObject, found: JsonObject): JsonObject {
  const [before, after] = [own(existing, 'tags'), own(found, 'tags')];
  if (!Array.isArray(before) || !Array.isArray(after)) return {};
  const nameOf = (tag: JsonValue): JsonValue | undefined =>
    isJsonObject(tag) ? own(tag, 'name') : undefined;
  const known = before.map(nameOf);
  return { tags: [...before, ...after.filter((tag) => !known.includes(nameOf(tag) ?? null))] };
}

const METHODS: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query',
]);

/** The shape of a path: parameters may be called otherwise in a document. */
const shapeOf = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');

function mergePaths(existing: JsonObject, found: JsonObject, merging: Merging): JsonObject {
  const paths = new Map<string, JsonValue>(Object.entries(existing));
  const names = new Map(Object.keys(existing).map((path) => [shapeOf(path), path]));
  const served = new Set(Object.keys(found).map(shapeOf));
  for (const [path, item] of Object.entries(found)) {
    const before = paths.get(path);
    const other = names.get(shapeOf(path));
    if (other !== undefined && other !== path) {
      // The sources have other names for the parameters now: the path moves, with what was written.
      const moved = paths.get(other);
      paths.delete(other);
      merging.diagnostics.push(note(`${other} is called ${path} by the sources`, ['paths', path], merging));
      paths.set(
        path,
        isJsonObject(moved) && isJsonObject(item) ? mergeItem(path, moved, item, merging) : item,
      );
    } else
      paths.set(
        path,
        isJsonObject(before) && isJsonObject(item) ? mergeItem(path, before, item, merging) : item,
      );
  }
  for (const path of Object.keys(existing)) {
    if (path.startsWith('/') && !served.has(shapeOf(path))) {
      merging.diagnostics.push(
        note(`${path} is in the document but not in the sources`, ['paths', path], merging),
      );
    }
  }
  return Object.fromEntries(paths);
}

const note = (message: string, keys: readonly string[], { file }: Merging): Diagnostic => ({
  code: 'SCF082',
  severity: 'warning',
  message,
  location: { file, pointer: keys.map((key) => `/${escapePointerToken(key)}`).join('') },
});

function mergeItem(path: string, existing: JsonObject, found: JsonObject, merging: Merging): JsonObject {
  const merged = new Map<string, JsonValue>(Object.entries(existing));
  for (const [name, operation] of Object.entries(found)) {
    const before = merged.get(name);
    if (!isJsonObject(operation)) continue;
    merged.set(
      name,
      isJsonObject(before) ? mergeOperation([path, name], before, operation, existing, merging) : operation,
    );
  }
  for (const name of Object.keys(existing)) {
    if (METHODS.has(name) && own(found, name) === undefined) {
      merging.diagnostics.push(
        note(
          `${name.toUpperCase()} ${path} is in the document but not in the sources`,
          ['paths', path, name],
          merging,
        ),
      );
    }
  }
  return Object.fromEntries(merged);
}

/** Words of people: what a document says of them stays. */
const WORDS: readonly string[] = ['operationId', 'summary', 'description', 'tags'];

function mergeOperation(
  [path = '', method = '']: readonly string[],
  existing: JsonObject,
  found: JsonObject,
  item: JsonObject,
  merging: Merging,
): JsonObject {
  const keys = ['paths', path, method];
  const merged: [string, JsonValue][] = Object.entries(existing).map(([name, value]) => [name, value]);
  const result = new Map(merged);
  for (const name of WORDS) {
    const value = own(found, name);
    const isUsual = name === 'summary' && result.get(name) === `${method.toUpperCase()} ${path}`;
    if (value !== undefined && (isUsual || !result.has(name))) result.set(name, value);
  }
  if (own(found, 'deprecated') === true) result.set('deprecated', true);
  const parameters = mergeParameters(
    own(existing, 'parameters'),
    own(found, 'parameters'),
    own(item, 'parameters'),
    keys,
    merging,
  );
  if (parameters.length > 0) result.set('parameters', parameters);
  mergeInto(result, 'requestBody', own(found, 'requestBody'), keys, merging);
  const responses = mergeResponses(
    section(existing, 'responses'),
    section(found, 'responses'),
    keys,
    merging,
  );
  result.set('responses', responses);
  const security = own(found, 'security');
  const before = own(existing, 'security');
  // Nothing found is no proof that nothing is asked: what people wrote stays.
  if (Array.isArray(security) && (security.length > 0 || before === undefined))
    result.set('security', security);
  return Object.fromEntries(result);
}

function mergeInto(
  result: Map<string, JsonValue>,
  name: string,
  value: JsonValue | undefined,
  keys: readonly string[],
  merging: Merging,
): void {
  const before = result.get(name);
  if (value === undefined) {
    if (before !== undefined) {
      merging.diagnostics.push(
        note(
          `the sources say nothing of the ${name} of ${keys[2]?.toUpperCase()} ${keys[1]}`,
          [...keys, name],
          merging,
        ),
      );
    }
    return;
  }
  result.set(
    name,
    isJsonObject(before) && isJsonObject(value) && own(before, '$ref') === undefined
      ? mergeBody(before, value, dropIn([...keys, name], merging))
      : (before ?? value),
  );
}

/** Says what of a schema is gone, by its place. */
const dropIn =
  (keys: readonly string[], merging: Merging): Drop =>
  (what) => {
    const { file } = merging;
    const pointer = keys.map((key) => `/${escapePointerToken(key)}`).join('');
    const message = `${what} is not what the sources say, and is gone from the document`;
    merging.diagnostics.push({ code: 'SCF084', severity: 'warning', message, location: { file, pointer } });
  };

function mergeBody(existing: JsonObject, found: JsonObject, drop: Drop): JsonObject {
  return {
    ...found,
    ...existing,
    ...(own(found, 'required') === true ? { required: true } : {}),
    content: mergeContent(section(existing, 'content'), section(found, 'content'), drop),
  };
}

function mergeContent(existing: JsonObject, found: JsonObject, drop: Drop): JsonObject {
  const merged = new Map<string, JsonValue>(Object.entries(existing));
  for (const [type, media] of Object.entries(found)) {
    const before = merged.get(type);
    if (!isJsonObject(before) || !isJsonObject(media)) {
      merged.set(type, media);
      continue;
    }
    const schema = mergeSchema(own(before, 'schema'), own(media, 'schema'), drop);
    merged.set(type, { ...before, ...(schema === undefined ? {} : { schema }) });
  }
  return Object.fromEntries(merged);
}

/** The statuses of a document stay, but for the one that says that nothing is known. */
function mergeResponses(
  existing: JsonObject,
  found: JsonObject,
  keys: readonly string[],
  merging: Merging,
): JsonObject {
  const merged = new Map<string, JsonValue>(Object.entries(existing));
  const isGuess =
    Object.keys(found).length === 1 &&
    isJsonObject(found['default']) &&
    own(found['default'], 'content') === undefined;
  for (const [status, response] of Object.entries(found)) {
    const before = merged.get(status);
    if (before === undefined && isGuess && merged.size > 0) continue;
    if (!isJsonObject(before) || !isJsonObject(response)) merged.set(status, response);
    else if (own(before, '$ref') === undefined) {
      const content = mergeContent(
        section(before, 'content'),
        section(response, 'content'),
        dropIn([...keys, 'responses', status], merging),
      );
      const headers = { ...section(response, 'headers'), ...section(before, 'headers') };
      merged.set(status, {
        ...response,
        ...before,
        ...(Object.keys(headers).length === 0 ? {} : { headers }),
        ...(Object.keys(content).length === 0 ? {} : { content }),
      });
    }
  }
  const entries = [...merged];
  // Statuses that are whole numbers stand in front in any case: the others follow as they are.
  return Object.fromEntries(entries);
}

function mergeParameters(
  existing: JsonValue | undefined,
  found: JsonValue | undefined,
  shared: JsonValue | undefined,
  keys: readonly string[],
  merging: Merging,
): JsonValue[] {
  const before = Array.isArray(existing) ? existing : [];
  const after = Array.isArray(found) ? found : [];
  const common = Array.isArray(shared) ? shared : [];
  const keyOf = (parameter: JsonValue): string | undefined =>
    isJsonObject(parameter) ? `${String(own(parameter, 'in'))} ${String(own(parameter, 'name'))}` : undefined;
  const paths = new Set(after.map(keyOf));
  const kept = before.filter((parameter) => {
    const key = keyOf(parameter);
    // A path without the parameter cannot have it.
    const stays = key === undefined || !key.startsWith('path ') || paths.has(key);
    if (!stays) dropIn([...keys, 'parameters'], merging)(`the parameter ${key}`);
    return stays;
  });
  const merged = kept.map((parameter) => {
    const other = after.find((one) => keyOf(one) === keyOf(parameter));
    if (!isJsonObject(parameter) || !isJsonObject(other)) {
      if (isJsonObject(parameter) && own(parameter, '$ref') === undefined) {
        merging.diagnostics.push(
          note(
            `the parameter ${keyOf(parameter)} is in the document but not in the sources`,
            [...keys, 'parameters'],
            merging,
          ),
        );
      }
      return parameter;
    }
    const schema = mergeSchema(
      own(parameter, 'schema'),
      own(other, 'schema'),
      dropIn([...keys, 'parameters'], merging),
    );
    const required = own(other, 'required');
    return {
      ...other,
      ...parameter,
      ...(required === undefined ? {} : { required }),
      ...(schema === undefined || own(parameter, 'content') !== undefined ? {} : { schema }),
    };
  });
  const known = new Set([...kept, ...common].map(keyOf));
  return [...merged, ...after.filter((parameter) => !known.has(keyOf(parameter)))];
}

function componentsOf(existing: JsonObject, found: JsonObject, merging: Merging): JsonObject {
  const [before, after] = [section(existing, 'components'), section(found, 'components')];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.length === 0) return {};
  const merged = names.map((name): [string, JsonValue] => {
    const [ours, theirs] = [section(before, name), section(after, name)];
    if (Object.keys(theirs).length === 0) return [name, own(before, name) ?? {}];
    return [name, name === 'schemas' ? mergeNamed(ours, theirs, merging) : { ...theirs, ...ours }];
  });
  return { components: Object.fromEntries(merged) };
}

function mergeNamed(existing: JsonObject, found: JsonObject, merging: Merging): JsonObject {
  const merged = new Map<string, JsonValue>(Object.entries(existing));
  for (const [name, schema] of Object.entries(found)) {
    const drop = dropIn(['components', 'schemas', name], merging);
    merged.set(name, mergeSchema(merged.get(name), schema, drop) ?? schema);
  }
  return Object.fromEntries(merged);
}
