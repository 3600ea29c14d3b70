import type { CallValue, Value } from '../../value.ts';

/** What celebrate's middleware is made of. */
export interface Celebrated {
  /** Schemas by the parts of a request. */
  readonly schema: Value;
  /** Joi's options. */
  readonly options?: Value;
}

/** More calls than `celebrator` has arguments are nobody's. */
const MAX_CALLS = 3;

/**
 * What a call makes celebrate's middleware of: `celebrate(schema, joiOptions, options)`, or
 * `celebrator(options, joiOptions, schema)`, whose arguments may come in several calls. Undefined for all others.
 */
export function celebrateArguments(call: CallValue): Celebrated | undefined {
  let at: Value = call;
  let args: readonly Value[] = [];
  for (let left = MAX_CALLS; at.kind === 'call' && left > 0; left -= 1) {
    args = [...at.args, ...args];
    at = at.callee;
  }
  const name = at.kind === 'external' && at.package === 'celebrate' ? at.path.at(-1) : undefined;
  const [schema, options] =
    name === 'celebrate' ? args : name === 'celebrator' ? [args[2], args[1]] : [undefined, undefined];
  return schema === undefined ? undefined : { schema, ...(options === undefined ? {} : { options }) };
}
