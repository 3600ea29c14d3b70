import { Imports } from '../emit/imports.ts';
import { docComment } from '../emit/quote.ts';
import type { ProjectPlan } from './plan.ts';

/** src/config.ts: every variable that the service reads. */
export function printConfig({ schemes, servesDatabase }: ProjectPlan): string {
  const imports = new Imports();
  imports.type('Read', './environment.js');
  imports.value('readEnvironment', './environment.js');
  imports.value('serviceSettings', './settings.js');
  const kinds = new Set(schemes.map(({ scheme }) => scheme.kind));
  const checks: string[] = [];
  let settings = '';
  if (servesDatabase) {
    const url = imports.value('url', './environment.js');
    settings += `  /** The database with the tables. */
  DATABASE_URL: ${url}('the PostgreSQL with the tables', 'postgres://', 'postgresql://'),\n`;
  }
  if (kinds.has('bearer')) {
    settings += `  ...${imports.value('jwtSettings', './security/jwt.js')},\n`;
    checks.push(imports.value('checkJwt', './security/jwt.js'));
  }
  if (kinds.has('mutualTLS')) {
    settings += `  ...${imports.value('tlsSettings', './security/certificates.js')},\n`;
    checks.push(imports.value('checkTls', './security/certificates.js'));
  }
  for (const { name, scheme, variable } of schemes) {
    if (variable === undefined) continue;
    const kind =
      scheme.kind === 'apiKey'
        ? imports.value('apiKeys', './security/api-keys.js')
        : imports.value('users', './security/passwords.js');
    settings += `${docComment(`Who passes the security scheme ${name}.`, '  ')}  ${variable}: ${kind},\n`;
  }
  return `// Every variable of the environment that the service reads. Add your own.
${imports.print()}

const settings = {
  ...serviceSettings,
${settings}};

export type Config = Read<typeof settings>;

/** Errors: EnvironmentError, which names every variable that is missing or wrong. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config =>
  readEnvironment(settings, environment, [${checks.join(', ')}]);
`;
}
