import { compareText } from '../../core/order.ts';
import type { Operation } from './api.ts';

/** A piece of a path segment: text as it stands, or a parameter. */
export type SegmentPart = { readonly text: string } | { readonly parameter: string };

export type Segment = readonly SegmentPart[];

/**
 * What of a path template a request's path can show. Some documents tell operations of one path apart
 * by a fragment or a query behind it (`/files/{id}#add_shared_link`): no route can, but the operations'
 * parameters and bodies do.
 */
const requestPath = (path: string): string => path.replace(/[#?].*$/, '');

/** What stands behind that; empty for most paths. */
export const variantOf = (path: string): string => path.slice(requestPath(path).length);

/** The names of the parameters in a path template, in order. */
export const parameterNames = (path: string): string[] =>
  [...requestPath(path).matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);

/** A path template in segments: `/a/{b}.json` to `[[a], [{b}, .json]]`. */
export function segmentsOf(path: string): Segment[] {
  return requestPath(path)
    .split('/')
    .slice(1)
    .map((segment) =>
      [...segment.matchAll(/\{([^{}]+)\}|[^{}]+|[{}]/g)].map(([text, parameter]) =>
        parameter === undefined ? { text } : { parameter },
      ),
    );
}

/** How much a segment leaves open: text, text with parameters, or a parameter alone. */
function openness(segment: Segment): number {
  if (segment.every((part) => 'text' in part)) return 0;
  return segment.length > 1 ? 1 : 2;
}

const textOf = (segment: Segment): string =>
  segment.map((part) => ('text' in part ? part.text : '{}')).join('');

/**
 * A segment as a text that sorts in matching order. Of two segments that mix text and parameters, the
 * one with the longer text in front goes first, then the one that ends in text, then the one with more text.
 */
function rankOf(segment: Segment): string {
  const open = openness(segment);
  if (open !== 1) return `${open}${textOf(segment)}`;
  const [first, last] = [segment[0], segment.at(-1)];
  const lead = first !== undefined && 'text' in first ? first.text.length : 0;
  const end = last !== undefined && 'text' in last ? 0 : 1;
  const text = textOf(segment);
  return `1${falling(lead)}${end}${falling(text.length)}${text}`;
}

/** A number as text that sorts the larger one first. */
const falling = (length: number): string => String(9999 - Math.min(length, 9999)).padStart(4, '0');

/**
 * Orders routes so that the first one that matches a request is the one meant: "concrete definitions
 * are matched before their templated counterparts" (OpenAPI 3.1.1, section 4.8.8).
 */
export function compareRoutes(left: Route, right: Route): number {
  for (let at = 0; at < Math.min(left.ranks.length, right.ranks.length); at += 1) {
    const order = compareText(left.ranks[at] ?? '', right.ranks[at] ?? '');
    if (order !== 0) return order;
  }
  return left.ranks.length - right.ranks.length;
}

/** Whether some path matches both templates. */
export function overlap(left: Route, right: Route): boolean {
  if (left.segments.length !== right.segments.length) return false;
  for (let at = 0; at < left.segments.length; at += 1) {
    const [ours = '', theirs = ''] = [left.ranks[at], right.ranks[at]];
    if (ours === theirs) continue;
    if (ours[0] === '0' && theirs[0] === '0') return false;
    if (!segmentsOverlap(left.segments[at] ?? [], right.segments[at] ?? [])) return false;
  }
  return true;
}

function segmentsOverlap(left: Segment, right: Segment): boolean {
  if (openness(left) === 0) return segmentPattern(right).test(textOf(left));
  if (openness(right) === 0) return segmentPattern(left).test(textOf(right));
  return true;
}

const segmentPattern = (segment: Segment): RegExp => new RegExp(`^${segmentSource(segment)}$`, 'u');

/** The regular expression source of a segment. */
export const segmentSource = (segment: Segment): string =>
  segment
    .map((part, at) => ('text' in part ? escapeRegExp(part.text) : parameterSource(segment, at, '[^/]')))
    .join('');

/**
 * What a parameter of a segment matches, of these characters: all of them, but behind another parameter
 * only up to where the text between the two comes again, as in path-to-regexp. Then a path has one
 * way to match, and none takes longer than its length.
 */
export function parameterSource(segment: Segment, at: number, any: '[^/]' | '[\\s\\S]'): string {
  const earlier = segment.slice(0, at).findLastIndex((part) => 'parameter' in part);
  if (earlier === -1) return `${any}+`;
  const between = segment.slice(earlier + 1, at).map((part) => ('text' in part ? part.text : ''));
  const text = escapeRegExp(between.join(''));
  // Nothing says where the first of two that touch ends: it takes what it can.
  if (text === '') return any;
  return isOneCharacter(between.join(''))
    ? `(?:${butFor(any, text)}+|${text})`
    : `(?:(?:(?!${text})${any})+|${text})`;
}

const isOneCharacter = (text: string): boolean => /^[ -~]$/.test(text);

const butFor = (any: '[^/]' | '[\\s\\S]', text: string): string =>
  any === '[^/]' ? `[^/${inClass(text)}]` : `[^${inClass(text)}]`;

/** The escapes of a pattern hold in a class too, but for the dash. */
const inClass = (text: string): string => (text === '-' ? '\\-' : text);

/** Escapes everything that could mean something in a regular expression of any flags, the slash of a literal included. */
export const escapeRegExp = (text: string): string =>
  text
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A method and path, taken apart, with what answers there. */
export interface Route {
  readonly operation: Operation;
  /** Operations whose templates differ from this one's in nothing but the names of parameters. */
  readonly twins: readonly Operation[];
  readonly segments: readonly Segment[];
  /** For each segment a text that sorts in matching order. */
  readonly ranks: readonly string[];
}

/** A group of operations that becomes one file. */
export interface RouteGroup {
  readonly tag: string;
  readonly routes: readonly Route[];
}

/** Every operation of a route, in the order in which they are asked. */
export const operationsOf = ({ operation, twins }: Route): readonly Operation[] => [operation, ...twins];

const isVariant = ({ path }: Operation): boolean => requestPath(path) !== path;

/**
 * Operations that the same requests reach, in the order in which they are asked: that of the document,
 * but variants of a path, which want something more, before the path itself.
 */
export function sameRoutes(operations: readonly Operation[]): Operation[][] {
  const found = new Map<string, Operation[]>();
  for (const operation of operations) {
    const shape = `${operation.method} ${routeShape(operation.path)}`;
    const same = found.get(shape);
    if (same === undefined) found.set(shape, [operation]);
    else same.push(operation);
  }
  return [...found.values()].map((same) => [
    ...same.filter(isVariant),
    ...same.filter((one) => !isVariant(one)),
  ]);
}

/** A path template without the names of its parameters. */
export const routeShape = (path: string): string => requestPath(path).replaceAll(/\{[^{}]*\}/g, '{}');

/** Operations by tag, each group in matching order. Twins stand in the group of the first of them. */
export function groupRoutes(operations: readonly Operation[]): RouteGroup[] {
  const groups = new Map<string, Route[]>();
  for (const [operation, ...twins] of sameRoutes(operations)) {
    if (operation === undefined) continue;
    const routes = groups.get(operation.tag) ?? [];
    groups.set(operation.tag, routes);
    const segments = segmentsOf(operation.path);
    routes.push({ operation, twins, segments, ranks: segments.map(rankOf) });
  }
  return [...groups].map(([tag, routes]) => ({ tag, routes: routes.sort(inMatchingOrder) }));
}

/** A HEAD of its own stands before the GET that would answer it. */
const inMatchingOrder = (left: Route, right: Route): number =>
  compareRoutes(left, right) || headFirst(left) - headFirst(right);

const headFirst = ({ operation }: Route): number => (operation.method === 'head' ? 0 : 1);
