import { isDeepStrictEqual } from 'node:util';
import { type ScanToken, scanSync } from 'libpg-query';
import { type ParsedStatement, parseStatement } from '../../advise/workload/parse-statement.ts';
import { isTree, listOfTrees, nodeOf, type Tree } from '../../advise/workload/tree.ts';
import { WRITES } from './why-not-run.ts';

/**
 * The SELECT that finds the rows which a statement finds: planning it locks no more than ACCESS SHARE, where even
 * EXPLAIN of an UPDATE takes ROW EXCLUSIVE. `UPDATE a SET ... FROM b WHERE c` and `DELETE FROM a USING b WHERE c` are
 * `SELECT * FROM a, b WHERE c`, `INSERT INTO a SELECT ...` is its SELECT, and clauses like FOR UPDATE are left out.
 * Nothing for what reads no rows or cannot be written so. The texts are cut where PostgreSQL's scanner sees keywords,
 * and the outcome has to have the clauses of the statement in its tree.
 */
export function readingForm(parsed: ParsedStatement): ParsedStatement | undefined {
  const fields = nodeOf(parsed.tree, parsed.node);
  const build = FORMS[parsed.node];
  if (fields === undefined || build === undefined) return undefined;
  const form = build(new Text(parsed.sql), withoutPlaces(fields));
  return form !== undefined && !WRITES.test(JSON.stringify(form.tree)) ? form : undefined;
}

type Build = (text: Text, fields: Tree) => ParsedStatement | undefined;

const unlocked: Build = (text) => {
  const form = parseStatement(text.withoutRowLocks());
  return form !== undefined && !/"LockingClause":/.test(JSON.stringify(form.tree)) ? form : undefined;
};

const FORMS: Readonly<Record<string, Build>> = {
  SelectStmt: unlocked,
  CreateTableAsStmt: unlocked,
  DeclareCursorStmt: unlocked,
  UpdateStmt: (text, fields) => {
    const update = text.find(['UPDATE']);
    // A table or its alias may be called so as well.
    const set = text.find(['SET'], update + 2, (before) => before !== 'AS');
    const from = text.find(['FROM'], set, (before) => before !== 'DISTINCT');
    const where = text.find(['WHERE'], set);
    const end = text.find(['RETURNING'], where === text.end ? set : where);
    const others = from < where ? text.between(from + 1, Math.min(where, end)) : undefined;
    const form = selectOf(
      text.between(0, update),
      text.between(update + 1, set),
      others,
      text.between(where, end),
    );
    return sameClauses(form, fields, fields['fromClause']);
  },
  DeleteStmt: (text, fields) => {
    const from = text.find(['FROM'], text.find(['DELETE']));
    const using = text.find(['USING'], from);
    const where = text.find(['WHERE'], from);
    const end = text.find(['RETURNING'], where === text.end ? from : where);
    const others = using < where ? text.between(using + 1, Math.min(where, end)) : undefined;
    const target = text.between(from + 1, Math.min(using, where, end));
    const form = selectOf(text.between(0, text.find(['DELETE'])), target, others, text.between(where, end));
    return sameClauses(form, fields, fields['usingClause']);
  },
  InsertStmt: (text, fields) => {
    const insert = text.find(['INSERT']);
    const select = text.find(['SELECT', 'WITH', 'TABLE'], insert);
    const end = Math.min(
      text.find(['RETURNING'], select),
      text.find(['ON'], select, (_, after) => after === 'CONFLICT'),
    );
    const form = parseStatement(`${text.between(0, insert)}\n${text.between(select, end)}`);
    const found = form === undefined ? undefined : nodeOf(withoutPlaces(form.tree), 'SelectStmt');
    const wanted = nodeOf(fields['selectStmt'], 'SelectStmt');
    const rest = { ...found, withClause: wanted?.['withClause'] ?? fields['withClause'] };
    return isDeepStrictEqual(defined(rest), defined({ withClause: fields['withClause'], ...wanted }))
      ? form
      : undefined;
  },
};

const selectOf = (before: string, target: string, others: string | undefined, where: string): string =>
  `${before}\nSELECT * FROM ${target}${others === undefined ? '' : `\n, ${others}`}\n${where}`;

/** The SELECT, when it reads the table of the statement, the other relations and by the same condition. */
function sameClauses(sql: string, fields: Tree, others: unknown): ParsedStatement | undefined {
  const form = parseStatement(sql);
  const select = form === undefined ? undefined : nodeOf(withoutPlaces(form.tree), 'SelectStmt');
  if (select === undefined) return undefined;
  const read = {
    from: select['fromClause'],
    where: select['whereClause'],
    with: select['withClause'],
  };
  const wanted = {
    from: [{ RangeVar: fields['relation'] }, ...listOfTrees(others)],
    where: fields['whereClause'],
    with: fields['withClause'],
  };
  return isDeepStrictEqual(read, wanted) ? form : undefined;
}

const defined = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== undefined));

/** `location`, `rexpr_list_start` ... */
const PLACE = /(?:^|_)(?:location|list_start|list_end)$/;

/** The tree without where in the text its nodes begin. */
function withoutPlaces<T>(value: T): T;
function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutPlaces(item));
  if (!isTree(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !PLACE.test(name));
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutPlaces(item)]));
}

/** The tokens of a statement, of which keywords outside of parentheses can be found. Places count tokens. */
class Text {
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #tokens: readonly ScanToken[];
  readonly #depths: readonly number[];

  constructor(sql: string) {
    this.#bytes = Buffer.from(sql);
    this.#tokens = scanSync(sql).tokens.filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'));
    this.end = this.#tokens.length;
    let depth = 0;
    this.#depths = this.#tokens.map(({ text }) => {
      if (text === ')' || text === ']') depth -= 1;
      const own = depth;
      if (text === '(' || text === '[') depth += 1;
      return own;
    });
  }

  /** Where the first of these keywords is, between what is wanted; the end when it is nowhere. */
  find(
    keywords: readonly string[],
    from = 0,
    isMeant: (before: string, after: string) => boolean = () => true,
  ): number {
    for (let at = from; at < this.end; at += 1) {
      const isThere = this.#depths[at] === 0 && keywords.includes(this.#keyword(at));
      if (isThere && isMeant(this.#keyword(at - 1), this.#keyword(at + 1))) return at;
    }
    return this.end;
  }

  between(from: number, to: number): string {
    const [first, last] = [this.#tokens[from], this.#tokens[to - 1]];
    if (first === undefined || last === undefined || to <= from) return '';
    return this.#bytes.subarray(first.start, last.end).toString();
  }

  /** Without FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE and FOR KEY SHARE, in parentheses as well. */
  withoutRowLocks(): string {
    const kept: string[] = [];
    let from = 0;
    for (let at = 0; at < this.end; at += 1) {
      const after = this.#afterRowLock(at);
      if (after === at) continue;
      kept.push(this.between(from, at));
      from = after;
      at = after - 1;
    }
    return [...kept, this.between(from, this.end)].join('\n');
  }

  #afterRowLock(at: number): number {
    const words = [0, 1, 2, 3].map((ahead) => this.#keyword(at + ahead)).join(' ');
    const lock = /^FOR (?:NO KEY UPDATE|KEY SHARE|UPDATE|SHARE)\b/.exec(words)?.[0];
    if (lock === undefined) return at;
    let after = at + lock.split(' ').length;
    if (this.#keyword(after) === 'OF') {
      // A list of names, which may be of tables in schemas.
      do after += 2;
      while ([',', '.'].includes(this.#tokens[after]?.text ?? ''));
    }
    if (this.#keyword(after) === 'NOWAIT') return after + 1;
    return this.#keyword(after) === 'SKIP' ? after + 2 : after;
  }

  #keyword(at: number): string {
    const token = this.#tokens[at];
    return token === undefined || token.keywordKind === 0 ? '' : token.text.toUpperCase();
  }
}
