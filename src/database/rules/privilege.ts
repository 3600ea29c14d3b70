import { appendTo } from '../../core/multimap.ts';
import { type DatabaseModel, type DatabaseObject, listOf, textOf } from '../model/database-model.ts';
import { quoteText } from '../quote.ts';
import { CHANGES_ACCESS, type KindRule, type RuleContext, type RuleStatement, statement } from './rule.ts';

/** `SELECT *` in the model means SELECT WITH GRANT OPTION, as access lists write it. */
const plain = (privilege: string): string => privilege.replace(' *', '');
const isGrantable = (privilege: string): boolean => privilege.endsWith(' *');

/** Written as ALL: a server before 17 has no word for the last one, and means the others by it. */
export const ALL_ON_TABLE: readonly string[] = [
  'DELETE',
  'INSERT',
  'REFERENCES',
  'SELECT',
  'TRIGGER',
  'TRUNCATE',
  'UPDATE',
  'MAINTAIN',
];

interface Wording {
  /** What stands before GRANT and REVOKE. */
  readonly lead: string;
  readonly column: string;
  readonly on: string;
  readonly grantee: string;
}

/** The GRANT and REVOKE statements that lead from one set of privileges to another. */
function privilegeChanges(words: Wording, from: readonly string[], to: readonly string[]): RuleStatement[] {
  const write = (
    verb: string,
    privileges: readonly string[],
    preposition: string,
    tail = '',
  ): RuleStatement[] => {
    if (privileges.length === 0) return [];
    const list = privileges.map(
      (privilege) => plain(privilege) + (words.column === '' ? '' : ` (${words.column})`),
    );
    const isAll = words.column === '' && ALL_ON_TABLE.every((privilege) => list.includes(privilege));
    return [
      statement(
        `${words.lead}${verb} ${isAll ? 'ALL' : list.join(', ')} ON ${words.on} ${preposition} ${words.grantee}${tail}`,
      ),
    ];
  };
  const has = (list: readonly string[], privilege: string): boolean =>
    list.map(plain).includes(plain(privilege));
  const added = to.filter((privilege) => !from.includes(privilege));
  const gone = from.filter((privilege) => !has(to, privilege));
  const lessened = from.filter((privilege) => isGrantable(privilege) && to.includes(plain(privilege)));
  return [
    ...write('REVOKE', gone, 'FROM'),
    ...write('REVOKE GRANT OPTION FOR', lessened, 'FROM'),
    ...write(
      'GRANT',
      added.filter((privilege) => !isGrantable(privilege) && !has(from, privilege)),
      'TO',
    ),
    ...write('GRANT', added.filter(isGrantable), 'TO', ' WITH GRANT OPTION'),
  ];
}

const wordingOf = (object: DatabaseObject): Wording => ({
  lead: '',
  column: textOf(object, 'column'),
  on: textOf(object, 'on'),
  grantee: textOf(object, 'grantee'),
});

function defaultWording(object: DatabaseObject): Wording {
  const schema = textOf(object, 'schema');
  const place = schema === '' ? '' : ` IN SCHEMA ${schema}`;
  const lead = `ALTER DEFAULT PRIVILEGES FOR ROLE ${textOf(object, 'role')}${place} `;
  return { lead, column: '', on: textOf(object, 'on'), grantee: textOf(object, 'grantee') };
}

function privilegeRule(kind: string, wording: (object: DatabaseObject) => Wording): KindRule {
  const usual = (object: DatabaseObject): readonly string[] => listOf(object, 'default');
  const given = (object: DatabaseObject): readonly string[] => listOf(object, 'privileges');
  return {
    kind,
    create: (object, context) =>
      taking(object, context, privilegeChanges(wording(object), usual(object), given(object))),
    drop: (object, context) =>
      taking(object, context, privilegeChanges(wording(object), given(object), usual(object))),
    alter: [
      {
        attributes: ['privileges', 'default'],
        apply: ({ before, after, context }) =>
          taking(after, context, privilegeChanges(wording(after), given(before), given(after))),
      },
    ],
  };
}

/** What is taken from somebody on something that stays is a hazard; what is granted is none. */
function taking(
  { owner, kind }: DatabaseObject,
  { fate }: RuleContext,
  changes: readonly RuleStatement[],
): RuleStatement[] {
  const isKept = kind === 'grant' && owner !== undefined && ['keep', 'alter'].includes(fate(owner));
  return changes.map((one) => (isKept && one.sql.startsWith('REVOKE') ? { ...one, ...CHANGES_ACCESS } : one));
}

const place = (object: DatabaseObject): string =>
  `columns of ${textOf(object, 'on')} for ${textOf(object, 'grantee')}`;

const COLUMN_GRANTS = new WeakMap<DatabaseModel, ReadonlyMap<string, readonly DatabaseObject[]>>();

/** The grants of a state on the columns of the same table to the same role. */
function columnGrantsOf(object: DatabaseObject, state: DatabaseModel): readonly DatabaseObject[] {
  const known = COLUMN_GRANTS.get(state);
  if (known !== undefined) return known.get(place(object)) ?? [];
  const byPlace = new Map<string, DatabaseObject[]>();
  for (const other of state.objects.values())
    if (other.kind === object.kind && textOf(other, 'column') !== '') appendTo(byPlace, place(other), other);
  COLUMN_GRANTS.set(state, byPlace);
  return byPlace.get(place(object)) ?? [];
}

/** REVOKE on a table takes the same from its columns, where it is to stay: it is granted there again. */
function grantedAgain(
  object: DatabaseObject,
  left: readonly string[],
  { source, target }: RuleContext,
): RuleStatement[] {
  if (textOf(object, 'column') !== '') return [];
  const gone = listOf(object, 'privileges')
    .map(plain)
    .filter((privilege) => !left.map(plain).includes(privilege));
  return columnGrantsOf(object, target).flatMap((grant) => {
    const privileges = listOf(grant, 'privileges').filter((privilege) => gone.includes(plain(privilege)));
    return source.objects.has(grant.id) ? privilegeChanges(wordingOf(grant), [], privileges) : [];
  });
}

const tableOrColumn = privilegeRule('grant', wordingOf);

export const grantRule: KindRule = {
  ...tableOrColumn,
  drop: (object, context) => [
    ...(tableOrColumn.drop?.(object, context) ?? []),
    ...grantedAgain(object, listOf(object, 'default'), context),
  ],
  alter: tableOrColumn.alter.map((alteration) => ({
    ...alteration,
    apply: (change) => {
      const statements = alteration.apply(change);
      const again = grantedAgain(change.before, listOf(change.after, 'privileges'), change.context);
      return statements === 'replace' ? statements : [...statements, ...again];
    },
  })),
  // REVOKE on a table also takes what was granted on its columns.
  releases: (object) => (textOf(object, 'column') === '' ? [place(object)] : []),
  awaits: (object) => (textOf(object, 'column') === '' ? [] : [place(object)]),
};
export const defaultPrivilegeRule: KindRule = {
  ...privilegeRule('default_privilege', defaultWording),
  last: true,
};

/** A comment says itself what it is on, or is on its owner. */
const subject = (object: DatabaseObject, owner: DatabaseObject | undefined): string =>
  textOf(object, 'on') === '' ? (owner?.sqlName ?? '') : textOf(object, 'on');

export const commentRule: KindRule = {
  kind: 'comment',
  create: (object, { target }) => [
    statement(
      `COMMENT ON ${subject(object, target.objects.get(object.owner ?? ''))} IS ${quoteText(textOf(object, 'text'))}`,
    ),
  ],
  drop: (object, { source }) => [
    statement(`COMMENT ON ${subject(object, source.objects.get(object.owner ?? ''))} IS NULL`),
  ],
  alter: [
    {
      attributes: ['text'],
      apply: ({ after, context }) => commentRule.create(after, context, []),
    },
  ],
};
