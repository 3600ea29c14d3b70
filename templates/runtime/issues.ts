// Collects what is wrong with a request, so that one answer names it all.
import type { z } from 'zod';
import { ApiError, type ErrorDetail } from '../errors.js';

export class IssueList {
  readonly #details: ErrorDetail[] = [];

  add(field: string, message: string): void {
    this.#details.push({ field, message });
  }

  /** Adds what Zod found in a body. */
  addBody(error: z.ZodError): void {
    for (const issue of error.issues) this.#addIssue(issue, []);
  }

  /** Adds what Zod found in a parameter. */
  addParameter(name: string, error: z.ZodError): void {
    for (const issue of error.issues) this.#addIssue(issue, [name]);
  }

  get isEmpty(): boolean {
    return this.#details.length === 0;
  }

  throwIfAny(): void {
    if (this.#details.length === 0) return;
    throw new ApiError(400, 'VALIDATION_ERROR', 'The request does not match the contract', {
      details: this.#details,
    });
  }

  #addIssue(issue: z.core.$ZodIssue, outer: readonly PropertyKey[]): void {
    const path = [...outer, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) this.add(fieldName([...path, key]), 'Unrecognized key');
      return;
    }
    const nearest = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined;
    if (nearest === undefined) this.add(fieldName(path), issue.message);
    for (const inner of nearest ?? []) this.#addIssue(inner, path);
  }
}

/** `items.0.name`; the body itself is `body`. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'body' : path.map(String).join('.');

/** Of several alternatives, the one that got furthest into the value is most likely the one that was meant. */
function nearestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.min(...issues.map(({ path }) => path.length));
  const reached = branches.filter((issues) => issues.length > 0 && depth(issues) > 0);
  return reached.sort((left, right) => left.length - right.length)[0];
}
