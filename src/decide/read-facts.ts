import type { Diagnostic } from '../core/diagnostic.ts';
import { UserError } from '../core/errors.ts';
import { counted } from '../core/names.ts';
import { FACT_FIELDS, FACT_NAMES, type FactName, type Facts, flagOf, type PartialFacts } from './facts.ts';

/** What was given for each fact: the text of a flag or the value in an answers file. */
export type RawFacts = Readonly<Partial<Record<FactName, unknown>>>;

/**
 * The facts of a service, complete and possible. Errors, all usage errors and all collected first:
 * DEC001 for what is missing, DEC002 for what cannot be, DEC003 for what contradicts itself.
 */
export function readFacts(raw: RawFacts): Facts {
  const { facts, diagnostics } = readGivenFacts(raw);
  const problems = [...missingFacts(raw), ...diagnostics, ...contradictions(facts)];
  if (problems.length > 0) throw inputError(problems);
  // No required fact is missing, and each was read by the reader of its own type.
  return facts as Facts;
}

/** Reads what was given and says what of it cannot be; what was not given is no error here. */
export function readGivenFacts(raw: RawFacts): {
  readonly facts: PartialFacts;
  readonly diagnostics: readonly Diagnostic[];
} {
  const facts: Record<string, unknown> = {};
  const diagnostics: Diagnostic[] = [];
  for (const fact of FACT_NAMES) {
    const { read, wanted, question, absent } = FACT_FIELDS[fact];
    const given = raw[fact];
    const value = given === undefined ? absent : read(given);
    if (value !== undefined) facts[fact] = value;
    else if (given !== undefined) {
      diagnostics.push({
        code: 'DEC002',
        severity: 'error',
        message: `${flagOf(fact)} cannot be ${JSON.stringify(given)}`,
        help: `Give ${wanted}. Question ${question} yields it: senior-backend grill.`,
      });
    }
  }
  return { facts, diagnostics };
}

function missingFacts(raw: RawFacts): Diagnostic[] {
  return FACT_NAMES.filter((fact) => FACT_FIELDS[fact].required && raw[fact] === undefined).map((fact) => ({
    code: 'DEC001',
    severity: 'error',
    message: `${flagOf(fact)} is missing`,
    help: `Give ${FACT_FIELDS[fact].wanted}. Question ${FACT_FIELDS[fact].question} yields it: senior-backend grill.`,
  }));
}

function contradictions({ slo_latency_p50_ms: p50, slo_latency_p99_ms: p99 }: PartialFacts): Diagnostic[] {
  if (p50 === undefined || p99 === undefined || p99 >= p50) return [];
  const message = `a p99 of ${p99} ms is below a p50 of ${p50} ms`;
  return [
    {
      code: 'DEC003',
      severity: 'error',
      message,
      help: 'Give targets that rise from p50 to p99. Question 7 yields them.',
    },
  ];
}

function inputError(problems: readonly Diagnostic[]): UserError {
  const first = problems[0]?.code ?? 'DEC001';
  return new UserError(
    first,
    `nothing is decided: ${counted(problems.length, 'input')} ${problems.length === 1 ? 'is' : 'are'} missing or cannot be`,
    {
      kind: 'usage',
      help: 'Every input follows from one of seven questions: senior-backend grill asks them.',
      diagnostics: problems,
    },
  );
}
