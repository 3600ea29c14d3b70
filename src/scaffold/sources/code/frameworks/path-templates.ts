import type { FrameworkName } from '../../../index.ts';

/** A path as OpenAPI writes it. */
export interface PathTemplate {
  readonly template: string;
  /** Every parameter, with the regular expression that it must match, if there is one. */
  readonly parameters: readonly PathParameter[];
}

export interface PathParameter {
  readonly name: string;
  readonly pattern?: string;
  /** Whether it takes more than one segment, which OpenAPI has no words for. */
  readonly rest?: true;
}

type Token =
  | { readonly text: string }
  | { readonly parameter: PathParameter }
  | { readonly optional: readonly Token[] };

/** No honest path has more optional parts. */
const MAX_VARIANTS = 16;
const MAX_LENGTH = 2_000;

/**
 * The paths that a path of a framework stands for: several when a part of it may be missing; undefined when it uses
 * what OpenAPI has no words for. Syntax: path-to-regexp 0.1 to 8 (Express 4 and 5, Koa) and find-my-way (Fastify).
 */
export function pathTemplates(path: string, framework: FrameworkName): PathTemplate[] | undefined {
  if (path.length > MAX_LENGTH) return undefined;
  const tokens = framework === 'fastify' ? fastifyTokens(path) : tokensOf(written(path, framework));
  if (tokens === undefined) return undefined;
  const variants = variantsOf(tokens);
  return variants.length > MAX_VARIANTS ? undefined : variants.map(templateOf);
}

/** Express 4 takes `:name*` for a parameter and whatever follows, Koa's routers for one that may be missing. */
const written = (path: string, framework: FrameworkName): string =>
  framework === 'express' ? path.replaceAll(/(:\w+)\*/g, '$1+') : path;

function variantsOf([first, ...others]: readonly Token[]): Token[][] {
  if (first === undefined) return [[]];
  const rest = variantsOf(others);
  if (rest.length > MAX_VARIANTS) return rest;
  if (!('optional' in first)) return rest.map((tokens) => [first, ...tokens]);
  const inside = variantsOf(first.optional);
  return [...inside.flatMap((with_) => rest.map((tokens) => [...with_, ...tokens])), ...rest];
}

function templateOf(tokens: readonly Token[]): PathTemplate {
  const parameters: PathParameter[] = [];
  let template = '';
  for (const token of tokens) {
    if ('text' in token) template += token.text;
    else if ('parameter' in token) {
      const { parameter } = token;
      const taken = parameters.filter(
        ({ name }) => name === parameter.name || name.startsWith(`${parameter.name}_`),
      );
      const name = taken.length === 0 ? parameter.name : `${parameter.name}_${taken.length + 1}`;
      parameters.push({ ...parameter, name });
      template += `{${name}}`;
    }
  }
  // `*` alone is everything below the root.
  return { template: template.startsWith('/') ? template : `/${template}`, parameters };
}

const PIECE =
  /\\(.)|\/\?\*|(\/)?:(\w+)(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))?([?*+])?|(\/)?\((?:\?:)?\.[*+]\)([?*+])?|\*(\w*)|\{|\}|((?:[^\\:*{}()?+/]|\/(?![:(]|\?\*))+)|[\s\S]/g;

function tokensOf(path: string): Token[] | undefined {
  const stack: Token[][] = [[]];
  for (const piece of path.matchAll(PIECE)) {
    const [all, escaped, slash = '', name, group, modifier, restSlash, , star, text] = piece;
    const top = stack.at(-1) ?? [];
    if (escaped !== undefined) top.push({ text: escaped });
    else if (name !== undefined) top.push(...named(slash, name, group, modifier));
    else if (all === '/?*') top.push({ optional: [{ text: '/' }, { parameter: REST }] });
    else if (/^\/?\(/.test(all) && all.length > 1) top.push({ text: restSlash ?? '' }, { parameter: REST });
    else if (star !== undefined) {
      top.push({ parameter: star === '' ? REST : { name: star, rest: true } });
    } else if (text !== undefined) top.push({ text });
    else if (all === '{') stack.push([]);
    else if (all === '}' && stack.length > 1) {
      stack.pop();
      stack.at(-1)?.push({ optional: top });
    } else return undefined;
  }
  return stack.length === 1 ? stack[0] : undefined;
}

const REST: PathParameter = { name: 'wildcard', rest: true };

function named(
  slash: string,
  name: string,
  group: string | undefined,
  modifier: string | undefined,
): Token[] {
  const parameter: PathParameter = {
    name,
    ...patternOf(group),
    ...(modifier === '*' || modifier === '+' || isAnything(group) ? { rest: true } : {}),
  };
  const tokens: Token[] = [{ text: slash }, { parameter }];
  return modifier === '?' || modifier === '*' ? [{ optional: tokens }] : tokens;
}

const isAnything = (group: string | undefined): boolean =>
  group === '(.*)' || group === '(.+)' || group === '(*)';

function patternOf(group: string | undefined): { pattern?: string } {
  if (group === undefined || isAnything(group)) return {};
  const inner = group.slice(1, -1).replace(/^\^/, '').replace(/\$$/, '');
  return inner === '[^/]+' || inner === '[^/]*' ? {} : { pattern: `^(?:${inner})$` };
}

const FASTIFY_PIECE =
  /::|(\/)?:(\w+)(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))?(\?)?|\*|(?:[^:*/]|\/(?!:))+|[\s\S]/g;

function fastifyTokens(path: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (const [all, slash = '', name, group, modifier] of path.matchAll(FASTIFY_PIECE)) {
    if (name !== undefined) tokens.push(...named(slash, name, group, modifier));
    else if (all === '*') tokens.push({ parameter: REST });
    else tokens.push({ text: all === '::' ? ':' : all });
  }
  return tokens;
}

/**
 * A regular expression as a path of the same framework's syntax, where it is nothing but text and groups between
 * anchors: `/^\/users\/(\d+)$/`. The groups are named by number, as Express does.
 */
export function pathOfPattern(source: string): string | undefined {
  let left = source.replace(/^\^/, '').replace(/\\?\/?\??\$$/, '');
  let path = '';
  let groups = 0;
  while (left !== '') {
    const piece = /^(?:\\([/.-])|\((?:\?<(\w+)>)?((?:[^()\\]|\\.)+)\)|([\w/~-]))/.exec(left);
    if (piece === null) return undefined;
    const [all, escaped, name, group, text] = piece;
    if (group === undefined) path += escaped ?? text ?? '';
    else {
      path += `:${name ?? groups}(${group})`;
      groups += 1;
    }
    left = left.slice(all.length);
  }
  return path.startsWith('/') ? path : undefined;
}
