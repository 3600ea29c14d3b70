import type { DatabaseObject, PlannedStatement, SchemaDiff } from '../../../src/database/index.ts';

/** One index, key, check, foreign key or NOT NULL that a plan adds to a table that was there before. */
export interface Addition {
  readonly id: string;
  readonly kind: string;
  /** Statements of it that were seen to read or index a table while others had to wait. */
  readonly blocking: readonly PlannedStatement[];
}

const KINDS: Readonly<Record<string, string>> = {
  f: 'foreign key',
  c: 'check',
  u: 'unique',
  p: 'primary key',
  x: 'exclusion',
};

/** Everything a plan adds that could stop others for as long as a table is large, and whether it does. */
export function additionsOf({ plan, source, target }: SchemaDiff): readonly Addition[] {
  const isUsed = ({ owner }: DatabaseObject): boolean =>
    owner !== undefined &&
    source.objects.has(owner) &&
    !plan.fates.replace.includes(owner) &&
    !plan.fates.create.includes(owner);
  const statements = plan.segments.flatMap((segment) => segment.statements);
  const made = [...plan.fates.create, ...plan.fates.replace].flatMap((id) => {
    const object = target.objects.get(id);
    if (object === undefined || !isUsed(object)) return [];
    const { kind, attributes } = object;
    if (kind === 'index') return [{ id, kind: attributes['unique'] === true ? 'unique index' : 'index' }];
    const isNew = kind === 'constraint' && attributes['notValid'] !== true;
    return isNew ? [{ id, kind: KINDS[String(attributes['type'])] ?? kind }] : [];
  });
  const required = plan.fates.alter.flatMap((id) => {
    const [before, after] = [source.objects.get(id), target.objects.get(id)];
    const isAdded =
      after?.kind === 'column' &&
      before?.attributes['notNull'] === undefined &&
      after.attributes['notNull'] !== undefined;
    return isAdded && after !== undefined && isUsed(after) ? [{ id, kind: 'NOT NULL' }] : [];
  });
  return [...made, ...required].map((addition) => ({
    ...addition,
    blocking: statements.filter(
      ({ objects, hazards }) =>
        objects.includes(addition.id) &&
        (hazards.includes('blocking-scan') || hazards.includes('blocking-build')),
    ),
  }));
}
