// Reads the configuration from the environment, and names everything that is wrong with it at once.
import { z } from 'zod';

/** One variable of the environment, as text, and what it means. */
export type Setting<T = unknown> = z.ZodType<T, string | undefined>;

/** A variable that must be set. `what` completes "must be ..."; `read` answers undefined for a text that is not. */
export function setting<T>(
  what: string,
  read: (text: string) => T | undefined,
): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
  return z.string({ error: `is missing: it must be ${what}` }).transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be ${what}` });
    return z.NEVER;
  });
}

export const wholeNumber = (
  from: number,
  to: number,
  unit = '',
): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  setting(`a whole number${unit} from ${from} to ${to}`, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });

/** A URL of one of these protocols; plain http only to this machine itself. */
export const url = (
  what: string,
  ...protocols: readonly string[]
): z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> =>
  setting(`${what}, a URL that starts with ${protocols.join(' or ')}`, (text) => {
    const parsed = URL.canParse(text) ? new URL(text) : undefined;
    const isLocal = parsed?.protocol === 'http:' && LOCAL.has(parsed.hostname);
    return parsed !== undefined && (isLocal || protocols.includes(`${parsed.protocol}//`)) ? text : undefined;
  });

const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export type Settings = Readonly<Record<string, Setting>>;

/** What settings are read into. */
export type Read<All extends Settings> = { readonly [Name in keyof All]: z.output<All[Name]> };

/** Something that is wrong with values that are each right by themselves: a sentence, or undefined. */
export type CrossCheck<All extends Settings> = (config: Read<All>) => string | undefined;

/** The environment is not one that the service can start in. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the environment is not complete:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
    this.problems = problems;
  }
}

/** Reads all settings; an empty variable is one that is not set. Errors: EnvironmentError, with every problem. */
export function readEnvironment<All extends Settings>(
  settings: All,
  environment: Readonly<Record<string, string | undefined>>,
  checks: readonly CrossCheck<All>[] = [],
): Read<All> {
  const given = Object.entries(environment).filter(([, text]) => text !== undefined && text.trim() !== '');
  const result = z.object(settings).safeParse(Object.fromEntries(given));
  if (!result.success) {
    throw new EnvironmentError(
      result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`),
    );
  }
  const config = result.data as Read<All>;
  const problems = checks.map((check) => check(config)).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return config;
}
