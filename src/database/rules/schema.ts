import { wordOf } from '../model/database-model.ts';
import { definitionRule, type KindRule, statement } from './rule.ts';

export const schemaRule: KindRule = {
  kind: 'schema',
  create: ({ sqlName }) => [statement(`CREATE ${sqlName}`)],
  alter: [],
};

export const extensionRule: KindRule = {
  kind: 'extension',
  create: ({ sqlName, attributes }) => [
    statement(`CREATE ${sqlName} WITH SCHEMA ${wordOf(attributes['schema'])}`),
  ],
  alter: [
    {
      attributes: ['schema'],
      apply: ({ after, to }) => [statement(`ALTER ${after.sqlName} SET SCHEMA ${wordOf(to('schema'))}`)],
    },
  ],
};

export const collationRule = definitionRule('collation');
export const languageRule = definitionRule('language');
export const accessMethodRule = definitionRule('access_method');
export const transformRule = definitionRule('transform');
