import { readFile } from 'node:fs/promises';
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Profile } from './profile.ts';

const PROFILE_SCHEMA = new URL('../../schemas/profile.schema.json', import.meta.url);

let validator: Promise<Validator> | undefined;

async function profileValidator(): Promise<Validator> {
  const schema: Schema = JSON.parse(await readFile(PROFILE_SCHEMA, 'utf8'));
  return new Validator(schema, '2020-12', false);
}

/** What keeps a parsed file from being a profile, each finding with a JSON pointer into it (DEC005). */
export async function checkProfile(value: unknown, file: string): Promise<Diagnostic[]> {
  validator ??= profileValidator();
  const { valid, errors } = (await validator).validate(value);
  const findings = valid ? crossings(value as Profile) : innermost(errors).map(asFinding);
  return findings.map(({ pointer, message }) => ({
    code: 'DEC005',
    severity: 'error',
    message,
    location: { file, pointer },
    help: 'schemas/profile.schema.json says what may stand there.',
  }));
}

interface SchemaFinding {
  readonly pointer: string;
  readonly message: string;
}

/** Keywords that only repeat what a finding further inside says. */
const WRAPPERS = new Set(['properties', 'additionalProperties', 'items', '$ref', 'propertyNames']);

/**
 * The validator also reports every object around a wrong value, and a wrong value itself a second time
 * as a key that is not allowed (`false`). Only the innermost finding of another kind helps.
 */
function innermost(errors: readonly OutputUnit[]): readonly OutputUnit[] {
  const own = errors.filter(({ keyword }) => !WRAPPERS.has(keyword));
  return own.filter(
    ({ keyword, instanceLocation: place }) =>
      keyword !== 'false' ||
      !own.some(
        (other) =>
          other.keyword !== 'false' &&
          (other.instanceLocation === place || other.instanceLocation.startsWith(`${place}/`)),
      ),
  );
}

function asFinding({ instanceLocation, keyword, error }: OutputUnit): SchemaFinding {
  const message = keyword === 'false' ? 'there is no such key in a profile' : wording(error);
  return { pointer: instanceLocation.replace(/^#/, ''), message };
}

/** `Instance does not have required property "x".` to `does not have required property "x"`. */
const wording = (error: string): string => error.replace(/^Instance /, '').replace(/\.$/, '');

/** What a schema cannot say: bounds that cross each other. */
function crossings({ constraints, success_thresholds: promised }: Profile): SchemaFinding[] {
  const { team_size_min, team_size_max } = constraints;
  const findings: SchemaFinding[] = [];
  if (team_size_max !== undefined && team_size_max < team_size_min) {
    findings.push({
      pointer: '/constraints/team_size_max',
      message: `team_size_max ${team_size_max} is below team_size_min ${team_size_min}`,
    });
  }
  if (promised.p95_ms < promised.p50_ms || promised.p99_ms < promised.p95_ms) {
    findings.push({
      pointer: '/success_thresholds',
      message: `latencies must rise: p50 ${promised.p50_ms}, p95 ${promised.p95_ms}, p99 ${promised.p99_ms} ms`,
    });
  }
  return findings;
}
