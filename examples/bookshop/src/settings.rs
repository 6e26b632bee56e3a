//! What can be set: in `mini-spring.toml`, the environment or on the command line.

use std::path::PathBuf;
use std::time::Duration;

use mini_spring::{Secret, config};

#[config(prefix = "database")]
pub struct DatabaseSettings {
    /// The file of the database, which is made if it isn't there.
    #[config(default = "bookshop.db")]
    pub path: PathBuf,
    /// How many requests may read at a time.
    #[config(default = 8, unit = "connections")]
    pub readers: u32,
    /// How long a request waits for a connection before it is answered 503.
    #[config(default = "5s")]
    pub patience: Duration,
}

#[config(prefix = "sessions")]
pub struct SessionSettings {
    /// How long a token is good for.
    #[config(default = "7d")]
    pub lifetime: Duration,
}

#[config(prefix = "admin")]
pub struct AdminSettings {
    /// Who may change the books; made at the start if there is nobody of this address.
    pub email: Option<String>,
    /// The password of a new admin.
    pub password: Option<Secret<String>>,
}
