//! Settings of the program: from files, the environment and the command line.
//!
//!     cargo run --example config -- --greeting.to=Ada --greeting.key=secret
//!     cargo run --example config -- --help
//!     GREETING_KEY=secret cargo run --example config -- --greeting.key=k --print-config
//!
//! A `mini-spring.toml` in the working directory may say:
//!
//!     [greeting]
//!     to = "Ada"
//!     key = "${GREETING_KEY}"
//!     patience = "2m"

use std::time::Duration;

use mini_spring::{ByteSize, Inject, Problem, Secret, config, route};

/// How people are greeted.
#[config(prefix = "greeting")]
struct GreetingConfig {
    /// Who is greeted where nobody is named.
    #[config(default = "World")]
    to: String,
    /// What has to be in the field X-Key.
    key: Secret<String>,
    /// How long a greeting may take.
    #[config(default = "30s")]
    patience: Duration,
    /// The longest name.
    #[config(default = "1KiB")]
    longest: ByteSize,
    /// How often it is said.
    #[config(default = 1, unit = "times")]
    repeat: u8,
    /// Names that aren't greeted.
    #[config(default = "")]
    banned: Vec<String>,
}

#[route(GET, "/?<name>")]
fn greet(
    name: Option<&str>,
    #[header("X-Key")] key: &str,
    config: Inject<GreetingConfig>,
) -> Result<String, Problem> {
    if !config.key.matches(key) {
        return Err(Problem::unauthorized("send the key as X-Key"));
    }
    let name = name.unwrap_or(&config.to);
    if name.len() as u64 > config.longest.0 || config.banned.iter().any(|banned| banned == name) {
        return Err(Problem::unprocessable("that is nobody to greet"));
    }
    let greetings = vec![format!("Hello, {name}!"); config.repeat.into()];
    Ok(format!("{} ({:?})", greetings.join(" "), config.patience))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
