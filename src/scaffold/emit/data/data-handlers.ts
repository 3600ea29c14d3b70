import type { TagFiles } from '../../frameworks/framework.ts';
import { operationsOf } from '../../model/routes.ts';
import { nameResources, operationId, type Verb } from '../../sources/postgres/contract-names.ts';
import type { Resource } from '../../sources/postgres/resource.ts';
import { USER_HEADER } from '../header.ts';
import { Imports } from '../imports.ts';
import { reindent } from '../layout.ts';
import { quoteString } from '../quote.ts';
import { nameTables } from './tables-file.ts';

/** The functions of data/resource.ts by the verb of an operation. */
const METHODS: Readonly<Record<Verb, string>> = {
  list: 'list',
  read: 'read',
  create: 'create',
  replace: 'replace',
  change: 'change',
  delete: 'remove',
};

/**
 * The printer of `<tag>.handlers.ts` for a service made from a database: a line for each operation, to be
 * replaced by its owner where the service does more.
 */
export function dataHandlers(resources: readonly Resource[]): (tag: TagFiles) => string {
  const contract = nameResources(resources);
  const tables = nameTables(resources);
  return (tag) => {
    const names = contract.get(tag.tag);
    if (names === undefined) throw new Error(`no table for ${tag.tag}`);
    const imports = new Imports();
    imports.value('resourceOf', './data/resource.js');
    imports.type(`${tag.typeName}Handlers`, `./${tag.file}.routes.js`);
    imports.whole('type * as t', './types.js');
    const tableOf = (name: string): string => imports.value(tables.get(name) ?? '', './data/tables.js');
    const rowsOf = (name: string): string =>
      `resourceOf<t.${contract.get(name)?.row ?? ''}>(${tableOf(name)})`;
    const own = rowsOf(tag.tag);
    const nested = new Map(names.nested.map(({ id, relation }) => [id, relation]));
    const methods = new Map(
      Object.entries(METHODS).map(([verb, method]) => [operationId(verb as Verb, names), method]),
    );
    const lines = tag.routes.flatMap(operationsOf).map(({ id }) => {
      const relation = nested.get(id);
      const call =
        relation === undefined
          ? `rows.${methods.get(id) ?? ''}(request, context)`
          : `${rowsOf(relation.target)}.listOf(${tableOf(tag.tag)}, ${quoteString(relation.name)}, request, context)`;
      return `${id}: (request, context) => ${call},`;
    });
    return `${USER_HEADER}${imports.print()}

const rows = ${own};

${reindent(`export const ${tag.name}Handlers: ${tag.typeName}Handlers = {
${lines.join('\n')}
};
`)}`;
  };
}
