import type { JsonObject } from '../../../model/json.ts';
import type { Interpreter } from '../interpret/interpreter.ts';
import type { NamedSchemas } from '../named-schemas.ts';
import type { Origin } from '../source-file.ts';
import type { ZodReader } from '../zod/reader.ts';
import type { JoiPreferences } from './validators/joi-preferences.ts';

/** What readers of schemas need besides what they read. */
export interface SchemaContext {
  readonly named: NamedSchemas;
  readonly interpreter: Interpreter;
  /** One for all of a folder: what is declared once is read once. */
  readonly zod: ZodReader;
  /** Where the route is, for what has no place of its own. */
  readonly origin: Origin;
  /** How many more schemas may be made for a route: what is shared is written out wherever it stands. */
  readonly budget: { left: number };
  /** The options of the call that holds a request to Joi's schemas. */
  readonly joi?: JoiPreferences;
  /** Schemas by `$id` that Fastify was given. */
  readonly byId?: (id: string) => JsonObject | undefined;
}

/** More than any operation says. */
export const SCHEMAS_PER_ROUTE = 20_000;

/** Counts a schema; false when there are too many. */
export function maySpend({ budget }: SchemaContext): boolean {
  budget.left -= 1;
  return budget.left > 0;
}

/** No honest schema is nested deeper. */
export const MAX_DEPTH = 40;

/** Says that a part of a schema is not known; the schema there allows everything. */
export function unknownSchema({ interpreter }: SchemaContext, what: string, origin: Origin): JsonObject {
  interpreter.report('SCF076', 'info', `${what} cannot be told: its schema allows everything`, origin);
  return {};
}
