// Starts the service: DATA_DIR holds the database, PORT is where it listens (0: any free port).
import { createApp } from './api/index.js';
import { database, openDatabase } from './database.js';

const { DATA_DIR = './data', SQL_DIR = '.', PORT = '3000' } = process.env;

await openDatabase(DATA_DIR, { schema: `${SQL_DIR}/schema.sql`, seed: `${SQL_DIR}/seed.sql` });

const server = createApp().listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : PORT;
  console.log(`listening on http://127.0.0.1:${port}`);
});

const stop = (): void => {
  server.close(() => {
    void database()
      .close()
      .then(() => process.exit(0));
  });
  server.closeIdleConnections();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
