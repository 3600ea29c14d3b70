import type { Place } from './place.ts';

/** A way to a token of OAuth 2, in the words of OpenAPI 3. */
export interface OAuthFlow {
  readonly authorizationUrl?: string;
  readonly deviceAuthorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly refreshUrl?: string;
  /** What a token may allow, with what that means. */
  readonly scopes: Readonly<Record<string, string>>;
}

/** How a client proves who it is. */
export type SecurityKind =
  /** A token in the Authorization header: HTTP bearer, OAuth 2 and OpenID Connect. */
  | {
      readonly kind: 'bearer';
      /** How the token is made, as people write it: `JWT`. */
      readonly format?: string;
      /** OAuth 2: where a client gets a token, by flow. */
      readonly flows?: Readonly<Record<string, OAuthFlow>>;
      /** OpenID Connect: where its discovery document is. */
      readonly openIdConnectUrl?: string;
    }
  | { readonly kind: 'basic' }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly kind: 'mutualTLS' }
  /** Another scheme of the Authorization header, such as Digest, in lower case. */
  | { readonly kind: 'http'; readonly scheme: string }
  /** Nothing that a request could satisfy. */
  | { readonly kind: 'unknown' };

export type SecurityScheme = SecurityKind & { readonly description?: string; readonly place: Place };

/** One scheme that a request must satisfy, and what its identity must be allowed. */
export interface SchemeUse {
  readonly scheme: string;
  readonly scopes: readonly string[];
}

/** Schemes that must all be satisfied; none means that anybody is let in. */
export type SecurityRequirement = readonly SchemeUse[];

/** Whether a requirement lets anybody in. */
export const isOpen = (requirement: SecurityRequirement): boolean => requirement.length === 0;
