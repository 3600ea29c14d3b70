import { rootOf } from '../../interpret/calls.ts';
import { isPlatformInstance } from '../../interpret/platform-errors.ts';
import type { Origin } from '../../source-file.ts';
import { external, optionsOf, type Value } from '../../value.ts';
import type { SchemaContext } from '../context.ts';

/** What Joi's options say of a schema and of everything in it. */
export interface JoiPreferences {
  /** Whether objects may have members that are not listed. */
  readonly allowUnknown: boolean;
  /** Whether such members are taken out: requests may have them as well. */
  readonly stripUnknown: boolean;
  /** Whether members are required unless they say otherwise. */
  readonly present: boolean;
}

/** What Joi does when nobody says otherwise. */
export const JOI_DEFAULTS: JoiPreferences = { allowUnknown: false, stripUnknown: false, present: false };

/** Whether an object takes members that are not listed. */
export const isOpen = ({ allowUnknown, stripUnknown }: JoiPreferences): boolean =>
  allowUnknown || stripUnknown;

/** What an object of options says, over what was said before: `{ allowUnknown: true, presence: 'required' }`. */
export function preferencesOf(options: Value, before: JoiPreferences = JOI_DEFAULTS): JoiPreferences {
  // Of several, what any one lets through may come.
  if (options.kind === 'choice') {
    const each = options.options.map((option) => preferencesOf(option, before));
    return {
      allowUnknown: each.some(({ allowUnknown }) => allowUnknown),
      stripUnknown: each.some(({ stripUnknown }) => stripUnknown),
      present: each.every(({ present }) => present),
    };
  }
  if (options.kind === 'constant') return before;
  // What is not known may say anything.
  if (options.kind !== 'object') return { ...before, allowUnknown: true };
  const presence = options.properties.get('presence');
  return {
    allowUnknown: flag(options.properties.get('allowUnknown'), before.allowUnknown || options.open),
    stripUnknown: flag(options.properties.get('stripUnknown'), before.stripUnknown),
    present:
      presence === undefined
        ? before.present
        : optionsOf(presence).every((one) => one.kind === 'constant' && one.value === 'required'),
  };
}

/** Whether a flag may be set; `stripUnknown` may be `{ objects: true }` as well. */
function flag(value: Value | undefined, before: boolean): boolean {
  if (value === undefined) return before;
  return optionsOf(value).some((option) => {
    if (option.kind === 'constant') return option.value === undefined ? before : option.value === true;
    return option.kind === 'object' ? flag(option.properties.get('objects'), false) : true;
  });
}

/** Whether it is known what options say of members that are not listed. */
const isCertain = (options: Value): boolean =>
  optionsOf(options).every((option) => {
    if (option.kind === 'constant') return true;
    return option.kind === 'object' && (!option.open || option.properties.has('allowUnknown'));
  });

const PACKAGES: ReadonlySet<string> = new Set(['joi', '@hapi/joi', 'celebrate', 'koa-joi-router']);

/** Joi's options among the arguments that a call has besides a schema and what is held to it. */
export function joiOptions(schema: Value, rest: readonly Value[]): Value | undefined {
  const root = optionsOf(schema).map(rootOf)[0];
  if (root?.kind !== 'external' || !PACKAGES.has(root.package)) return undefined;
  return rest.findLast(
    // `Joi.attempt(value, schema, message, options)`: a message may be an error; older ones take callbacks.
    (value) =>
      value.kind !== 'constant' &&
      value.kind !== 'function' &&
      value.kind !== 'host' &&
      !(value.kind === 'call' && value.construct) &&
      isPlatformInstance(value, external('', 'Error')) !== true,
  );
}

/** Reads Joi's schemas as a call with these options does; those that cannot be told are named. */
export function withJoiOptions(
  context: SchemaContext,
  options: Value | undefined,
  origin: Origin,
): SchemaContext {
  if (options === undefined) return context;
  if (!isCertain(options)) {
    const message = 'the options given to Joi cannot be told: members that are not listed may be taken';
    context.interpreter.report('SCF076', 'info', message, origin);
  }
  return { ...context, joi: preferencesOf(options) };
}

/** Under which schemas that are read with the same options are one: nothing for those of Joi's own. */
export const variantOf = (preferences: JoiPreferences | undefined): string =>
  Object.entries(preferences ?? {})
    .flatMap(([name, is]) => (is ? [name] : []))
    .join(' ');
