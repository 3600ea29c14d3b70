import { UserError } from '../core/errors.ts';

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of `500ms`, `10s`, `2m`, `1h` or a bare number of seconds. Errors: LOAD005. */
export function parseDuration(name: string, text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  if (amount === undefined) {
    throw new UserError('LOAD005', `${name} is ${JSON.stringify(text)}`, {
      kind: 'usage',
      help: 'Give a time such as 10s, 500ms, 2m or a number of seconds.',
    });
  }
  return Number(amount) * (SECONDS_OF_UNIT[unit] ?? 1);
}
