import { columns } from './columns.ts';
import type { Style } from './style.ts';
import { visibleLine } from './visible.ts';

/** What a load by contract found of the contract. */
export interface ContractReport {
  readonly title: string;
  /** Answers that were read. */
  readonly checked: number;
  readonly breaches: readonly {
    readonly operation: string;
    readonly kind: 'status' | 'content-type' | 'header' | 'body';
    readonly pointer: string;
    readonly message: string;
    readonly count: number;
    readonly of: number;
  }[];
  /** Operations that were not sent. */
  readonly leftOut: readonly { readonly operation: string; readonly why: string }[];
  readonly notes: readonly { readonly operation: string; readonly why: string }[];
}

/** `/data/3/id`, or what an answer as a whole breaks. */
export const placeOf = ({ kind, pointer }: ContractReport['breaches'][number]): string =>
  kind === 'body' && pointer !== '' ? pointer : kind;

/** The contract's part of the report for people; nothing without one. */
export function contractLines(contract: ContractReport | undefined, style: Style): string[] {
  if (contract === undefined) return [];
  const { checked, breaches, leftOut, notes } = contract;
  const rows = breaches.map((breach) => [
    `  ${style('red', visibleLine(breach.operation))}`,
    visibleLine(placeOf(breach)),
    visibleLine(breach.message),
    `${breach.count} of ${breach.of}`,
  ]);
  const kept = `  ${style('green', 'kept')} by all ${checked} answers that were read`;
  return [
    '',
    style('bold', 'Contract'),
    ...(rows.length === 0 ? [kept] : columns(rows)),
    ...remarks('Left out', leftOut, style),
    ...remarks('Notes', notes, style),
  ];
}

const remarks = (title: string, list: ContractReport['leftOut'], style: Style): string[] =>
  list.length === 0
    ? []
    : [
        '',
        style('bold', title),
        ...columns(list.map(({ operation, why }) => [`  ${visibleLine(operation)}`, visibleLine(why)])),
      ];
