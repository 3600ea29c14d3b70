// One server in a process of its own: tells its port, and its CPU time whenever it is asked.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { LISTENERS } from '../servers/listeners.mjs';
import { byHand } from './by-hand.mjs';

const [kind, folder, url] = process.argv.slice(2);

async function generated() {
  const load = (path) => import(pathToFileURL(`${folder}/${kind}/${path}`).href);
  const { openServer, useDatabase } = await load('data/database.js');
  useDatabase(openServer(url));
  const { createApp } = await load('index.js');
  return LISTENERS[kind](await createApp());
}

const listener = await (kind === 'by hand' ? byHand(url) : generated());
const server = createServer(listener).listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit());
