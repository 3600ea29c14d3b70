// Answers of a run, held to the contract when it is over.
import type { LoadResult, SampledAnswer } from '../../../../load/index.ts';
import {
  type Breach,
  breachesOf,
  type ContractOperation,
  declaredAnswer,
  type RequestContract,
} from '../../../../scaffold/index.ts';

/** One way in which the answers of an operation break the contract. */
export interface BreachSummary extends Breach {
  readonly operation: string;
  /** So many answers of those that were looked at do; of a status, of all. */
  readonly count: number;
  readonly of: number;
}

/** Answers of each operation that are looked at. */
export const SAMPLES = 20;
const MOST_BYTES = 64 * 2 ** 20;
/** More of one operation would be the same again. */
const MOST_OF_ONE = 10;

/** Keeps answers while a run goes on, and reads them when it is over. */
export class AnswerCheck {
  readonly #contract: RequestContract;
  readonly #samples: SampledAnswer[] = [];
  #bytes = 0;

  constructor(contract: RequestContract) {
    this.#contract = contract;
  }

  /** Costs the run nothing but the memory. */
  take(sample: SampledAnswer): void {
    this.#bytes += sample.bytes;
    if (this.#bytes <= MOST_BYTES) this.#samples.push(sample);
  }

  /** What the answers break, and how many were read. The statuses are those of all answers. */
  finish({ operations }: LoadResult): {
    readonly checked: number;
    readonly breaches: readonly BreachSummary[];
  } {
    const byName = new Map(this.#contract.operations.map((operation) => [operation.name, operation]));
    const read = this.#samples.filter(({ cut }) => !cut);
    const breaches = operations.flatMap(({ name, statuses }) => {
      const asked = byName.get(name);
      if (asked === undefined) return [];
      const own = read.filter(({ operation }) => operation === name);
      return [...undeclared(asked, statuses), ...this.#readAll(asked, own)].slice(0, MOST_OF_ONE);
    });
    return { checked: read.length, breaches };
  }

  #readAll(asked: ContractOperation, samples: readonly SampledAnswer[]): BreachSummary[] {
    const found = new Map<string, { readonly breach: Breach; count: number }>();
    for (const { status, read } of samples) {
      const { headers, body } = read();
      const keys = new Set<string>();
      for (const breach of breachesOf(this.#contract, asked, { status, headers, body: body() })) {
        const key = `${breach.kind} ${anyItem(breach.pointer)} ${breach.message}`;
        // Statuses are counted of all answers.
        if (breach.kind === 'status' || keys.has(key)) continue;
        keys.add(key);
        const known = found.get(key);
        if (known === undefined) found.set(key, { breach, count: 1 });
        else known.count += 1;
      }
    }
    const all = samples.length;
    return [...found.values()].map(({ breach, count }) => ({
      operation: asked.name,
      ...breach,
      count,
      of: all,
    }));
  }
}

/** The same fault in every item of a list is one. */
const anyItem = (pointer: string): string => pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*');

function undeclared(
  asked: ContractOperation,
  statuses: LoadResult['operations'][number]['statuses'],
): BreachSummary[] {
  const of = statuses.reduce((sum, { count }) => sum + count, 0);
  return statuses.flatMap(({ status, count }) =>
    declaredAnswer(asked, status) === undefined
      ? [
          {
            operation: asked.name,
            kind: 'status' as const,
            pointer: '',
            message: `status ${status} is not in the contract`,
            count,
            of,
          },
        ]
      : [],
  );
}
