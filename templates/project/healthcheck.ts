// Asks the service on this machine whether it works: for containers. Ends with 0 when it does.
import { request } from 'node:http';
import { request as requestOverTls } from 'node:https';

const [path = '/healthz'] = process.argv.slice(2);
const port = process.env['PORT'] ?? 3000;
const hasTls = (process.env['TLS_CERT_FILE'] ?? '') !== '';

// The certificate is for other names than that of this machine.
const sent = hasTls
  ? requestOverTls({ port, path, rejectUnauthorized: false })
  : request({ port, path, host: '127.0.0.1' });
sent
  .on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('error', () => process.exit(1))
  .end();
