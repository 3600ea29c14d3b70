import { type KeptAnswer, MOST_KEPT, readAnswer } from './client/answer-keeper.ts';
import type { AnswerSample } from './client/plan.ts';
import type { AskedOperation } from './operation-result.ts';

/** A whole answer of a run. */
export interface SampledAnswer {
  /** As its request is named. */
  readonly operation: string;
  readonly status: number;
  /** The first mebibyte is all that was kept: what is behind it is not known. */
  readonly cut: boolean;
  /** Of head and body, as far as they were kept. */
  readonly bytes: number;
  /** Takes head and body apart: not during the run. */
  readonly read: () => KeptAnswer;
}

export const readSample = (
  { operation, status, bytes }: AnswerSample,
  operations: readonly AskedOperation[],
): SampledAnswer => ({
  operation: operations[operation]?.name ?? '',
  status,
  cut: bytes.length >= MOST_KEPT,
  bytes: bytes.length,
  read: () => readAnswer(Buffer.from(bytes)),
});
