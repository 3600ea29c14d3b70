/** Every way in which a request can fail, in the order in which reports list them. */
export const FAULT_KINDS = {
  dns: 'the host name was not resolved',
  refused: 'the connection was refused',
  unreachable: 'the host could not be reached',
  'not-sent': 'no connection was free within the timeout',
  'connect-timeout': 'no connection within the timeout',
  tls: 'the TLS handshake failed',
  reset: 'the connection was reset',
  'closed-early': 'the connection was closed before the answer was whole',
  'first-byte-timeout': 'no byte of the answer within the timeout',
  'body-timeout': 'the answer began but was not whole within the timeout',
  malformed: 'the answer is not HTTP',
  'wrong-length': 'the answer is shorter or longer than it announced',
  'behind-fault': 'an earlier answer on the connection was no good (pipelining)',
  status: 'the status is not an expected one',
  redirects: 'more redirects than are followed',
  'not-captured': 'the answer did not hold a value that a later step needs',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

/** One kind of fault as it was counted. */
export interface FaultCount {
  count: number;
  /** Milliseconds from the start of the run to the first of them. */
  firstSeen: number;
  /** What the first of them looked like. */
  sample: string;
}

/** The fault that a system error code stands for; a code we do not know is a broken connection. */
export function faultOfSystemError(code: string | undefined): FaultKind {
  return FAULT_OF_CODE[code ?? ''] ?? (isTlsCode(code) ? 'tls' : 'reset');
}

const FAULT_OF_CODE: Readonly<Record<string, FaultKind>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  EACCES: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EMFILE: 'unreachable',
  ETIMEDOUT: 'connect-timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

/** OpenSSL's and Node's own names for what goes wrong between two TLS ends. */
const isTlsCode = (code: string | undefined): boolean =>
  code !== undefined &&
  /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME|INVALID_CA)/.test(code);
