// One server in a process of its own: tells its port, and its CPU time whenever it is asked.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { BY_HAND } from './by-hand.mjs';
import { LISTENERS } from './listeners.mjs';
import { PET } from './pet.mjs';

const [framework, kind, folder] = process.argv.slice(2);

const HANDLERS = {
  getPet: () => ({ status: 200, body: PET }),
  addPet: ({ body }) => ({ status: 201, body }),
};

async function generated() {
  const { createApp } = await import(pathToFileURL(`${folder}/${framework}/index.js`).href);
  return LISTENERS[framework](createApp({ pets: HANDLERS }));
}

const listener = await (kind === 'generated' ? generated() : BY_HAND[framework]());
const server = createServer(listener).listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit());
