import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT, readText } from './repository.ts';

/** Holds a generated page of the repository to what it is generated from; UPDATE_DOCS=1 writes it anew. */
export function expectPage(path: string, content: string): void {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(ROOT, path), content);
  expect(readText(path)).toBe(content);
}
