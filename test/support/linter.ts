import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What `@redocly/cli lint` says of a document with its own rules, by severity; it refuses documents with errors. */
export async function lintDocument(
  source: string,
): Promise<{ readonly errors: readonly string[]; readonly warnings: readonly string[] }> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, config });
  const of = (wanted: string): string[] =>
    problems
      .filter(({ severity }) => severity === wanted)
      .map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`);
  return { errors: of('error'), warnings: of('warn') };
}
