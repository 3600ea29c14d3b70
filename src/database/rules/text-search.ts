import { type AttributeValue, type DatabaseObject, textOf } from '../model/database-model.ts';
import { type Change, definitionRule, type KindRule, type RuleStatement, statement } from './rule.ts';

type Mappings = Readonly<Record<string, string>>;

const mappingsOf = (value: AttributeValue | undefined): Mappings => (value ?? {}) as Mappings;

const add = ({ sqlName }: DatabaseObject, [token, dictionaries]: readonly [string, string]): RuleStatement =>
  statement(`ALTER ${sqlName} ADD MAPPING FOR ${token} WITH ${dictionaries}`);

function changeMappings({ after, from, to }: Change): readonly RuleStatement[] {
  const [before, wanted] = [mappingsOf(from('mappings')), mappingsOf(to('mappings'))];
  return [
    ...Object.keys(before)
      .filter((token) => wanted[token] === undefined)
      .map((token) => statement(`ALTER ${after.sqlName} DROP MAPPING FOR ${token}`)),
    ...Object.entries(wanted).flatMap(([token, dictionaries]) => {
      if (before[token] === undefined) return [add(after, [token, dictionaries])];
      const change = statement(`ALTER ${after.sqlName} ALTER MAPPING FOR ${token} WITH ${dictionaries}`);
      return before[token] === dictionaries ? [] : [change];
    }),
  ];
}

export const textSearchConfigurationRule: KindRule = {
  kind: 'text_search_configuration',
  create: (object) => [
    statement(`CREATE ${object.sqlName} (PARSER = ${textOf(object, 'parser')})`),
    ...Object.entries(mappingsOf(object.attributes['mappings'])).map((mapping) => add(object, mapping)),
  ],
  alter: [{ attributes: ['mappings'], apply: changeMappings }],
};

export const textSearchDictionaryRule = definitionRule('text_search_dictionary');
export const textSearchParserRule = definitionRule('text_search_parser');
export const textSearchTemplateRule = definitionRule('text_search_template');
