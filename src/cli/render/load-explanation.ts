import type { Decomposition, Explanation, Parts, Reason } from '../../load/index.ts';
import { columns } from './columns.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

/** What a request queues for, in words. */
export const QUEUE_WORDS: Readonly<Record<Decomposition['queue'], string>> = {
  lock: 'queue behind a lock',
  processor: "queue for the service's processor",
  thread: 'queue for the thread of the service and its database',
  connection: 'queue for a database connection',
  opening: 'queue for connections to be opened',
  database: 'queue for the database, which does no more',
  transfer: 'queue for large answers to be made and moved',
  machine: 'queue for the processors of the machine',
  turn: 'queue for its turn in the service',
  unknown: 'not attributed',
};

/** The parts of a request's time, in the order in which they are shown. */
export const PART_WORDS: readonly (readonly [words: string, key: Exclude<keyof Parts, 'operation'>])[] = [
  ['statements in the database', 'database'],
  ['waiting for locks', 'lock'],
  ["the service's processor", 'processor'],
  ['moving the answer', 'transfer'],
  ['ways to the database and back', 'trips'],
  ['waiting elsewhere', 'elsewhere'],
];

/** The time of one operation by part, with the queue last; parts of nothing are left out. */
export function partRows(
  parts: Parts,
  queue: Decomposition['queue'],
): (readonly [words: string, ms: number])[] {
  const own = PART_WORDS.map(([words, key]) => [words, parts[key]] as const);
  return [...own, [QUEUE_WORDS[queue], parts.queue] as const].filter(([, ms]) => ms >= 0.005 * parts.loadMs);
}

export const NO_REASON =
  'None: no statement, lock, pool, answer, computation or other wait takes enough of the time to be named';

/** The explanation for people; `verbose` adds the evidence of each reason. */
export function explanationLines(
  { reasons, decomposition, evidence, notes }: Explanation,
  { style, verbose }: { readonly style: Style; readonly verbose: boolean },
): string[] {
  return [
    '',
    style('bold', 'Where the time of a request goes'),
    ...decomposition.parts.flatMap((parts, at) => {
      const alone = evidence.operations[at];
      const statements = alone?.statements.reduce((sum, { calls }) => sum + calls, 0) ?? 0;
      const counted = evidence.source === 'counted' ? `; statements a request: ${round(statements)}` : '';
      return [
        `  ${visible(parts.operation)}: ${ms(parts.loadMs)} on average, ${ms(alone?.quietMs ?? 0)} when alone${counted}`,
        ...columns(
          partRows(parts, decomposition.queue).map(([words, value]) => [
            `    ${words}`,
            ms(value),
            `${Math.round((100 * value) / Math.max(parts.loadMs, 1e-9))} %`,
          ]),
        ),
      ];
    }),
    '',
    style('bold', 'Reasons'),
    ...(reasons.length === 0
      ? [`  ${NO_REASON}`]
      : reasons.flatMap((reason, at) => reasonLines(reason, at, style, verbose))),
    ...notes.map((note) => style('yellow', `  Not seen: ${visible(note)}`)),
  ];
}

function reasonLines(reason: Reason, at: number, style: Style, verbose: boolean): string[] {
  const { share, message, mend } = reason;
  return [
    `  ${at + 1}. ${style('yellow', `${Math.round(share * 100)} %`)} ${visible(message)} (${reason.code})`,
    ...(verbose
      ? columns(
          Object.entries(reason.evidence).map(([name, value]) => [
            `       ${visible(name)}`,
            visible(String(value)),
          ]),
        )
      : []),
    `     ${mend.text}`,
    ...(mend.sql ?? []).map((sql) => `       ${visible(sql)};`),
    ...(mend.command === undefined ? [] : [`       ${visible(mend.command)}`]),
  ];
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
const round = (value: number): string => String(Number(value.toPrecision(3)));
