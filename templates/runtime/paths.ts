// The contract's paths: what answers a request that no operation answered.
import { ApiError } from '../errors.js';

/** A path of the contract with the methods it answers. */
export type PathMethods = readonly [path: RegExp, methods: readonly string[]];

/** The methods that a path answers, or undefined when the contract has no such path. */
export function allowedMethods(paths: readonly PathMethods[], path: string): string[] | undefined {
  const methods = documentedMethods(paths, path);
  return methods.length === 0 ? undefined : [...new Set([...methods, 'OPTIONS'])].sort();
}

/** The methods that the contract has for a path, and HEAD where it has GET. */
export const documentedMethods = (paths: readonly PathMethods[], path: string): string[] =>
  paths.filter(([pattern]) => pattern.test(path)).flatMap(([, names]) => names);

export const methodNotAllowed = (allowed: readonly string[]): ApiError =>
  new ApiError(405, 'METHOD_NOT_ALLOWED', 'The path does not answer this method', {
    headers: { allow: allowed.join(', ') },
  });

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'There is nothing at this path');

/** The path of a request's target, still encoded. */
export function pathOf(target: string): string {
  const at = target.indexOf('?');
  return at === -1 ? target : target.slice(0, at);
}

/** What stands behind the `?` of a request's target, still encoded. */
export function searchOf(target: string): string {
  const at = target.indexOf('?');
  return at === -1 ? '' : target.slice(at + 1);
}

/** Refuses a path whose percent-encoding stands for no text. */
export function refuseMalformed(path: string): void {
  if (!path.includes('%')) return;
  try {
    decodeURIComponent(path);
  } catch (cause) {
    throw new ApiError(400, 'BAD_REQUEST', 'The request cannot be read', { cause });
  }
}
