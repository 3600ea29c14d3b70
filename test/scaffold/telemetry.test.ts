import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect, test } from 'vitest';
import { inSpan } from '../../templates/project/telemetry.ts';

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('each request is a span of its caller, in which the handler runs', async () => {
  const exporter = new InMemorySpanExporter();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  const seen: (string | undefined)[] = [];
  const server = createServer((request, answer) =>
    inSpan(request, answer, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(trace.getActiveSpan()?.spanContext().traceId);
      answer.statusCode = 503;
      answer.end();
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}/orders?token=secret`, { headers: { traceparent: CALLER } });
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  const [span] = exporter.getFinishedSpans();
  expect(seen).toEqual(['0af7651916cd43dd8448eb211c80319c']);
  expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect(span?.attributes).toEqual({
    'http.request.method': 'GET',
    'url.path': '/orders',
    'http.response.status_code': 503,
  });
  expect(span?.status.code).toBe(2);
});
