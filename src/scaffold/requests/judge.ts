import { dereference, type OutputUnit, validate } from '@cfworker/json-schema';
import type { SchemaTable } from '../model/admits.ts';
import type { Direction } from '../model/directions.ts';
import type { JsonValue } from '../model/json.ts';
import type { Schema } from '../model/schema.ts';
import { PatternChooser } from '../patterns/choice.ts';
import { type JsonSchemaDocument, SchemaWriter } from './json-schema.ts';

/** Where a value is not what its schema says, and how. */
export interface Violation {
  /** RFC 6901: where in the value. */
  readonly pointer: string;
  readonly message: string;
}

/** The schemas of one direction as the validator knows them. */
interface Side {
  readonly writer: SchemaWriter;
  readonly roots: Map<Schema, JsonSchemaDocument>;
  /** Every schema by its URI. */
  readonly lookup: Record<string, JsonSchemaDocument | boolean>;
}

/** Holds values to the schemas of one contract; each is made ready when it is first asked for. */
export class Judge {
  readonly #sides: Readonly<Record<Direction, Side>>;

  constructor(table: SchemaTable) {
    const patterns = new PatternChooser();
    const side = (direction: Direction): Side => ({
      writer: new SchemaWriter(table, direction, patterns),
      roots: new Map(),
      lookup: {},
    });
    this.#sides = { request: side('request'), response: side('response') };
  }

  isValid(value: JsonValue, schema: Schema, direction: Direction): boolean {
    return this.#judge(value, schema, direction, true).valid;
  }

  /** The innermost ones; empty for a valid value. */
  violations(value: JsonValue, schema: Schema, direction: Direction): Violation[] {
    const { valid, errors } = this.#judge(value, schema, direction, false);
    if (valid) return [];
    const found = innermost(errors);
    return (found.length === 0 ? errors.slice(0, 1) : found).map(asViolation);
  }

  #judge(
    value: JsonValue,
    schema: Schema,
    direction: Direction,
    first: boolean,
  ): ReturnType<typeof validate> {
    const { writer, roots, lookup } = this.#sides[direction];
    let root = roots.get(schema);
    if (root === undefined) {
      const documents = writer.write(schema);
      for (const document of documents) dereference(document, lookup);
      root = documents[0];
      roots.set(schema, root);
    }
    return validate(value, root, '2020-12', lookup, first);
  }
}

const LONGEST_MESSAGE = 200;

const asViolation = ({ instanceLocation, keyword, error }: OutputUnit): Violation => ({
  pointer: instanceLocation.replace(/^#/, ''),
  message:
    keyword === 'false'
      ? 'must not be there'
      : error
          .replace(/^Instance /, '')
          .replace(/\.$/, '')
          .slice(0, LONGEST_MESSAGE),
});

/** Keywords that only repeat what a finding further inside says. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'propertyNames',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  'if',
  'then',
  'else',
]);

/**
 * Of alternatives, the validator also reports why each of them does not fit: the finding is then that none does,
 * and what lies below it is left out. A wrong property is reported a second time as one that is not allowed.
 */
function innermost(errors: readonly OutputUnit[]): readonly OutputUnit[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const own = errors.filter(
    ({ keyword, keywordLocation }) =>
      !WRAPPERS.has(keyword) &&
      !choices.some((choice) => keywordLocation.startsWith(`${choice.keywordLocation}/`)),
  );
  return own.filter(
    ({ keyword, instanceLocation: place }) =>
      keyword !== 'false' ||
      !own.some((other) => other.keyword !== 'false' && `${other.instanceLocation}/`.startsWith(`${place}/`)),
  );
}
