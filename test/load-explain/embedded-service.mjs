// A generated service on a PGlite in its own process, which tells what is asked of it:
//   node embedded-service.mjs FOLDER_OF_THE_SERVICE SCHEMA.sql SOCKET [DATA_FOLDER]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { watchEmbedded } from '../../dist/database/observe/embedded/watch-embedded.js';

const [folder = '', schema = '', socket = '', data] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(folder, file)).href);
const pglite = await PGlite.create(data);
await pglite.exec(readFileSync(schema, 'utf8'));
await watchEmbedded(pglite, socket);

const { openEmbedded, useDatabase } = await load('data/database.js');
useDatabase(await openEmbedded(pglite));
const { createApp } = await load('index.js');
const app = await createApp();
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`listening on http://127.0.0.1:${app.server.address().port}\n`);
