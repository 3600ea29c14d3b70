import type { Diagnostic } from '../../../core/diagnostic.ts';
import { NameRegistry } from '../../../core/names.ts';
import { ANY_TYPE, admittedTypes } from '../../model/admits.ts';
import type { ApiModel, MediaType, Operation, Response } from '../../model/api.ts';
import { mediaKind } from '../../model/media.ts';
import { locationOf } from '../../model/place.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaNames } from '../schema-names.ts';
import { printType } from '../types.ts';
import { fillError } from './fill.ts';
import { isSpokenOfTwice } from './view.ts';

/** A function of error-bodies.ts: an error in the words of one of the contract's schemas. */
export interface ErrorBody {
  readonly name: string;
  readonly schema: Schema;
  /** The type of the body, as error-bodies.ts writes it. */
  readonly type: string;
  /** The expression of the body. */
  readonly text: string;
  /** How many answers of the contract have it; those for several statuses count for more. */
  uses: number;
  /** The media type that it was first described for. */
  readonly mediaType: string;
}

/** How the contract's own error schemas are filled in. */
export interface ErrorBodies {
  /** In order of first mention. */
  readonly bodies: readonly ErrorBody[];
  readonly of: ReadonlyMap<MediaType, ErrorBody>;
  /** What answers where no operation or no schema says: what most answers of the contract have. */
  readonly usual: ErrorBody | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const NO_ERROR_BODIES: ErrorBodies = {
  bodies: [],
  of: new Map(),
  usual: undefined,
  diagnostics: [],
};

/** Finds the error schemas of a contract, and how each can hold our errors. What cannot is SCF030. */
export function planErrorBodies(model: ApiModel, names: SchemaNames): ErrorBodies {
  const registry = new NameRegistry(['usual']);
  const bodies = new Map<string, ErrorBody>();
  const refused = new Map<string, Diagnostic>();
  const of = new Map<MediaType, ErrorBody>();
  for (const operation of model.operations) {
    for (const { response, media } of errorAnswers(operation, model)) {
      const type = printType(media.schema, {
        table: model.schemas,
        names,
        direction: 'response',
        qualifier: 't.',
      });
      const filled = fillError(media.schema, model.schemas);
      if (filled === undefined) {
        if (!refused.has(type)) refused.set(type, cannotHold(operation, response, media));
        continue;
      }
      const key = `${type} ${filled.text}`;
      const wanted = nameOf(operation, response, media.schema, names);
      const body = bodies.get(key) ?? {
        name: registry.claim(wanted),
        schema: media.schema,
        type: isSpokenOfTwice(media.schema, model.schemas) ? 'object' : type,
        text: filled.text,
        uses: 0,
        mediaType: media.type.includes('*') ? 'application/json' : media.type,
      };
      body.uses += weightOf(response);
      bodies.set(key, body);
      of.set(media, body);
    }
  }
  const found = [...bodies.values()];
  const most = Math.max(...found.map(({ uses }) => uses));
  const usual = found.find(({ uses }) => uses === most);
  return { bodies: found, of, usual, diagnostics: [...refused.values()] };
}

/** What is described for any error is what its authors would take for another one, too. */
const weightOf = ({ status }: Response): number => (status === 'default' ? 3 : status.endsWith('XX') ? 2 : 1);

/** The JSON answers that an operation describes for errors. `default` is none where it is all there is. */
function* errorAnswers(
  { responses }: Operation,
  { schemas }: ApiModel,
): Generator<{ readonly response: Response; readonly media: MediaType }> {
  const succeeds = responses.some(({ status }) => /^[23]/.test(status));
  for (const response of responses) {
    const isError = /^[45]/.test(response.status) || (response.status === 'default' && succeeds);
    if (!isError) continue;
    const media = response.content.find(({ type }) => mediaKind(type) === 'json');
    // A schema that takes anything takes the envelope.
    if (media !== undefined && admittedTypes(media.schema, schemas) !== ANY_TYPE) yield { response, media };
  }
}

/** `toErrorModel` for a named schema, `toListPets404` for one that stands in the answer itself. */
function nameOf({ id }: Operation, { status }: Response, schema: Schema, names: SchemaNames): string {
  if (schema.ref !== undefined) return `to${names.typeName(schema.ref, 'response')}`;
  return `to${(id[0] ?? '').toUpperCase()}${id.slice(1)}${status === 'default' ? 'Error' : status}`;
}

const cannotHold = (operation: Operation, { status }: Response, { schema }: MediaType): Diagnostic => ({
  code: 'SCF030',
  severity: 'warning',
  message: `the schema of ${operation.id}'s ${status} answer asks for what no error of the service has; the envelope is used`,
  location: locationOf(schema.place, 'cheap'),
});
