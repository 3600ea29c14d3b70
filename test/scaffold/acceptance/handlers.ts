import type { Handlers } from './servers.ts';

/** Answers with what it was given. */
const echo = (request: unknown): object => ({ status: 200, body: request });

async function collect(body: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* lines(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a,b\n');
  yield Buffer.from('1,2\n');
}

/** An error as handlers throw it: the compiled ApiError of each server, or anything else. */
type ApiErrorClass = new (status: number, code: string, message: string, options?: object) => Error;

/** What the operations do; all that are not named answer with what they were given. */
export function handlersWith(ApiError: ApiErrorClass): Handlers {
  const special: Handlers = {
    addPet: (request) => ({ ...echo(request), status: 201 }),
    deletePet: () => ({ status: 204 }),
    twinByNumber: (request) => ({ status: 200, body: { byNumber: request } }),
    twinByName: (request) => ({ status: 200, body: { byName: request } }),
    jsonFile: (request) => ({ status: 200, body: { json: request } }),
    hashAdd: () => ({ status: 200, body: 'add' }),
    hashUpdate: () => ({ status: 200, body: 'update' }),
    myPets: () => ({ status: 200, body: 'mine' }),
    firstThing: () => ({ status: 200, body: 'first' }),
    postMultipart: async ({ body }: { body: { file: File; title: string; count?: number } }) => ({
      status: 200,
      body: { ...body, file: [body.file.name, body.file.type, await body.file.text()] },
    }),
    postText: ({ body }: { body: string }) => ({ status: 200, body: body.toUpperCase() }),
    postBinary: async ({ body }: { body?: AsyncIterable<Uint8Array> }) => ({
      status: 200,
      body: new Uint8Array((await collect(body)).reverse()),
    }),
    throwsError: () => {
      throw new Error('the password is hunter2');
    },
    throwsApiError: () => {
      const details = [{ field: 'name', message: 'Taken' }];
      throw new ApiError(409, 'CONFLICT', 'There is one already', {
        details,
        headers: { 'retry-after': '5' },
      });
    },
    named: ({ path: { id } }: { path: { id: number } }) => {
      if (id === 500) throw new Error('the password is hunter2');
      const details = [{ field: 'name', message: 'Taken' }];
      throw new ApiError(id, 'CONFLICT', 'There is one already', {
        details,
        headers: { 'retry-after': '5' },
      });
    },
    wrongBody: () => ({ status: 200, body: { name: '', secret: 'hunter2' } }),
    wrongStatus: () => ({ status: 418, body: { teapot: 'hunter2' } }),
    emptyAnswer: () => ({ status: 200 }),
    answerHeaders: () => ({
      status: 200,
      body: [1],
      headers: { 'X-Total': 7, 'Set-Cookie': ['a=1', 'b=2'] },
    }),
    streamAnswer: () => ({ status: 200, body: lines() }),
    chosenType: () => ({ status: 200, contentType: 'text/html', body: '<p>' }),
    ownHead: () => ({ status: 204, headers: { 'x-own': 'yes' } }),
  };
  return new Proxy(special, { get: (known, id: string) => known[id] ?? echo });
}
