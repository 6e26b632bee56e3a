//! Where orders are kept.

use mini_spring::{Inject, Result, component};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{Line, Order, OrderId, Summary};
use crate::accounts::AccountId;
use crate::database::Transaction;
use crate::paging::{Items, Page};

pub trait Orders: Send + Sync {
    fn add(&self, customer: AccountId, lines: &[Line]) -> Result<OrderId>;

    /// An order of this customer.
    fn find(&self, customer: AccountId, id: OrderId) -> Result<Option<Order>>;

    /// One page of the orders of this customer, the newest first.
    fn list(&self, customer: AccountId, page: Page) -> Result<Items<Summary>>;
}

#[component(as dyn Orders, scope = request)]
pub struct SqliteOrders {
    pub transaction: Inject<Transaction>,
}

impl Orders for SqliteOrders {
    fn add(&self, customer: AccountId, lines: &[Line]) -> Result<OrderId> {
        self.transaction.with(|connection| {
            let id = connection
                .prepare_cached("INSERT INTO orders (account) VALUES (?1)")?
                .insert([customer])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO order_lines (order_id, number, book, title, price_cents, quantity)
                 VALUES (:order, :number, :book, :title, :price, :quantity)",
            )?;
            for (number, line) in (1_i64..).zip(lines) {
                insert.execute(named_params! {
                    ":order": id,
                    ":number": number,
                    ":book": line.book,
                    ":title": line.title,
                    ":price": line.price_cents,
                    ":quantity": line.quantity,
                })?;
            }
            Ok(id)
        })
    }

    fn find(&self, customer: AccountId, id: OrderId) -> Result<Option<Order>> {
        self.transaction.with(|connection| {
            let placed_at = connection
                .prepare_cached("SELECT placed_at FROM orders WHERE id = ?1 AND account = ?2")?
                .query_row((id, customer), |row| row.get(0))
                .optional()?;
            let Some(placed_at) = placed_at else {
                return Ok(None);
            };
            let lines = lines(connection, id)?;
            Ok(Some(Order {
                id,
                placed_at,
                total_cents: lines.iter().map(Line::total).sum(),
                lines,
            }))
        })
    }

    fn list(&self, customer: AccountId, page: Page) -> Result<Items<Summary>> {
        self.transaction.with(|connection| {
            let mut select = connection.prepare_cached(
                "SELECT id, placed_at, sum(price_cents * quantity), sum(quantity)
                 FROM orders JOIN order_lines ON order_id = id
                 WHERE account = ?1 GROUP BY id ORDER BY id DESC LIMIT ?2 OFFSET ?3",
            )?;
            let rows = select.query_map((customer, page.size, page.offset()), summary)?;
            let items = rows.collect::<rusqlite::Result<_>>()?;
            let total = connection
                .prepare_cached("SELECT count(*) FROM orders WHERE account = ?1")?
                .query_row([customer], |row| row.get(0))?;
            Ok(Items { items, total })
        })
    }
}

fn lines(connection: &Connection, order: OrderId) -> rusqlite::Result<Vec<Line>> {
    let mut select = connection.prepare_cached(
        "SELECT book, title, price_cents, quantity FROM order_lines WHERE order_id = ?1 ORDER BY number",
    )?;
    let rows = select.query_map([order], |row| {
        Ok(Line {
            book: row.get(0)?,
            title: row.get(1)?,
            price_cents: row.get(2)?,
            quantity: row.get(3)?,
        })
    })?;
    rows.collect()
}

fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: row.get(0)?,
        placed_at: row.get(1)?,
        total_cents: row.get(2)?,
        copies: row.get(3)?,
    })
}
