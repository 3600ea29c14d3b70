import { Document, isNode, isPair, isScalar, type Node, type Pair, Schema, visit } from 'yaml';
import type { JsonObject } from '../model/json.ts';

export const YAML_OPTIONS = { lineWidth: 100, aliasDuplicateObjects: false } as const;

/** A document as YAML that readers of YAML 1.2 and of 1.1, such as PyYAML, read the same. */
export function printYaml(value: JsonObject): string {
  const document = new Document(value, YAML_OPTIONS);
  visit(document, { Scalar: quoted });
  return document.toString(YAML_OPTIONS);
}

/** Quotes texts of a new part of a document that YAML 1.1 takes for something else. */
export function quoteTexts<Part extends Node | Pair>(part: Part): Part {
  const nodes = isPair(part) ? [part.key, part.value] : [part];
  for (const node of nodes) if (isNode(node)) visit(node, { Scalar: quoted });
  return part;
}

/** `NO` and `off` are booleans there, `12:30` is a number, `2020-01-01` a date; `=` is a word of its own. */
function quoted(_key: unknown, node: Node): void {
  if (!isScalar(node) || typeof node.value !== 'string' || node.type !== undefined) return;
  const text = node.value;
  if (text === '=' || OTHERS.some(({ test }) => test?.test(text))) node.type = 'QUOTE_DOUBLE';
}

/** What a plain text may be besides a text. */
const OTHERS = new Schema({ schema: 'yaml-1.1' }).tags.flatMap((tag) =>
  'test' in tag && tag.default && tag.tag !== 'tag:yaml.org,2002:str' ? [{ test: tag.test }] : [],
);
