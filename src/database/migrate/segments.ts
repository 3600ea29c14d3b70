import { UserError } from '../../core/errors.ts';
import { runsOutside } from './outside.ts';
import type { Script, ScriptStatement } from './script.ts';

/** A statement and its place among those of its script, counted from 0. */
export interface Step {
  readonly index: number;
  readonly statement: ScriptStatement;
}

/**
 * What is done, and recorded, at once. `transaction`: committed together with its record. `alone`: cannot
 * be in a transaction, so it is announced before and recorded after. `settings`: nothing but SET, which is
 * repeated when a script is taken up again.
 */
export interface Segment {
  readonly kind: 'transaction' | 'alone' | 'settings';
  /** How the transaction begins, as the file writes it. */
  readonly begin: string;
  readonly steps: readonly Step[];
}

/** What was learnt about a script by running it. */
export interface Cuts {
  /** Statements that PostgreSQL refused inside a transaction. */
  readonly alone: ReadonlySet<number>;
  /** Whether a new enum value is committed before what follows, which is where it can first be used. */
  readonly afterEnum: boolean;
}

export const NO_CUTS: Cuts = { alone: new Set(), afterEnum: false };

/** A run of statements that is being collected. */
interface Open {
  readonly begin: string;
  /** Whether the file itself wrote BEGIN. */
  readonly explicit: boolean;
  readonly steps: Step[];
}

/**
 * Cuts a script into as few transactions as its statements allow; BEGIN and COMMIT in the file are
 * respected. Errors: DB069 for transactions that cannot be recorded.
 */
export function cutSegments(script: Script, cuts: Cuts = NO_CUTS): Segment[] {
  const segments: Segment[] = [];
  let open: Open = implicit();
  const close = (): void => {
    if (open.steps.length > 0 || open.explicit) segments.push(...segmentOf(open));
    open = implicit();
  };
  let index = 0;
  for (const statement of script.statements) {
    const verb = transactionVerb(statement);
    if (verb === 'begin') {
      if (open.explicit) throw unrunnable(statement, 'a transaction begins inside a transaction');
      close();
      open = { begin: statement.text, explicit: true, steps: [] };
    } else if (verb === 'commit') {
      if (!open.explicit) throw unrunnable(statement, 'COMMIT without BEGIN');
      close();
    } else {
      const step = { index, statement };
      index += 1;
      const isAlone = isOnItsOwn(step, script, cuts);
      if (isAlone && open.explicit) throw unrunnable(statement, 'this cannot run inside a transaction');
      if (isAlone || (script.noTransaction && !open.explicit)) close();
      if (isAlone) segments.push({ kind: 'alone', begin: '', steps: [step] });
      else open.steps.push(step);
      const ends = script.noTransaction || (cuts.afterEnum && statement.node === 'AlterEnumStmt');
      if (ends && !open.explicit) close();
    }
  }
  if (open.explicit) {
    const last = script.statements.findLast((statement) => transactionVerb(statement) === 'begin');
    throw unrunnable(last, 'a transaction begins and never ends');
  }
  close();
  return segments;
}

const implicit = (): Open => ({ begin: 'BEGIN', explicit: false, steps: [] });

function segmentOf({ begin, steps, explicit }: Open): Segment[] {
  if (steps.length === 0) return [];
  const isSettings = !explicit && steps.every(({ statement }) => setsSession(statement));
  return [{ kind: isSettings ? 'settings' : 'transaction', begin, steps }];
}

/** In a file that asks for no transaction, CALL and DO may commit on their own. */
function isOnItsOwn({ index, statement }: Step, { noTransaction }: Script, { alone }: Cuts): boolean {
  const mayCommit = noTransaction && (statement.node === 'CallStmt' || statement.node === 'DoStmt');
  return mayCommit || alone.has(index) || runsOutside(statement);
}

/** Whether a statement changes nothing but settings of the session. */
export function setsSession({ node, tree, text }: ScriptStatement): boolean {
  if (node === 'VariableSetStmt') return (tree as { is_local?: boolean }).is_local !== true;
  // pg_dump clears the search path with a SELECT.
  return node === 'SelectStmt' && /^SELECT\s+(?:pg_catalog\.)?set_config\([^()]*,\s*false\)$/i.test(text);
}

const VERBS: Readonly<Record<string, 'begin' | 'commit'>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
};

/** Statements about transactions that run inside one like any other. */
const ORDINARY: ReadonlySet<string> = new Set([
  'TRANS_STMT_SAVEPOINT',
  'TRANS_STMT_RELEASE',
  'TRANS_STMT_ROLLBACK_TO',
]);

function transactionVerb(statement: ScriptStatement): 'begin' | 'commit' | undefined {
  if (statement.node === 'DiscardStmt' && /^discard\s+all\b/i.test(statement.text)) {
    throw unrunnable(statement, 'DISCARD ALL gives up the lock that keeps other runs out');
  }
  if (statement.node !== 'TransactionStmt') return undefined;
  const { kind = '', chain } = statement.tree as { kind?: string; chain?: boolean };
  const verb = VERBS[kind];
  if (ORDINARY.has(kind)) return undefined;
  if (verb === undefined || chain === true) throw unrunnable(statement, 'this would hide what was committed');
  return verb;
}

function unrunnable(statement: ScriptStatement | undefined, why: string): UserError {
  return new UserError('DB069', why, {
    kind: 'usage',
    ...(statement === undefined
      ? {}
      : { location: { ...statement.location, statement: statement.text.split('\n')[0] ?? '' } }),
  });
}
