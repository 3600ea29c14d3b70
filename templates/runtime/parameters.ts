// Reads parameters from path, query string, headers and cookies, in every style that OpenAPI knows.
import type { z } from 'zod';
import type { RawRequest } from './contract.js';
import type { IssueList } from './issues.js';
import { pathOf } from './paths.js';
import {
  decodeComponent,
  Field,
  nestedFields,
  type RawQuery,
  readFields,
  readPlain,
  readQuery,
} from './query.js';
import { convert, fromPairs, type Shape } from './shape.js';

export interface ParameterContract {
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly name: string;
  /** The name in the route and in the handler's request, where it differs. */
  readonly key?: string;
  /** Which segment of the path it is, counted from the end: where a list or an object has to be split before it is decoded. */
  readonly segment?: number;
  readonly required?: true;
  readonly style?: Style;
  readonly explode?: boolean;
  /** The media type of a `content` or `querystring` parameter; `application/json` unless given. */
  readonly mediaType?: string;
  /** What the text stands for; a string unless given. */
  readonly shape?: Shape;
  readonly default?: unknown;
  readonly schema: z.ZodType;
}

export type Style =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'content'
  | 'querystring';

/** The part of the handler's request that parameters of a place are put in. */
const GROUPS = { path: 'path', query: 'query', header: 'headers', cookie: 'cookies' } as const;

/** A parameter as it is read. All have the same fields: V8 finds those at once, others it has to look for. */
export class Parameter {
  readonly in: ParameterContract['in'];
  readonly name: string;
  readonly key: string;
  readonly segment: number | undefined;
  readonly isRequired: boolean;
  readonly style: Style | undefined;
  readonly explode: boolean;
  readonly shape: Shape;
  readonly default: unknown;
  readonly schema: z.ZodType;
  /** As the query string has it. */
  readonly field: Field;
  /** Whether its fields are those that begin with its name and a bracket. A name with brackets of its own is looked for among all. */
  readonly isNested: boolean;

  constructor(contract: ParameterContract) {
    const { name, style, explode, shape = 'string' } = contract;
    this.in = contract.in;
    this.name = name;
    this.key = contract.key ?? name;
    this.segment = contract.segment;
    this.isRequired = contract.required ?? false;
    this.style = style;
    this.explode = explode ?? false;
    this.shape = shape;
    this.default = contract.default;
    this.schema = contract.schema;
    this.field = new Field(name, shape, style, explode);
    this.isNested = style === 'deepObject' && !name.includes('[');
  }
}

/** Reads and checks every parameter of an operation into `request`. */
export function readParameters(
  contracts: readonly Parameter[],
  raw: RawRequest,
  request: Record<string, unknown>,
  issues: IssueList,
): void {
  const sources: Sources = { raw, contracts, query: undefined, nested: undefined, cookies: undefined };
  for (const contract of contracts) {
    const group = groupOf(request, GROUPS[contract.in]);
    const text = readRaw(contract, sources);
    if (text === undefined) {
      if (contract.default !== undefined) group[contract.name] = contract.default;
      else if (contract.isRequired) issues.add(contract.name, `Required (${contract.in} parameter)`);
      continue;
    }
    const result = judge(contract, text);
    if (result.success) group[contract.name] = result.data;
    else issues.addParameter(contract.name, result.error);
  }
}

function groupOf(request: Record<string, unknown>, name: string): Record<string, unknown> {
  const group = request[name];
  if (group !== undefined) return group as Record<string, unknown>;
  const created: Record<string, unknown> = {};
  request[name] = created;
  return created;
}

/** A value before its types are known: texts, lists and objects of texts. */
export type RawValue = string | RawValue[] | { [key: string]: RawValue } | JsonText;

/** The text of a `content` parameter: a JSON document. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** Text that is no JSON stays text, which the schema will refuse. */
  parsed(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      return this.text;
    }
  }
}

/** Judges the converted value, and where a number or a boolean may also be a string, the text itself. */
function judge({ schema, shape }: Parameter, raw: RawValue): z.ZodSafeParseResult<unknown> {
  if (raw instanceof JsonText) return schema.safeParse(raw.parsed());
  const result = schema.safeParse(convert(raw, shape));
  if (result.success || shape === 'string') return result;
  const asText = schema.safeParse(raw);
  return asText.success ? asText : result;
}

interface Sources {
  readonly raw: RawRequest;
  readonly contracts: readonly Parameter[];
  query: RawQuery | undefined;
  /** The fields of its objects, by their names. */
  nested: ReturnType<typeof nestedFields> | undefined;
  cookies: Map<string, string> | undefined;
}

function readRaw(contract: Parameter, sources: Sources): RawValue | undefined {
  return READERS[contract.in](contract, sources);
}

const READERS: Readonly<
  Record<Parameter['in'], (contract: Parameter, sources: Sources) => RawValue | undefined>
> = {
  path: (contract, { raw }) => {
    if (contract.segment !== undefined) {
      const text = pathOf(raw.stream.url ?? '')
        .split('/')
        .at(contract.segment);
      return text === undefined ? undefined : readStyled(contract, text, decodeURIComponent);
    }
    const value = raw.path[contract.key];
    const text = Array.isArray(value) ? value.join('/') : value;
    return text === undefined ? undefined : readStyled(contract, text);
  },
  header: (contract, { raw }) => {
    const value = raw.headers[contract.name.toLowerCase()];
    const text = Array.isArray(value) ? value.join(', ') : value;
    return text === undefined ? undefined : readStyled(contract, text);
  },
  cookie: (contract, sources) => {
    sources.cookies ??= readCookies(sources.raw.headers.cookie ?? '');
    const text = sources.cookies.get(contract.name);
    return text === undefined ? undefined : readStyled(contract, text, undefined, false);
  },
  query: (contract, sources) => {
    if (contract.style === 'querystring') return readWholeQuery(sources.raw.search);
    sources.query ??= readQuery(sources.raw.search);
    if (sources.query.size === 0) return undefined;
    if (!contract.isNested) return readFields(contract.field, sources.query, sources.contracts);
    sources.nested ??= nestedFields(sources.query);
    const own = sources.nested.get(contract.name);
    if (own === undefined) return readPlain(sources.query.get(contract.name));
    return readFields(contract.field, sources.query, sources.contracts, own);
  },
};

function readWholeQuery(search: string): RawValue | undefined {
  if (search === '') return undefined;
  const fields = readQuery(search);
  const [only] = fields.keys();
  // A JSON document as the whole query string is one name without a value.
  if (fields.size === 1 && only !== undefined && /^[[{"]/.test(only)) return new JsonText(only);
  return fromPairs(
    [...fields].flatMap(([name, texts]) => texts.map((text) => [name, decodeComponent(text)] as const)),
  );
}

/** The cookies of a request by name, decoded; unlike in a query string, a plus stands for itself. */
export function readCookies(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at === -1) continue;
    const name = pair.slice(0, at).trim();
    if (!cookies.has(name))
      cookies.set(
        name,
        decodeComponent(
          pair
            .slice(at + 1)
            .trim()
            .replace(/^"(.*)"$/, '$1')
            .replaceAll('+', '%2B'),
        ),
      );
  }
  return cookies;
}

/** Path, header and cookie values: RFC 6570 as OpenAPI's table of styles has it. */
function readStyled(
  contract: Parameter,
  text: string,
  decode: (part: string) => string = (part) => part.trim(),
  explode = contract.explode,
): RawValue {
  const { name, style = 'simple', field } = contract;
  if (style === 'content') return new JsonText(text);
  const { body, separator } = STYLES[style]?.(text, name, explode) ?? { body: text, separator: ',' };
  if (field.isObject) return readObject(body, separator, explode, decode);
  if (!field.isArray) return style === 'matrix' ? afterName(body, name) : body;
  const items = body === '' ? [] : body.split(separator).map(decode);
  return style === 'matrix' ? items.map((item) => afterName(item, name)) : items;
}

const STYLES: Readonly<
  Partial<
    Record<Style, (text: string, name: string, explode: boolean) => { body: string; separator: string }>
  >
> = {
  label: (text, _name, explode) => ({ body: text.replace(/^\./, ''), separator: explode ? '.' : ',' }),
  matrix: (text, name, explode) => {
    const body = text.replace(/^;/, '');
    return explode ? { body, separator: ';' } : { body: afterName(body, name), separator: ',' };
  },
};

const afterName = (text: string, name: string): string =>
  text.startsWith(`${name}=`) ? text.slice(name.length + 1) : text;

function readObject(
  text: string,
  separator: string,
  explode: boolean,
  decode: (part: string) => string,
): RawValue {
  const written = text === '' ? [] : text.split(separator);
  const parts = explode ? written : written.map(decode);
  if (!explode)
    return fromPairs(
      parts.flatMap((part, at) => (at % 2 === 0 ? [[part, parts[at + 1] ?? ''] as const] : [])),
    );
  return fromPairs(
    parts.map((part) => {
      const at = part.indexOf('=');
      const [key, value] = at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      return [decode(key), decode(value)] as const;
    }),
  );
}
