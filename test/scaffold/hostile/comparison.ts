import fc from 'fast-check';
import { PatternChooser } from '../../../src/scaffold/patterns/choice.ts';
import { type Attempt, attempt } from './attempt.ts';
import { DOCUMENTS, type Json } from './documents.ts';
import { hostile } from './fragments.ts';
import { following, type Position, positionsOf, withTexts } from './positions.ts';
import type { Outline } from './tree.ts';

/** A document with hostile texts in some of its places. */
export interface Case {
  readonly dialect: string;
  readonly texts: ReadonlyMap<Position, string>;
}

const POSITIONS = new Map(
  Object.entries(DOCUMENTS).map(([dialect, document]) => [dialect, [...positionsOf(document)]]),
);

/** One place at a time, a few, or many; never the same text twice, so that what was apart stays apart. */
export const hostileCase: fc.Arbitrary<Case> = fc.constantFrom(...Object.keys(DOCUMENTS)).chain((dialect) => {
  const positions = POSITIONS.get(dialect) ?? [];
  const count = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 7, max: 30 }));
  return count.chain((length) =>
    fc
      .record({
        places: fc.uniqueArray(fc.nat(positions.length - 1), { minLength: length, maxLength: length }),
        texts: fc.uniqueArray(hostile, { minLength: length, maxLength: length }),
      })
      .map(({ places, texts }) => ({
        dialect,
        texts: new Map(
          places.flatMap((place, at) => {
            const position = positions[place];
            return position === undefined ? [] : [[position, texts[at] ?? ''] as const];
          }),
        ),
      })),
  );
});

/** The document of a case, with its hostile texts or with harmless ones in the same places. */
export function documentOf({ dialect, texts }: Case, harmless = false): Json {
  const used = harmless ? new Map([...texts.keys()].map((place, at) => [place, `plain${at}`])) : texts;
  return withTexts(following(DOCUMENTS[dialect] ?? null, used), used);
}

const chooser = new PatternChooser();

/** Texts that the contract means something by: another one in its place is another contract. */
const SPOKEN: readonly string[] = [
  ...['openapi', 'swagger', 'in', 'type', '$ref', 'style', 'collectionFormat', 'consumes', 'produces'],
  ...['scheme', 'flow', 'openIdConnectUrl', 'security'],
];

/** Whether a text in this place changes no more than texts and names: what stands there has no other meaning. */
function isFree({ kind, path }: Position, text: string): boolean {
  if (text.trim() === '' || text.startsWith('x-') || /\p{Cs}/u.test(text)) return false;
  if (text in Object.prototype || text === 'default' || text === '$ref') return false;
  const keys = path.map(String);
  const parent = keys.at(-2) ?? '';
  if (kind === 'key') {
    if (['paths', 'content', 'security'].includes(parent)) return false;
    return parent !== 'patternProperties' || isUsable(text);
  }
  if (keys.at(-1) === 'pattern') return isUsable(text);
  return !keys.slice(-3).some((key) => SPOKEN.includes(key));
}

const isUsable = (pattern: string): boolean => chooser.choose(pattern).engine !== 'none';

/** How the program of a hostile document differs from what it may be, or undefined. */
export async function differenceOf(
  hostileCase: Case,
  vocabulary: ReadonlySet<string>,
): Promise<string | undefined> {
  const found = await attempt(documentOf(hostileCase));
  const foreign = foreignTo(found, vocabulary);
  if (foreign !== undefined) return foreign;
  if (![...hostileCase.texts].every(([position, text]) => isFree(position, text))) return undefined;
  return treeDifference(found, await attempt(documentOf(hostileCase, true)), vocabulary);
}

/** Names, modules and files that no contract can ask for. */
function foreignTo(found: Attempt, vocabulary: ReadonlySet<string>): string | undefined {
  if ('refused' in found) return undefined;
  const odd = found.paths.find((path) => !/^(?:runtime\/)?[\p{L}\p{N}\p{M}-]+(?:\.\w+)*\.ts$/u.test(path));
  if (odd !== undefined) return `the file ${JSON.stringify(odd)}`;
  const folded = new Set(found.paths.map((path) => path.normalize('NFKC').toLowerCase()));
  if (folded.size !== found.paths.length) return `files that differ by case alone: ${found.paths.join(' ')}`;
  for (const outline of found.outlines.values()) {
    // An import steps aside for a name of the contract: it gets a `_`.
    const isKnown = (word: string): boolean => vocabulary.has(word) || vocabulary.has(word.replace(/_$/, ''));
    const name = [...outline.vocabulary].find((word) => !isKnown(word));
    if (name !== undefined) return `the name ${name}`;
    const module = [...outline.modules].find((specifier) => !isOurs(specifier, found.paths));
    if (module !== undefined) return `the module ${module}`;
  }
  return undefined;
}

const PACKAGES = ['express', 'fastify', '@koa/router', 'koa', 'zod', 'node:buffer'];

const isOurs = (specifier: string, paths: readonly string[]): boolean =>
  PACKAGES.includes(specifier) || paths.includes(specifier.replace(/^\.\//, '').replace(/\.js$/, '.ts'));

function treeDifference(found: Attempt, plain: Attempt, vocabulary: ReadonlySet<string>): string | undefined {
  if ('refused' in found || 'refused' in plain) {
    const refused = [found, plain].flatMap((one) => ('refused' in one ? [one.refused] : []));
    // A clear refusal is as harmless as a program: a text may happen to be a keyword.
    return refused.find((why) => !why.startsWith('SCF'));
  }
  for (const [framework, outline] of found.outlines) {
    // A name of the document that is also one of ours cannot be told from it by its text.
    if ([...outline.declared].some((name) => vocabulary.has(name))) continue;
    const wanted = plain.outlines.get(framework);
    const difference = wanted === undefined ? 'nothing to compare with' : outlineDifference(outline, wanted);
    if (difference !== undefined) return `${framework}: ${difference}`;
  }
  return undefined;
}

function outlineDifference(found: Outline, wanted: Outline): string | undefined {
  if (found.declared.size !== wanted.declared.size)
    return `${found.declared.size} names, not ${wanted.declared.size}`;
  const at = found.statements.findIndex((statement, index) => statement !== wanted.statements[index]);
  if (at === -1 && found.statements.length === wanted.statements.length) return undefined;
  return `statement\n${found.statements[at]}\nwhere a harmless text gives\n${wanted.statements[at]}`;
}

/** Every name of the generator: those of the plain documents' programs, and what the runtime offers. */
export async function generatorVocabulary(offered: Iterable<string>): Promise<Set<string>> {
  const vocabulary = new Set(offered);
  for (const document of Object.values(DOCUMENTS)) {
    const plain = await attempt(document);
    if ('refused' in plain) throw new Error(`a plain document is refused: ${plain.refused}`);
    for (const outline of plain.outlines.values())
      for (const word of outline.vocabulary) vocabulary.add(word);
  }
  return vocabulary;
}

/** Whether a case is compared tree by tree, and not for foreign names alone. */
export const isCompared = ({ texts }: Case): boolean =>
  [...texts].every(([position, text]) => isFree(position, text));
