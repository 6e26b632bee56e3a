//! Who uses the shop: accounts, and the tokens by which their requests are known.

pub mod model;
pub mod passwords;
pub mod repository;
pub mod service;
pub mod tokens;

pub mod auth;
pub mod routes;

pub use self::auth::Admin;
pub use self::model::{Account, AccountError, AccountId, NewAccount, Role};
pub use self::repository::{Accounts, SqliteAccounts};
pub use self::service::AccountService;
