import Koa from 'koa';
import { errors } from './middleware/errors.ts';
import { jsonBody } from './middleware/json-body.ts';
import { router } from './routes/index.ts';

export const app = new Koa();

app.use(errors);
app.use(jsonBody);
app.use(router.routes()).use(router.allowedMethods());
