import type { Imports } from '../emit/imports.ts';
import type { ServiceFiles } from './framework.ts';
import type { Adapter } from './handlers-interface.ts';

/** How a framework names the functions of the tags' files: `petsRouter`. */
export type TagFunction = (name: string) => string;

/** The part of index.ts that every framework has: the handlers of all tags, and the paths. */
export function printService(
  service: ServiceFiles,
  tagFunction: TagFunction,
  { options }: Adapter,
  imports: Imports,
): string {
  imports.type(options.name, options.module);
  if (service.hasVerifiers) imports.value('verifiers', './verifiers.js');
  imports.type('PathMethods', './runtime/paths.js');
  for (const { name, typeName, file } of service.tags) {
    imports.value(`${name}Handlers`, `./${file}.handlers.js`);
    imports.value(tagFunction(name), `./${file}.routes.js`);
    imports.type(`${typeName}Handlers`, `./${file}.routes.js`);
  }
  const members = service.tags.map(({ name, typeName }) => `readonly ${name}: ${typeName}Handlers;`);
  const defaults = service.tags.map(({ name }) => `${name}: ${name}Handlers,`);
  return `/** The handlers of every group of operations. */
export interface Handlers {
${members.join('\n')}
}

/** The handlers written in the *.handlers.ts files. */
export const allHandlers: Handlers = {
${defaults.join('\n')}
};

/** Every path of the contract with the methods it answers. */
export const paths: readonly PathMethods[] = ${service.paths};`;
}

/** For each tag in mounting order, the call that makes its routes. */
export const tagCalls = (service: ServiceFiles, tagFunction: TagFunction): string[] =>
  service.tags.map(
    ({ name }) => `${tagFunction(name)}(handlers.${name}, ${service.hasVerifiers ? 'secured' : 'options'})`,
  );

/** The line that adds the verifiers of verifiers.ts, where the application gives none of its own. */
export const printSecured = ({ hasVerifiers }: ServiceFiles, { options }: Adapter): string =>
  hasVerifiers
    ? `const secured: ${options.name} = { ...options, verifiers: options.verifiers ?? verifiers };\n`
    : '';
