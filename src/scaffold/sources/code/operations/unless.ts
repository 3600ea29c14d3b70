import { RE2JS } from 're2js';
import { memberOf } from '../interpret/members.ts';
import { type CallSite, optionsOf, textOf, type Value } from '../value.ts';

/** The options of `middleware.unless({ path: [...] })` of express-unless and koa-unless; undefined when it has none. */
export const unlessOptions = (handler: Value): Value | undefined =>
  handler.kind === 'call' && handler.callee.kind === 'member' && handler.callee.name === 'unless'
    ? handler.args[0]
    : undefined;

/** The middleware without its exceptions. */
export const withoutUnless = (handler: Value): Value =>
  unlessOptions(handler) !== undefined && handler.kind === 'call' && handler.callee.kind === 'member'
    ? handler.callee.of
    : handler;

/**
 * Whether requests of a route pass middleware that has exceptions; undefined when that depends on the request, or
 * on code. `template` is the whole path, as OpenAPI writes it.
 */
export function isExcepted(
  options: Value,
  template: string,
  methods: readonly string[],
  site: CallSite,
): boolean | undefined {
  if (options.kind !== 'object' || options.open || options.properties.has('custom')) return undefined;
  const byMethod = listOf(options.properties.get('method')).map(textOf);
  if (methods.length > 0 && methods.every((method) => byMethod.some((one) => isSame(one, method))))
    return true;
  const found = listOf(options.properties.get('path')).map((path) => matches(path, template, methods, site));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

const isSame = (one: string | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();

const listOf = (value: Value | undefined): readonly Value[] => {
  if (value === undefined) return [];
  return value.kind === 'list' ? value.items : optionsOf(value);
};

function matches(
  path: Value,
  template: string,
  methods: readonly string[],
  site: CallSite,
): boolean | undefined {
  if (path.kind === 'object') {
    const only = listOf(path.properties.get('methods')).map(textOf);
    if (only.length > 0 && !methods.every((method) => only.some((one) => isSame(one, method)))) return false;
    return matches(memberOf(path, 'url', site), template, methods, site);
  }
  const text = textOf(path);
  // A text is a whole path: no other path of a template with parameters is that.
  if (text !== undefined) return text.replace(/(.)\/$/, '$1') === template;
  if (path.kind !== 'pattern') return undefined;
  const samples = ['1', 'abc'].map((sample) => template.replaceAll(/\{[^}]*\}/g, sample));
  const found = samples.map((sample) => matchesPattern(path.source, path.flags, sample));
  return found[0] === found[1] ? found[0] : undefined;
}

/** By a linear matcher: patterns of sources may be made to take for ever. */
function matchesPattern(source: string, flags: string, text: string): boolean | undefined {
  try {
    const pattern = RE2JS.compile(
      RE2JS.translateRegExp(source),
      flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0,
    );
    return pattern.matcher(text).find();
  } catch {
    return undefined;
  }
}
