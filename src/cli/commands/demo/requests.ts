/** A request and what came back, as the demo shows it. */
export interface Exchange {
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

interface DemoRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const REQUESTS: readonly DemoRequest[] = [
  { method: 'GET', path: '/customers/7/orders?limit=2' },
  { method: 'GET', path: '/customers/7/orders?limit=many' },
  { method: 'POST', path: '/customers', body: { name: '', email: 'not-an-email', admin: true } },
];

/** Asks the service what a person would try first: a valid request, and invalid ones. */
export async function askService(baseUrl: string, signal: AbortSignal): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const { method, path, body } of REQUESTS) {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      signal,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const shown = body === undefined ? '' : ` ${JSON.stringify(body)}`;
    exchanges.push({
      request: `${method} ${path}${shown}`,
      status: answer.status,
      body: await answer.text(),
    });
  }
  return exchanges;
}
