import type { Expression, ObjectExpression } from 'oxc-parser';
import type { SourceFile } from '../source-file.ts';
import {
  type CallValue,
  constant,
  external,
  native,
  type ObjectValue,
  textOf,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { remarkBefore } from './remarks.ts';

/** What the names of a file stand for. */
export type Names = (name: string) => Value | undefined;

/**
 * What the expressions of a generated file stand for. Unlike those of programs that people write, they are read
 * alone: what is imported stays a term, so that a check of runtime/json-schema.ts is known by its name. Functions
 * are looked into when they are called, and comments that say something of a schema are part of it.
 */
export class Evaluator {
  readonly file: SourceFile;
  readonly #names: Names;
  readonly #parseRemark: (text: string) => ObjectExpression | undefined;

  constructor(
    file: SourceFile,
    names: Names,
    parseRemark: (text: string) => ObjectExpression | undefined = () => undefined,
  ) {
    this.file = file;
    this.#names = names;
    this.#parseRemark = parseRemark;
  }

  /** The value of an expression, with what the comment in front of it says. */
  evaluate(node: Expression): Value {
    const value = this.#evaluateBare(node);
    const said = remarkBefore(this.file, node.start, this.#parseRemark);
    if (said.length === 0) return value;
    const args = [this.#remark(said), value];
    return { kind: 'call', callee: REMARK, args, construct: false, origin: { file: this.file, node } };
  }

  #remark(said: readonly ObjectExpression[]): ObjectValue {
    const properties = new Map<string, Value>();
    // The nodes of a comment have positions of their own.
    const inside = new Evaluator({ ...this.file, text: '' }, this.#names);
    for (const one of said) {
      const { properties: members } = inside.#object(one);
      for (const [name, value] of members)
        properties.set(name, name === 'discriminator' ? this.#withSchemas(value) : value);
    }
    return { kind: 'object', properties, open: false };
  }

  /** A comment names schemas where it maps values to them. */
  #withSchemas(discriminator: Value): Value {
    const mapping = discriminator.kind === 'object' ? discriminator.properties.get('mapping') : undefined;
    if (discriminator.kind !== 'object' || mapping?.kind !== 'object') return discriminator;
    const named = [...mapping.properties].map(
      ([name, target]) => [name, this.#names(textOf(target) ?? '') ?? UNKNOWN] as const,
    );
    const schemas: ObjectValue = { kind: 'object', properties: new Map(named), open: false };
    return { ...discriminator, properties: new Map([...discriminator.properties, ['mapping', schemas]]) };
  }

  #evaluateBare(node: Expression): Value {
    switch (node.type) {
      case 'Literal':
        return literal(node);
      case 'Identifier':
        return node.name === 'undefined' ? UNDEFINED : (this.#names(node.name) ?? external('', node.name));
      case 'MemberExpression':
        return this.#member(node);
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node);
      case 'ArrayExpression':
        return {
          kind: 'list',
          items: node.elements.flatMap((item) =>
            item === null || item.type === 'SpreadElement' ? [] : [this.evaluate(item)],
          ),
          open: node.elements.some((item) => item?.type === 'SpreadElement'),
        };
      case 'ObjectExpression':
        return this.#object(node);
      case 'ArrowFunctionExpression':
        return native('function', () => this.#result(node));
      case 'UnaryExpression':
        return negated(node.operator, this.#evaluateBare(node.argument));
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? constant(node.quasis[0]?.value.cooked) : UNKNOWN;
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        return this.evaluate(node.expression);
      default:
        return UNKNOWN;
    }
  }

  #result({ body }: Extract<Expression, { type: 'ArrowFunctionExpression' }>): Value {
    if (body.type !== 'BlockStatement') return this.evaluate(body);
    const returned = body.body.find((statement) => statement.type === 'ReturnStatement');
    return returned?.argument == null ? UNDEFINED : this.evaluate(returned.argument);
  }

  #member(node: Extract<Expression, { type: 'MemberExpression' }>): Value {
    const { object, property, computed } = node;
    if (object.type === 'Super' || property.type === 'PrivateIdentifier') return UNKNOWN;
    const name = computed
      ? textOf(this.#evaluateBare(property as Expression))
      : (property as { name?: string }).name;
    if (name === undefined) return UNKNOWN;
    const of = this.#evaluateBare(object);
    if (of.kind === 'object') return of.properties.get(name) ?? (of.open ? UNKNOWN : UNDEFINED);
    return of.kind === 'external' ? { ...of, path: [...of.path, name] } : { kind: 'member', of, name };
  }

  #call(node: Extract<Expression, { type: 'CallExpression' | 'NewExpression' }>): Value {
    if (node.callee.type === 'Super') return UNKNOWN;
    const callee = this.#evaluateBare(node.callee);
    const args = node.arguments.flatMap((argument) =>
      argument.type === 'SpreadElement' ? [] : [this.evaluate(argument)],
    );
    const construct = node.type === 'NewExpression';
    const call: CallValue = { kind: 'call', callee, args, construct, origin: { file: this.file, node } };
    if (!construct || callee.kind !== 'external' || callee.path.join() !== 'RegExp') return call;
    const [source, flags] = args.map(textOf);
    return source === undefined ? call : { kind: 'pattern', source, flags: flags ?? '' };
  }

  #object(node: ObjectExpression): ObjectValue {
    const properties = new Map<string, Value>();
    let open = false;
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        const spread = this.#evaluateBare(property.argument);
        if (spread.kind === 'object')
          for (const [name, value] of spread.properties) properties.set(name, value);
        open ||= spread.kind !== 'object' || spread.open;
        continue;
      }
      const name = this.#key(property.key as Expression, property.computed);
      if (name === undefined) open = true;
      else properties.set(name, this.evaluate(property.value as Expression));
    }
    return { kind: 'object', properties, open, origin: { file: this.file, node } };
  }

  #key(key: Expression, computed: boolean): string | undefined {
    if (!computed && key.type === 'Identifier') return key.name;
    const value = this.#evaluateBare(key);
    return value.kind === 'constant' && value.value != null ? String(value.value) : undefined;
  }
}

const REMARK = external('remarks', 'remark');

function literal(node: Extract<Expression, { type: 'Literal' }>): Value {
  if ('regex' in node) return { kind: 'pattern', source: node.regex.pattern, flags: node.regex.flags };
  return constant('bigint' in node ? BigInt(node.bigint) : node.value);
}

function negated(operator: string, value: Value): Value {
  if (value.kind !== 'constant') return UNKNOWN;
  if (operator === '-' && typeof value.value === 'number') return constant(-value.value);
  if (operator === '+' && typeof value.value === 'number') return value;
  return operator === '!' && typeof value.value === 'boolean' ? constant(!value.value) : UNKNOWN;
}
