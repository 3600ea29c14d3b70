import { HEADER } from '../emit/header.ts';
import { Imports } from '../emit/imports.ts';
import { printValue } from '../emit/literals.ts';
import { docComment, objectKey, quoteString, typeKey } from '../emit/quote.ts';
import type { ApiModel } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import type { SecurityScheme } from '../model/security.ts';

/** The type of the credential that a scheme's verifier is given. */
const CREDENTIALS: Readonly<Record<SecurityScheme['kind'], string>> = {
  bearer: 'BearerCredential',
  basic: 'BasicCredential',
  apiKey: 'ApiKeyCredential',
  mutualTLS: 'CertificateCredential',
  http: 'AuthorizationCredential',
  unknown: 'Credential',
};

/** security.ts: the contract's security schemes, and what verifies each. */
export function printSchemesFile({ title, securitySchemes }: ApiModel): string {
  const imports = new Imports();
  imports.type('Identities', './verifiers.js');
  imports.type('Scheme', './runtime/credentials.js');
  imports.type('Verifier', './runtime/security.js');
  const schemes = [...securitySchemes].map(
    ([name, scheme]) => `  ${objectKey(name)}: ${printScheme(scheme)}${literalAs(name)},\n`,
  );
  const verifiers = [...securitySchemes].map(([name, { kind, description }]) => {
    const credential = imports.type(CREDENTIALS[kind], './runtime/credentials.js');
    return `${docComment(description, '  ')}  readonly ${typeKey(name)}: Verifier<${credential}, Identities[${quoteString(name)}]>;\n`;
  });
  return `${HEADER}${imports.print()}

/** What credentials are for, as clients are told. */
export const realm = ${quoteString(realmOf(title))};

/** The security schemes of the contract. */
export const schemes: Readonly<Record<string, Scheme>> = {
${schemes.join('')}};

/** Decides whom a credential stands for, for each scheme. */
export type Verifiers = {
${verifiers.join('')}};

/** Whom a request is from: the identities of the schemes that let it in, and of no other. */
export type By<Names extends keyof Identities, Others extends keyof Identities = never> = Pick<
  Identities,
  Names
> & { readonly [Name in Others]?: undefined };
`;
}

/** Under a computed key, the compiler takes the texts of a literal for any texts. */
const literalAs = (name: string): string => (name === '__proto__' ? ' as const' : '');

function printScheme(scheme: SecurityScheme): string {
  const { kind } = scheme;
  if (kind === 'apiKey') return `{ kind: 'apiKey', in: '${scheme.in}', name: ${quoteString(scheme.name)} }`;
  if (kind === 'bearer') return printBearer(scheme);
  return kind === 'http' ? `{ kind: 'http', scheme: ${quoteString(scheme.scheme)} }` : `{ kind: '${kind}' }`;
}

/** With what the contract says of where tokens are from. */
function printBearer({
  format,
  flows,
  openIdConnectUrl,
}: Extract<SecurityScheme, { kind: 'bearer' }>): string {
  const said = {
    ...(format === undefined ? {} : { format }),
    ...(flows === undefined ? {} : { flows: flows as unknown as JsonObject }),
    ...(openIdConnectUrl === undefined ? {} : { openIdConnectUrl }),
  };
  return printValue({ kind: 'bearer', ...said });
}

/** A header holds ASCII, and this one is sent with every refusal. */
const realmOf = (title: string): string =>
  title
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, 60) || 'api';
