import { isJsonObject, type JsonValue, own } from '../../model/json.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaReader } from './schemas.ts';

/**
 * The examples of a parameter or a media type: `example`, and the values of `examples`. What stands behind an
 * `externalValue` is not fetched.
 */
export function readExamples(reader: SchemaReader, site: Site): { readonly examples?: readonly JsonValue[] } {
  if (!isJsonObject(site.value)) return {};
  const single = own(site.value, 'example');
  const named = enter(site, 'examples');
  const names = isJsonObject(named.value) ? Object.keys(named.value) : [];
  const values = names.flatMap((name) => {
    const example = resolved(reader, enter(named, name));
    const value = isJsonObject(example.value) ? own(example.value, 'value') : undefined;
    return value === undefined ? [] : [value];
  });
  const examples = [...(single === undefined ? [] : [single]), ...values];
  return examples.length === 0 ? {} : { examples };
}
