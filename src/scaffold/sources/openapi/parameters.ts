import type { Parameter, ParameterIn, ParameterStyle } from '../../model/api.ts';
import { isJsonObject, type JsonObject, own, stringAt } from '../../model/json.ts';
import { parameterNames } from '../../model/routes.ts';
import type { Schema } from '../../model/schema.ts';
import { readExamples } from './examples.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaReader } from './schemas.ts';

/**
 * The parameters of an operation: the path item's, overridden by its own of the same name and place,
 * and agreeing with the path template. Sorted as declared.
 */
export function readParameters(reader: SchemaReader, path: string, item: Site, operation: Site): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const owner of [item, operation]) {
    for (const site of sitesOf(reader, owner)) {
      const parameter = readParameter(reader, site);
      if (parameter !== undefined) found.set(`${parameter.in} ${parameterName(parameter)}`, parameter);
    }
  }
  return agreeWithPath(reader, path, [...found.values()], operation);
}

/** Header names are the same in any case. */
const parameterName = ({ in: where, name }: Parameter): string =>
  where === 'header' ? name.toLowerCase() : name;

/** The parameter objects of a path item or operation, references followed. */
export function sitesOf(reader: SchemaReader, owner: Site): Site[] {
  const list = enter(owner, 'parameters');
  if (!Array.isArray(list.value)) {
    if (list.value !== undefined && list.value !== null) {
      reader.report('SCF007', 'error', '"parameters" must be an array', list);
    }
    return [];
  }
  return list.value.map((_, at) => resolved(reader, enter(list, at)));
}

const PLACES: ReadonlySet<string> = new Set<ParameterIn>(['path', 'query', 'header', 'cookie']);

const DEFAULT_STYLE: Readonly<Record<ParameterIn, ParameterStyle>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
};

/** OpenAPI 3.0, section 4.7.12.1: header parameters of these names are ignored. */
const IGNORED_HEADERS: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);

function readParameter(reader: SchemaReader, site: Site): Parameter | undefined {
  const raw = site.value;
  if (!isJsonObject(raw)) return void reader.report('SCF007', 'error', 'a parameter must be an object', site);
  const name = stringAt(raw, 'name');
  const where = stringAt(raw, 'in');
  if (where === 'body' || where === 'formData') return undefined;
  if (name === undefined || name === '') {
    // In a query string the empty name is one as any other: `?=value`. Some exporters write it for a stray row.
    const isWritable = name === '' && where === 'query';
    if (name === '' && own(raw, 'required') !== true && !isWritable) {
      const message = 'a parameter without a name cannot be sent; it is left out';
      return void reader.report('SCF007', 'warning', message, site);
    }
    if (!isWritable) return void reader.report('SCF007', 'error', 'a parameter must have a name', site);
  }
  if (where === 'querystring') return contentParameter(reader, site, raw, name, 'query', 'querystring');
  if (where === undefined || !PLACES.has(where)) {
    const shown = JSON.stringify(where);
    return void reader.report('SCF007', 'error', `parameter ${JSON.stringify(name)} is in ${shown}`, site);
  }
  const place = where as ParameterIn;
  if (place === 'header' && IGNORED_HEADERS.has(name.toLowerCase())) return undefined;
  if (isJsonObject(own(raw, 'content'))) return contentParameter(reader, site, raw, name, place, 'content');
  const style = readStyle(reader, raw, place);
  return {
    ...parameterBase(raw, site, name, place),
    ...style,
    schema: parameterSchema(reader, site),
    ...readExamples(reader, site),
  };
}

function parameterBase(
  raw: JsonObject,
  site: Site,
  name: string,
  place: ParameterIn,
): Omit<Parameter, 'schema' | 'style' | 'explode'> {
  const description = stringAt(raw, 'description');
  return {
    name,
    in: place,
    required: place === 'path' || own(raw, 'required') === true,
    deprecated: own(raw, 'deprecated') === true,
    place: site.place,
    ...(description === undefined ? {} : { description }),
  };
}

/** In Swagger 2.0 the keywords of the schema stand in the parameter itself. */
export function parameterSchema(reader: SchemaReader, site: Site): Schema {
  if (reader.dialect !== 'swagger-2.0') return reader.read(enter(site, 'schema'));
  const { description: _, required: __, ...schema } = reader.read(site);
  return schema;
}

function contentParameter(
  reader: SchemaReader,
  site: Site,
  raw: JsonObject,
  name: string,
  place: ParameterIn,
  style: 'content' | 'querystring',
): Parameter {
  const content = own(raw, 'content');
  const mediaType = (isJsonObject(content) ? Object.keys(content)[0] : undefined) ?? 'application/json';
  return {
    ...parameterBase(raw, site, name, place),
    style,
    explode: false,
    mediaType: mediaType.split(';')[0]?.trim().toLowerCase() ?? mediaType,
    schema: reader.read(enter(site, 'content', mediaType, 'schema')),
    ...readExamples(reader, enter(site, 'content', mediaType)),
  };
}

/** Swagger 2.0's `collectionFormat` in the words of OpenAPI 3. */
const COLLECTION_FORMATS: Readonly<Record<string, Pick<Parameter, 'style' | 'explode'>>> = {
  csv: { style: 'form', explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true },
};

const STYLES: ReadonlySet<string> = new Set<ParameterStyle>([
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
]);

export function readStyle(
  reader: SchemaReader,
  raw: JsonObject,
  place: ParameterIn,
): Pick<Parameter, 'style' | 'explode'> {
  if (reader.dialect === 'swagger-2.0') {
    const format = COLLECTION_FORMATS[stringAt(raw, 'collectionFormat') ?? 'csv'];
    const isForm = place === 'query' || place === 'cookie';
    return format === undefined || !isForm ? { style: DEFAULT_STYLE[place], explode: false } : format;
  }
  const written = stringAt(raw, 'style');
  // OpenAPI 3.2 adds the style `cookie`, which differs from `form` only in percent-encoding.
  const style =
    written !== undefined && STYLES.has(written) ? (written as ParameterStyle) : DEFAULT_STYLE[place];
  const explode = own(raw, 'explode');
  return {
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'deepObject',
  };
}

function agreeWithPath(
  reader: SchemaReader,
  path: string,
  parameters: readonly Parameter[],
  operation: Site,
): Parameter[] {
  const inTemplate = new Set(parameterNames(path));
  const agreeing = parameters.filter((parameter) => {
    if (parameter.in !== 'path' || inTemplate.has(parameter.name)) return true;
    const message = `path parameter ${JSON.stringify(parameter.name)} is not in ${path}; it is left out`;
    reader.report('SCF009', 'warning', message, operation);
    return false;
  });
  const declared = new Set(agreeing.filter((parameter) => parameter.in === 'path').map(({ name }) => name));
  for (const name of inTemplate) {
    if (declared.has(name)) continue;
    reader.report(
      'SCF009',
      'warning',
      `{${name}} of ${path} is not declared; any text is accepted`,
      operation,
    );
    agreeing.push(undeclared(name, operation));
  }
  return agreeing;
}

const undeclared = (name: string, { place }: Site): Parameter => ({
  name,
  in: 'path',
  required: true,
  style: 'simple',
  explode: false,
  deprecated: false,
  schema: { place, types: ['string'] },
  place,
});
