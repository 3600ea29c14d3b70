import {
  camelCase,
  identifier,
  kebabCase,
  NameRegistry,
  pascalCase,
  shortFileName,
} from '../../core/names.ts';
import type { Framework, ServiceFiles, TagFiles } from '../frameworks/framework.ts';
import { printPaths } from '../frameworks/path-pattern.ts';
import type { ApiModel, Operation } from '../model/api.ts';
import { mountOrder } from '../model/precedence.ts';
import { groupRoutes, operationsOf, type RouteGroup } from '../model/routes.ts';
import { USER_HEADER } from './header.ts';
import { reindent } from './layout.ts';
import type { OperationTypeNames } from './operation-types.ts';

/** The operations grouped, named and ordered for the files of a framework. */
export function planService(
  model: ApiModel,
  types: ReadonlyMap<Operation, OperationTypeNames>,
): ServiceFiles {
  const { groups, hidden } = mountOrder(groupRoutes(model.operations));
  const nameTag = tagNamer(groups);
  return { title: model.title, tags: groups.map(nameTag), types, hidden, paths: printPaths(model) };
}

/** Device names that Windows keeps for itself, and the names of our own files. */
const TAKEN_FILES = ['con', 'prn', 'aux', 'nul', 'index', 'types', 'validators', 'errors', 'runtime'];

/** With `Handlers` or `Router` behind them, they name what index.ts exports itself. */
const TAKEN_NAMES = ['all', 'create'];

/** Names depend on the order of the document's tags only where two tags differ by nothing but case or punctuation. */
function tagNamer(groups: readonly RouteGroup[]): (group: RouteGroup) => TagFiles {
  const files = new NameRegistry(TAKEN_FILES, { foldCase: true });
  const names = new NameRegistry(TAKEN_NAMES, { foldCase: true });
  const claimed = new Map<string, Omit<TagFiles, 'routes'>>();
  for (const { tag } of [...groups].sort((left, right) => (left.tag < right.tag ? -1 : 1))) {
    const file = shortFileName(kebabCase(tag)) || 'default';
    const name = names.claim(identifier(camelCase(tag), 'default', MAX_NAME));
    const capitalised = (name[0] ?? '').toUpperCase() + name.slice(1);
    const typeName = capitalised === name ? `Tag${name}` : capitalised;
    claimed.set(tag, {
      tag,
      file: files.claim(/^(?:com|lpt)\d$/.test(file) ? `${file}-api` : file),
      name,
      typeName,
    });
  }
  return ({ tag, routes }) => {
    const plain = { tag, file: 'default', name: 'default', typeName: pascalCase('default') };
    return { ...(claimed.get(tag) ?? plain), routes };
  };
}

const MAX_NAME = 80;

/** `<tag>.handlers.ts`, as it is written once. */
export function printHandlers(tag: TagFiles, framework: Framework): string {
  const stubs = tag.routes
    .flatMap(operationsOf)
    .map(({ id }) => `${id}() {\nthrow notImplemented('${id}');\n},`);
  return `${USER_HEADER}import { notImplemented } from './errors.js';
import type { ${tag.typeName}Handlers } from './${tag.file}.routes.js';

// ${framework.name}: every handler gets the checked request and answers with a status and a body.
${reindent(`export const ${tag.name}Handlers: ${tag.typeName}Handlers = {
${stubs.join('\n')}
};
`)}`;
}
