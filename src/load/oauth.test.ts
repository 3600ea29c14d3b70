// Tokens from a real server, before and during a run.
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../test/support/faulty-server.ts';
import { renewalDelay } from './oauth.ts';
import { runLoad } from './run.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Grants tokens of one second's life, and answers 401 to a request without the newest one or the one before. */
async function serve(answer: (asked: number) => readonly [status: number, body: string]) {
  const seen = { tokens: [] as { authorization?: string; body: string }[], right: 0, wrong: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { authorization = '' } = request.headers;
      if (request.url === '/token') {
        seen.tokens.push({ authorization, body });
        const [status, text] = answer(seen.tokens.length);
        response.writeHead(status, { Location: '/elsewhere' }).end(text);
        return;
      }
      const newest = seen.tokens.length;
      const right = [`Bearer token-${newest}`, `Bearer token-${newest - 1}`].includes(authorization);
      if (right) seen.right += 1;
      else seen.wrong += 1;
      response.writeHead(right ? 200 : 401).end();
    });
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    seen,
    url,
    oauth: { tokenUrl: `${url}/token`, clientId: 'a:b', clientSecret: 'c d', scope: 'read write' },
  };
}

const granted = (asked: number) =>
  [200, JSON.stringify({ access_token: `token-${asked}`, token_type: 'bearer', expires_in: 1 })] as const;
const never = new AbortController().signal;

describe('client credentials', () => {
  test.each([{}, { follow: 1 }])('get a token before the run, and new ones during it: %j', async (more) => {
    const { seen, url, oauth } = await serve(granted);
    const result = await runLoad({ url: `${url}/x`, oauth, rate: 100, duration: 2.6, ...more }, never);
    expect(seen.tokens.length).toBeGreaterThanOrEqual(3);
    expect(seen.wrong).toBe(0);
    expect(result.requests.successful).toBe(result.requests.total);
    expect(seen.tokens[0]).toEqual({
      authorization: `Basic ${Buffer.from('a%3Ab:c%20d').toString('base64')}`,
      body: 'grant_type=client_credentials&scope=read+write',
    });
  });

  test('that are not renewed are told of', async () => {
    const { url, oauth } = await serve((asked) => (asked === 1 ? granted(1) : [500, 'broken']));
    const { recommendations } = await runLoad({ url, oauth, duration: 1.5, connections: 1 }, never);
    expect(recommendations[0]?.message).toContain('could not be renewed');
  });

  test.each([
    [401, '{"error":"invalid_client"}', 'it answered 401, invalid_client'],
    [302, '', 'it answered 302'],
    [200, 'no json', 'no access_token'],
    [200, '{"access_token":"a\\r\\nb"}', 'not a header'],
    [200, '{"access_token":"a","token_type":"mac"}', 'type "mac"'],
  ])('that fail (%i %s) end it before anything is sent', async (status, body, why) => {
    const { seen, url, oauth } = await serve(() => [status, body]);
    await expect(runLoad({ url, oauth, duration: 1 }, never)).rejects.toThrow(why);
    expect(seen.right + seen.wrong).toBe(0);
    expect(seen.tokens).toHaveLength(1);
  });

  test('are renewed a tenth of their life before its end', () => {
    expect(renewalDelay(3600)).toBe(3_240_000);
    expect(renewalDelay(0.1)).toBe(1000);
    expect(renewalDelay(1e12)).toBeLessThan(2 ** 31);
  });
});
