// The load capability: measure an HTTP service.

export type { SampledAnswer } from './answer-sample.ts';
export { bucketMilliseconds, type Environment, parseBaseline } from './baseline.ts';
export type { ClusterReport, WorkerReport } from './cluster/cluster-report.ts';
export { type ClusterOptions, runCluster, serveRuns, type WorkerOptions } from './cluster/lazy.ts';
export type { LinkOptions } from './cluster/link.ts';
export { LOAD_CODES } from './codes.ts';
export { type Comparison, FEWEST_BLOCKS, type MetricComparison, type Verdict } from './compare.ts';
export {
  type CompareProgress,
  type CompareResult,
  compareRuns,
  runAgainstBaseline,
  runCompare,
} from './compare-run.ts';
export { parseDuration } from './duration.ts';
export type { Decomposition, Parts } from './explain/decompose.ts';
export type { Evidence } from './explain/evidence.ts';
export { type ExplainedRun, type ExplainOptions, type Explanation, runExplained } from './explain/explain.ts';
export type { Reason, ReasonCode } from './explain/reason.ts';
export { FAULT_KINDS, type FaultKind } from './fault.ts';
export { parseRows } from './feeder.ts';
export { parseCurl } from './import/curl.ts';
export { parseHar } from './import/har.ts';
export type { LatencySummary } from './latency.ts';
export type { NamedRequest } from './operation.ts';
export type { OperationSummary } from './operation-result.ts';
export type { LoadProgress } from './progress.ts';
export type { RateLimitReport } from './rate-limit.ts';
export type { Recommendation } from './recommend.ts';
export { type Header, parseHeader } from './request.ts';
export { refuseBesideOperations } from './request-list.ts';
export type { FaultSummary, LoadResult, StatusSummary } from './result.ts';
export { runLoad } from './run.ts';
export { parseScenario } from './scenario/parse.ts';
export type { LoadOptions, Stage } from './settings.ts';
export { type Check, parseThreshold } from './threshold.ts';
