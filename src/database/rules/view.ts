import { type DatabaseObject, listOf, textOf, wordOf } from '../model/database-model.ts';
import { optionChanges, optionList } from './options.ts';
import {
  bareName,
  type Change,
  type KindRule,
  type RuleStatement,
  relationNames,
  renameBySqlName,
  statement,
} from './rule.ts';

function createView(object: DatabaseObject, verb: string): RuleStatement {
  const { options, accessMethod, populated } = object.attributes;
  const using = accessMethod === undefined ? '' : ` USING ${wordOf(accessMethod)}`;
  const storage = optionList(options);
  const rows = populated === false ? '\n  WITH NO DATA' : '';
  const head = `${verb} ${object.sqlName}${using}${storage === undefined ? '' : ` WITH ${storage}`} AS`;
  return statement(
    `${head}\n${textOf(object, 'query')}${rows}`,
    object.kind === 'view' ? {} : { long: true },
  );
}

const alterOptions = ({ after, from, to }: Change): readonly RuleStatement[] =>
  optionChanges(from('options'), to('options')).map((words) => statement(`ALTER ${after.sqlName} ${words}`));

/** CREATE OR REPLACE VIEW can only add columns behind: https://www.postgresql.org/docs/current/sql-createview.html */
function replaceQuery({ before, after }: Change): readonly RuleStatement[] | 'replace' {
  const old = listOf(before, 'columns');
  const isExtension = old.every((column, at) => column === listOf(after, 'columns')[at]);
  return isExtension ? [createView(after, 'CREATE OR REPLACE')] : 'replace';
}

/** Gone, or without a column that it had. Whatever else takes its name may serve those who read it. */
const goneHazard: NonNullable<KindRule['goneHazard']> = ({ id, ...before }, { target }) => {
  const name = id.slice(id.indexOf(':'));
  const after = ['view', 'materialized_view', 'table'].flatMap(
    (kind) => target.objects.get(`${kind}${name}`) ?? [],
  )[0];
  if (after === undefined) return 'breaks-clients';
  const columns = listOf(after, 'columns');
  const isNarrower = listOf({ id, ...before }, 'columns').some((column) => !columns.includes(column));
  return after.kind === before.kind && isNarrower ? 'breaks-clients' : undefined;
};

export const viewRule: KindRule = {
  kind: 'view',
  goneHazard,
  rename: renameBySqlName,
  names: relationNames,
  rebuilt: () => true,
  create: (object) => {
    const { placeholder } = object.details;
    // A view that reads itself exists only because it once read something else.
    if (placeholder === undefined) return [createView(object, 'CREATE')];
    return [
      statement(`CREATE ${object.sqlName} AS SELECT ${wordOf(placeholder)}`),
      createView(object, 'CREATE OR REPLACE'),
    ];
  },
  alter: [
    { attributes: ['query', 'columns'], apply: replaceQuery },
    { attributes: ['options'], apply: alterOptions },
  ],
};

export const materializedViewRule: KindRule = {
  kind: 'materialized_view',
  goneHazard,
  rename: renameBySqlName,
  names: relationNames,
  rebuilt: () => true,
  create: (object) => [createView(object, 'CREATE')],
  alter: [
    { attributes: ['options'], apply: alterOptions },
    {
      attributes: ['populated'],
      apply: ({ after, to }) => [
        statement(
          `REFRESH MATERIALIZED VIEW ${bareName(after.sqlName)}${to('populated') === true ? '' : ' WITH NO DATA'}`,
        ),
      ],
    },
  ],
};
