/** A string, a quoted name, a bracket or a connective, which are all that matters here. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|\b(?:AND|OR)\b/g;

const SPACE = /^\s*$/;

/** A bracket that is open, or was. */
interface Group {
  readonly open: number;
  /** Between its operands; empty before one was seen, and where there are both. */
  word: string;
  mixed: boolean;
  /** The bracket it begins with, once that is closed. */
  first: { readonly open: number; readonly close: number; readonly word: string } | undefined;
  /** Whether that bracket is all of its first operand. */
  isLed: boolean;
}

/**
 * `((a AND b) AND c)` as `(a AND b AND c)`, and OR alike. A BETWEEN or a comparison of rows at the left of an AND is
 * kept as a condition of its own, but its brackets are not: what was printed is read back as one list. Only the left
 * operand is taken apart: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/parser/gram.y (makeAndExpr)
 */
export function flatConditions(printed: string): string {
  if (!printed.includes('((') || !/\) (?:AND|OR)\b/.test(printed)) return printed;
  const gone = new Set<number>();
  const groups: Group[] = [];
  for (const { 0: token, index } of printed.matchAll(TOKEN)) {
    const group = groups.at(-1);
    if (token === '(') groups.push({ open: index, word: '', mixed: false, first: undefined, isLed: false });
    else if (token === ')') closeGroup(groups, index, gone);
    else if (group !== undefined && (token === 'AND' || token === 'OR'))
      connect(group, token, printed.slice((group.first?.close ?? index) + 1, index));
  }
  return gone.size === 0 ? printed : [...without(printed, gone)].join('');
}

function connect(group: Group, token: string, between: string): void {
  if (group.word === '') group.isLed = group.first !== undefined && SPACE.test(between);
  else if (group.word !== token) group.mixed = true;
  group.word = token;
}

function closeGroup(groups: Group[], close: number, gone: Set<number>): void {
  const group = groups.pop();
  if (group === undefined) return;
  const { first, open } = group;
  const word = group.mixed ? '' : group.word;
  if (first !== undefined && group.isLed && word !== '' && first.word === word) {
    gone.add(first.open);
    gone.add(first.close);
  }
  const around = groups.at(-1);
  if (around !== undefined && around.open + 1 === open) around.first = { open, close, word };
}

/** The pieces of a text between the places that are left out. */
function* without(text: string, places: ReadonlySet<number>): Generator<string> {
  let from = 0;
  for (const place of [...places].sort((left, right) => left - right)) {
    yield text.slice(from, place);
    from = place + 1;
  }
  yield text.slice(from);
}
