import { type DatabaseObject, textOf } from '../model/database-model.ts';
import { type KindRule, type RuleStatement, statement } from './rule.ts';

const alter = (object: DatabaseObject, words: string): RuleStatement[] => [
  statement(`ALTER TABLE ${textOf(object, 'table')} ${words}`),
];

export const replicaIdentityRule: KindRule = {
  kind: 'replica_identity',
  create: (object) => alter(object, `REPLICA IDENTITY ${textOf(object, 'identity')}`),
  drop: (object) => alter(object, 'REPLICA IDENTITY DEFAULT'),
  alter: [
    {
      attributes: ['identity'],
      apply: ({ after }) => alter(after, `REPLICA IDENTITY ${textOf(after, 'identity')}`),
    },
  ],
};

export const clusterMarkRule: KindRule = {
  kind: 'cluster_mark',
  create: (object) => alter(object, `CLUSTER ON ${textOf(object, 'index')}`),
  drop: (object) => alter(object, 'SET WITHOUT CLUSTER'),
  alter: [
    { attributes: ['index'], apply: ({ after }) => alter(after, `CLUSTER ON ${textOf(after, 'index')}`) },
  ],
};
