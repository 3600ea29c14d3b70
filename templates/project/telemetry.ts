// The hook for OpenTelemetry: a span for each request, which does nothing until an SDK is registered. README.md says how.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('service');

/** Runs what answers a request inside a span, which is a child of the caller's. Names: semantic conventions for HTTP. */
export function inSpan<T>(request: IncomingMessage, answer: ServerResponse, run: () => T): T {
  const caller = propagation.extract(context.active(), request.headers);
  const [path = ''] = (request.url ?? '').split('?', 1);
  const attributes = { 'http.request.method': request.method ?? '', 'url.path': path };
  const span = tracer.startSpan(request.method ?? 'HTTP', { kind: SpanKind.SERVER, attributes }, caller);
  answer.once('close', () => {
    span.setAttribute('http.response.status_code', answer.statusCode);
    if (answer.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  return context.with(trace.setSpan(caller, span), run);
}
