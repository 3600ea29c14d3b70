// How generated checks judge a value beside what Zod does with it.
import { z } from 'zod';

type Payload = z.core.ParsePayload<unknown>;

export type Check = (context: Payload) => void;

/** A schema of which only the verdict counts. */
export type Judge = z.ZodType<unknown>;

type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const accepts = (schema: Judge, value: unknown): boolean => schema.safeParse(value).success;

export const fail = (context: Payload, message: string, path: PropertyKey[] = []): void => {
  context.issues.push({ code: 'custom', message, path, input: context.value });
};

/** Adds what another schema finds wrong with a part of the value. */
export const judgePart = (context: Payload, schema: Judge, part: unknown, path: PropertyKey[]): void => {
  const result = schema.safeParse(part);
  for (const issue of result.error?.issues ?? []) {
    context.issues.push({ ...issue, path: [...path, ...issue.path], input: part } as z.core.$ZodRawIssue);
  }
};

/** A schema that only judges. */
export const verdict = <T>(check: Check): z.ZodType<T> => z.unknown().check(check) as z.ZodType<T>;

/** A schema that hands on what another one made of the value. */
export const passing = <T>(
  judge: (value: unknown, context: z.core.$RefinementCtx<unknown>) => unknown,
): z.ZodType<T> => z.transform(judge) as z.ZodType<unknown> as z.ZodType<T>;

/** Generated schemas never wait for anything. */
const AT_ONCE = { async: false } as const;

/** What a schema makes of the value, or its issues. They are put into words by whoever asked first. */
export const handOn = (context: z.core.$RefinementCtx<unknown>, schema: Judge, value: unknown): unknown => {
  const result = schema._zod.run({ value, issues: [] }, AT_ONCE) as Payload;
  if (result.issues.length === 0) return result.value;
  for (const issue of result.issues) context.issues.push({ ...issue, continue: false });
  return z.NEVER;
};
