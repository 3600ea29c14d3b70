import type { AttributeValue, DatabaseObject } from '../model/database-model.ts';
import { textOf } from '../model/database-model.ts';
import { alterColumn } from './alter-column.ts';
import type { Change, RuleStatement } from './rule.ts';
import { statement } from './rule.ts';
import { boundsOf, movedInto, sequenceChanges, sequenceClauses } from './sequence.ts';

type Identity = Readonly<Record<string, AttributeValue>> & {
  readonly always: boolean;
  readonly sequence: string;
};

const asIdentity = (value: AttributeValue | undefined): Identity | undefined => value as Identity | undefined;

const mode = ({ always }: Identity): string => (always ? 'ALWAYS' : 'BY DEFAULT');

/** `GENERATED ALWAYS AS IDENTITY (...)`, naming what differs from a new sequence. */
function identityClause(identity: Identity, object: DatabaseObject): string {
  const named = identity.sequence === usualName(object) ? [] : [`SEQUENCE NAME ${identity.sequence}`];
  const words = [...named, ...sequenceClauses(identity, textOf(object, 'type'))];
  return `GENERATED ${mode(identity)} AS IDENTITY${words.length === 0 ? '' : ` (${words.join(' ')})`}`;
}

/** The name PostgreSQL chooses when it is free: table, column and `seq`, unquoted names only. */
const usualName = (object: DatabaseObject): string =>
  `${textOf(object, 'table')}_${textOf(object, 'name')}_seq`;

/** The words of an identity column inside a column definition. */
export function identityText(object: DatabaseObject): string[] {
  const identity = asIdentity(object.attributes['identity']);
  return identity === undefined ? [] : [identityClause(identity, object)];
}

/** An identity goes before its NOT NULL can. */
export function identityBefore({ from, to, after }: Change): readonly RuleStatement[] {
  if (from('identity') === undefined || to('identity') !== undefined) return [];
  return [alterColumn(after, 'DROP IDENTITY')];
}

/** An identity comes, or changes, after the NOT NULL it needs. */
export function identityAfter({ from, to, after }: Change): readonly RuleStatement[] {
  const [before, wanted] = [asIdentity(from('identity')), asIdentity(to('identity'))];
  if (wanted === undefined) return [];
  if (before === undefined) return [alterColumn(after, `ADD ${identityClause(wanted, after)}`)];
  const set = (clauses: readonly string[]): string => clauses.map((clause) => `SET ${clause}`).join(' ');
  const moved = movedInto(wanted.sequence, before, wanted, (clauses) => alterColumn(after, set(clauses)));
  const bounds = moved.length === 0 ? [] : boundsOf(wanted);
  const changes = sequenceChanges(before, wanted).filter((clause) => !bounds.includes(clause));
  const words = [
    ...(before.always === wanted.always ? [] : [`SET GENERATED ${mode(wanted)}`]),
    ...[...changes, ...bounds].map((clause) => `SET ${clause}`),
  ];
  const rename =
    before.sequence === wanted.sequence ? [] : [renameSequence(before.sequence, wanted.sequence)];
  return [...rename, ...moved, ...(words.length === 0 ? [] : [alterColumn(after, words.join(' '))])];
}

const renameSequence = (from: string, to: string): RuleStatement =>
  statement(`ALTER SEQUENCE ${from} RENAME TO ${to.slice(to.indexOf('.') + 1)}`);

/** The sequence inside an identity column has a name like any relation. */
export function identityNames(object: DatabaseObject): readonly string[] {
  const identity = asIdentity(object.attributes['identity']);
  return identity === undefined ? [] : [`relation ${identity.sequence}`];
}
