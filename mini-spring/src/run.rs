//! Running a program: settings and application are checked, then the server takes over.
//!
//! Everything that is wrong is reported at once, on standard error, before a port is opened.

use crate::app::App;
use crate::config::{self, ServerConfig};
use crate::error::Error;
use crate::inject::Reach;
use crate::logger;
use crate::mistakes::Mistakes;
use crate::service::Service;

/// Runs every `#[route]` of the program until it is told to stop: `App::new().run()`.
///
/// ```no_run
/// fn main() -> mini_spring::Result<()> {
///     mini_spring::run()
/// }
/// ```
///
/// # Errors
///
/// As for [`App::run`].
pub fn run() -> Result<(), Error> {
    App::new().run()
}

impl App {
    /// Serves the application until Ctrl-C or SIGTERM.
    ///
    /// The settings come from the environment (`MINI_SPRING_SERVER_PORT=9000`) and the command line
    /// (`--server.port=9000`), see [`ServerConfig`]; other arguments are the program's. Installs a
    /// logger, unless there is one.
    ///
    /// ```no_run
    /// use mini_spring::{App, Request};
    ///
    /// fn main() -> mini_spring::Result<()> {
    ///     App::empty().route("GET", "/", |_: &Request| "hello").run()
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// If settings or routes are wrong: one mistake is the error, of several the report has been
    /// printed and the error counts them.
    /// If the server can't start, such as for a port that is taken.
    pub fn run(self) -> Result<(), Error> {
        logger::install();
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
        let arguments = std::env::args_os().skip(1).map(text);
        match prepare(&self, environment, arguments) {
            Ok((config, service)) => crate::server::serve(config, service),
            Err(mistakes) => {
                if mistakes.len() > 1 {
                    eprintln!("the program can't start: {mistakes}");
                }
                Err(summary(&mistakes))
            }
        }
    }
}

/// What the server needs, or everything that is wrong with settings and routes.
fn prepare(
    app: &App,
    environment: impl IntoIterator<Item = (String, String)>,
    arguments: impl IntoIterator<Item = String>,
) -> Result<(ServerConfig, Service), Mistakes> {
    match (config::load(environment, arguments), app.build(Reach::All)) {
        (Ok(config), Ok(service)) => Ok((config, service)),
        (Err(mut mistakes), Err(more)) => {
            mistakes.extend(more);
            Err(mistakes)
        }
        (Err(mistakes), Ok(_)) | (Ok(_), Err(mistakes)) => Err(mistakes),
    }
}

fn summary(mistakes: &Mistakes) -> Error {
    match mistakes.len() {
        1 => format!("the program can't start: {mistakes}").into(),
        several => format!("the program can't start because of {several} mistakes").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;

    fn prepared(app: App, argument: &str) -> Result<(ServerConfig, Service), Mistakes> {
        prepare(&app, [], [argument.to_owned()])
    }

    #[test]
    fn mistakes_of_settings_and_routes_are_one_report() {
        let mistakes = prepared(App::empty(), "--server.port=x").unwrap_err();
        assert_eq!(
            mistakes.to_string(),
            "2 mistakes:\n  \
             - --server.port: expected a port from 0 to 65535, found `x`\n  \
             - no routes: add some to `App::empty()` with `mount` or `route`"
        );
        assert_eq!(
            summary(&mistakes).to_string(),
            "the program can't start because of 2 mistakes"
        );
    }

    #[test]
    fn without_mistakes_there_is_a_server_to_start() {
        let app = App::empty().route("GET", "/", |_: &Request| "hello");
        let (config, service) = prepared(app, "--server.port=0").unwrap();
        assert_eq!(config.port, 0);
        assert_eq!(service.routes().len(), 1);
    }
}
