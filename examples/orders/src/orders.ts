// What an order is in the database, and in an answer.

/** The columns of an order; its total is the sum of its items. */
export const ORDER_COLUMNS = `o.id, o.customer_id, o.status, o.placed_at,
  (SELECT coalesce(sum(quantity * price_cents), 0)::int FROM order_items WHERE order_id = o.id) AS total_cents`;

export interface OrderRow {
  id: number;
  customer_id: number;
  status: 'open' | 'paid' | 'shipped' | 'cancelled';
  total_cents: number;
  placed_at: Date;
}

export const toOrder = ({ id, customer_id, status, total_cents, placed_at }: OrderRow) => ({
  id,
  customerId: customer_id,
  status,
  totalCents: total_cents,
  placedAt: placed_at.toISOString(),
});
