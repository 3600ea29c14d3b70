// Starts the service: DATABASE_URL or DATA_DIR is the database, PORT is where it listens (0: any free port).
import { createApp } from './api/index.js';
import { database, openDatabase } from './database.js';
import { writeStatements } from './statements.js';

const { DATABASE_URL, DATA_DIR = './data', SQL_DIR = '.', PORT = '3000', STATEMENTS } = process.env;

await openDatabase(DATABASE_URL, DATA_DIR, { schema: `${SQL_DIR}/schema.sql`, seed: `${SQL_DIR}/seed.sql` });

const server = createApp().listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : PORT;
  console.log(`listening on http://127.0.0.1:${port}`);
});

const stop = (): void => {
  server.close(() => {
    if (STATEMENTS !== undefined) writeStatements(STATEMENTS);
    void database()
      .close()
      .then(() => process.exit(0));
  });
  server.closeIdleConnections();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
