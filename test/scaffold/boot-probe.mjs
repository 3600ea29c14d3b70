// Boots compiled servers, one after another, and asks each for every one of its operations once.
// Argument: a JSON file of [{ folder, operations: [{ ids, method, url }] }], with the folder of index.js.
// Prints for each { asked, missed, failure? }: the operations that were not answered at their own path are
// those for which the server says that there is no such path or method, or which another operation's
// handler answered. Runs in a process of its own: a server may take its memory with it.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

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

/** The service's own stubs, made to say in a header which operation they stand for. */
function named(handlers, ApiError) {
  const stub = (id) => () => {
    throw new ApiError(501, 'NOT_IMPLEMENTED', id, { headers: { 'x-operation': id } });
  };
  const tag = (operations) =>
    Object.fromEntries(Object.keys(operations).map((operationId) => [operationId, stub(operationId)]));
  return Object.fromEntries(Object.entries(handlers).map(([name, operations]) => [name, tag(operations)]));
}

const ask = (port, { method, url }) =>
  new Promise((resolve, reject) => {
    const sent = { port, host: '127.0.0.1', agent, method: method.toUpperCase(), path: url, timeout: 30_000 };
    request(sent, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, id: response.headers['x-operation'] }));
    })
      .on('timeout', function stop() {
        this.destroy(new Error(`no answer to ${method} ${url}`));
      })
      .on('error', reject)
      .end();
  });

/** A request that the contract refuses was routed; one that reached a handler must have reached one of its URL. */
const isAnswered = ({ ids }, { status, id }) =>
  status !== 404 && status !== 405 && (status !== 501 || ids.includes(id));

async function probe({ folder, operations }) {
  const load = (file) => import(pathToFileURL(join(folder, file)).href);
  const [{ createApp, allHandlers }, { ApiError }] = await Promise.all([load('index.js'), load('errors.js')]);
  const server = await listen(await createApp(named(allHandlers, ApiError), { onError: () => {} }));
  const { port } = server.address();
  const missed = [];
  for (let at = 0; at < operations.length; at += 8) {
    const batch = operations.slice(at, at + 8);
    const answers = await Promise.all(batch.map((operation) => ask(port, operation)));
    batch.forEach((operation, index) => {
      if (isAnswered(operation, answers[index])) return;
      missed.push(`${operation.method} ${operation.url}: ${answers[index].status}`);
    });
  }
  server.close();
  server.closeAllConnections();
  return { asked: operations.length, missed };
}

const results = [];
for (const server of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  try {
    results.push(await probe(server));
  } catch (error) {
    const failure = `does not boot: ${error?.message ?? error}`;
    results.push({ asked: server.operations.length, missed: [], failure });
  }
}
process.stdout.write(JSON.stringify(results));
agent.destroy();
