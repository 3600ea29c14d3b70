import type { AttributeValue } from '../model/database-model.ts';

const asList = (value: AttributeValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** `fillfactor=70` as `fillfactor='70'`: quoted, a value is never taken for a keyword. */
function written(option: string): string {
  const [name = '', ...rest] = option.split('=');
  return `${name}='${rest.join('=').replaceAll("'", "''")}'`;
}

/** `(fillfactor='70')`, or undefined when there are none. */
export function optionList(options: AttributeValue | undefined): string | undefined {
  const list = asList(options);
  return list.length === 0 ? undefined : `(${list.map(written).join(', ')})`;
}

/** The SET and RESET clauses that lead from one set of storage parameters to another. */
export function optionChanges(from: AttributeValue | undefined, to: AttributeValue | undefined): string[] {
  const before = asList(from);
  const after = asList(to);
  const names = after.map(nameOf);
  const gone = before.map(nameOf).filter((name) => !names.includes(name));
  const set = after.filter((option) => !before.includes(option));
  return [
    ...(gone.length === 0 ? [] : [`RESET (${gone.join(', ')})`]),
    ...(set.length === 0 ? [] : [`SET (${set.map(written).join(', ')})`]),
  ];
}

const nameOf = (option: string): string => option.split('=')[0] ?? option;

/** `name=value` of the catalog as `name 'value'`. */
export function foreignOption(option: string): string {
  const [name = '', ...rest] = option.split('=');
  return `"${name}" '${rest.join('=').replaceAll("'", "''")}'`;
}

/** `OPTIONS (ADD a 'x', SET b 'y', DROP c)`, or nothing when they are the same. */
export function foreignOptionChanges(before: readonly string[], after: readonly string[]): string[] {
  const had = before.map(nameOf);
  const has = after.map(nameOf);
  const words = [
    ...had.filter((name) => !has.includes(name)).map((name) => `DROP "${name}"`),
    ...after
      .filter((option) => !before.includes(option))
      .map((option) => `${had.includes(nameOf(option)) ? 'SET' : 'ADD'} ${foreignOption(option)}`),
  ];
  return words.length === 0 ? [] : [`OPTIONS (${words.join(', ')})`];
}
