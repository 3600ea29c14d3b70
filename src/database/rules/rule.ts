import type { Destination } from '../destination.ts';
import type { Hazard } from '../hazards.ts';
import {
  type AttributeValue,
  type DatabaseModel,
  type DatabaseObject,
  type ObjectId,
  wordOf,
} from '../model/database-model.ts';
import { canonical } from '../model/fingerprint.ts';

/** One statement of a plan as a rule writes it. */
export interface RuleStatement {
  readonly sql: string;
  /** Must run outside a transaction, as CREATE INDEX CONCURRENTLY must. */
  readonly outside?: true;
  /** What it does must be committed before the next statement can rely on it. */
  readonly commits?: true;
  /** Nothing waits for it: it runs in a transaction of its own behind all others. */
  readonly later?: true;
  /** Takes as long as a table is large, so that no time limit fits. */
  readonly long?: true;
  readonly hazards?: readonly Hazard[];
  /** Counts the rows that would make it fail. */
  readonly preflight?: string;
}

/** A plain statement. */
export function statement(sql: string, options: Omit<RuleStatement, 'sql'> = {}): RuleStatement {
  return { sql, ...options };
}

/** What a statement carries that fails on rows that do not fit, with the query that counts them where there is one. */
export function mayFail(preflight: string | undefined): Omit<RuleStatement, 'sql'> {
  return { hazards: ['may-fail'], ...(preflight === undefined ? {} : { preflight }) };
}

/** What a statement carries that changes who may do what, or what happens then, on something that stays. */
export const CHANGES_ACCESS: Omit<RuleStatement, 'sql'> = { hazards: ['changes-access'] };

/** What becomes of an object of the source, the target or both. */
export type Fate = 'keep' | 'create' | 'drop' | 'alter' | 'replace';

/** What a rule may ask about the rest of the change. */
export interface RuleContext {
  readonly source: DatabaseModel;
  readonly target: DatabaseModel;
  /** Whether statements are written so that they do not block a table in use. */
  readonly online: boolean;
  /** What is known of the server that the plan is for. */
  readonly destination?: Destination | undefined;
  readonly fate: (id: ObjectId) => Fate;
}

/** One object in both states. */
export interface Change {
  readonly before: DatabaseObject;
  readonly after: DatabaseObject;
  readonly context: RuleContext;
  /** Set when the type behind a column is made anew and the column has to move over to it. */
  readonly rebind: boolean;
  readonly from: (attribute: string) => AttributeValue | undefined;
  readonly to: (attribute: string) => AttributeValue | undefined;
}

/** How one or more attributes are changed in place. */
export interface Alteration {
  readonly attributes: readonly string[];
  /** The statements, or `replace` when this particular change needs the object to be made anew. */
  readonly apply: (change: Change) => readonly RuleStatement[] | 'replace';
  /** Whether what depends on the object stands in the way of this change. */
  readonly disturbs?: (change: Change) => boolean;
}

/** Whether an object that is made, made anew or gone is other afterwards than it was, on something that stays. */
export function isOther({ id, owner }: DatabaseObject, { source, target, fate }: RuleContext): boolean {
  if (owner !== undefined && !['keep', 'alter'].includes(fate(owner))) return false;
  const [before, after] = [source.objects.get(id), target.objects.get(id)];
  return canonical(before?.attributes ?? null) !== canonical(after?.attributes ?? null);
}

/** Everything the planner knows about one kind of object. Shared code asks the rule and never the kind. */
export interface KindRule {
  readonly kind: string;
  /** Statements that make it. `parts` are the texts of the parts that are written inside the statement. */
  readonly create: (
    object: DatabaseObject,
    context: RuleContext,
    parts: readonly string[],
  ) => readonly RuleStatement[];
  /** Statements that remove it; without it, DROP and the object's name. */
  readonly drop?: (object: DatabaseObject, context: RuleContext) => readonly RuleStatement[];
  /** Changes in place, in the order in which they are written. An attribute that is not here means: make anew. */
  readonly alter: readonly Alteration[];
  /** Names it takes that nothing else may have at the same time. */
  readonly names?: (object: DatabaseObject) => readonly string[];
  /** Names that dropping it makes free for those who await them. */
  readonly releases?: (object: DatabaseObject) => readonly string[];
  /** Names that have to be free of others before it is made, without it taking them. */
  readonly awaits?: (object: DatabaseObject) => readonly string[];
  /** Takes the inline texts of its parts when it is created. */
  readonly takesParts?: true;
  /** Its text inside the statement that makes its owner; undefined when it has to be a statement of its own. */
  readonly inline?: (
    object: DatabaseObject,
    context: RuleContext,
    parts: readonly string[],
  ) => string | undefined;
  /** Statements about an inlined part that follow once its owner is there. */
  readonly afterInline?: (object: DatabaseObject, context: RuleContext) => readonly RuleStatement[];
  /** Objects whose creation brings this one about without a word, such as the parent's column of an inherited one. */
  readonly createdBy?: (object: DatabaseObject, context: RuleContext) => readonly ObjectId[];
  /** Objects, besides the owner, whose removal takes this one along. */
  readonly droppedBy?: (object: DatabaseObject, context: RuleContext) => readonly ObjectId[];
  /** Objects that do not let it go alone, and so are made anew when it goes: the index that its own is a part of. */
  readonly heldBy?: (object: DatabaseObject, context: RuleContext) => readonly ObjectId[];
  /** Objects that do not let it go while they are there, unless they are there to stay. */
  readonly freedBy?: (object: DatabaseObject, context: RuleContext) => readonly ObjectId[];
  /** Whether it can do without what it follows, where waiting for that would close a circle. */
  readonly spares?: (object: DatabaseObject, followed: DatabaseObject, context: RuleContext) => boolean;
  /** Objects whose change brings it about or takes it away: the type of a typed table, for its columns. */
  readonly movedBy?: (object: DatabaseObject, context: RuleContext) => readonly ObjectId[];
  /** Whether it is removed by a statement of its own, even with its owner, and before anything is made. */
  readonly dropsFirst?: (object: DatabaseObject, context: RuleContext) => boolean;
  /** What is done about it comes behind everything that is made, because it decides how things are made. */
  readonly last?: true;
  /** Whether it has to be made anew when something it needs changes in a way that disturbs. */
  readonly rebuilt?: (object: DatabaseObject) => boolean;
  /** Another object that has to be made anew for a change that PostgreSQL refuses while that one is there. */
  readonly remakes?: (change: Change) => ObjectId | undefined;
  /** Another object that has to be made anew for this one to be made, where that one is there already. */
  readonly needsAnew?: (object: DatabaseObject, context: RuleContext) => ObjectId | undefined;
  /** Whether it can move over to a new version of a type instead of being made anew. */
  readonly rebinds?: (object: DatabaseObject) => boolean;
  /** Renames the old version away, so that what uses it can move over before it is dropped. */
  readonly displace?: (object: DatabaseObject) => { readonly away: string; readonly drop: string };
  /** The statement that gives it another name, and the one that takes that back. */
  readonly rename?: (
    object: DatabaseObject,
    name: string,
  ) => { readonly sql: string; readonly reverse: string };
  /** Names inside it that can be changed: the labels of an enum. */
  readonly parts?: (object: DatabaseObject) => readonly string[];
  /** The statement that gives a part another name, and the one that takes that back. */
  readonly renamePart?: (
    object: DatabaseObject,
    part: string,
    name: string,
  ) => { readonly sql: string; readonly reverse: string };
  /** Its attributes without its name, for what may be renamed without asking. */
  readonly nameless?: (object: DatabaseObject) => Readonly<Record<string, AttributeValue>> | undefined;
  /** Whether the removal of the one and the addition of the other may be a rename. */
  readonly mayBecome?: (before: DatabaseObject, after: DatabaseObject) => boolean;
  /** Hazard of dropping it, or of making it anew. */
  readonly dropHazard?: (object: DatabaseObject) => Hazard | undefined;
  /** Hazard of a statement of its own that drops it while what it belongs to stays: of its being gone, or another, afterwards. */
  readonly goneHazard?: (object: DatabaseObject, context: RuleContext) => Hazard | undefined;
}

/** A rule for what is made by one statement, kept in `definition`, and made anew when that changes. */
export function definitionRule(kind: string, extra: Partial<KindRule> = {}): KindRule {
  return {
    kind,
    create: ({ attributes }) => [statement(wordOf(attributes['definition']))],
    alter: [],
    ...extra,
  };
}

/** Names of a relation, which has a row type of the same name. */
export const relationNames = ({ sqlName }: DatabaseObject): readonly string[] => {
  const name = bareName(sqlName);
  return [`relation ${name}`, `type ${name}`];
};

/** Names of a type. */
export const typeNames = ({ sqlName }: DatabaseObject): readonly string[] => [`type ${bareName(sqlName)}`];

/** `public.users` of `FOREIGN TABLE public.users`: what follows the upper-case words. */
export function bareName(sqlName: string): string {
  return sqlName.replace(/^(?:[A-Z]+ )+/, '');
}

/** RENAME TO for whatever is called by its SQL name. */
export function renameBySqlName({ sqlName }: DatabaseObject, name: string): { sql: string; reverse: string } {
  const kind = sqlName.slice(0, sqlName.length - bareName(sqlName).length);
  const [, schema = '', old = ''] = /^(.*?)("(?:[^"]|"")*"|[^."]+)$/s.exec(bareName(sqlName)) ?? [];
  return {
    sql: `ALTER ${sqlName} RENAME TO ${name}`,
    reverse: `ALTER ${kind}${schema}${name} RENAME TO ${old}`,
  };
}
