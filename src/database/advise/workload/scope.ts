import type { Catalog } from '../../analyze/facts/catalog.ts';
import type { TableFact } from '../../analyze/facts/facts.ts';
import { emptyUse, type TableUse } from './table-use.ts';
import { isTree, listOfTrees, nodeOf, pathOf, type Tree, textOfNode } from './tree.ts';

/** What a name in a query stands for: a table of ours, or something that is computed. */
interface Source {
  readonly alias: string;
  readonly use: TableUse | undefined;
}

/** The names that a query can use, and behind them those of the query around it. */
export class Scope {
  readonly #catalog: Catalog;
  readonly #parent: Scope | undefined;
  readonly #sources: Source[] = [];
  readonly #computed: ReadonlySet<string>;

  constructor(catalog: Catalog, parent: Scope | undefined, computed: ReadonlySet<string>) {
    this.#catalog = catalog;
    this.#parent = parent;
    this.#computed = computed;
  }

  /** WITH queries that can be named here. */
  get computed(): ReadonlySet<string> {
    return this.#computed;
  }

  uses(): TableUse[] {
    return this.#sources.flatMap(({ use }) => use ?? []);
  }

  /** Adds a table of FROM; one that is not in the schema is known by its name only. */
  add(range: Tree): TableUse | undefined {
    const name = String(range['relname'] ?? '');
    const alias = aliasOf(range) ?? name;
    const schema = typeof range['schemaname'] === 'string' ? range['schemaname'] : undefined;
    const isComputed = schema === undefined && this.#computed.has(name);
    const table = isComputed ? undefined : tableNamed(this.#catalog, schema, name);
    const use = table === undefined ? undefined : emptyUse(table.oid);
    this.#sources.push({ alias, use });
    return use;
  }

  /** Adds something computed, such as a subquery. */
  addComputed(alias: string): void {
    this.#sources.push({ alias, use: undefined });
  }

  /** The table and the column that a reference names; nothing for what is computed. */
  resolve(
    reference: Tree,
  ): { readonly use: TableUse; readonly column: string; readonly outer: boolean } | undefined {
    const fields = listOfTrees(reference['fields']);
    const path = pathOf(fields);
    const column = path.at(-1) ?? '';
    const alias = path.length > 1 ? path.at(-2) : undefined;
    const own = this.#sources.find((source) =>
      alias === undefined ? this.#has(source.use, column) : source.alias === alias,
    );
    if (own !== undefined) {
      return own.use !== undefined && this.#has(own.use, column)
        ? { use: own.use, column, outer: false }
        : undefined;
    }
    const found = this.#parent?.resolve(reference);
    return found === undefined ? undefined : { ...found, outer: true };
  }

  /** `*` and `t.*` read every column. */
  readAll(reference: Tree): void {
    const path = pathOf(reference['fields']).filter((name) => name !== '');
    for (const { alias, use } of this.#sources) {
      if (use === undefined || (path.length > 0 && path.at(-1) !== alias)) continue;
      for (const { name } of this.#catalog.columnsOf(use.table)) use.read.add(name);
    }
  }

  #has(use: TableUse | undefined, column: string): boolean {
    return use !== undefined && this.#catalog.columnsOf(use.table).some(({ name }) => name === column);
  }
}

/** The name after AS. */
export function aliasOf(range: Tree): string | undefined {
  const alias = range['alias'];
  const name = isTree(alias) ? (nodeOf(alias, 'Alias') ?? alias)['aliasname'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** A table by its name; without a schema, the one in `public` or else the only one of that name. */
export function tableNamed(
  catalog: Catalog,
  schema: string | undefined,
  name: string,
): TableFact | undefined {
  const found = catalog.facts.tables.filter((table) => table.name === name && table.kind !== 'f');
  if (schema !== undefined) return found.find((table) => table.schema === schema);
  return found.find((table) => table.schema === 'public') ?? (found.length === 1 ? found[0] : undefined);
}

export const isStar = (reference: Tree): boolean =>
  listOfTrees(reference['fields']).some((field) => isTree(field) && 'A_Star' in field) ||
  textOfNode(reference) === '*';
