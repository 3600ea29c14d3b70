// A server of known, spread latency: 400 to 1200 ms, the same multiset of delays for every run of as many requests, in an
// order without a pattern that a share of them could meet. GET /count says how many requests it was asked since the
// last time and how long its answers really took, and begins anew.
import { createServer } from 'node:http';

/** The van der Corput sequence in base 2: every stretch of it is spread evenly over 0 to 1. */
function spread(index) {
  let [value, part] = [0, 0.5];
  for (let left = index; left > 0; left = Math.floor(left / 2), part /= 2) value += (left % 2) * part;
  return value;
}

let asked = 0;
let took = [];

function percentile(sorted, percent) {
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] ?? 0;
}

function report() {
  took.sort((left, right) => left - right);
  const at = (percent) => percentile(took, percent);
  return { asked, latency: { p50: at(50), p90: at(90), p95: at(95), p99: at(99) } };
}

const server = createServer((request, response) => {
  if (request.url === '/count') {
    response.end(JSON.stringify(report()));
    asked = 0;
    took = [];
    return;
  }
  const share = spread(asked);
  const arrivedAt = performance.now();
  asked += 1;
  const answer = () => {
    took.push(performance.now() - arrivedAt);
    response.end('ok');
  };
  setTimeout(answer, Math.round(400 + 800 * share ** 2));
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
