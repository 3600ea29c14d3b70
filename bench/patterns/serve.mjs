// One generated server in a process of its own: tells its port, and its CPU time whenever it is asked.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { LISTENERS } from '../servers/listeners.mjs';

const [framework, folder] = process.argv.slice(2);

const { createApp } = await import(pathToFileURL(`${folder}/${framework}/index.js`).href);
const answering = new Proxy({}, { get: () => () => ({ status: 204 }) });
const listener = await LISTENERS[framework](createApp({ allOfIt: answering }));
const server = createServer(listener).listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit());
