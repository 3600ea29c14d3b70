import Router from '@koa/router';
import * as controller from '../controllers/threads.ts';
import { requireToken } from '../middleware/auth.ts';
import { posts } from './posts.ts';

export const threads = new Router({ prefix: '/threads' });

threads.get('/', controller.list);
threads.get('thread', '/:threadId', controller.read);
threads.post('/', requireToken, controller.create);
threads.del('/:threadId', requireToken, controller.remove);
threads.use('/:threadId/posts', posts.routes(), posts.allowedMethods());
