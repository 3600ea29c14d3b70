import { isStarved } from '../decompose.ts';
import { figure, type Rule } from '../reason.ts';

/** Milliseconds of processor time from which a handler computes; a generated one with a list of 50 takes 1 to 2. */
const LEAST_MS = 2.5;

/** Where others take the processor, the same work costs more of it: caches are cold, code is slower to be compiled. */
const LEAST_STARVED_MS = 10;

/** A handler that computes. */
export const processor: Rule = (rest, { evidence }) => {
  const { cpuMs } = rest.operation;
  // What others have claimed of it is explained; what is left must be much by itself.
  const alone = cpuMs === undefined ? 0 : Math.min(cpuMs, rest.processor);
  if (cpuMs === undefined || alone < (isStarved(evidence.operations) ? LEAST_STARVED_MS : LEAST_MS))
    return [];
  const spent = rest.processor;
  rest.processor = 0;
  const { busiest = 0 } = evidence.load;
  return [
    {
      code: 'processor',
      message: (part) =>
        `${rest.operation.name} spends ${part} computing in the service's own process: ${figure(spent)} ms a request, while others wait`,
      evidence: {
        'ms of processor a request, alone': figure(cpuMs),
        'ms of processor a request, under load': figure(evidence.load.cpuMs ?? 0),
        'busiest thread, % of the time': Math.round(busiest * 100),
        'ms a request, alone': figure(rest.operation.quietMs),
      },
      mend: {
        text: 'Find it with node --cpu-prof; then do it once and keep the answer, in smaller pieces, or in a worker thread.',
      },
      takes: { processor: spent },
      holdsConnection: false,
    },
  ];
};
