import { type DatabaseObject, flagOf, listOf, textOf } from '../model/database-model.ts';
import { type Change, definitionRule, type KindRule, type RuleStatement, statement } from './rule.ts';

export const foreignDataWrapperRule = definitionRule('foreign_data_wrapper');
export const serverRule = definitionRule('server');
export const userMappingRule = definitionRule('user_mapping');

const published = (object: DatabaseObject): readonly string[] => [
  ...listOf(object, 'tables'),
  ...listOf(object, 'schemas'),
];

const parameters = (object: DatabaseObject): string =>
  `(publish = '${textOf(object, 'publish')}', publish_via_partition_root = ${flagOf(object, 'viaRoot')})`;

/** SET names everything that is published; a publication cannot be emptied with it. */
function changePublished({ after }: Change): readonly RuleStatement[] | 'replace' {
  const objects = published(after);
  return objects.length === 0 ? 'replace' : [statement(`ALTER ${after.sqlName} SET ${objects.join(', ')}`)];
}

export const publicationRule: KindRule = {
  kind: 'publication',
  rebuilt: () => true,
  create: (object) => {
    const objects = published(object);
    const all = flagOf(object, 'allTables') ? ' FOR ALL TABLES' : '';
    const listed = objects.length === 0 ? '' : ` FOR ${objects.join(', ')}`;
    return [statement(`CREATE ${object.sqlName}${all}${listed} WITH ${parameters(object)}`)];
  },
  alter: [
    { attributes: ['tables', 'schemas'], apply: changePublished },
    {
      attributes: ['publish', 'viaRoot'],
      apply: ({ after }) => [statement(`ALTER ${after.sqlName} SET ${parameters(after)}`)],
    },
  ],
};
