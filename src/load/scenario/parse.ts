import { parse } from 'yaml';
import { UserError } from '../../core/errors.ts';
import { type Header, parseHeader, parseMethod } from '../request.ts';
import { finderFor } from './capture.ts';
import type { Capture, Step } from './scenario.ts';

/** A file of steps as it was read. */
export interface ScenarioFile {
  readonly steps: readonly Step[];
  readonly cookies: boolean;
}

const MOST_STEPS = 1000;

/** Reads steps from YAML or JSON; docs/load.md describes the form. Errors: LOAD012. */
export function parseScenario(text: string, name: string): ScenarioFile {
  const fail: Fail = (why) => {
    throw new UserError('LOAD012', `${name} cannot be used: ${why}`, {
      kind: 'usage',
      help: 'Write steps: a list, each with request: METHOD /path, and headers, body or json, expect, capture.',
    });
  };
  const document = readDocument(text, fail);
  onlyKeys(document, ['steps', 'cookies'], 'the file', fail);
  const { steps, cookies = true } = document;
  if (!Array.isArray(steps) || steps.length === 0) fail('it has no steps');
  if (typeof cookies !== 'boolean') fail('cookies is not true or false');
  if ((steps as unknown[]).length > MOST_STEPS) fail(`it has more than ${MOST_STEPS} steps`);
  return {
    cookies: cookies === true,
    steps: (steps as unknown[]).map((step, at) => {
      if (!isRecord(step)) fail(`step ${at + 1} is not a mapping`);
      return readStep(step as Fields, `step ${at + 1}`, fail);
    }),
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Fail = (why: string) => never;

function readDocument(text: string, fail: Fail): Fields {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  return isRecord(document) ? document : fail('it is no mapping with steps');
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function onlyKeys(fields: Fields, known: readonly string[], place: string, fail: Fail): void {
  const strange = Object.keys(fields).find((key) => !known.includes(key));
  if (strange !== undefined) fail(`${place} has ${JSON.stringify(strange)}, not one of ${known.join(', ')}`);
}

const STEP_KEYS = ['name', 'request', 'headers', 'body', 'json', 'expect', 'capture'] as const;

function readStep(fields: Fields, place: string, fail: Fail): Step {
  onlyKeys(fields, STEP_KEYS, place, fail);
  const { request, name, headers = {}, body, json, expect, capture = {} } = fields;
  const [, method = '', path = ''] = /^(?:([A-Za-z]+)\s+)?(\S.*)$/.exec(textOf(request)) ?? [];
  if (!/^(\/|\{\{[^{}]+\}\}$)/.test(path)) fail(`${place}: request is not METHOD /path`);
  if (body !== undefined && typeof body !== 'string') fail(`${place}: body is not text; use json`);
  if (body !== undefined && json !== undefined) fail(`${place}: give body or json, not both`);
  if (!isRecord(headers)) fail(`${place}: headers is not a mapping`);
  if (!isRecord(capture)) fail(`${place}: capture is not a mapping`);
  const text = json === undefined ? body : JSON.stringify(json);
  const statuses = readStatuses(expect, place, fail);
  return {
    name: textOf(name) === '' ? textOf(request) : textOf(name),
    method: parseMethod(method === '' ? (text === undefined ? 'GET' : 'POST') : method),
    path,
    headers: Object.entries(headers as Fields).map(
      ([key, value]): Header => parseHeader(`${key}: ${textOf(value)}`),
    ),
    ...(text === undefined ? {} : { body: text as string }),
    ...(statuses === undefined ? {} : { expect: statuses }),
    captures: Object.entries(capture as Fields).map(([key, from]) => readCapture(key, from, place, fail)),
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

function readStatuses(expect: unknown, place: string, fail: Fail): number[] | undefined {
  if (expect === undefined) return undefined;
  const list: unknown[] = Array.isArray(expect) ? expect : [expect];
  const isStatus = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 999;
  return list.length > 0 && list.every(isStatus) ? list : fail(`${place}: expect is not a status`);
}

function readCapture(name: string, from: unknown, step: string, fail: Fail): Capture {
  const place = `${step}, capture ${name}`;
  const capture =
    typeof from === 'string'
      ? { name, from: jsonSource(from, place, fail) }
      : sourceOf(name, from, place, fail);
  try {
    finderFor(capture);
  } catch (error) {
    fail(`${place}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return capture;
}

function sourceOf(name: string, from: unknown, place: string, fail: Fail): Capture {
  if (!isRecord(from)) return fail(`${place} is neither a JSON pointer nor a mapping`);
  onlyKeys(from, ['json', 'header', 'status', 'pattern'], place, fail);
  const { json, header, status, pattern } = from;
  if ([json, header, status].filter((value) => value !== undefined).length > 1)
    fail(`${place}: give one of json, header, status`);
  if (pattern !== undefined && typeof pattern !== 'string') fail(`${place}: pattern is not text`);
  const rest = typeof pattern === 'string' ? { pattern } : {};
  if (json !== undefined) return { name, from: jsonSource(textOf(json), place, fail), ...rest };
  if (header !== undefined) return { name, from: { kind: 'header', header: textOf(header) }, ...rest };
  if (status === true) return { name, from: { kind: 'status' }, ...rest };
  return pattern === undefined ? fail(`${place} says nothing`) : { name, from: { kind: 'regex' }, ...rest };
}

/** A JSON Pointer (RFC 6901). */
function jsonSource(pointer: string, place: string, fail: Fail): Capture['from'] {
  if (pointer !== '' && !pointer.startsWith('/')) fail(`${place}: a JSON pointer begins with /`);
  const keys = pointer.split('/').slice(1);
  return { kind: 'json', pointer: keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')) };
}
