CREATE TABLE orders (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    account   INTEGER NOT NULL REFERENCES accounts,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE INDEX orders_by_account ON orders (account, id);

-- Title and price are those of the moment of the order.
CREATE TABLE order_lines (
    order_id    INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    book        INTEGER NOT NULL REFERENCES books,
    title       TEXT NOT NULL,
    price_cents INTEGER NOT NULL,
    quantity    INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_lines_by_book ON order_lines (book);
