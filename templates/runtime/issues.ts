// Collects what is wrong with a request, so that one answer names it all.
import type { z } from 'zod';
import { ApiError, type ErrorDetail } from '../errors.js';

export class IssueList {
  readonly #details: ErrorDetail[] = [];

  add(field: string, message: string): void {
    this.#details.push({ field, message });
  }

  /** Adds what Zod found; `root` names the value itself. */
  addAll(root: string, error: z.ZodError, prefix = ''): void {
    for (const issue of error.issues) this.#addIssue(issue, root, prefix);
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

  #addIssue(issue: z.core.$ZodIssue, root: string, prefix: string): void {
    const inner = issue.path.map(String).join('.');
    const path = inner === '' ? prefix.replace(/\.$/, '') : prefix + inner;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) this.add(path === '' ? key : `${path}.${key}`, 'Unrecognized key');
      return;
    }
    const nearest = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined;
    if (nearest === undefined) this.add(path === '' ? root : path, issue.message);
    for (const part of nearest ?? []) this.#addIssue(part, root, path === '' ? '' : `${path}.`);
  }
}

/** Of several alternatives, the one that got furthest into the value is most likely the one that was meant. */
function nearestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.min(...issues.map(({ path }) => path.length));
  const reached = branches.filter((issues) => issues.length > 0 && depth(issues) > 0);
  return reached.sort((left, right) => left.length - right.length)[0];
}
