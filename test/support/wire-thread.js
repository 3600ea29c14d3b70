// Speaks to a PostgreSQL server for a caller that must wait without giving up its thread: pg_dump as
// WebAssembly writes and reads synchronously, which a socket of Node cannot.
import { connect } from 'node:net';
import { workerData } from 'node:worker_threads';

/** @type {{ port: import('node:worker_threads').MessagePort, signal: Int32Array, host: string, tcpPort: number }} */
const { port, signal, host, tcpPort } = workerData;

const socket = connect(tcpPort, host);
/** @type {Buffer} */
let received = Buffer.alloc(0);
let awaited = false;

socket.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  if (awaited && isWhole(received)) answer(received);
});
socket.on('close', () => {
  if (awaited) answer(received);
});
socket.on('error', () => {
  if (awaited) answer(received);
});

port.on('message', (/** @type {{ bytes: Uint8Array, wait: boolean }} */ { bytes, wait }) => {
  awaited = wait;
  socket.write(bytes);
  if (!wait) answer(Buffer.alloc(0));
});

/** @param {Buffer} bytes */
function answer(bytes) {
  if (awaited) received = Buffer.alloc(0);
  awaited = false;
  port.postMessage(new Uint8Array(bytes));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
}

/**
 * Whether the server has said all it will say before it hears from the client again: it is ready for a
 * query (Z), or it asks for a password (R with anything but "ok" and "final").
 * @param {Buffer} bytes
 */
function isWhole(bytes) {
  let [at, last, code] = [0, 0, 0];
  while (at + 5 <= bytes.length) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end > bytes.length) return false;
    last = bytes[at] ?? 0;
    code = last === 0x52 ? bytes.readInt32BE(at + 5) : 0;
    at = end;
  }
  return at === bytes.length && (last === 0x5a || (last === 0x52 && code !== 0 && code !== 12));
}
