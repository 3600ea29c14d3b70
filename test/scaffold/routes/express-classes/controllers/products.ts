import type { NextFunction, Request, Response } from 'express';

export interface Product {
  id: number;
  name: string;
  tags: string[];
  price?: number | null;
}

const PRODUCTS: Product[] = [{ id: 1, name: 'Chair', tags: ['wood'] }];

export class ProductsController {
  public getProducts = async (_req: Request, res: Response, next: NextFunction): Promise<void> => {
    try {
      const found: Product[] = PRODUCTS;
      res.status(200).json({ data: found, message: 'findAll' });
    } catch (error) {
      next(error);
    }
  };

  public getProduct = (req: Request<{ id: string }>, res: Response, next: NextFunction): void => {
    try {
      const product: Product | undefined = PRODUCTS.find(({ id }) => id === Number(req.params.id));
      if (!product) {
        res.status(409).json({ message: "Product doesn't exist" });
        return;
      }
      res.status(200).json({ data: product, message: 'findOne' });
    } catch (error) {
      next(error);
    }
  };

  public createProduct = (req: Request, res: Response): void => {
    const product = req.body as Product;
    res.status(201).json({ data: product, message: 'created' });
  };
}
