import type { RateLimitReport } from '../../load/index.ts';
import { columns } from './columns.ts';
import type { Style } from './style.ts';

/** What was found out about a rate limit, and where its headers were wrong. */
export function rateLimitLines(report: RateLimitReport | undefined, style: Style): string[] {
  if (report === undefined) return [];
  const rows = report.seen
    ? seenRows(report)
    : [['  Not seen', `${report.allowedFirst} answers, none of them 429`]];
  return ['', style('bold', 'Rate limit'), ...columns(rows)];
}

function seenRows(report: RateLimitReport): string[][] {
  const { allowedFirst, firstSeconds = 0, rejected, periodSeconds, allowedPerPeriod, announced } = report;
  const { beyondLimit, retryAfterErrorSeconds } = report;
  return [
    ['  Set in', `after ${allowedFirst} answers, ${firstSeconds.toFixed(2)} s; ${rejected} were 429`],
    [
      '  Period',
      periodSeconds === undefined
        ? 'not measured: the run is too short to see the limit lifted twice'
        : `${periodSeconds.toFixed(2)} s, ${allowedPerPeriod} let through in each (medians)`,
    ],
    ['  Announced', announcedText(announced)],
    ...(beyondLimit === undefined
      ? []
      : [['  Beyond it', `${beyondLimit} let through above the announced limit`]]),
    ...(retryAfterErrorSeconds === undefined
      ? []
      : [['  Retry-After', `off by at most ${retryAfterErrorSeconds.toFixed(2)} s`]]),
  ];
}

function announcedText({ limit, windowSeconds, retryAfterSeconds }: RateLimitReport['announced']): string {
  const parts = [
    limit === undefined ? undefined : `limit ${limit}`,
    windowSeconds === undefined ? undefined : `window ${windowSeconds} s`,
    retryAfterSeconds === undefined ? undefined : `retry after ${retryAfterSeconds} s`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'nothing: no RateLimit and no Retry-After header' : parts.join(', ');
}
