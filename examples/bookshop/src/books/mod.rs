//! What the shop sells.

pub mod model;
pub mod repository;
pub mod service;

pub mod routes;

pub use self::model::{Book, BookDetails, BookError, BookId};
pub use self::repository::{Books, Filter, SqliteBooks};
pub use self::service::BookService;
