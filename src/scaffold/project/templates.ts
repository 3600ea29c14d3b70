import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { USER_HEADER } from '../emit/header.ts';
import { TEMPLATES, withoutLintComments } from '../emit/runtime-files.ts';

/**
 * Where a template stands in a project. Those of the project stand beside what the contract becomes,
 * without the folder of their framework; all others are part of that.
 */
function placeOf(template: string): string {
  if (!template.startsWith('project/')) return `src/api/${template}`;
  if (template.endsWith('.mjs')) return template.replace('project/', 'scripts/');
  return template.replace(/^project\/(?:(?:express|fastify|koa)\/)?/, 'src/');
}

/** A template of templates/project/, with its imports as they are in the project. */
export async function projectTemplate(
  name: string,
): Promise<{ readonly path: string; readonly text: string }> {
  const template = `project/${name}`;
  const text = await readFile(new URL(template, TEMPLATES), 'utf8');
  const path = placeOf(template);
  const imports = text.replaceAll(/ from '(\.[^']+)'/g, (_, specifier: string) => {
    const target = placeOf(posix.join(posix.dirname(template), specifier));
    const relative = posix.relative(posix.dirname(path), target);
    return ` from '${relative.startsWith('.') ? relative : `./${relative}`}'`;
  });
  return { path, text: USER_HEADER + withoutLintComments(imports) };
}
