// Takes a command line apart as a POSIX shell would, without being one: whatever would make a shell do
// something else than pass words on (variables, substitutions, pipes, several commands) is refused.

/** The words of one command; or, as `refused`, what it holds that only a shell could do. */
export type ShellWords = { readonly words: readonly string[] } | { readonly refused: string };

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
};

/** One piece of a word, tried in order where the last one ended. */
const PIECES: readonly (readonly [pattern: RegExp, value: (match: RegExpExecArray) => string | Refused])[] = [
  [/\\\r?\n/y, () => ''],
  [/\$'((?:[^'\\]|\\[\s\S])*)'/y, ([, text = '']) => ansiQuoted(text)],
  [/'([^']*)'/y, ([, text = '']) => text],
  [/"((?:[^"\\]|\\[\s\S])*)"/y, ([, text = '']) => doubleQuoted(text)],
  [/\\([\s\S])/y, ([, character = '']) => character],
  [/[$`]/y, ([sign]) => ({ refused: `${sign}, which a shell would replace` })],
  [/[|&;<>()]/y, ([sign]) => ({ refused: `${sign}, which belongs to a shell` })],
  [/["']/y, ([sign]) => ({ refused: `a ${sign} that is not closed` })],
  [/[^\s\\'"$`|&;<>()]+/y, ([text]) => text],
];

interface Refused {
  readonly refused: string;
}

/** Reads one command line; a line may go on after a backslash at its end. */
export function splitShellWords(line: string): ShellWords {
  const text = line.trim();
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; ) {
    const [blank] = matchAt(/\s+/y, text, at) ?? [];
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += blank.length;
      continue;
    }
    const piece = pieceAt(text, at);
    if ('refused' in piece) return piece;
    // A line that goes on is no word of its own.
    if (piece.value !== '' || !piece.whole.startsWith('\\')) word = (word ?? '') + piece.value;
    at += piece.whole.length;
  }
  return { words: word === undefined ? words : [...words, word] };
}

function pieceAt(text: string, at: number): Refused | { readonly whole: string; readonly value: string } {
  for (const [pattern, value] of PIECES) {
    const match = matchAt(pattern, text, at);
    if (match === null) continue;
    const read = value(match);
    return typeof read === 'string' ? { whole: match[0], value: read } : read;
  }
  return { refused: 'a backslash at its end' };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** `$'...'`, as browsers copy what holds quotes or line ends (POSIX 2024, 2.2.4). */
function ansiQuoted(text: string): string {
  return text.replaceAll(
    /\\(?:x([\dA-Fa-f]{1,2})|u([\dA-Fa-f]{1,4})|([0-7]{1,3})|([\s\S]))/g,
    (_whole, hex?: string, unicode?: string, octal?: string, other = '') => {
      const digits = hex ?? unicode;
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return ESCAPES[other] ?? other;
    },
  );
}

function doubleQuoted(text: string): string | Refused {
  const [sign] = /(?<!\\)(?:\\\\)*[$`]/.exec(text) ?? [];
  if (sign !== undefined) return { refused: `${sign.at(-1)} in double quotes, which a shell would replace` };
  return text.replaceAll(/\\(?:\r?\n|(["\\$`]))/g, (_whole, character = '') => character);
}
