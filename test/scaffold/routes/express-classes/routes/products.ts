import { Router } from 'express';
import { ProductsController } from '../controllers/products.ts';
import type { Routes } from '../interfaces/routes.ts';

export class ProductsRoute implements Routes {
  public path = '/products';
  public router = Router();
  public controller = new ProductsController();

  constructor() {
    this.initializeRoutes();
  }

  private initializeRoutes(): void {
    this.router.get(`${this.path}`, this.controller.getProducts);
    this.router.get(`${this.path}/:id`, this.controller.getProduct);
    this.router.post(`${this.path}`, this.controller.createProduct);
  }
}
