import { counted } from '../../../core/names.ts';
import { sortByText } from '../../../core/order.ts';
import type { Operation } from '../../model/api.ts';
import { isJsonObject, type JsonObject, type JsonValue, objectAt, own, stringAt } from '../../model/json.ts';
import {
  isOpen,
  type OAuthFlow,
  type SchemeUse,
  type SecurityKind,
  type SecurityRequirement,
  type SecurityScheme,
} from '../../model/security.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaReader } from './schemas.ts';

/**
 * What an operation requires of a request: its own list, which replaces that of the document, be it
 * empty (OpenAPI 3.1.1, section 4.8.10; Swagger 2.0, Operation Object).
 */
export function readRequirements(
  reader: SchemaReader,
  root: Site,
  operation: Site,
): readonly SecurityRequirement[] {
  const own = enter(operation, 'security');
  const list = isAbsent(own.value) ? enter(root, 'security') : own;
  if (isAbsent(list.value)) return [];
  if (!Array.isArray(list.value)) {
    reader.report('SCF007', 'error', '"security" must be a list of objects', list);
    return [];
  }
  const requirements = list.value.map((_, at) => readRequirement(reader, enter(list, at)));
  return requirements.every(isOpen) ? [] : requirements;
}

const isAbsent = (value: JsonValue | undefined): boolean => value === undefined || value === null;

function readRequirement(reader: SchemaReader, site: Site): SecurityRequirement {
  const { value } = site;
  if (!isJsonObject(value)) {
    reader.report('SCF007', 'error', 'a security requirement must be an object', site);
    return [];
  }
  return Object.keys(value).map((scheme): SchemeUse => {
    const scopes = own(value, scheme);
    if (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string'))
      return { scheme, scopes };
    // What comes without the list is written by hand and means one without scopes.
    if (isAbsent(scopes)) return { scheme, scopes: [] };
    reader.report('SCF007', 'error', 'the scopes of a security requirement must be a list of texts', site);
    return { scheme, scopes: [] };
  });
}

/** The schemes that operations require, by name. One that the document lacks is of no kind, so that what needs it is refused. */
export function readSecuritySchemes(
  reader: SchemaReader,
  root: Site,
  operations: readonly Operation[],
): Map<string, SecurityScheme> {
  const users = new Map<string, Operation[]>();
  for (const operation of operations) {
    for (const name of new Set(operation.security.flat().map(({ scheme }) => scheme))) {
      const others = users.get(name);
      if (others === undefined) users.set(name, [operation]);
      else others.push(operation);
    }
  }
  const sorted = sortByText([...users], ([name]) => name);
  return new Map(sorted.map(([name, used]) => [name, readScheme(reader, root, name, used)]));
}

function readScheme(
  reader: SchemaReader,
  root: Site,
  name: string,
  users: readonly Operation[],
): SecurityScheme {
  const site = schemeSite(reader, root, name);
  const named = `the security scheme ${JSON.stringify(name)}`;
  if (!isJsonObject(site?.value)) {
    const [first] = users;
    const message = `${named}, which ${counted(users.length, 'operation')} from ${first?.id} on require, is not declared`;
    reader.report('SCF041', 'warning', message, site ?? root);
    return { kind: 'unknown', place: root.place };
  }
  const kind = readKind(site.value, reader.dialect === 'swagger-2.0');
  if (typeof kind === 'string') reader.report('SCF040', 'warning', `${named} ${kind}`, site);
  const description = stringAt(site.value, 'description');
  return {
    ...(typeof kind === 'string' ? { kind: 'unknown' } : kind),
    ...(description === undefined ? {} : { description }),
    place: site.place,
  };
}

/** OpenAPI 3.2 also allows the URI of a scheme in place of its name; the name wins. */
function schemeSite(reader: SchemaReader, root: Site, name: string): Site | undefined {
  const declared =
    reader.dialect === 'swagger-2.0'
      ? enter(root, 'securityDefinitions', name)
      : enter(root, 'components', 'securitySchemes', name);
  if (declared.value !== undefined) return resolved(reader, declared);
  if (reader.dialect !== 'openapi-3.1' || !name.includes('#/')) return undefined;
  try {
    return resolved(reader, { ...root, value: { $ref: name } });
  } catch {
    return undefined;
  }
}

/** The kind of a scheme, or why it is none: an incomplete sentence. */
function readKind(scheme: JsonObject, isSwagger: boolean): SecurityKind | string {
  const type = stringAt(scheme, 'type');
  const reader = type !== undefined && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  return reader?.(scheme, isSwagger) ?? `has the type ${JSON.stringify(type ?? null)}, which there is not`;
}

const KINDS: Readonly<
  Record<string, (scheme: JsonObject, isSwagger: boolean) => SecurityKind | string | undefined>
> = {
  apiKey: readApiKey,
  http: (scheme, isSwagger) => (isSwagger ? undefined : readHttp(scheme)),
  basic: (_, isSwagger) => (isSwagger ? { kind: 'basic' } : undefined),
  oauth2: (scheme, isSwagger) => {
    const flows = isSwagger ? swaggerFlow(scheme) : readFlows(objectAt(scheme, 'flows'));
    return { kind: 'bearer', ...(Object.keys(flows).length === 0 ? {} : { flows }) };
  },
  openIdConnect: (scheme, isSwagger) => {
    const openIdConnectUrl = stringAt(scheme, 'openIdConnectUrl');
    if (isSwagger) return undefined;
    return { kind: 'bearer', ...(openIdConnectUrl === undefined ? {} : { openIdConnectUrl }) };
  },
  mutualTLS: (_, isSwagger) => (isSwagger ? undefined : { kind: 'mutualTLS' }),
};

const FLOWS = ['implicit', 'password', 'clientCredentials', 'authorizationCode', 'deviceAuthorization'];

const readFlows = (flows: JsonObject): Record<string, OAuthFlow> =>
  Object.fromEntries(
    FLOWS.filter((name) => Object.hasOwn(flows, name)).map((name) => [name, readFlow(objectAt(flows, name))]),
  );

/** Swagger 2.0's names of flows in the words of OpenAPI 3. */
const SWAGGER_FLOWS: Readonly<Record<string, string>> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
};

function swaggerFlow(scheme: JsonObject): Record<string, OAuthFlow> {
  const flow = stringAt(scheme, 'flow') ?? '';
  const name = Object.hasOwn(SWAGGER_FLOWS, flow) ? SWAGGER_FLOWS[flow] : undefined;
  return name === undefined ? {} : { [name]: readFlow(scheme) };
}

const URLS = ['authorizationUrl', 'deviceAuthorizationUrl', 'tokenUrl', 'refreshUrl'] as const;

function readFlow(flow: JsonObject): OAuthFlow {
  const urls = URLS.flatMap((name) => {
    const url = stringAt(flow, name);
    return url === undefined ? [] : [[name, url] as const];
  });
  const scopes = Object.entries(objectAt(flow, 'scopes')).map(
    ([name, meaning]) => [name, typeof meaning === 'string' ? meaning : ''] as const,
  );
  return { ...Object.fromEntries(urls), scopes: Object.fromEntries(scopes) };
}

function readApiKey(scheme: JsonObject, isSwagger: boolean): SecurityKind | string {
  const [name, where] = [stringAt(scheme, 'name'), stringAt(scheme, 'in')];
  if (where !== 'header' && where !== 'query' && (where !== 'cookie' || isSwagger))
    return `has its key in ${JSON.stringify(where ?? null)}, where no key can be`;
  if (name === undefined || name === '') return 'does not say the name of its key';
  const isToken = where === 'query' || TOKEN.test(name);
  return isToken
    ? { kind: 'apiKey', in: where, name }
    : `has the name ${JSON.stringify(name)}, which no ${where} can have`;
}

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** Names of HTTP authentication schemes are told apart without their case (RFC 9110, section 11.1). */
function readHttp(scheme: JsonObject): SecurityKind | string {
  const name = stringAt(scheme, 'scheme')?.toLowerCase();
  const format = stringAt(scheme, 'bearerFormat');
  if (name === 'bearer') return { kind: name, ...(format === undefined ? {} : { format }) };
  if (name === 'basic') return { kind: name };
  return name !== undefined && TOKEN.test(name)
    ? { kind: 'http', scheme: name }
    : 'does not say its HTTP authentication scheme';
}
