//! Handlers and services without SQLite: repositories in memory, and somebody who is known already.

use std::sync::{Arc, Mutex};

use bookshop::accounts::Admin;
use bookshop::books::{Book, BookDetails, BookId, Books, Filter, routes};
use bookshop::money::Cents;
use bookshop::paging::{Items, Page};
use mini_spring::{Result, TestApp, routes};

use crate::support::villette;

/// Books in memory.
#[derive(Default)]
struct Shelf {
    books: Mutex<Vec<Book>>,
}

impl Books for Shelf {
    fn list(&self, filter: &Filter<'_>, _: Page) -> Result<Items<Book>> {
        let books = self.books.lock().unwrap();
        let is_chosen = |book: &&Book| {
            filter
                .author
                .is_none_or(|author| book.details.author == author)
        };
        let items: Vec<_> = books.iter().filter(is_chosen).cloned().collect();
        let total = items.len() as u32;
        Ok(Items { items, total })
    }

    fn find(&self, id: BookId) -> Result<Option<Book>> {
        let books = self.books.lock().unwrap();
        Ok(books.iter().find(|book| book.id == id).cloned())
    }

    fn add(&self, details: &BookDetails) -> Result<BookId> {
        let mut books = self.books.lock().unwrap();
        let id = books.len() as BookId + 1;
        let details = details.clone();
        books.push(Book {
            id,
            details,
            version: 1,
        });
        Ok(id)
    }

    fn change(&self, _: BookId, _: &BookDetails) -> Result<()> {
        Err("books don't change here".into())
    }

    fn remove(&self, id: BookId) -> Result<()> {
        self.books.lock().unwrap().retain(|book| book.id != id);
        Ok(())
    }

    fn take(&self, _: BookId, _: u32) -> Result<bool> {
        Ok(true)
    }
}

fn app(shelf: &Arc<Shelf>) -> TestApp {
    let routes = routes![
        routes::list,
        routes::get,
        routes::add,
        routes::change,
        routes::remove
    ];
    TestApp::of(routes)
        .replace::<dyn Books>(shelf.clone())
        .replace(Arc::new(Admin))
}

#[test]
fn books_are_added_found_and_removed() {
    let shelf = Arc::new(Shelf::default());
    let app = app(&shelf);
    let added = app.post("/books").json(&villette()).send();
    added
        .assert_status(201)
        .assert_header("Location", "/books/1")
        .assert_header("ETag", "\"1\"");
    let book = shelf.find(1).unwrap().unwrap();
    assert_eq!(book.details.price_cents, Cents(1099));
    let found = app.get("/books?author=nobody").send();
    found.assert_status(200).assert_json_at("/total", 0);
    app.delete(routes::remove::url(1)).send().assert_status(204);
    app.get(routes::get::url(1)).send().assert_status(404);
}

#[test]
fn the_client_learns_nothing_of_an_unexpected_error() {
    let app = app(&Arc::default());
    app.post("/books").json(&villette()).send();
    let failed = app.put("/books/1").json(&villette()).send();
    assert!(!failed.assert_status(500).text().contains("change"));
}
