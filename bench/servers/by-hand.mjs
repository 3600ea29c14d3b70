// Servers as one would write them by hand: the framework's own body parser, the same Zod checks, the same
// envelope for errors and a request id in every answer.
import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import express from 'express';
import { fastify } from 'fastify';
import Koa from 'koa';
import { z } from 'zod';
import { PET } from './pet.mjs';

const Pet = z.looseObject({
  name: z.string().min(1).max(50),
  age: z.int().min(0),
  tags: z.array(z.string()).max(10),
  owner: z.looseObject({ email: z.email() }),
});
const Path = z.object({ petId: z.coerce.number().int().min(1) });
const Query = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });

const refusal = (error, requestId) => ({
  error: {
    code: 'VALIDATION_ERROR',
    message: 'The request does not match the contract',
    details: error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  },
  meta: { requestId },
});

function expressByHand() {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const router = express.Router();
  router.use((req, res, next) => {
    req.id = req.get('x-request-id') ?? randomUUID();
    res.set('x-request-id', req.id);
    next();
  });
  router.use(express.json());
  router.get('/pets/:petId', (req, res) => {
    Path.parse(req.params);
    Query.parse(req.query);
    res.json(PET);
  });
  router.post('/pets', (req, res) => {
    res.status(201).json(Pet.parse(req.body));
  });
  router.use((error, req, res, _next) => res.status(400).json(refusal(error, req.id)));
  app.use(router);
  return app;
}

async function fastifyByHand() {
  const app = fastify();
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.headers['x-request-id'] ?? randomUUID());
    done();
  });
  app.setErrorHandler((error, _request, reply) =>
    reply.code(400).send(refusal(error, reply.getHeader('x-request-id'))),
  );
  app.get('/pets/:petId', async (request) => {
    Path.parse(request.params);
    Query.parse(request.query);
    return PET;
  });
  app.post('/pets', async (request, reply) => {
    reply.code(201);
    return Pet.parse(request.body);
  });
  await app.ready();
  return app.routing;
}

async function readJson(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function koaByHand() {
  const app = new Koa();
  app.use(async (ctx, next) => {
    const requestId = ctx.get('x-request-id') || randomUUID();
    ctx.set('x-request-id', requestId);
    try {
      await next();
    } catch (error) {
      ctx.status = 400;
      ctx.body = refusal(error, requestId);
    }
  });
  const router = new Router();
  router.get('/pets/:petId', (ctx) => {
    Path.parse(ctx.params);
    Query.parse(ctx.query);
    ctx.body = PET;
  });
  router.post('/pets', async (ctx) => {
    ctx.body = Pet.parse(await readJson(ctx.req));
    ctx.status = 201;
  });
  app.use(router.routes());
  return app.callback();
}

export const BY_HAND = { express: expressByHand, fastify: fastifyByHand, koa: koaByHand };
