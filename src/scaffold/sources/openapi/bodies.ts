import type { Body, FieldEncoding, MediaType, ParameterStyle } from '../../model/api.ts';
import { arrayAt, isJsonObject, type JsonObject, own, stringAt } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { readExamples } from './examples.ts';
import type { FoundOperation } from './operations.ts';
import { parameterSchema, readStyle, sitesOf } from './parameters.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaReader } from './schemas.ts';

/** The body of an operation's requests, if it has one. */
export function readBody(reader: SchemaReader, root: Site, found: FoundOperation): Body | undefined {
  if (reader.dialect === 'swagger-2.0') return readSwaggerBody(reader, root, found);
  const written = enter(found.site, 'requestBody');
  if (written.value === undefined || written.value === null) return undefined;
  const site = resolved(reader, written);
  if (!isJsonObject(site.value)) {
    return void reader.report('SCF007', 'error', '"requestBody" must be an object', site);
  }
  return {
    required: own(site.value, 'required') === true,
    content: readContent(reader, enter(site, 'content')),
  };
}

/** The media types of a body or answer. Types that differ only in parameters are read as one. */
export function readContent(reader: SchemaReader, site: Site): MediaType[] {
  if (!isJsonObject(site.value)) return [];
  const found = new Map<string, MediaType>();
  for (const written of Object.keys(site.value)) {
    const type = (written.split(';')[0] ?? written).trim().toLowerCase();
    const media = resolved(reader, enter(site, written));
    const schema = mediaSchema(reader, media);
    const same = found.get(type);
    const merged: Schema = same === undefined ? schema : { place: media.place, anyOf: [same.schema, schema] };
    const examples = same?.examples === undefined ? readExamples(reader, media) : { examples: same.examples };
    found.set(type, {
      type,
      schema: merged,
      encoding: same?.encoding ?? readEncoding(reader, media),
      ...examples,
    });
  }
  return [...found.values()];
}

/** OpenAPI 3.2 describes the items of a stream with `itemSchema`; the whole is then a list of them. */
function mediaSchema(reader: SchemaReader, media: Site): Schema {
  const item = enter(media, 'itemSchema');
  const whole = enter(media, 'schema');
  if (whole.value !== undefined || item.value === undefined) return reader.read(whole);
  return { place: media.place, types: ['array'], items: reader.read(item) };
}

/** The styles that a form shares with the query string. */
const FORM_STYLES: ReadonlySet<string> = new Set(['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']);

function readEncoding(reader: SchemaReader, media: Site): Map<string, FieldEncoding> {
  const encoding = enter(media, 'encoding');
  const names = isJsonObject(encoding.value) ? Object.keys(encoding.value) : [];
  return new Map(
    names.map((field) => {
      const site = enter(encoding, field);
      const raw = isJsonObject(site.value) ? site.value : {};
      const contentType = stringAt(raw, 'contentType');
      const style = stringAt(raw, 'style');
      const explode = own(raw, 'explode');
      const isKnown = style !== undefined && FORM_STYLES.has(style);
      if (style !== undefined && !isKnown) {
        const message = `the style of form field ${JSON.stringify(field)} is not one of a form; it is read as its type is written`;
        reader.report('SCF007', 'warning', message, site);
      }
      return [
        field,
        {
          ...(contentType === undefined ? {} : { contentType }),
          ...(isKnown ? { style: style as ParameterStyle } : {}),
          ...(typeof explode === 'boolean' ? { explode } : {}),
        },
      ];
    }),
  );
}

/** Media types that an operation of Swagger 2.0 names itself, or the document for all. */
export function swaggerMediaTypes(site: Site, root: Site, key: 'consumes' | 'produces'): string[] {
  for (const { value } of [site, root]) {
    const listed = isJsonObject(value) ? arrayAt(value, key) : [];
    const types = listed.filter((type) => typeof type === 'string');
    if (types.length > 0)
      return [...new Set(types.map((type) => (type.split(';')[0] ?? type).trim().toLowerCase()))];
  }
  return [];
}

function readSwaggerBody(reader: SchemaReader, root: Site, { site, item }: FoundOperation): Body | undefined {
  const sites = [...sitesOf(reader, item), ...sitesOf(reader, site)];
  const placed = sites.map((parameter) => ({
    parameter,
    raw: isJsonObject(parameter.value) ? parameter.value : {},
  }));
  const body = placed.findLast(({ raw }) => own(raw, 'in') === 'body');
  const consumes = swaggerMediaTypes(site, root, 'consumes');
  if (body !== undefined) {
    const types = consumes.filter((type) => !FORM_TYPES.includes(type));
    const schema = reader.read(enter(body.parameter, 'schema'));
    return {
      required: own(body.raw, 'required') === true,
      content: (types.length > 0 ? types : ['application/json']).map((type) => mediaType(type, schema)),
    };
  }
  const fields = placed.filter(({ raw }) => own(raw, 'in') === 'formData');
  if (fields.length === 0) return undefined;
  const hasFile = fields.some(({ raw }) => own(raw, 'type') === 'file');
  const types = consumes.filter((type) => FORM_TYPES.includes(type));
  const fallback = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  const schema = formSchema(reader, site, fields);
  return {
    required: fields.some(({ raw }) => own(raw, 'required') === true),
    content: (types.length > 0 ? types : [fallback]).map((type) => ({
      ...mediaType(type, schema),
      encoding: collectionEncoding(
        reader,
        fields.map(({ raw }) => raw),
      ),
    })),
  };
}

/** Lists of Swagger 2.0 are in one field with commas, unless their `collectionFormat` says otherwise. */
function collectionEncoding(
  reader: SchemaReader,
  fields: readonly JsonObject[],
): ReadonlyMap<string, FieldEncoding> {
  const lists = fields.filter((raw) => own(raw, 'type') === 'array');
  return new Map(lists.map((raw) => [stringAt(raw, 'name') ?? '', readStyle(reader, raw, 'query')]));
}

const FORM_TYPES: readonly string[] = ['multipart/form-data', 'application/x-www-form-urlencoded'];

const mediaType = (type: string, schema: Schema): MediaType => ({ type, schema, encoding: new Map() });

function formSchema(
  reader: SchemaReader,
  site: Site,
  fields: readonly { readonly parameter: Site; readonly raw: JsonObject }[],
): Schema {
  const properties = fields.map(({ parameter, raw }) => {
    const schema = parameterSchema(reader, parameter);
    const isFile = own(raw, 'type') === 'file';
    return [stringAt(raw, 'name') ?? '', isFile ? { ...schema, format: 'binary' } : schema] as const;
  });
  const required = fields.filter(({ raw }) => own(raw, 'required') === true);
  return {
    place: site.place,
    types: ['object'],
    properties: new Map(properties),
    required: required.map(({ raw }) => stringAt(raw, 'name') ?? ''),
  };
}
