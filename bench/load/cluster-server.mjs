// A server of known, spread latency: 40 to 640 ms, the same multiset of delays for every run of as many requests, in an
// order without a pattern that a share of them could meet. GET /count says how many requests it was asked since the
// last time, and begins anew.
import { createServer } from 'node:http';

/** The van der Corput sequence in base 2: every stretch of it is spread evenly over 0 to 1. */
function spread(index) {
  let [value, part] = [0, 0.5];
  for (let left = index; left > 0; left = Math.floor(left / 2), part /= 2) value += (left % 2) * part;
  return value;
}

let asked = 0;
const server = createServer((request, response) => {
  if (request.url === '/count') {
    response.end(String(asked));
    asked = 0;
    return;
  }
  const share = spread(asked);
  asked += 1;
  setTimeout(() => response.end('ok'), Math.round(40 + 600 * share ** 3));
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
