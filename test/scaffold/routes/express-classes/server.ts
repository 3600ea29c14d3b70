import { App } from './app.ts';
import { ProductsRoute } from './routes/products.ts';
import { StatusRoute } from './routes/status.ts';

export const app = new App([new ProductsRoute(), new StatusRoute()]);
