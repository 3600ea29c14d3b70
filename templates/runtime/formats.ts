// The formats of JSON Schema 2020-12 and of OpenAPI's registry that Zod has no word for, or another meaning.
import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { type Check, fail } from './judge.js';

/** RFC 3339: a time with its offset. A leap second is the last of a day in UTC. */
function isTime(text: string): boolean {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i.exec(text);
  if (match === null) return false;
  const [hour = 0, minute = 0, second = 0] = match.slice(1, 4).map(Number);
  const [offsetHour, offsetMinute] = [Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second < 60) return true;
  const offset = (match[4] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  return (hour * 60 + minute - offset + 1440) % 1440 === 1439;
}

const MONTHS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (month === 2 && isLeap ? 29 : (MONTHS[month - 1] ?? 0));
}

/** A day that every month has, at a time that every day has. */
const COMMON_DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

const isDateTime = (text: string): boolean =>
  COMMON_DATE_TIME.test(text) ||
  (/^.{10}t/is.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)));

/** RFC 3339, appendix A, and the fractions that ISO 8601 allows in seconds. */
const DURATION =
  /^P(?:\d+W|(?=.)(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+(?:\.\d+)?S)?)?|\d+M(?:\d+(?:\.\d+)?S)?|\d+(?:\.\d+)?S))?)$/;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** RFC 1123, section 2.1, and of RFC 5891 that a label with hyphens in third and fourth place is Punycode. */
function isHostname(text: string): boolean {
  if (text.length > 253) return false;
  return text.split('.').every((label) => {
    if (!LABEL.test(label)) return false;
    if (label.slice(2, 4) !== '--') return true;
    if (!/^xn--/i.test(label) || domainToASCII(label) === '') return false;
    const decoded = domainToUnicode(label);
    return decoded.slice(2, 4) !== '--' && isContextual(decoded);
  });
}

/** RFC 5892, appendix A, and the exceptions of its section 2.6: characters that stand only beside certain others. */
const OUT_OF_CONTEXT: readonly RegExp[] = [
  /(?<!l)\u00b7|\u00b7(?!l)/,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05f3\u05f4]/u,
  /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/,
  /^(?!.*[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]).*\u30fb/u,
];

const isContextual = (label: string): boolean => !OUT_OF_CONTEXT.some((pattern) => pattern.test(label));

/** RFC 5890: a name that can be written as a hostname. */
function isIdnHostname(text: string): boolean {
  if (text === '' || text.length > 253 || /[\s%/?#@:[\]\\]/u.test(text)) return false;
  const labels = text.replaceAll(/[\u3002\uff0e\uff61]/g, '.');
  const ascii = domainToASCII(labels);
  return ascii !== '' && isHostname(ascii) && labels.split('.').every(isContextual);
}

const ATOM = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const ATOM_UNICODE =
  /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;
const QUOTED = /^"(?:[^"\\\r\n]|\\.)*"$/;

/** RFC 5321, section 4.1.2. */
function isMailbox(
  text: string,
  isLocal: (local: string) => boolean,
  isHost: (host: string) => boolean,
): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || local.length > 64 || !isLocal(local)) return false;
  const literal = /^\[(?:(IPv6:)?(.*))\]$/i.exec(domain);
  if (literal === null) return isHost(domain);
  return literal[1] === undefined ? isIPv4(literal[2] ?? '') : isIPv6(literal[2] ?? '');
}

/** Nearly every address and URL there is: all that can be wrong with one so short is seen at a glance. */
const COMMON_EMAIL = /^\w+(?:[.+-]\w+)*@[a-z\d]+(?:[.-][a-z\d]+)*$/i;
const COMMON_URI = /^https?:\/\/[a-z\d]+(?:[.-][a-z\d]+)*(?:\/[\w.~/-]*)?$/i;
const COMMON_LENGTH = 64;

const isEmail = (text: string): boolean =>
  (text.length <= COMMON_LENGTH && COMMON_EMAIL.test(text)) ||
  isMailbox(text, (local) => ATOM.test(local) || QUOTED.test(local), isHostname);

const isIdnEmail = (text: string): boolean =>
  isMailbox(text, (local) => ATOM_UNICODE.test(local) || QUOTED.test(local), isIdnHostname);

/** RFC 3986, appendix B: scheme, authority, path, query and fragment. */
const REFERENCE = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

const ASCII = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*$/i;
const UNICODE =
  /^(?:[\w.~!$&'()*+,;=:@/?\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{efffd}-]|%[0-9a-f]{2})*$/iu;

const PRIVATE = /[\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}]/gu;

function isReference(text: string, allowed: RegExp, needsScheme: boolean): boolean {
  const [, scheme, authority, path = '', query = '', fragment = ''] = REFERENCE.exec(text) ?? [];
  if (scheme === undefined ? needsScheme : !/^[a-z][a-z0-9+.-]*$/i.test(scheme)) return false;
  if (scheme === undefined && authority === undefined && /^[^/]*:/.test(path)) return false;
  if (authority !== undefined && !isAuthority(authority, allowed)) return false;
  // A query may hold private characters, and nothing else may (RFC 3987, section 2.2).
  const parts = [path, allowed === UNICODE ? query.replaceAll(PRIVATE, '') : query, fragment];
  return parts.every((part) => allowed.test(part));
}

function isAuthority(text: string, allowed: RegExp): boolean {
  const at = text.lastIndexOf('@');
  const [user, server] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  const [, host = '', port = ''] = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d*))?$/.exec(server) ?? ['', '?'];
  if (user.includes('@') || !allowed.test(user)) return false;
  if (!host.startsWith('[')) return host !== '?' && allowed.test(host) && (host !== '' || port + user === '');
  const literal = host.slice(1, -1);
  return isIPv6(literal) ? !literal.includes('%') : /^v[0-9a-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(literal);
}

/** RFC 6570: literals, and expressions of variables with their modifiers. */
const URI_TEMPLATE = (() => {
  const name = '(?:\\w|%[0-9a-f]{2})+';
  const variable = `${name}(?:\\.${name})*(?::[1-9]\\d{0,3}|\\*)?`;
  const literal = '[^\\p{Cc}\\s"<>%\\\\^`{|}]|%[0-9a-f]{2}';
  return new RegExp(`^(?:${literal}|\\{[+#./;?&=,!@|]?${variable}(?:,${variable})*\\})*$`, 'iu');
})();

const JSON_POINTER = /^(?:\/(?:[^~/]|~0|~1)*)*$/;
const RELATIVE_JSON_POINTER = /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/;

function isRegex(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const by =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

export type FormatName =
  | 'time'
  | 'date-time'
  | 'duration'
  | 'email'
  | 'idn-email'
  | 'hostname'
  | 'idn-hostname'
  | 'ipv6'
  | 'uri'
  | 'uri-reference'
  | 'iri'
  | 'iri-reference'
  | 'uri-template'
  | 'json-pointer'
  | 'relative-json-pointer'
  | 'regex'
  | 'byte'
  | 'base64url'
  | 'char';

const FORMATS: Readonly<Record<FormatName, (text: string) => boolean>> = {
  time: isTime,
  'date-time': isDateTime,
  duration: by(DURATION),
  email: isEmail,
  'idn-email': isIdnEmail,
  hostname: isHostname,
  'idn-hostname': isIdnHostname,
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
  uri: (text) => COMMON_URI.test(text) || isReference(text, ASCII, true),
  'uri-reference': (text) => isReference(text, ASCII, false),
  iri: (text) => isReference(text, UNICODE, true),
  'iri-reference': (text) => isReference(text, UNICODE, false),
  'uri-template': by(URI_TEMPLATE),
  'json-pointer': by(JSON_POINTER),
  'relative-json-pointer': by(RELATIVE_JSON_POINTER),
  regex: isRegex,
  /** RFC 4648, in either alphabet; documents mean both, and leave the padding out. */
  byte: by(/^[\w+/\r\n-]*={0,2}\s*$/),
  base64url: by(/^[\w-]*={0,2}$/),
  char: by(/^.$/su),
};

/** A string of the format. */
export const format =
  (name: FormatName): Check =>
  (context) => {
    if (typeof context.value !== 'string' || FORMATS[name](context.value)) return;
    fail(context, `Invalid ${name.replace(/email$/, 'email address')}`);
  };
