import { countDuplicates, countNulls, countRows, countUncastable, countViolations } from '../preflight.ts';
import { castMayFail, isSameToPrograms } from '../rules/cast.ts';
import { castLoses } from '../rules/cast-loss.ts';
import { constraintPreflight } from './constraint-preflight.ts';
import type { Fact, FactChange, FactKind } from './facts.ts';
import { type DeltaContext, type Finding, fullName, isSameRule, listIn, textIn } from './finding.ts';
import { leftParents } from './left-parents.ts';
import { LEAVE_ON } from './safe-ways.ts';

/** What may hurt about something that is new, gone or different. */
interface DeltaRule {
  readonly added?: (fact: Fact, context: DeltaContext) => readonly Finding[];
  readonly removed?: (fact: Fact, context: DeltaContext) => readonly Finding[];
  readonly changed?: (change: FactChange, context: DeltaContext) => readonly Finding[];
}

/**
 * The hazards of what PostgreSQL made of a statement. They are read off the catalog and not off the
 * text, so a DO block, a function or a CASCADE is seen through as well.
 */
export function deltaFindings(context: DeltaContext): readonly Finding[] {
  const { added, removed, changed } = context.delta;
  return [
    ...removed
      .filter((fact) => context.isOld(fact) && !goesWithWhole(fact, context))
      .flatMap((fact) => RULES[fact.kind].removed?.(fact, context) ?? []),
    ...changed
      .filter(({ before }) => context.isOld(before) || context.isOldTable(before.of))
      .flatMap((change) => [
        ...renamed(change, context),
        ...(RULES[change.after.kind].changed?.(change, context) ?? []),
      ]),
    ...added.flatMap((fact) => RULES[fact.kind].added?.(fact, context) ?? []),
  ];
}

/** A column of a table that is gone: the table says it all. */
function goesWithWhole({ of }: Fact, { delta }: DeltaContext): boolean {
  return of !== null && delta.removed.some(({ kind, name }) => WHOLES.has(kind) && name === of);
}

const WHOLES: ReadonlySet<FactKind> = new Set(['relation', 'type']);

/** Names that a program writes in its statements. */
const CALLED_BY_NAME: ReadonlySet<FactKind> = new Set([
  'relation',
  'column',
  'label',
  'type',
  'routine',
  'schema',
]);

function renamed({ before, after }: FactChange, { delta }: DeltaContext): readonly Finding[] {
  if (!CALLED_BY_NAME.has(after.kind) || before.name === after.name) return [];
  // The row type of a table, and everything in a schema, is renamed along.
  const isPart = delta.changed.some(
    (other) =>
      other.before.kind === 'schema' &&
      other.before.key !== before.key &&
      before.name === after.name.replace(other.after.name, other.before.name),
  );
  if (isPart || /^"?senior_backend_/.test(before.name)) return [];
  const about = `${fullName(before)} to ${after.name}`;
  return [
    {
      hazard: 'renames',
      about,
      tables: [],
      ...(after.kind === 'relation' ? { unlessNamed: before.name } : {}),
    },
  ];
}

const gone = (fact: Fact, hazard: Finding['hazard'], tables: readonly string[] = []): Finding[] => [
  { hazard, about: fullName(fact), tables },
];

/** What keeps the results of a function is named with it. */
const staleResults = (routine: Fact): Finding[] => {
  const kept = listIn(routine, 'stored');
  return kept.length === 0
    ? []
    : [{ hazard: 'stale-results', about: `${fullName(routine)}, kept in ${kept.join(', ')}`, tables: [] }];
};

const goneUnlessMade = (fact: Fact, hazard: Finding['hazard']): Finding[] => [
  {
    hazard,
    about: fullName(fact),
    tables: [],
    unlessMade: fact,
  },
];

const tableOf = ({ of }: Fact): readonly string[] => (of === null ? [] : [of]);

/** Whether one of these attributes is another now. */
const differ = ({ before, after }: FactChange, ...names: readonly string[]): boolean =>
  names.some((name) => JSON.stringify(before.is[name]) !== JSON.stringify(after.is[name]));

/** Triggers and rules: what happens when somebody reads or writes. */
const PROGRAM: DeltaRule = {
  removed: (fact) => goneUnlessMade(fact, 'changes-access'),
  added: (fact, context) => (context.isOldTable(fact.of) ? gone(fact, 'changes-access') : []),
  changed: (change) => (differ(change, 'enabled', 'does') ? gone(change.after, 'changes-access') : []),
};

const RULES: Readonly<Record<FactKind, DeltaRule>> = {
  schema: {},
  policy: {
    removed: (fact) => goneUnlessMade(fact, 'changes-access'),
    added: (fact, context) => (context.isOldTable(fact.of) ? gone(fact, 'changes-access') : []),
    changed: ({ after }) => gone(after, 'changes-access'),
  },
  trigger: PROGRAM,
  rule: PROGRAM,
  routine: {
    removed: (fact) => goneUnlessMade(fact, 'breaks-clients'),
    changed: (change) => [
      ...(differ(change, 'result') ? gone(change.after, 'breaks-clients') : []),
      ...(differ(change, 'definer', 'settings', 'role') ? gone(change.after, 'changes-access') : []),
      ...(differ(change, 'body') ? staleResults(change.before) : []),
    ],
  },
  cast: { removed: (fact) => goneUnlessMade(fact, 'breaks-clients') },
  extension: { removed: (fact) => goneUnlessMade(fact, 'breaks-clients') },
  type: {
    removed: (fact) => goneUnlessMade(fact, 'breaks-clients'),
    changed: (change, context) => [...domainChanged(change, context), ...attributesChanged(change)],
  },
  label: {},
  relation: { removed: relationRemoved, changed: relationChanged },
  column: { removed: columnRemoved, added: columnAdded, changed: columnChanged },
  constraint: {
    removed: (fact, context) =>
      context.delta.removed.some((other) => other.kind === 'column' && other.of === fact.of)
        ? []
        : goneUnlessMade(fact, 'weaker-rules'),
    added: constraintAdded,
    changed: ({ before, after }) => {
      if (before.is['validated'] === after.is['validated']) return [];
      return after.is['validated'] === true ? checked(after) : gone(after, 'weaker-rules');
    },
  },
  index: { added: indexAdded, removed: indexRemoved },
};

/** What the rows of a unique index are held to, without its name. */
const heldTo = ({ of, is }: Fact): string =>
  JSON.stringify([of, is['valid'], is['columns'], is['predicate'], is['nullsDistinct']]);

const isLikeOne = (index: Fact, others: Iterable<Fact>): boolean =>
  [...others].some(
    (other) => other.key !== index.key && other.is['unique'] === true && heldTo(other) === heldTo(index),
  );

function indexRemoved(fact: Fact, { delta, before }: DeltaContext): readonly Finding[] {
  const goesAlong = delta.removed.some(
    ({ kind, of, is }) =>
      of === fact.of &&
      (kind === 'column' || (kind === 'constraint' && `i${String(is['index'])}` === fact.key)),
  );
  if (fact.is['unique'] !== true || fact.is['valid'] === false || goesAlong) return [];
  const left = [...before.values()].filter((other) => !delta.removed.includes(other));
  return isLikeOne(fact, [...left, ...delta.added]) ? [] : goneUnlessMade(fact, 'weaker-rules');
}

/** Rows of a table and the position of a sequence are nowhere else; what a view holds can be computed. */
function relationRemoved(fact: Fact): readonly Finding[] {
  const kind = textIn(fact, 'kind');
  if (['r', 'p'].includes(kind)) return gone(fact, 'data-loss', [fact.name]);
  if (kind === 'S') return gone(fact, 'data-loss');
  return goneUnlessMade(fact, 'breaks-clients');
}

function relationChanged(change: FactChange, context: DeltaContext): readonly Finding[] {
  const { before, after } = change;
  const revoked = listIn(before, 'acl').filter((grant) => !listIn(after, 'acl').includes(grant));
  const columns = listIn(after, 'columns');
  const hasNewShape = listIn(before, 'columns').some((column, at) => columns[at] !== column);
  const isForced =
    (before.is['security'] === true || after.is['security'] === true) && differ(change, 'forced');
  const isOpened = isForced || differ(change, 'security', 'invoker', 'role');
  const isNameOnly = !differ(change, 'types');
  const off = listIn(after, 'off').filter((constraint) => !listIn(before, 'off').includes(constraint));
  return [
    ...leftParents(change, context),
    ...off.map((about): Finding => ({ hazard: 'weaker-rules', about, tables: [], safeWay: LEAVE_ON })),
    ...((revoked.length > 0 && after.is['acl'] !== null) || isOpened ? gone(after, 'changes-access') : []),
    ...(hasNewShape ? gone(after, isNameOnly ? 'renames' : 'breaks-clients') : []),
  ];
}

function columnRemoved(fact: Fact): readonly Finding[] {
  return fact.is['generated'] === true
    ? gone(fact, 'breaks-clients')
    : gone(fact, 'data-loss', tableOf(fact));
}

function columnAdded(fact: Fact, { isOldTable }: DeltaContext): readonly Finding[] {
  const isRequired =
    fact.is['notNull'] === true && fact.is['filled'] !== true && fact.is['generated'] !== true;
  if (!isRequired || !isOldTable(fact.of)) return [];
  const about = fullName(fact);
  return [
    { hazard: 'may-fail', about, tables: tableOf(fact), preflight: countRows(fact.of ?? '') },
    { hazard: 'required-column', about, tables: [] },
  ];
}

function columnChanged({ before, after }: FactChange, context: DeltaContext): readonly Finding[] {
  const isRequired =
    before.is['filled'] === true && after.is['filled'] !== true && after.is['notNull'] === true;
  return [
    ...typeChanged(before, after, context),
    ...notNullAdded(before, after, context),
    ...(isRequired && after.is['generated'] !== true ? gone(after, 'required-column') : []),
  ];
}

function typeChanged(
  before: Fact,
  after: Fact,
  { before: facts, computes, explicit, destination }: DeltaContext,
): readonly Finding[] {
  const [from, to] = [textIn(before, 'type'), textIn(after, 'type')];
  if (before.is['typeId'] === after.is['typeId'] || before.is['generated'] === true) return [];
  const about = `${fullName(after)}: ${from} to ${to}`;
  const tables = tableOf(after);
  const cuts = explicit && /^(?:character|bit)\b.*\(\d+\)$/.test(to) && castMayFail(from, to);
  const labels = [...facts.values()]
    .filter(({ kind, of }) => kind === 'label' && of === to)
    .map(({ name }) => name);
  const preflight = countUncastable(after.of ?? '', after.name, from, to, {
    labels: after.is['typeClass'] === 'e' ? labels : undefined,
    version: destination.version,
  });
  return [
    ...(computes || cuts || castLoses(from, to) ? [{ hazard: 'data-loss', about, tables } as const] : []),
    ...(castMayFail(from, to) && !cuts
      ? [
          {
            hazard: 'may-fail',
            about,
            tables,
            ...(computes || preflight === undefined ? {} : { preflight }),
          } as const,
        ]
      : []),
    ...(isSameToPrograms(from, to) ? [] : [{ hazard: 'type-change', about, tables: [] } as const]),
  ];
}

function notNullAdded(before: Fact, after: Fact, { before: facts, delta }: DeltaContext): readonly Finding[] {
  if (after.is['notNull'] !== true) return before.is['notNull'] === true ? gone(after, 'weaker-rules') : [];
  const wasChecked = before.is['notNull'] === true && before.is['unchecked'] !== true;
  if (wasChecked || after.is['unchecked'] === true) return [];
  const proofs = [...facts.values()].filter(
    ({ kind, of, is }) =>
      kind === 'constraint' &&
      of === after.of &&
      is['validated'] === true &&
      is['expression'] === `(${before.name} IS NOT NULL)`,
  );
  const isKey = delta.added.some(
    ({ kind, of, is }) => kind === 'constraint' && of === after.of && is['type'] === 'p',
  );
  if (proofs.length > 0) return [];
  const preflight = countNulls(after.of ?? '', after.name);
  const about = isKey ? `${fullName(after)} (of the primary key)` : fullName(after);
  return [{ hazard: 'may-fail', about, tables: tableOf(after), preflight }];
}

function constraintAdded(fact: Fact, context: DeltaContext): readonly Finding[] {
  if (fact.is['validated'] !== true) return [];
  // An index that was there already has shown that the keys are unique.
  if (
    [...context.before.values()].some(({ key }) => key === `i${String(fact.is['index'])}`) &&
    fact.is['type'] !== 'f'
  )
    return [];
  if (fact.is['domain'] === true) return domainChecked(fact, context);
  return context.isOldTable(fact.of) && !holdsAlready(fact, context) ? checked(fact) : [];
}

/** Whether no row can be in the way of a constraint. */
function holdsAlready(fact: Fact, { delta, detaches }: DeltaContext): boolean {
  const columns = listIn(fact, 'columns');
  const fresh = delta.added.filter(
    ({ kind, of, name }) => kind === 'column' && of === fact.of && columns.includes(name),
  );
  const type = textIn(fact, 'type');
  const isAllNull = ['f', 'u'].includes(type) && fact.is['nullsDistinct'] !== false;
  if (
    isAllNull &&
    columns.length > 0 &&
    fresh.length === columns.length &&
    fresh.every(({ is }) => is['filled'] !== true)
  )
    return true;
  if (['p', 'u'].includes(type) && fresh.some(({ is }) => is['numbered'] === true)) return true;
  // It is made again around a change of type: what every value outlives, the constraint does.
  const wasThere = delta.removed.some(
    (old) =>
      isSameRule(old, fact) ||
      (old.kind === 'constraint' && old.name === fact.name && old.of === fact.of && old.is['type'] === type),
  );
  return (detaches && type === 'c') || (wasThere && !losesValues(fact.of, delta));
}

const losesValues = (table: string | null, { changed }: DeltaContext['delta']): boolean =>
  changed.some(({ before, after }) => {
    const [from, to] = [textIn(before, 'type'), textIn(after, 'type')];
    const isOfTable = after.kind === 'column' && after.of === table && from !== to;
    return isOfTable && (castMayFail(from, to) || castLoses(from, to));
  });

function checked(fact: Fact): readonly Finding[] {
  const preflight = constraintPreflight(fact);
  const tables = [...tableOf(fact), ...(textIn(fact, 'refersTo') === '' ? [] : [textIn(fact, 'refersTo')])];
  return [
    {
      hazard: 'may-fail',
      about: `${fact.name} on ${fact.of}`,
      tables,
      ...(preflight === undefined ? {} : { preflight }),
    },
  ];
}

function indexAdded(fact: Fact, context: DeltaContext): readonly Finding[] {
  const ofConstraint = context.delta.added.some(
    ({ kind, is }) => kind === 'constraint' && `i${String(is['index'])}` === fact.key,
  );
  if (fact.is['unique'] !== true || ofConstraint || !context.isOldTable(fact.of)) return [];
  if (isLikeOne(fact, context.before.values()) && !losesValues(fact.of, context.delta)) return [];
  const preflight = countDuplicates(fact.of ?? '', listIn(fact, 'columns'), {
    predicate: textIn(fact, 'predicate'),
    nullsDistinct: fact.is['nullsDistinct'] !== false,
  });
  return [{ hazard: 'may-fail', about: fact.name, tables: tableOf(fact), preflight }];
}

type Use = readonly [table: string, column: string];

const usesOf = (facts: ReadonlyMap<string, Fact>, domain: string | null): readonly Use[] => {
  const found = [...facts.values()].find(({ kind, name }) => kind === 'type' && name === domain);
  return Array.isArray(found?.is['uses']) ? (found.is['uses'] as readonly Use[]) : [];
};

/** The rows of every table that uses the domain are checked. */
function domainChecked(fact: Fact, { before }: DeltaContext): readonly Finding[] {
  return usesOf(before, fact.of).map(([table, column]) => ({
    hazard: 'may-fail',
    about: `${fact.name} of ${fact.of} in ${table}.${column}`,
    tables: [table],
    preflight: countViolations(table, textIn(fact, 'expression').replaceAll(/\bVALUE\b/g, column)),
  }));
}

function domainChanged({ before, after }: FactChange, { before: facts }: DeltaContext): readonly Finding[] {
  if (before.is['notNull'] === after.is['notNull']) return [];
  if (after.is['notNull'] !== true) return gone(after, 'weaker-rules');
  return usesOf(facts, after.name).map(([table, column]) => ({
    hazard: 'may-fail',
    about: `${after.name} in ${table}.${column}`,
    tables: [table],
    preflight: countNulls(table, column),
  }));
}

/** The attributes of a composite type: one that goes is gone from every row that holds the type. */
function attributesChanged({ before, after }: FactChange): readonly Finding[] {
  const [old, now] = [attributesOf(before), attributesOf(after)];
  const uses = Array.isArray(before.is['uses']) ? (before.is['uses'] as readonly Use[]) : [];
  return Object.entries(old).flatMap(([number, name]): Finding[] => {
    if (now[number] === name) return [];
    const about = `${after.name}.${name}`;
    if (now[number] !== undefined)
      return [{ hazard: 'renames', about: `${about} to ${now[number]}`, tables: [] }];
    return [
      {
        hazard: uses.length === 0 ? 'breaks-clients' : 'data-loss',
        about,
        tables: uses.map(([table]) => table),
      },
    ];
  });
}

const attributesOf = ({ is }: Fact): Readonly<Record<string, string>> =>
  (is['attributes'] ?? {}) as Readonly<Record<string, string>>;
