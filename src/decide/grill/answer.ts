import { UserError } from '../../core/errors.ts';
import { FACT_FIELDS, type FactName, flagOf, type PartialFacts } from '../facts.ts';
import { type RawFacts, readGivenFacts } from '../read-facts.ts';
import { type Question, recommendedAnswer } from './questions.ts';

/** What an answer says: facts, or nothing at all where a figure was the point (`isVague`). */
export interface HeardAnswer {
  readonly facts: PartialFacts;
  readonly isVague: boolean;
}

/**
 * Hears an answer: `key=value` pairs, a JSON object, or plain words. Error GRL001, a usage error, when
 * it says less than the question needs; nothing is recorded then.
 */
export function hearAnswer(question: Question, said: string, known: PartialFacts): HeardAnswer {
  const raw = { ...heardInWords(question, said), ...givenByKey(question, said) };
  const isEmpty = Object.keys(raw).length === 0;
  if (isEmpty && question.vague !== undefined && said.trim() !== '') return { facts: {}, isVague: true };
  const { facts, diagnostics } = readGivenFacts(raw);
  const own = ownFacts(question, raw, facts);
  const missing = [...question.needs, ...(question.alsoNeeds?.(own) ?? [])].filter(
    (fact) => raw[fact] === undefined,
  );
  const [impossible] = diagnostics;
  if (impossible !== undefined) throw notAnAnswer(question, known, impossible.message);
  if (missing.length > 0) {
    throw notAnAnswer(question, known, `it does not say ${missing.map(keyFor(question)).join(', ')}`);
  }
  const { slo_latency_p50_ms: p50, slo_latency_p99_ms: p99 } = own;
  if (p50 !== undefined && p99 !== undefined && p99 < p50) {
    throw notAnAnswer(question, known, `a p99 of ${p99} ms is below a p50 of ${p50} ms`);
  }
  return { facts: own, isVague: false };
}

/** Only what was said: a default is not something anybody answered. */
function ownFacts(question: Question, raw: RawFacts, read: PartialFacts): PartialFacts {
  const said = Object.values(question.keys).filter((fact) => raw[fact] !== undefined);
  return Object.fromEntries(said.map((fact) => [fact, read[fact]]));
}

const keyFor =
  ({ keys }: Question) =>
  (fact: FactName): string => {
    const key = Object.keys(keys).find((candidate) => keys[candidate] === fact) ?? fact;
    return `${key} (${FACT_FIELDS[fact].wanted})`;
  };

function notAnAnswer(question: Question, known: PartialFacts, why: string): UserError {
  const { answer } = recommendedAnswer(question, known);
  return new UserError('GRL001', `that does not answer question ${question.number}: ${why}`, {
    kind: 'usage',
    help: `An answer that works: --answer '${answer}'`,
  });
}

/** `qps=200`, `owner="the payments team"`, `--qps-p99=200`, or a JSON object with the facts' or the short names. */
function givenByKey(question: Question, said: string): RawFacts {
  const given: Partial<Record<FactName, unknown>> = {};
  for (const [key, value] of pairsOf(said)) {
    const fact = factNamed(question, key);
    if (fact !== undefined) given[fact] = value;
  }
  return given;
}

function pairsOf(said: string): readonly (readonly [string, unknown])[] {
  const text = said.trim();
  if (text.startsWith('{')) {
    try {
      return Object.entries(JSON.parse(text));
    } catch {
      // Not JSON after all; read as words below.
    }
  }
  return [...text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s,;]+))/g)].map(
    ([, key = '', double, single, bare]) => [key, double ?? single ?? bare ?? ''],
  );
}

function factNamed({ keys }: Question, key: string): FactName | undefined {
  const plain = key.toLowerCase().replace(/^-+/, '').replaceAll('-', '_');
  return keys[plain] ?? Object.values(keys).find((fact) => fact === plain || flagOf(fact) === key);
}

/** The first thing said of each fact wins. A `key=value` pair is never also read as words. */
function heardInWords({ spoken }: Question, said: string): RawFacts {
  if (/^\s*\{/.test(said)) return {};
  const words = said.replaceAll(/[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s,;]+)/g, ' ');
  const heard: Partial<Record<FactName, unknown>> = {};
  for (const { fact, pattern, value } of spoken) {
    const match = pattern.exec(words);
    if (match === null || heard[fact] !== undefined) continue;
    const group = match.slice(1).find((part) => part !== undefined);
    heard[fact] = value ?? group?.trim().replace(/\s+%$/, '%');
  }
  return heard;
}
