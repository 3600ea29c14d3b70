-- 5,000 customers, 60,000 orders and 180,000 items; the same rows every time.
INSERT INTO customers (name, email, created_at)
SELECT 'Customer ' || n, 'customer' || n || '@example.com', timestamptz '2024-01-01' + n * interval '1 hour'
FROM generate_series(1, 5000) AS n;

INSERT INTO orders (customer_id, status, placed_at)
SELECT
  1 + (n * 7919) % 5000,
  (ARRAY['open', 'paid', 'shipped', 'cancelled'])[1 + n % 4]::order_status,
  timestamptz '2025-01-01' + n * interval '1 minute'
FROM generate_series(1, 60000) AS n;

INSERT INTO order_items (order_id, sku, quantity, price_cents)
SELECT
  1 + n / 3,
  'SKU-' || lpad((n % 2500)::text, 4, '0'),
  1 + n % 5,
  100 + (n * 37) % 9900
FROM generate_series(0, 179999) AS n;

ANALYZE;
