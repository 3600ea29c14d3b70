// Mutual TLS: clients that have a certificate of an authority that the service trusts.
import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import type { CertificateCredential } from '../../runtime/credentials.js';
import type { Identity, Verifier } from '../../runtime/security.js';
import { type Read, setting } from '../environment.js';

const pemFile = (what: string): ReturnType<typeof setting<Buffer>> =>
  setting(`the path of ${what} in PEM, a file that can be read`, (path) => {
    try {
      const content = readFileSync(path);
      return content.includes('-----BEGIN ') ? content : undefined;
    } catch {
      return undefined;
    }
  });

export const tlsSettings = {
  TLS_CERT_FILE: pemFile('the certificate of the service').optional(),
  TLS_KEY_FILE: pemFile('the private key of the service').optional(),
  TLS_CLIENT_CA_FILE: pemFile('the authority that signs certificates of clients').optional(),
} as const;

type TlsConfig = Read<typeof tlsSettings>;

/** What is wrong with the settings taken together: all of them, or none. */
export function checkTls(config: TlsConfig): string | undefined {
  const names = ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CLIENT_CA_FILE'] as const;
  const missing = names.filter((name) => config[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return undefined;
  return `${missing.join(' and ')} is missing: TLS takes all of ${names.join(', ')}`;
}

/**
 * Asks every client for a certificate. Who has none is let in so far: the contract says which operations
 * need one. Without the settings the service speaks plain HTTP, and those operations refuse everybody.
 */
export function tlsOptions(config: TlsConfig): ServerOptions | undefined {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CLIENT_CA_FILE: ca } = config;
  if (cert === undefined || key === undefined || ca === undefined) return undefined;
  return { cert, key, ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' };
}

/** The subject is the certificate's common name. Narrow it down here when not all clients of the authority are yours. */
export const certificateVerifier: Verifier<CertificateCredential> = ({
  certificate,
}): Identity | undefined => {
  const name = certificate.subject.CN;
  return typeof name === 'string' && name !== '' ? { subject: name } : undefined;
};
