import { variablesOf } from './environment-file.ts';
import type { ProjectPlan } from './plan.ts';

/** README.md of a project. */
export function printReadme(plan: ProjectPlan): string {
  const { title, health, schemes } = plan;
  const rows = variablesOf(plan).map(
    ({ name, about, example, isRequired }) =>
      `| \`${name}\` | ${isRequired ? 'required' : `\`${example}\``} | ${about} |`,
  );
  const hasTokens = schemes.some(({ scheme }) => scheme.kind === 'bearer');
  return `# ${title}

\`\`\`sh
npm install
npm test
npm start        # reads .env; in production, set the variables themselves
\`\`\`

## What is where

| file | what |
| --- | --- |
| \`src/api/*.handlers.ts\` | what the operations do: begin here |
| \`src/api/\` | the rest of it is made from the contract, and made anew when that changes |
${schemes.length === 0 ? '' : '| `src/api/verifiers.ts` | who is let in |\n'}| \`src/app.ts\` | what every request goes through |
| \`src/service.ts\` | what the service is put together from |
| \`src/limits.ts\` | rate limits of single operations |
| \`src/config.ts\`, \`src/settings.ts\` | what the environment says |

Everything outside \`src/api\`, the handlers${schemes.length === 0 ? '' : ' and the verifiers'} are yours: they were written once and are not touched again.
When the contract changes, run the same command again, with \`--project\` and this folder as \`--output\`.

## Configuration

| variable | default | what |
| --- | --- | --- |
${rows.join('\n')}

The service does not start when one is missing or wrong, and names all that are. \`.env\` holds examples that let nobody in${
    hasTokens ? ': set the issuer of your tokens' : ''
  }.

## In production

- \`GET ${health.live}\` says whether the process works, \`GET ${health.ready}\` whether requests should come here.
- On SIGTERM readiness fails at once, and requests are served for \`SHUTDOWN_DELAY_SECONDS\` more; then no more connections
  are taken, each answer closes its own, and what was taken is answered. Give the process that time and
  \`SHUTDOWN_TIMEOUT_SECONDS\` before it is killed.
- Logs are JSON lines on standard output, without headers, bodies and credentials. Each has the request id of the answer.
- While Redis is away, requests are served and not counted, and readiness fails.
- \`docker build -t ${plan.name} .\` makes an image that runs as a user without rights.

## OpenTelemetry

\`src/telemetry.ts\` makes a span for each request, which costs nothing until an SDK is registered. To register one:

\`\`\`sh
npm install @opentelemetry/sdk-trace-node @opentelemetry/exporter-trace-otlp-http
NODE_OPTIONS='--import ./telemetry.mjs' npm start
\`\`\`

with a \`telemetry.mjs\` such as

\`\`\`js
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();
\`\`\`
`;
}
