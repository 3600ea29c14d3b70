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
  /** Of head and body, over HTTP/2 of the body, as far as they were kept. */
  readonly bytes: number;
  /** Takes head and body apart: not during the run. */
  readonly read: () => KeptAnswer;
}

export const readSample = (
  { operation, status, answer }: AnswerSample,
  operations: readonly AskedOperation[],
): SampledAnswer => ({
  operation: operations[operation]?.name ?? '',
  status,
  cut: answer.bytes.length >= MOST_KEPT,
  bytes: answer.bytes.length,
  read: () => readAnswer(answer),
});
