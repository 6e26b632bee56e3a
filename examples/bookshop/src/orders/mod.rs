//! What customers buy.

pub mod model;
pub mod repository;
pub mod service;

pub mod routes;

pub use self::model::{Line, Order, OrderError, OrderId, Wanted};
pub use self::repository::{Orders, SqliteOrders};
pub use self::service::OrderService;
