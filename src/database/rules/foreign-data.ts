import {
  type AttributeValue,
  type DatabaseObject,
  flagOf,
  listOf,
  textOf,
  wordOf,
} from '../model/database-model.ts';
import { quoteText } from '../quote.ts';
import { foreignOption, foreignOptionChanges } from './options.ts';
import { type Change, definitionRule, type KindRule, type RuleStatement, statement } from './rule.ts';

const optionText = (object: DatabaseObject): string => {
  const options = listOf(object, 'options').map(foreignOption);
  return options.length === 0 ? '' : ` OPTIONS (${options.join(', ')})`;
};

const said = (word: string, value: AttributeValue | undefined, write = wordOf): string =>
  value === undefined ? '' : ` ${word} ${write(value)}`;

const quoted = (value: AttributeValue | undefined): string => quoteText(wordOf(value));

const alterOptions = ({ before, after }: Change): readonly RuleStatement[] =>
  foreignOptionChanges(listOf(before, 'options'), listOf(after, 'options')).map((words) =>
    statement(`ALTER ${after.sqlName} ${words}`),
  );

export const foreignDataWrapperRule: KindRule = {
  kind: 'foreign_data_wrapper',
  create: (object) => {
    const { handler, validator } = object.attributes;
    const words = said('HANDLER', handler) + said('VALIDATOR', validator) + optionText(object);
    return [statement(`CREATE ${object.sqlName}${words}`)];
  },
  alter: [
    {
      attributes: ['handler', 'validator'],
      apply: ({ after, to }) => [
        statement(
          `ALTER ${after.sqlName} ${['handler', 'validator']
            .map((name) =>
              to(name) === undefined
                ? `NO ${name.toUpperCase()}`
                : `${name.toUpperCase()} ${wordOf(to(name))}`,
            )
            .join(' ')}`,
        ),
      ],
    },
    { attributes: ['options'], apply: alterOptions },
  ],
};

export const serverRule: KindRule = {
  kind: 'server',
  create: (object) => {
    const { type, version, wrapper } = object.attributes;
    const words = said('TYPE', type, quoted) + said('VERSION', version, quoted);
    return [
      statement(
        `CREATE ${object.sqlName}${words} FOREIGN DATA WRAPPER ${wordOf(wrapper)}${optionText(object)}`,
      ),
    ];
  },
  alter: [
    {
      attributes: ['version'],
      apply: ({ after, to }) =>
        to('version') === undefined
          ? 'replace'
          : [statement(`ALTER ${after.sqlName}${said('VERSION', to('version'), quoted)}`)],
    },
    { attributes: ['options'], apply: alterOptions },
  ],
};

// DROP SERVER does not take its mappings along.
export const userMappingRule = definitionRule('user_mapping', { dropsFirst: () => true });

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
