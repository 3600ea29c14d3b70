import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectAt,
  stringAt,
} from '../../../src/scaffold/model/json.ts';

/** What can be counted in an OpenAPI 3 document without understanding it: per operation its parameters, statuses, media types and headers. */
export type Surface = ReadonlyMap<string, string>;

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Looks at a document of one file as it stands, by no reader of ours: a second opinion on what comes back. */
export function surfaceOf(document: JsonObject): Surface {
  const found = new Map<string, string>();
  for (const [path, written] of Object.entries(objectAt(document, 'paths'))) {
    const item = follow(written, document);
    for (const method of METHODS) {
      const operation = item[method];
      if (!path.startsWith('/') || !isJsonObject(operation)) continue;
      const said = [
        parametersOf([item['parameters'], operation['parameters']], document, path),
        mediaTypes(follow(operation['requestBody'], document)),
        responsesOf(operation, document),
      ];
      found.set(`${method} ${path}`, said.join('\n'));
    }
  }
  return found;
}

function follow(value: JsonValue | undefined, document: JsonObject): JsonObject {
  let at = isJsonObject(value) ? value : {};
  for (let steps = 0; steps < 20; steps += 1) {
    const ref = stringAt(at, '$ref');
    if (ref === undefined || !ref.startsWith('#/')) return at;
    const keys = ref
      .slice(2)
      .split('/')
      .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
    at = keys.reduce((parent, key) => objectAt(parent, key), document);
  }
  return at;
}

function parametersOf(lists: readonly (JsonValue | undefined)[], document: JsonObject, path: string): string {
  const parameters = lists.flatMap((list) =>
    (Array.isArray(list) ? list : []).map((one) => follow(one, document)),
  );
  const names = parameters
    .map(
      (parameter) =>
        `${stringAt(parameter, 'in')} ${stringAt(parameter, 'name')} ${parameter['required'] === true}`,
    )
    .filter((name) => !/^header (?:accept|content-type|authorization) /i.test(name));
  // What the path names is a parameter, whether or not it is declared.
  const inPath = [...path.replace(/[#?].*$/, '').matchAll(/\{([^{}]+)\}/g)].map(
    ([, name]) => `path ${name} true`,
  );
  return [...new Set([...names.filter((name) => !name.startsWith('path ')), ...inPath])]
    .sort()
    .join(', ')
    .toLowerCase();
}

const mediaTypes = (owner: JsonObject): string =>
  [
    ...new Set(
      Object.keys(objectAt(owner, 'content')).map((type) => type.split(';')[0]?.trim().toLowerCase()),
    ),
  ]
    .sort()
    .join(', ');

const responsesOf = (operation: JsonObject, document: JsonObject): string =>
  Object.entries(objectAt(operation, 'responses'))
    .filter(([status]) => !status.startsWith('x-'))
    .map(([status, written]) => {
      const answer = follow(written, document);
      const headers = Object.keys(objectAt(answer, 'headers')).map((name) => name.toLowerCase());
      const kept = headers.filter((name) => name !== 'content-type').sort();
      return `${status.toLowerCase()}: ${mediaTypes(answer)}; ${kept.join(', ')}`;
    })
    .sort()
    .join('\n');
