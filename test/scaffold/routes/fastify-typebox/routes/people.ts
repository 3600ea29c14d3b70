import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import {
  Failure,
  NewPerson,
  Person,
  PersonChange,
  PersonParams,
  type PersonType,
} from '../schemas/person.ts';

const ada: PersonType = {
  id: '6b1a0a62-8f1e-4f4e-9a1c-3f2b6a1d0c11',
  name: 'Ada',
  role: 'admin',
  age: null,
};

export default async function people(app: FastifyInstance): Promise<void> {
  const Page = Type.Object({
    limit: Type.Integer({ minimum: 1, default: 20 }),
    q: Type.Optional(Type.String()),
  });

  app.get<{ Querystring: Static<typeof Page> }>(
    '/',
    { schema: { querystring: Page, response: { 200: Type.Array(Person) } } },
    async () => [ada],
  );

  app.post<{ Body: Static<typeof NewPerson> }>(
    '/',
    { schema: { body: NewPerson, response: { 201: Person, 409: Failure } } },
    async (request, reply) => {
      if (request.body.name === 'Ada') return reply.code(409).send({ error: 'there is one' });
      return reply.code(201).send({ ...request.body, id: ada.id });
    },
  );

  app.get<{ Params: Static<typeof PersonParams> }>(
    '/:personId',
    { schema: { params: PersonParams, response: { 200: Person, 404: Failure } } },
    async (request, reply) =>
      request.params.personId === ada.id ? ada : reply.code(404).send({ error: 'nobody' }),
  );

  app.patch<{ Params: Static<typeof PersonParams>; Body: Static<typeof PersonChange> }>(
    '/:personId',
    { schema: { params: PersonParams, body: PersonChange, response: { 200: Person } } },
    async (request) => ({ ...ada, ...request.body }),
  );
}
