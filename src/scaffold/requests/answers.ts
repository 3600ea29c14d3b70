// Holds answers to the contract.
import type { MediaType, Response } from '../model/api.ts';
import type { JsonValue } from '../model/json.ts';
import { mediaKind } from '../model/media.ts';
import type { ContractOperation, RequestContract } from './contract.ts';

/** What an answer breaks of its contract. */
export interface Breach {
  readonly kind: 'status' | 'content-type' | 'header' | 'body';
  /** RFC 6901, into the body; empty for all of it and for what is not in it. */
  readonly pointer: string;
  readonly message: string;
}

/** An answer as it came; header names are in small letters. */
export interface GivenAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The answer that the contract describes for a status: by code, by range, or the default. */
export function declaredAnswer({ operation }: ContractOperation, status: number): Response | undefined {
  const of = (wanted: string): Response | undefined =>
    operation.responses.find((response) => response.status === wanted);
  return of(String(status)) ?? of(`${Math.floor(status / 100)}XX`) ?? of('default');
}

/** Everything that is wrong with an answer; empty when it keeps the contract. */
export function breachesOf(
  contract: RequestContract,
  asked: ContractOperation,
  answer: GivenAnswer,
): Breach[] {
  const declared = declaredAnswer(asked, answer.status);
  if (declared === undefined) {
    return [{ kind: 'status', pointer: '', message: `status ${answer.status} is not in the contract` }];
  }
  const headerOf = (wanted: string): string | undefined =>
    answer.headers.find(([name]) => name === wanted)?.[1];
  const missing = declared.headers
    .filter(({ name, required }) => required && headerOf(name) === undefined)
    .map(
      ({ name }): Breach => ({
        kind: 'header',
        pointer: '',
        message: `header ${name} is required and missing`,
      }),
    );
  if (asked.method === 'HEAD') return missing;
  return [...missing, ...bodyBreaches(contract, declared.content, headerOf('content-type'), answer.body)];
}

function bodyBreaches(
  { judge }: RequestContract,
  content: readonly MediaType[],
  contentType: string | undefined,
  body: string,
): Breach[] {
  if (content.length === 0) return [];
  const type = (contentType ?? '').replace(/;.*$/, '').trim().toLowerCase();
  if (type === '' && body === '') return [{ kind: 'body', pointer: '', message: 'there is no body' }];
  const media = content.find((one) => covers(one.type, type));
  if (media === undefined) {
    const wanted = content.map((one) => one.type).join(', ');
    return [{ kind: 'content-type', pointer: '', message: `${type === '' ? 'none' : type}, not ${wanted}` }];
  }
  if (mediaKind(type) !== 'json') return [];
  const value = parsed(body);
  if (value === undefined) return [{ kind: 'body', pointer: '', message: 'is not JSON' }];
  return judge
    .violations(value, media.schema, 'response')
    .map(({ pointer, message }) => ({ kind: 'body', pointer, message }));
}

/** `application/*` covers `application/json`. */
function covers(range: string, type: string): boolean {
  if (range === type || range === '*/*') return true;
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1));
}

/** undefined for what is not JSON. */
export function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
