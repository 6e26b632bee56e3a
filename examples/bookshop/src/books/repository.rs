//! Where books are kept.

use mini_spring::{Inject, Result, component};
use rusqlite::ffi::{SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_UNIQUE};
use rusqlite::{OptionalExtension, Row, named_params};

use super::model::{Book, BookDetails, BookError, BookId};
use crate::database::Transaction;
use crate::errors::breaks;
use crate::paging::{Items, Page};

/// Which books are meant; all that is absent says nothing.
#[derive(Debug, Default)]
pub struct Filter<'f> {
    /// By this author.
    pub author: Option<&'f str>,
    /// With this somewhere in the title, in any case.
    pub text: Option<&'f str>,
}

pub trait Books: Send + Sync {
    /// One page of them, the oldest first.
    fn list(&self, filter: &Filter<'_>, page: Page) -> Result<Items<Book>>;

    fn find(&self, id: BookId) -> Result<Option<Book>>;

    /// Adds a book, unless there is one of this ISBN.
    fn add(&self, details: &BookDetails) -> Result<BookId>;

    /// Changes a book that is there.
    fn change(&self, id: BookId, details: &BookDetails) -> Result<()>;

    /// Takes a book off the list, unless it has been ordered.
    fn remove(&self, id: BookId) -> Result<()>;

    /// Takes copies out of the stock, and says whether there were enough.
    fn take(&self, id: BookId, copies: u32) -> Result<bool>;
}

#[component(as dyn Books, scope = request)]
pub struct SqliteBooks {
    pub transaction: Inject<Transaction>,
}

impl Books for SqliteBooks {
    fn list(&self, filter: &Filter<'_>, page: Page) -> Result<Items<Book>> {
        const CHOSEN: &str = "FROM books WHERE (?1 IS NULL OR author = ?1)
                              AND (?2 IS NULL OR instr(lower(title), lower(?2)) > 0)";
        let Filter { author, text } = filter;
        self.transaction.with(|connection| {
            let mut select = connection.prepare_cached(&format!(
                "SELECT id, isbn, title, author, price_cents, stock, version {CHOSEN} ORDER BY id LIMIT ?3 OFFSET ?4"
            ))?;
            let rows = select.query_map((author, text, page.size, page.offset()), book)?;
            let items = rows.collect::<rusqlite::Result<_>>()?;
            let total = connection
                .prepare_cached(&format!("SELECT count(*) {CHOSEN}"))?
                .query_row((author, text), |row| row.get(0))?;
            Ok(Items { items, total })
        })
    }

    fn find(&self, id: BookId) -> Result<Option<Book>> {
        self.transaction.with(|connection| {
            let mut select = connection.prepare_cached(
                "SELECT id, isbn, title, author, price_cents, stock, version FROM books WHERE id = ?1",
            )?;
            Ok(select.query_row([id], book).optional()?)
        })
    }

    fn add(&self, details: &BookDetails) -> Result<BookId> {
        self.transaction.with(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO books (isbn, title, author, price_cents, stock)
                 VALUES (:isbn, :title, :author, :price, :stock)",
            )?;
            let added = insert.insert(named_params! {
                ":isbn": details.isbn,
                ":title": details.title,
                ":author": details.author,
                ":price": details.price_cents,
                ":stock": details.stock,
            });
            added.map_err(|error| taken(error, details))
        })
    }

    fn change(&self, id: BookId, details: &BookDetails) -> Result<()> {
        self.transaction.with(|connection| {
            let mut update = connection.prepare_cached(
                "UPDATE books SET isbn = :isbn, title = :title, author = :author, price_cents = :price,
                 stock = :stock, version = version + 1 WHERE id = :id",
            )?;
            let changed = update.execute(named_params! {
                ":id": id,
                ":isbn": details.isbn,
                ":title": details.title,
                ":author": details.author,
                ":price": details.price_cents,
                ":stock": details.stock,
            });
            changed.map_err(|error| taken(error, details))?;
            Ok(())
        })
    }

    fn remove(&self, id: BookId) -> Result<()> {
        self.transaction.with(|connection| {
            let mut delete = connection.prepare_cached("DELETE FROM books WHERE id = ?1")?;
            match delete.execute([id]) {
                Err(error) if breaks(&error, SQLITE_CONSTRAINT_FOREIGNKEY) => {
                    Err(BookError::Ordered { id }.into())
                }
                removed => {
                    removed?;
                    Ok(())
                }
            }
        })
    }

    fn take(&self, id: BookId, copies: u32) -> Result<bool> {
        self.transaction.with(|connection| {
            let mut update = connection.prepare_cached(
                "UPDATE books SET stock = stock - ?2, version = version + 1
                 WHERE id = ?1 AND stock >= ?2",
            )?;
            Ok(update.execute((id, copies))? == 1)
        })
    }
}

fn taken(error: rusqlite::Error, details: &BookDetails) -> mini_spring::Error {
    match breaks(&error, SQLITE_CONSTRAINT_UNIQUE) {
        true => {
            let isbn = details.isbn.clone();
            BookError::Taken { isbn }.into()
        }
        false => error.into(),
    }
}

fn book(row: &Row<'_>) -> rusqlite::Result<Book> {
    Ok(Book {
        id: row.get(0)?,
        details: BookDetails {
            isbn: row.get(1)?,
            title: row.get(2)?,
            author: row.get(3)?,
            price_cents: row.get(4)?,
            stock: row.get(5)?,
        },
        version: row.get(6)?,
    })
}
