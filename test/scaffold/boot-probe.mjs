// Boots a compiled server and asks for each of its operations once. Arguments: the folder of index.js,
// and a JSON file of [{ ids, method, url }]. Prints the operations that were not answered at their own
// path: those for which the server says that there is no such path or method, or which another
// operation's handler answered. Runs in a process of its own: a server may take its memory with it.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, file] = process.argv.slice(2);
const operations = JSON.parse(readFileSync(file, 'utf8'));
const { createApp } = await import(pathToFileURL(join(folder, 'index.js')).href);

// What is asked here is who answers, so nobody is asked who they are.
const contracts = await import(pathToFileURL(join(folder, 'validators.js')).href);
for (const contract of Object.values(contracts)) delete contract.security;

const app = await createApp(undefined, { onError: () => {} });
const server = await listen(app);
const { port } = server.address();
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Fastify listens with options and a promise, the others as Node's own server does. */
async function listen(instance) {
  if (typeof instance.inject === 'function') {
    await instance.listen({ port: 0, host: '127.0.0.1' });
    return instance.server;
  }
  const listening = instance.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  return listening;
}

const ask = ({ method, url }) =>
  new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent, method: method.toUpperCase(), path: url }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });

/** A request that the contract refuses was routed; one that reached a stub must have reached one of its URL. */
const isAnswered = ({ ids }, { status, text }) => {
  if (status === 404 || status === 405) return false;
  if (status !== 501 || text === '') return true;
  return ids.some((id) => JSON.parse(text).error.message === `${id} is not implemented`);
};

const missed = [];
for (let at = 0; at < operations.length; at += 8) {
  const batch = operations.slice(at, at + 8);
  const answers = await Promise.all(batch.map(ask));
  batch.forEach((operation, index) => {
    if (!isAnswered(operation, answers[index])) {
      missed.push(`${operation.method} ${operation.url}: ${answers[index].status}`);
    }
  });
}
process.stdout.write(JSON.stringify({ asked: operations.length, missed }));
agent.destroy();
server.close();
