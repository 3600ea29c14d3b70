// The form of every message: a line of JSON that all versions can read, and behind it the message as JSON, sealed when
// there is a shared key. The line and the subject are part of what is sealed: nothing fits anywhere else.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { MOST_MESSAGE_BYTES, PROTOCOL } from './protocol.ts';

/** The line before a message. */
interface Head {
  readonly protocol: number;
  /** Of the program that sent it. */
  readonly version: string;
  readonly name: string;
  readonly sealed: boolean;
}

/** What came out of a message. `foreign`: of another protocol; `unreadable`: not ours, or of another key. */
export type Opened =
  | { readonly kind: 'message'; readonly body: unknown }
  | { readonly kind: 'foreign'; readonly protocol: number; readonly version: string; readonly name: string }
  | { readonly kind: 'unreadable' };

/** Makes messages and reads them. */
export interface Envelopes {
  readonly sealed: boolean;
  close(subject: string, body: object): Uint8Array;
  open(subject: string, data: Uint8Array): Opened;
}

const LONGEST_HEAD = 1024;
const SALT = 'senior-backend load cluster';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NEWLINE = 0x0a;
const UNREADABLE: Opened = { kind: 'unreadable' };

/**
 * Messages of this end. With a key they are encrypted and authenticated (AES-256-GCM under a key derived by scrypt,
 * RFC 7914), and messages without that are not read; without one they are plain.
 */
export function createEnvelopes(
  sender: { readonly version: string; readonly name: string },
  key: string | undefined,
): Envelopes {
  const secret = key === undefined ? undefined : scryptSync(key.normalize(), SALT, 32);
  const head: Head = { protocol: PROTOCOL, ...sender, sealed: secret !== undefined };
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  return {
    sealed: secret !== undefined,
    close: (subject, body) => {
      const content = Buffer.from(JSON.stringify(body));
      return Buffer.concat([line, secret === undefined ? content : encrypt(secret, subject, line, content)]);
    },
    open: (subject, data) => {
      const parts = split(data);
      if (parts === undefined) return UNREADABLE;
      const { protocol, version, name, sealed } = parts.head;
      if (protocol !== PROTOCOL) return { kind: 'foreign', protocol, version, name };
      if (sealed !== (secret !== undefined)) return UNREADABLE;
      try {
        const content =
          secret === undefined ? parts.content : decrypt(secret, subject, parts.line, parts.content);
        return { kind: 'message', body: JSON.parse(Buffer.from(content).toString('utf8')) };
      } catch {
        return UNREADABLE;
      }
    },
  };
}

function encrypt(secret: Uint8Array, subject: string, line: Uint8Array, content: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(Buffer.concat([Buffer.from(subject), line]));
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(secret: Uint8Array, subject: string, line: Uint8Array, content: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', secret, content.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.concat([Buffer.from(subject), line]));
  decipher.setAuthTag(content.subarray(content.length - TAG_BYTES));
  const inner = content.subarray(NONCE_BYTES, content.length - TAG_BYTES);
  return Buffer.concat([decipher.update(inner), decipher.final()]);
}

interface Parts {
  readonly head: Head;
  readonly line: Uint8Array;
  readonly content: Uint8Array;
}

function split(data: Uint8Array): Parts | undefined {
  if (data.length > MOST_MESSAGE_BYTES) return undefined;
  const end = data.subarray(0, LONGEST_HEAD).indexOf(NEWLINE);
  if (end < 0) return undefined;
  const line = data.subarray(0, end + 1);
  const head = headOf(line);
  return head === undefined ? undefined : { head, line, content: data.subarray(end + 1) };
}

function headOf(line: Uint8Array): Head | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { protocol, version, name, sealed } = value as Readonly<Record<string, unknown>>;
    const fits =
      typeof protocol === 'number' &&
      typeof version === 'string' &&
      typeof name === 'string' &&
      typeof sealed === 'boolean';
    return fits ? { protocol, version: version.slice(0, 50), name: name.slice(0, 100), sealed } : undefined;
  } catch {
    return undefined;
  }
}
