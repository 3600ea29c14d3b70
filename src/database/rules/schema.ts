import { wordOf } from '../model/database-model.ts';
import { displaced } from './displace.ts';
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

// Columns move over to a collation that is made anew, as they do to a type.
export const collationRule = definitionRule('collation', { displace: displaced });
export const languageRule = definitionRule('language');
export const accessMethodRule = definitionRule('access_method');
export const transformRule = definitionRule('transform');
