// Yours to edit: senior-backend wrote this file once and will not touch it again.
import { database } from '../database.js';
import { ORDER_COLUMNS, type OrderRow, toOrder } from '../orders.js';
import type { CustomersHandlers } from './customers.routes.js';
import { ApiError } from './errors.js';

interface CustomerRow {
  id: number;
  name: string;
  email: string;
  created_at: Date;
}

const toCustomer = ({ id, name, email, created_at }: CustomerRow) => ({
  id,
  name,
  email,
  createdAt: created_at.toISOString(),
});

export const customersHandlers: CustomersHandlers = {
  async listCustomers({ query }, { requestId }) {
    const { rows } = await database().query<CustomerRow>(
      'SELECT id, name, email, created_at FROM customers WHERE id > $1 ORDER BY id LIMIT $2',
      [query.after ?? 0, query.limit],
    );
    const last = rows.length === query.limit ? rows.at(-1) : undefined;
    const next = last === undefined ? {} : { next: last.id };
    return {
      status: 200,
      body: { data: rows.map(toCustomer), meta: { requestId, count: rows.length, ...next } },
    };
  },

  async createCustomer({ body }, { requestId }) {
    const { rows } = await database().query<CustomerRow>(
      `INSERT INTO customers (name, email) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING
       RETURNING id, name, email, created_at`,
      [body.name, body.email],
    );
    const [row] = rows;
    if (row === undefined) throw new ApiError(409, 'CONFLICT', 'There is a customer with this email address');
    return {
      status: 201,
      headers: { location: `/customers/${row.id}` },
      body: { data: toCustomer(row), meta: { requestId } },
    };
  },

  async getCustomer({ path }, { requestId }) {
    const { rows } = await database().query<CustomerRow>(
      'SELECT id, name, email, created_at FROM customers WHERE id = $1',
      [path.customerId],
    );
    const [row] = rows;
    if (row === undefined) throw new ApiError(404, 'NOT_FOUND', 'There is no such customer');
    return { status: 200, body: { data: toCustomer(row), meta: { requestId } } };
  },

  async listOrdersOfCustomer({ path, query }, { requestId }) {
    const { rows } = await database().query<OrderRow>(
      `SELECT ${ORDER_COLUMNS} FROM orders AS o WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT $2`,
      [path.customerId, query.limit],
    );
    return { status: 200, body: { data: rows.map(toOrder), meta: { requestId, count: rows.length } } };
  },
};
