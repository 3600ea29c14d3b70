import { type CallSite, choice, native, optionsOf, UNDEFINED, UNKNOWN, type Value } from '../value.ts';
import { type Call, callFunction } from './calls.ts';

/** What compilers write for `async` and `await` where the platform has none, by what TypeScript's library calls it. */
export const COMPILED: Readonly<Record<string, (args: readonly Value[], call: Call) => Value>> = {
  __awaiter: ([self, , , body], { site }) => withSelf(body, self, [], site),
  __generator: ([self, body], { site }) => returned(withSelf(body, self, [STATE], site)),
};

/** `function* () {...}` of an async function, or one step of it after the other. */
function withSelf(
  body: Value | undefined,
  self: Value | undefined,
  args: readonly Value[],
  site: CallSite,
): Value {
  if (body?.kind !== 'function') return UNKNOWN;
  return callFunction(self === undefined ? body : { ...body, self }, { args, site, open: true });
}

/** Which step comes next is not known, whatever is set; what was waited for neither. */
const STATE: Value = {
  kind: 'host',
  host: { name: 'steps', member: (name) => (name === 'sent' ? native(name, () => UNKNOWN) : UNKNOWN) },
};

/** Of `[2, value]`, which ends a function, and `[4, value]`, which waits, the values that end it. */
function returned(value: Value): Value {
  const ends = optionsOf(value).flatMap((option) => {
    if (option.kind !== 'list') return [];
    const [operation, given = UNDEFINED] = option.items;
    return operation?.kind === 'constant' && operation.value === 2 ? [given] : [];
  });
  return ends.length === 0 ? UNKNOWN : choice(ends);
}
