//! A shop with an empty database of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bookshop::settings::{AdminSettings, DatabaseSettings};
use mini_spring::TestApp;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const ADMIN: &str = "admin@example.org";
pub const PASSWORD: &str = "correct horse battery staple";

/// Its parts are dropped in this order: the file goes last.
pub struct Shop {
    pub app: TestApp,
    directory: TempDir,
}

impl Shop {
    pub fn new() -> Self {
        Shop::in_directory(tempfile::tempdir().unwrap())
    }

    fn in_directory(directory: TempDir) -> Self {
        let app = app(&directory.path().join("shop.db"));
        Shop { app, directory }
    }

    /// The same behind a real server.
    pub fn over_tcp(self) -> Self {
        let app = self.app.over_tcp();
        Shop { app, ..self }
    }

    /// Stops it, and starts it again with what is on the disk.
    pub fn restarted(self) -> Self {
        drop(self.app);
        Shop::in_directory(self.directory)
    }

    /// The token of an admin.
    pub fn admin(&self) -> String {
        self.token(ADMIN)
    }

    /// The token of a new customer.
    pub fn customer(&self, name: &str) -> String {
        let email = format!("{name}@example.org");
        let account = json!({"email": email, "name": name, "password": PASSWORD});
        let made = self.app.post("/accounts").json(&account).send();
        made.assert_status(201);
        self.token(&email)
    }

    pub fn token(&self, email: &str) -> String {
        let login = json!({"email": email, "password": PASSWORD});
        let session = self.app.post("/sessions").json(&login).send();
        let session: Value = session.assert_status(201).json();
        session["token"].as_str().unwrap().to_owned()
    }

    /// The number of a new book.
    pub fn book(&self, book: &Value) -> i64 {
        let added = self.app.post("/books").bearer(self.admin()).json(book);
        let added: Value = added.send().assert_status(201).json();
        added["id"].as_i64().unwrap()
    }
}

fn app(database: &Path) -> TestApp {
    TestApp::from_app(bookshop::app())
        .replace(Arc::new(DatabaseSettings {
            path: database.to_owned(),
            readers: 4,
            patience: Duration::from_secs(30),
        }))
        .replace(Arc::new(AdminSettings {
            email: Some(ADMIN.to_owned()),
            password: Some(PASSWORD.to_owned().into()),
        }))
}

pub fn emma(stock: u32) -> Value {
    json!({
        "isbn": "9780141439587",
        "title": "Emma",
        "author": "Jane Austen",
        "price_cents": 999,
        "stock": stock,
    })
}

pub fn persuasion() -> Value {
    json!({
        "isbn": "9780141439686",
        "title": "Persuasion",
        "author": "Jane Austen",
        "price_cents": 799,
        "stock": 5,
    })
}

pub fn villette() -> Value {
    json!({
        "isbn": "9780140434798",
        "title": "Villette",
        "author": "Charlotte Brontë",
        "price_cents": 1099,
        "stock": 5,
    })
}
