// Watches a rate limit from outside: when it sets in, how long it holds, what it lets through, and
// whether the service's own headers told the truth about it.

/** What the service says of its limit: RateLimit headers (all drafts and X-), Retry-After. */
export interface AnnouncedLimit {
  readonly limit?: number;
  readonly windowSeconds?: number;
  readonly retryAfterSeconds?: number;
}

export interface RateLimitReport {
  /** Whether any answer was 429. */
  readonly seen: boolean;
  readonly rejected: number;
  /** Answers let through before the first 429, and when that came. */
  readonly allowedFirst: number;
  readonly firstSeconds?: number;
  /** From one time that requests were let through again to the next, the median; of at least two such times. */
  readonly periodSeconds?: number;
  /** Let through in a whole period, the median. */
  readonly allowedPerPeriod?: number;
  readonly announced: AnnouncedLimit;
  /** Answers let through above the announced limit, over the first and all whole periods. */
  readonly beyondLimit?: number;
  /** The largest difference between when Retry-After promised service and when it came. */
  readonly retryAfterErrorSeconds?: number;
}

/** Collects while the run goes on; `report` may be asked at any time. */
export class RateLimitWatch {
  #announced: AnnouncedLimit = {};
  #rejected = 0;
  #allowed = 0;
  #allowedFirst = 0;
  #firstAt = Number.NaN;
  #limited = false;
  #promisedAt = Number.NaN;
  #largestError = Number.NaN;
  readonly #resumedAt: number[] = [];
  /** Let through in each period; the last is still running. */
  readonly #allowedIn: number[] = [];

  /** One answer, `at` milliseconds from the start; `head` is its status line and headers. */
  observe(status: number, at: number, head: string): void {
    if (status === 429) this.#reject(at, head);
    else this.#allow(at);
  }

  report(): RateLimitReport {
    const { limit } = this.#announced;
    const starts = mergePeriods(this.#resumedAt, this.#allowedIn);
    const periods = starts.slice(1).map(({ at }, index) => at - (starts[index]?.at ?? 0));
    const whole = starts.slice(0, -1).map(({ allowed }) => allowed);
    const counts = [this.#allowedFirst, ...whole];
    return {
      seen: this.#rejected > 0,
      rejected: this.#rejected,
      allowedFirst: this.#rejected > 0 ? this.#allowedFirst : this.#allowed,
      announced: this.#announced,
      ...(this.#rejected > 0 ? { firstSeconds: this.#firstAt / 1000 } : {}),
      ...(periods.length > 0 ? { periodSeconds: median(periods) / 1000 } : {}),
      ...(whole.length > 0 ? { allowedPerPeriod: median(whole) } : {}),
      ...(limit === undefined || this.#rejected === 0
        ? {}
        : { beyondLimit: counts.reduce((sum, count) => sum + Math.max(0, count - limit), 0) }),
      ...(Number.isNaN(this.#largestError) ? {} : { retryAfterErrorSeconds: this.#largestError / 1000 }),
    };
  }

  #reject(at: number, head: string): void {
    if (this.#rejected === 0) {
      this.#firstAt = at;
      this.#allowedFirst = this.#allowed;
    }
    this.#rejected += 1;
    this.#limited = true;
    const announced = readAnnouncement(head);
    this.#announced = { ...announced, ...this.#announced };
    if (announced.retryAfterSeconds !== undefined) this.#promisedAt = at + announced.retryAfterSeconds * 1000;
  }

  #allow(at: number): void {
    this.#allowed += 1;
    if (this.#limited) {
      this.#limited = false;
      this.#resumedAt.push(at);
      this.#allowedIn.push(0);
      const error = Math.abs(at - this.#promisedAt);
      this.#largestError = Number.isNaN(this.#largestError)
        ? error
        : Math.max(this.#largestError, error || 0);
    }
    const last = this.#allowedIn.length - 1;
    if (last >= 0) this.#allowedIn[last] = (this.#allowedIn[last] ?? 0) + 1;
  }
}

interface Period {
  readonly at: number;
  readonly allowed: number;
}

/**
 * Where a limit is lifted, answers of several connections overtake each other: a late 429 between two
 * successes looks like a period of its own. One shorter than half the longest belongs to the one before.
 */
function mergePeriods(resumedAt: readonly number[], allowedIn: readonly number[]): Period[] {
  const longest = Math.max(0, ...resumedAt.slice(1).map((at, index) => at - (resumedAt[index] ?? 0)));
  const periods: Period[] = [];
  resumedAt.forEach((at, index) => {
    const allowed = allowedIn[index] ?? 0;
    const last = periods.at(-1);
    if (last === undefined || at - last.at >= longest / 2) periods.push({ at, allowed });
    else periods[periods.length - 1] = { at: last.at, allowed: last.allowed + allowed };
  });
  return periods;
}

/** Reads `RateLimit: "x";r=0;t=5`, `RateLimit-Policy: "x";q=100;w=60`, `RateLimit-Limit`, `X-RateLimit-Limit`, `Retry-After`. */
function readAnnouncement(head: string): AnnouncedLimit {
  const policy = headerOf(head, 'ratelimit-policy') ?? '';
  const combined = headerOf(head, 'ratelimit') ?? '';
  const plain = headerOf(head, 'ratelimit-limit') ?? headerOf(head, 'x-ratelimit-limit') ?? '';
  const limit = numberIn(policy, 'q') ?? numberIn(combined, 'limit') ?? leadingNumber(plain);
  const windowSeconds = numberIn(policy, 'w') ?? numberIn(plain, 'w');
  const retryAfterSeconds = leadingNumber(headerOf(head, 'retry-after') ?? '');
  return {
    ...((limit ?? leadingNumber(policy)) === undefined ? {} : { limit: limit ?? leadingNumber(policy) ?? 0 }),
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function headerOf(head: string, name: string): string | undefined {
  const line = head.split('\r\n').find((text) => text.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

function numberIn(value: string, key: string): number | undefined {
  const [, digits] = new RegExp(`(?:^|[;,\\s])${key}=(\\d+(?:\\.\\d+)?)`).exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function leadingNumber(value: string): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?)\s*(?:$|[,;])/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
