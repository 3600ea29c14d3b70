import type { Body, FieldEncoding, MediaType, ParameterStyle } from '../../model/api.ts';
import { arrayAt, isJsonObject, type JsonObject, objectAt, own, stringAt } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { readExamples } from './examples.ts';
import type { FoundOperation } from './operations.ts';
import { parameterSchema, sitesOf } from './parameters.ts';
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
    found.set(type, { type, schema: merged, encoding: same?.encoding ?? readEncoding(media), ...examples });
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

function readEncoding({ value }: Site): Map<string, FieldEncoding> {
  const encoding = isJsonObject(value) ? objectAt(value, 'encoding') : {};
  return new Map(
    Object.keys(encoding).map((field) => {
      const raw = objectAt(encoding, field);
      const contentType = stringAt(raw, 'contentType');
      const style = stringAt(raw, 'style');
      const explode = own(raw, 'explode');
      return [
        field,
        {
          ...(contentType === undefined ? {} : { contentType }),
          ...(style === undefined ? {} : { style: style as ParameterStyle }),
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
    content: (types.length > 0 ? types : [fallback]).map((type) => mediaType(type, schema)),
  };
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
