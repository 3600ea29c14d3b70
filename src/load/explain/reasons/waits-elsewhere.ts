import { figure, type Rule } from '../reason.ts';

/** Milliseconds from which a wait is no jitter of the machine. */
const LEAST_MS = 10;
/** And of the time of a request alone: less is within what the rest of it is known to. */
const LEAST_PART = 0.1;

/** A wait that is neither for the database nor for the processor, also when the request is alone. */
export const waitsElsewhere: Rule = (rest, { evidence, decomposition }) => {
  const { peers, concurrency } = evidence.load;
  if (rest.elsewhere < LEAST_MS || rest.elsewhere < LEAST_PART * rest.operation.quietMs) return [];
  const spent = rest.elsewhere;
  rest.elsewhere = 0;
  const whom = peers
    .map(({ address }) => address)
    .slice(0, 3)
    .join(', ');
  return [
    {
      code: 'waits-elsewhere',
      message: (part) =>
        `${rest.operation.name} spends ${part} waiting for something that is neither the database nor the processor${whom === '' ? '' : `; the service has connections to ${whom}`}`,
      evidence: {
        'ms a request, alone': figure(rest.operation.quietMs),
        'ms of it waiting elsewhere': figure(spent),
        'ms a request, under load': figure(rest.loadMs),
        'requests at a time': figure(decomposition.parallel),
        'connections of the load': concurrency,
        ...Object.fromEntries(
          peers.slice(0, 3).map(({ address, connections }) => [`connections to ${address}`, connections]),
        ),
      },
      mend: {
        text: 'Ask the other service less often (keep its answers, ask at the same time instead of one after the other), and give up early.',
      },
      takes: { elsewhere: spent },
      holdsConnection: false,
    },
  ];
};
