import type { MediaType, Parameter, Response } from '../../model/api.ts';
import { isJsonObject, own, stringAt } from '../../model/json.ts';
import { readContent, swaggerMediaTypes } from './bodies.ts';
import { parameterSchema } from './parameters.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaReader } from './schemas.ts';

/** The answers of an operation, by status as the document writes it. */
export function readResponses(reader: SchemaReader, root: Site, operation: Site): Response[] {
  const site = enter(operation, 'responses');
  if (!isJsonObject(site.value)) return [];
  const found: Response[] = [];
  for (const written of Object.keys(site.value)) {
    if (written.startsWith('x-')) continue;
    const status = /^[1-5][Xx]{2}$/.test(written) ? written.toUpperCase() : written;
    const answer = resolved(reader, enter(site, written));
    if (!/^(?:[1-5]\d\d|[1-5]XX|default)$/.test(status) || !isJsonObject(answer.value)) {
      reader.report('SCF007', 'error', `${JSON.stringify(written)} is no answer of an operation`, answer);
      continue;
    }
    found.push({
      status,
      description: stringAt(answer.value, 'description') ?? '',
      content: answerContent(reader, root, operation, answer),
      headers: readHeaders(reader, answer),
    });
  }
  return found;
}

function answerContent(reader: SchemaReader, root: Site, operation: Site, answer: Site): MediaType[] {
  if (reader.dialect !== 'swagger-2.0') return readContent(reader, enter(answer, 'content'));
  const site = enter(answer, 'schema');
  if (!isJsonObject(site.value)) return [];
  const isFile = own(site.value, 'type') === 'file';
  const schema = isFile ? { ...reader.read(site), format: 'binary' } : reader.read(site);
  const types = swaggerMediaTypes(operation, root, 'produces');
  const fallback = isFile ? 'application/octet-stream' : 'application/json';
  return (types.length > 0 ? types : [fallback]).map((type) => ({ type, schema, encoding: new Map() }));
}

function readHeaders(reader: SchemaReader, answer: Site): Parameter[] {
  const headers = enter(answer, 'headers');
  if (!isJsonObject(headers.value)) return [];
  const names = Object.keys(headers.value).filter((name) => name.toLowerCase() !== 'content-type');
  return names.map((name) => {
    const site = resolved(reader, enter(headers, name));
    const raw = isJsonObject(site.value) ? site.value : {};
    const description = stringAt(raw, 'description');
    return {
      name: name.toLowerCase(),
      in: 'header',
      required: own(raw, 'required') === true,
      style: 'simple',
      explode: own(raw, 'explode') === true,
      deprecated: own(raw, 'deprecated') === true,
      schema: parameterSchema(reader, site),
      place: site.place,
      ...(description === undefined ? {} : { description }),
    };
  });
}
