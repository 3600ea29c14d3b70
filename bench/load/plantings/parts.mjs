// What the services share: chance, a slow disk, and saying where they listen.
import { setTimeout as delay } from 'node:timers/promises';

export const anyone = () => `user-${1 + Math.floor(Math.random() * 20_000)}`;

export const anyTicket = () => 1 + Math.floor(Math.random() * 3000);

/** Something that takes its time and has no need of a database. */
export async function readParagraphs() {
  await delay(12);
  return 3;
}

export function listen(server, path) {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}${path}\n`);
}
