//! Ordering.

use mini_spring::{Inject, Result, component};

use super::model::{Line, Order, OrderError, OrderId, Summary, Wanted};
use super::repository::Orders;
use crate::accounts::AccountId;
use crate::books::{Book, Books};
use crate::database::Transaction;
use crate::paging::{Items, Page};

#[component(scope = request)]
pub struct OrderService {
    orders: Inject<dyn Orders>,
    books: Inject<dyn Books>,
    transaction: Inject<Transaction>,
}

impl OrderService {
    /// Orders all that is wanted, or, if something of it isn't there, nothing.
    pub fn place(&self, customer: AccountId, wanted: &[Wanted]) -> Result<OrderId> {
        self.transaction.run(|| {
            let lines = wanted.iter().map(|wanted| self.take(*wanted));
            let lines = lines.collect::<Result<Vec<_>>>()?;
            self.orders.add(customer, &lines)
        })
    }

    /// Takes copies of one book out of the stock.
    fn take(&self, Wanted { book, quantity }: Wanted) -> Result<Line> {
        let found = self.books.find(book)?;
        let Book { details, .. } = found.ok_or(OrderError::UnknownBook { book })?;
        if !self.books.take(book, quantity)? {
            let left = details.stock;
            return Err(OrderError::OutOfStock { book, left }.into());
        }
        Ok(Line {
            book,
            title: details.title,
            price_cents: details.price_cents,
            quantity,
        })
    }

    pub fn get(&self, customer: AccountId, id: OrderId) -> Result<Order> {
        let order = self.orders.find(customer, id)?;
        Ok(order.ok_or(OrderError::Missing { id })?)
    }

    pub fn list(&self, customer: AccountId, page: Page) -> Result<Items<Summary>> {
        self.orders.list(customer, page)
    }
}
