import { createServer, type Server, type Socket } from 'node:net';
import { frame, GOAWAY, HEADERS, SETTINGS } from '../../src/load/client/http2-request.ts';
import { listen } from './faulty-server.ts';

/** Remembers the connections of a server; what is returned ends it and them. */
export function track(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

/** A server that greets as HTTP/2 does and then answers each request head with bytes of its own. */
export async function startRawHttp2(
  answer: (socket: Socket, stream: number) => void,
  greeting: Uint8Array = frame(SETTINGS, 0, 0),
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    let greeted = false;
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!greeted && bytes.length >= 24) {
        greeted = true;
        bytes = bytes.subarray(24);
        socket.write(greeting);
      }
      while (greeted && bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
        const [type, stream] = [bytes[3], bytes.readUInt32BE(5)];
        bytes = bytes.subarray(9 + bytes.readUIntBE(0, 3));
        if (type === HEADERS) answer(socket, stream);
      }
    });
  });
  const close = track(server);
  return { url: `http://127.0.0.1:${await listen(server)}/`, close };
}

/** No stream above `last` will be answered. */
export const goaway = (last: number): Buffer => frame(GOAWAY, 0, 0, Buffer.from([0, 0, 0, last, 0, 0, 0, 0]));
