//! Running a program: settings and application are checked, then the server takes over.
//!
//! Everything that is wrong is reported at once, on standard error, before the port is taken; components are made when it
//! is, and clients are let in when all is ready. What the process is given,
//! arguments, environment and files, `process` reads.

mod announce;
mod log_filter;

use std::io::{self, Write};
use std::time::Instant;

use self::announce::{Started, begin, warn};
use self::log_filter::LogFilter;
use crate::app::App;
use crate::config::{Sources, Task};
use crate::error::Error;
use crate::inject::Reach;
use crate::logger;
use crate::mistakes::Mistakes;
use crate::one_line::one_line;
use crate::process;
use crate::server::{self, Server};
use crate::service::RouteList;
use crate::{trace, unwind};

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
    /// The settings come from `mini-spring.toml` and `mini-spring-{profile}.toml` in the working directory, the
    /// environment (`MINI_SPRING_SERVER_PORT=9000`) and the command line (`--server.port=9000`); what comes later
    /// wins. See [`ServerConfig`](crate::ServerConfig) and [`#[config]`](macro@crate::config). Installs a logger, unless there is one,
    /// and has a panic in a handler told by the log alone, unless `RUST_BACKTRACE` asks for more or there is a panic hook.
    ///
    /// In the profile `dev`, browsers on this machine are shown what is behind an error: its causes, the lines of the source,
    /// the route, and the request.
    ///
    /// Further arguments that it takes: `--profile=NAME`; and `--help`, `--print-config` and `--routes`, or
    /// `--routes=json`, which show something on standard output instead of serving. Other arguments, and those behind
    /// `--`, are the program's.
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
    /// If the server can't start, such as for a port that is taken: that is found out before components are made, and
    /// clients are refused until all is ready.
    pub fn run(self) -> Result<(), Error> {
        let began = Instant::now();
        let filter = LogFilter::of(&process::log_filter());
        let is_ours = logger::install(process::paints(), &filter.directives);
        // In what goes to another logger there are no colours, and what it shows is its own affair.
        let paints = is_ours && process::paints();
        if is_ours {
            filter
                .warnings
                .iter()
                .for_each(|warning| log::warn!("{}", one_line(warning)));
        }
        unwind::tell_places(server::is_inside, process::wants_backtraces());
        let sources = process::sources();
        match sources.task() {
            Task::ShowHelp => show(&sources.help(&process::program())),
            Task::ShowRoutes => self.show_routes(&sources, |routes| routes.to_string()),
            Task::ShowRoutesAsJson => self.show_routes(&sources, |routes| routes.to_json()),
            Task::ShowSettings => {
                let settings = process::settle(sources);
                show(&settings.listing())?;
                warn(&settings);
                told(settings.checked(server::cores()))
            }
            Task::Serve => {
                let settings = process::settle(sources);
                begin(&settings);
                warn(&settings);
                let is_dev = settings.profile.is_dev();
                if is_dev {
                    trace::keep();
                }
                let checked = self.check(Reach::All, &settings, server::cores());
                let (config, resolved) = told(checked)?;
                // Behind a proxy, nobody is known to be on this machine.
                let shows_errors =
                    is_dev && !config.proxy_protocol && config.trusted_proxies.is_empty();
                let sockets = process::sockets()?;
                // What components do at their making may disturb a program that runs already, and has this port.
                let server = Server::of_process(config, sockets)?;
                let mut service = told(resolved.make())?;
                if shows_errors {
                    service.show_errors();
                }
                let started = Started {
                    routes: service.routes().to_string(),
                    sockets,
                    began,
                    paints,
                };
                server::serve(server, service, |addr| started.tell(addr))
            }
        }
    }

    /// Makes no component for it: that may need what isn't there yet.
    fn show_routes(
        &self,
        sources: &Sources,
        shown: fn(&RouteList<'_>) -> String,
    ) -> Result<(), Error> {
        let (router, chains) = told(self.routes_checked(sources.profile.name()))?;
        show(&shown(&RouteList::new(router.routes(), &chains)))
    }
}

/// Shows something on standard output. Nobody has to read it to its end.
fn show(text: &str) -> Result<(), Error> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// The report, if there are mistakes: of several it is printed.
fn told<T>(result: Result<T, Mistakes>) -> Result<T, Error> {
    result.map_err(|mistakes| {
        if mistakes.len() > 1 {
            // Where nobody reads it, the error is left, by which the program ends.
            let _ = writeln!(io::stderr(), "the program can't start: {mistakes}");
        }
        summary(&mistakes)
    })
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
    use crate::config::{Profile, ServerConfig};
    use crate::middleware::Next;
    use crate::request::Request;
    use crate::response::Response;
    use crate::service::Service;

    fn prepared(app: App, argument: &str) -> Result<(ServerConfig, Service), Mistakes> {
        let sources = Sources::new(Profile::test(), [], [argument.to_owned()]);
        let settings = sources.settle(&[], Mistakes::default(), &|_| Err(String::new()));
        let (config, resolved) = app.check(Reach::All, &settings, 2)?;
        Ok((config, resolved.make()?))
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
    fn routes_are_shown_with_the_middleware_around_them() {
        fn outer(request: &mut Request, next: Next<'_>) -> Response {
            next.run(request)
        }
        let app = App::empty()
            .route("GET", "/", |_: &Request| "hello")
            .middleware(outer)
            .middleware(|request, next| next.run(request));
        let (router, chains) = app.routes_checked("test").unwrap();
        let routes = RouteList::new(router.routes(), &chains);
        let text = routes.to_string();
        assert!(
            text.contains("outer, ") && text.contains("run.rs:"),
            "{text}"
        );
        let json: serde_json::Value = serde_json::from_str(&routes.to_json()).unwrap();
        let first = json[0]["middleware"][0].as_str().unwrap();
        assert!(first.contains("outer"), "{json}");
        assert_eq!(json[0]["middleware"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn without_mistakes_there_is_a_server_to_start() {
        let app = App::empty().route("GET", "/", |_: &Request| "hello");
        let (config, service) = prepared(app, "--server.port=0").unwrap();
        assert_eq!(config.port, 0);
        assert_eq!(service.routes().len(), 1);
    }
}
