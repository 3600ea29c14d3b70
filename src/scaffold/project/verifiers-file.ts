import { Imports } from '../emit/imports.ts';
import { objectKey, typeKey } from '../emit/quote.ts';
import type { PlannedScheme, ProjectPlan } from './plan.ts';

/** The verifier of a scheme and the type of its identities, with what they are imported from. */
function printVerifier({ scheme, variable }: PlannedScheme, imports: Imports): readonly [string, string] {
  const identity = (): string => imports.type('Identity', './runtime/security.js');
  if (scheme.kind === 'bearer') return [imports.type('TokenIdentity', '../security/jwt.js'), 'tokens'];
  if (scheme.kind === 'apiKey')
    return [identity(), `${imports.value('apiKeyVerifier', '../security/api-keys.js')}(config.${variable})`];
  if (scheme.kind === 'basic')
    return [
      identity(),
      `${imports.value('passwordVerifier', '../security/passwords.js')}(config.${variable})`,
    ];
  if (scheme.kind === 'mutualTLS')
    return [identity(), imports.value('certificateVerifier', '../security/certificates.js')];
  return [identity(), imports.value('noVerifier', './runtime/security.js')];
}

/** src/api/verifiers.ts of a project: a verifier for each scheme, as far as we have one. */
export function printProjectVerifiers({ schemes }: ProjectPlan): string {
  const imports = new Imports();
  imports.type('Config', '../config.js');
  imports.type('Verifiers', './security.js');
  const parts = schemes.map((planned) => [planned.name, ...printVerifier(planned, imports)] as const);
  const hasTokens = schemes.some(({ scheme }) => scheme.kind === 'bearer');
  const tokens = hasTokens
    ? `  const tokens = ${imports.value('jwtVerifier', '../security/jwt.js')}(config);\n`
    : '';
  const unused =
    parts.every(([, , verifier]) => !verifier.includes('config')) && !hasTokens ? '_config' : 'config';
  return `${imports.print()}

/** Whom a request is from, by the security scheme that says so: what verifiers answer, and handlers are given. */
export interface Identities {
${parts.map(([name, identity]) => `  readonly ${typeKey(name)}: ${identity};\n`).join('')}}

/** Decides whom a credential stands for, for each scheme; undefined refuses it, and noVerifier refuses all. */
export function createVerifiers(${unused}: Config): Verifiers {
${tokens}  return {
${parts.map(([name, , verifier]) => `    ${objectKey(name)}: ${verifier},\n`).join('')}  };
}
`;
}
