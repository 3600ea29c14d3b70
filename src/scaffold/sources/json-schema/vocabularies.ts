import { isJsonObject, type JsonValue, objectAt, own } from '../../model/json.ts';

const VOCABULARY = 'https://json-schema.org/draft/2020-12/vocab/';

/** The keywords that judge values, by the vocabulary that gives them their meaning. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  applicator: [
    'prefixItems',
    'items',
    'contains',
    'additionalProperties',
    'properties',
    'patternProperties',
    'dependentSchemas',
    'propertyNames',
    'if',
    'then',
    'else',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
  ],
  unevaluated: ['unevaluatedItems', 'unevaluatedProperties'],
  validation: [
    'type',
    'const',
    'enum',
    'multipleOf',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
    'minLength',
    'pattern',
    'maxItems',
    'minItems',
    'uniqueItems',
    'maxContains',
    'minContains',
    'maxProperties',
    'minProperties',
    'required',
    'dependentRequired',
  ],
  'format-assertion': ['format'],
};

/** Keywords that OpenAPI adds, or that only describe: in a JSON Schema they change nothing. */
const NO_KEYWORDS: readonly string[] = ['discriminator', 'readOnly', 'writeOnly', 'nullable'];

/** What the dialect's meta-schema declares; without one at hand, what that of 2020-12 does. */
function declaresOf(metaSchema: JsonValue | undefined): (vocabulary: string) => boolean {
  const declared = isJsonObject(metaSchema) ? objectAt(metaSchema, '$vocabulary') : {};
  if (Object.keys(declared).length === 0) return (vocabulary) => vocabulary !== 'format-assertion';
  return (vocabulary) => own(declared, VOCABULARY + vocabulary) !== undefined;
}

/**
 * The keywords that the schemas of a dialect may write without meaning anything by them. `format` is
 * among them unless the dialect has the vocabulary "format-assertion", or the caller asks for it.
 */
export function meaninglessKeywords(
  metaSchema: JsonValue | undefined,
  formats: 'assert' | 'as declared',
): ReadonlySet<string> {
  const declares = declaresOf(metaSchema);
  const undeclared = Object.keys(KEYWORDS).filter((vocabulary) => !declares(vocabulary));
  const keywords = undeclared.flatMap((vocabulary) => KEYWORDS[vocabulary] ?? []);
  const found = new Set([...NO_KEYWORDS, ...keywords]);
  if (formats === 'assert') found.delete('format');
  return found;
}
