import { describe, expect, test } from 'vitest';
import { formatFiles, suiteFiles, suiteIsHere, suiteRemotes } from '../support/json-schema-suite.ts';
import { judgedOtherwise, NOT_GIVEN_BACK } from '../support/suite-round-trip.ts';

/** The bench takes every group. */
const EVERY = 4;

describe.skipIf(!suiteIsHere())(
  'a schema, its code, and the schema that the code gives accept the same',
  () => {
    const known = suiteIsHere() ? suiteRemotes() : new Map<string, Uint8Array>();
    test.each(suiteIsHere() ? [...suiteFiles(), ...formatFiles()] : [])('%s', async (file, groups) => {
      for (const [at, group] of groups.entries()) {
        const name = `${file}: ${group.description}`;
        if (at % EVERY !== 0 && !NOT_GIVEN_BACK.has(name)) continue;
        const otherwise = await judgedOtherwise(group, known);
        expect(otherwise.length > 0, `${name}: ${otherwise.join('; ')}`).toBe(NOT_GIVEN_BACK.has(name));
      }
    });
  },
);
