import { USER_HEADER } from '../emit/header.ts';
import { objectKey, typeKey } from '../emit/quote.ts';
import type { ApiModel } from '../model/api.ts';

/** `verifiers.ts`, as it is written once: every scheme refuses everybody until its verifier is there. */
export function printVerifiers({ securitySchemes }: ApiModel): string {
  const names = [...securitySchemes.keys()];
  return `${USER_HEADER}import { type Identity, noVerifier } from './runtime/security.js';
import type { Verifiers } from './security.js';

/** Whom a request is from, by the security scheme that says so: what verifiers answer, and handlers are given. */
export interface Identities {
${names.map((name) => `  readonly ${typeKey(name)}: Identity;\n`).join('')}}

// Each decides whom a credential stands for; undefined refuses it, and a scheme without a verifier refuses all.
export const verifiers: Verifiers = {
${names.map((name) => `  ${objectKey(name)}: noVerifier,\n`).join('')}};
`;
}
