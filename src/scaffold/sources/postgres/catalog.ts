import {
  type CheckFact,
  type DatabaseModel,
  type DatabaseObject,
  flagOf,
  listOf,
  readCheck,
  textOf,
} from '../../../database/index.ts';
import { ownName } from './identifiers.ts';

/** A key, in the names of columns. */
export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** As SQL writes it. */
  readonly target: string;
  readonly targetColumns: readonly string[];
}

/** The objects of a model by what they are parts of, and what CHECK constraints say, ready to be asked. */
export interface Catalog {
  readonly model: DatabaseModel;
  /** By kind, then by the table's or view's name as SQL writes it. */
  readonly parts: (kind: string, table: string) => readonly DatabaseObject[];
  readonly checks: ReadonlyMap<DatabaseObject, readonly CheckFact[]>;
  /** Tables that others inherit from, as SQL writes them; partitioned ones are none of them. */
  readonly parents: ReadonlySet<string>;
  /** By the domain's name as SQL writes it. */
  readonly domainFacts: ReadonlyMap<string, readonly CheckFact[]>;
}

/** Sorts a model's objects by their tables. Constraints that are NOT VALID say nothing of the rows that are there. */
export async function catalogOf(model: DatabaseModel): Promise<Catalog> {
  const byTable = new Map<string, DatabaseObject[]>();
  const checks = new Map<DatabaseObject, readonly CheckFact[]>();
  const domainFacts = new Map<string, readonly CheckFact[]>();
  const parents = new Set<string>();
  for (const object of model.objects.values()) {
    const key = `${object.kind} ${textOf(object, 'table')}`;
    const known = byTable.get(key);
    if (known === undefined) byTable.set(key, [object]);
    else known.push(object);
    if (object.kind === 'inheritance') parents.add(textOf(object, 'parent'));
    const definition = textOf(object, 'definition');
    if (object.kind === 'constraint' && textOf(object, 'type') === 'c' && !flagOf(object, 'notValid'))
      checks.set(object, await readCheck(definition));
    if (object.kind === 'domain_constraint') {
      const domain = textOf(object, 'domain');
      domainFacts.set(domain, [...(domainFacts.get(domain) ?? []), ...(await readCheck(definition))]);
    }
  }
  return {
    model,
    checks,
    domainFacts,
    parents,
    parts: (kind, table) => byTable.get(`${kind} ${table}`) ?? [],
  };
}

/** The columns of a constraint. */
export const keyColumns = (constraint: DatabaseObject): string[] => listOf(constraint, 'keys').map(ownName);

/** Reads what a FOREIGN KEY refers to from its definition, which always lists the columns. */
export function readForeignKey(constraint: DatabaseObject): ForeignKey {
  const target = textOf(constraint, 'refersTo');
  const definition = textOf(constraint, 'definition');
  const behind = definition.slice(
    definition.lastIndexOf(` REFERENCES ${target}(`) + ` REFERENCES ${target}(`.length,
  );
  const names = /^(?:"(?:[^"]|"")*"|[^)"])*/.exec(behind)?.[0] ?? '';
  return {
    name: ownName(textOf(constraint, 'name')),
    columns: keyColumns(constraint),
    target,
    targetColumns: (names.match(/"(?:[^"]|"")*"|[^\s,]+/g) ?? []).map(ownName),
  };
}

/** The comment on an object, if there is one. */
export function commentOn({ objects }: DatabaseModel, id: string): string | undefined {
  const comment = objects.get(`comment:${id}`);
  const text = comment === undefined ? '' : textOf(comment, 'text');
  return text === '' ? undefined : text;
}
