import type { JsonObject } from '../../../model/json.ts';
import type { Picked } from '../handlers/trace.ts';
import type { SchemaContext } from '../schemas/context.ts';
import { newDraft } from '../schemas/validators/chain.ts';
import { type CheckedField, fieldsSchema } from '../schemas/validators/express-validator.ts';
import type { InputPart } from '../value.ts';
import { inPlace, membersOf } from './members.ts';

/**
 * What a schema says of a part of the request that only some members were taken from: those, where they are. Members
 * besides are refused by nobody.
 */
export function pickedSchema(
  whole: JsonObject,
  picked: readonly Picked[],
  part: InputPart,
  context: SchemaContext,
): JsonObject | undefined {
  const members = membersOf(whole, context);
  const inPlaceOf = ({ name, path, optional }: Picked): boolean =>
    !optional && path.length === 1 && path[0] === name;
  const isAll = [...members.keys()].every((name) => picked.some((one) => one.name === name));
  if (members.size > 0 && isAll && picked.every(inPlaceOf)) {
    const { additionalProperties, ...open } = inPlace(whole, context);
    return additionalProperties === false ? open : whole;
  }
  const fields = picked.flatMap(({ name, path, optional }): CheckedField[] => {
    const member = members.get(name);
    if (member === undefined) return [];
    const draft = { ...newDraft(member.schema), required: member.required && !optional };
    return [{ parts: [part], path, draft }];
  });
  return fieldsSchema(fields, part);
}

/** A schema of an object without members that come from somewhere else. */
export function withoutMembers(
  whole: JsonObject,
  names: readonly string[],
  part: InputPart,
  context: SchemaContext,
): JsonObject | undefined {
  const members = membersOf(whole, context);
  if (!names.some((name) => members.has(name))) return whole;
  const picked = [...members.keys()]
    .filter((name) => !names.includes(name))
    .map((name) => ({ name, path: [name], optional: false }));
  return pickedSchema(whole, picked, part, context);
}
