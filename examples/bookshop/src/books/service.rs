//! Looking for books, and changing what is sold.

use mini_spring::{Inject, Preconditions, Result, component};

use super::model::{Book, BookDetails, BookError, BookId};
use super::repository::{Books, Filter};
use crate::database::Transaction;
use crate::paging::{Items, Page};

#[component(scope = request)]
pub struct BookService {
    books: Inject<dyn Books>,
    transaction: Inject<Transaction>,
}

impl BookService {
    pub fn list(&self, filter: &Filter<'_>, page: Page) -> Result<Items<Book>> {
        self.books.list(filter, page)
    }

    pub fn get(&self, id: BookId) -> Result<Book> {
        let book = self.books.find(id)?;
        Ok(book.ok_or(BookError::Missing { id })?)
    }

    pub fn add(&self, details: &BookDetails) -> Result<Book> {
        self.transaction.run(|| {
            let id = self.books.add(details)?;
            self.get(id)
        })
    }

    /// Changes a book if it is still as the client has seen it.
    pub fn change(
        &self,
        id: BookId,
        seen: Preconditions<'_>,
        details: &BookDetails,
    ) -> Result<Book> {
        self.transaction.run(|| {
            seen.check(&self.get(id)?.etag())?;
            self.books.change(id, details)?;
            self.get(id)
        })
    }

    /// Takes a book off the list if it is still as the client has seen it.
    pub fn remove(&self, id: BookId, seen: Preconditions<'_>) -> Result<()> {
        self.transaction.run(|| {
            seen.check(&self.get(id)?.etag())?;
            self.books.remove(id)
        })
    }
}
