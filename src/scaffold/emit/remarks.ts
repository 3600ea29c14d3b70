/**
 * What a contract says and generated code does not check or do, in a comment in front of the schema it is said
 * of: `/* format: 'int64' *\/ z.int()`. Readers see what is not enforced where they would look for it, and
 * sources/code reads it back. The members are those of an object literal.
 */
export const withRemark = (members: readonly string[], expression: string): string =>
  members.length === 0 ? expression : `/* ${members.map(unclosing).join(', ')} */ ${expression}`;

/** An asterisk and a slash can stand together in string literals alone, where the slash may be escaped. */
const unclosing = (member: string): string => member.replaceAll('*/', '*\\/');
