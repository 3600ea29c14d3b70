import { type LoadOptions, runLoad, type SampledAnswer } from '../../../../load/index.ts';
import { type JsonValue, type MadeRequest, parsed } from '../../../../scaffold/index.ts';

/** An answer that was asked for before the run. */
export interface PreparedAnswer {
  readonly status: number;
  /** Below 400. */
  readonly isGood: boolean;
  readonly body: JsonValue | undefined;
  readonly location: string | undefined;
}

/** What came back, by the place of its request; undefined where nothing did. */
export interface Asked {
  readonly answers: readonly (PreparedAnswer | undefined)[];
  /** Milliseconds that an answer took, on average; undefined when there was none. */
  readonly latency: number | undefined;
}

/** The whole of a preparation step ends after this many seconds. */
const LONGEST_STEP = 20;
const MOST_CONNECTIONS = 10;

/** Asks each once, several at a time, the way the run will. Errors: those of runLoad. */
export async function askAll(
  base: LoadOptions,
  requests: readonly MadeRequest[],
  signal: AbortSignal,
): Promise<Asked> {
  if (requests.length === 0 || signal.aborted)
    return { answers: requests.map(() => undefined), latency: undefined };
  const answers: (PreparedAnswer | undefined)[] = requests.map(() => undefined);
  const take = (sample: SampledAnswer): void => {
    answers[Number(sample.operation)] = readAnswer(sample);
  };
  const { latency } = await runLoad(
    {
      ...connectionOf(base),
      operations: requests.map((request, at) => ({ ...request, name: String(at), weight: 1 })),
      requests: requests.length,
      samples: 1,
      connections: Math.min(MOST_CONNECTIONS, requests.length),
      duration: LONGEST_STEP,
      engine: 'net',
      threads: 1,
    },
    signal,
    undefined,
    take,
  );
  return { answers, latency: latency?.mean };
}

/** Where requests go and who sends them, without how many there are. */
function connectionOf(options: LoadOptions): LoadOptions {
  const { url, headers, timeout, verifyTls, ca, certificate, key, socketPath, http2, oauth } = options;
  const all = { headers, timeout, verifyTls, ca, certificate, key, socketPath, http2, oauth };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return { url, ...(given as Partial<LoadOptions>) };
}

function readAnswer({ status, read }: SampledAnswer): PreparedAnswer {
  const { headers, body } = read();
  return {
    status,
    isGood: status < 400,
    body: parsed(body()),
    location: headers.find(([name]) => name === 'location')?.[1],
  };
}
