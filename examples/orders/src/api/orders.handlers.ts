// Yours to edit: senior-backend wrote this file once and will not touch it again.
import { database } from '../database.js';
import { ORDER_COLUMNS, type OrderRow, toOrder } from '../orders.js';
import { ApiError } from './errors.js';
import type { OrdersHandlers } from './orders.routes.js';
import type { OrderItem } from './types.js';

interface ItemRow {
  sku: string;
  quantity: number;
  price_cents: number;
}

const toItem = ({ sku, quantity, price_cents }: ItemRow): OrderItem => ({
  sku,
  quantity,
  priceCents: price_cents,
});

async function readOrder(id: number) {
  const { rows } = await database().query<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders AS o WHERE id = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new ApiError(404, 'NOT_FOUND', 'There is no such order');
  const items = await database().query<ItemRow>(
    'SELECT sku, quantity, price_cents FROM order_items WHERE order_id = $1 ORDER BY id',
    [id],
  );
  return { ...toOrder(row), items: items.rows.map(toItem) };
}

export const ordersHandlers: OrdersHandlers = {
  async listOrders({ query }, { requestId }) {
    const { rows } = await database().query<OrderRow>(
      `SELECT ${ORDER_COLUMNS} FROM orders AS o
       WHERE $1::order_status IS NULL OR status = $1 ORDER BY id DESC LIMIT $2`,
      [query.status ?? null, query.limit],
    );
    return { status: 200, body: { data: rows.map(toOrder), meta: { requestId, count: rows.length } } };
  },

  async createOrder({ body }, { requestId }) {
    const id = await database().transaction(async (transaction) => {
      const { rows } = await transaction.query<{ id: number }>(
        'INSERT INTO orders (customer_id) SELECT id FROM customers WHERE id = $1 RETURNING id',
        [body.customerId],
      );
      const [order] = rows;
      if (order === undefined) throw new ApiError(422, 'UNKNOWN_CUSTOMER', 'There is no such customer');
      for (const { sku, quantity, priceCents } of body.items) {
        await transaction.query(
          'INSERT INTO order_items (order_id, sku, quantity, price_cents) VALUES ($1, $2, $3, $4)',
          [order.id, sku, quantity, priceCents],
        );
      }
      return order.id;
    });
    return { status: 201, body: { data: await readOrder(id), meta: { requestId } } };
  },

  async getOrder({ path }, { requestId }) {
    return { status: 200, body: { data: await readOrder(path.orderId), meta: { requestId } } };
  },
};
