import Router from '@koa/router';

export const posts = new Router();

posts
  .get('/', (ctx) => {
    ctx.body = [{ text: 'first' }];
  })
  .post('/', (ctx) => {
    ctx.status = 201;
    ctx.body = 'created';
  });
