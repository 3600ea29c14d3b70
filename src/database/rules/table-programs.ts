import { type AttributeValue, type DatabaseObject, listOf, textOf, wordOf } from '../model/database-model.ts';
import {
  type Alteration,
  CHANGES_ACCESS,
  definitionRule,
  isOther,
  type KindRule,
  type RuleStatement,
  statement,
} from './rule.ts';

const whenOther: NonNullable<KindRule['goneHazard']> = (object, context) =>
  isOther(object, context) ? 'changes-access' : undefined;

/** `ALTER TABLE t DISABLE TRIGGER x` and its kin; nothing said means enabled. */
function enabling(word: string): {
  readonly create: KindRule['create'];
  readonly goneHazard: NonNullable<KindRule['goneHazard']>;
  readonly alter: readonly Alteration[];
} {
  const set = (object: DatabaseObject, state: AttributeValue | undefined): RuleStatement =>
    statement(
      `ALTER TABLE ${textOf(object, 'table')} ${wordOf(state ?? 'ENABLE')} ${word} ${textOf(object, 'name')}`,
    );
  return {
    create: (object, context) => {
      const { definition, enabled } = object.attributes;
      const hazards = isOther(object, context) ? CHANGES_ACCESS : {};
      return [
        statement(wordOf(definition), hazards),
        ...(enabled === undefined ? [] : [set(object, enabled)]),
      ];
    },
    goneHazard: whenOther,
    alter: [
      {
        attributes: ['enabled'],
        apply: ({ after, to }) => [{ ...set(after, to('enabled')), ...CHANGES_ACCESS }],
      },
    ],
  };
}

export const triggerRule: KindRule = { kind: 'trigger', rebuilt: () => true, ...enabling('TRIGGER') };

export const rewriteRuleRule: KindRule = { kind: 'rule', rebuilt: () => true, ...enabling('RULE') };

export const eventTriggerRule: KindRule = {
  kind: 'event_trigger',
  create: (object) => {
    const { definition, enabled } = object.attributes;
    return [
      statement(wordOf(definition)),
      ...(enabled === undefined ? [] : [statement(`ALTER ${object.sqlName} ${wordOf(enabled)}`)]),
    ];
  },
  alter: [
    {
      attributes: ['enabled'],
      apply: ({ after, to }) => [statement(`ALTER ${after.sqlName} ${wordOf(to('enabled') ?? 'ENABLE')}`)],
    },
  ],
};

function policyClauses(object: DatabaseObject): string[] {
  const { using, check } = object.attributes;
  return [
    `TO ${listOf(object, 'roles').join(', ')}`,
    ...(using === undefined ? [] : [`USING (${wordOf(using)})`]),
    ...(check === undefined ? [] : [`WITH CHECK (${wordOf(check)})`]),
  ];
}

export const policyRule: KindRule = {
  kind: 'policy',
  rebuilt: () => true,
  goneHazard: whenOther,
  create: (object, context) => {
    const kind = object.attributes['restrictive'] === true ? ' AS RESTRICTIVE' : '';
    const head = `CREATE ${object.sqlName}${kind} FOR ${textOf(object, 'command')}`;
    return [
      statement([head, ...policyClauses(object)].join(' '), isOther(object, context) ? CHANGES_ACCESS : {}),
    ];
  },
  alter: [
    {
      attributes: ['roles', 'using', 'check'],
      // ALTER POLICY can change an expression but not take it away.
      apply: ({ after, from, to }) =>
        ['using', 'check'].some((name) => from(name) !== undefined && to(name) === undefined)
          ? 'replace'
          : [statement([`ALTER ${after.sqlName}`, ...policyClauses(after)].join(' '), CHANGES_ACCESS)],
    },
  ],
};

export const statisticsRule: KindRule = definitionRule('statistics', {
  rebuilt: () => true,
  create: ({ sqlName, attributes: { definition, target } }) => [
    statement(wordOf(definition)),
    ...(target === undefined ? [] : [statement(`ALTER ${sqlName} SET STATISTICS ${wordOf(target)}`)]),
  ],
  alter: [
    {
      attributes: ['target'],
      apply: ({ after, to }) => [
        statement(`ALTER ${after.sqlName} SET STATISTICS ${wordOf(to('target') ?? -1)}`),
      ],
    },
  ],
});
