//! The attributes of mini-spring.
//!
//! **Use the crate [mini-spring](https://docs.rs/mini-spring)**, which exports them with examples that run. What they write names that
//! crate, so they are of no use without it.
//!
//! ```text
//! #[route(GET, "/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello, {name}!")
//! }
//! ```
//!
//! Each has a folder with the same halves: `parse` reads tokens and never quotes, `check` finds all
//! mistakes of one use, `expand` writes tokens and never fails. What they write only names
//! `::mini_spring::__private`. `function` is what those share that stand on functions.

#![forbid(unsafe_code)]

mod component;
mod config;
mod error_handler;
mod function;
mod group;
mod hook;
mod layers;
mod middleware;
mod mistakes;
mod problem;
mod route;
mod tokens;

use proc_macro::TokenStream;

/// Makes a function answer requests.
///
/// ```text
/// #[route(GET, "/users/<id>?<full>")]
/// #[route([PUT, PATCH], "/users/<id>")]
/// ```
///
/// The first part is the method, or a list of methods: `GET`, `HEAD`, `POST`, `PUT`, `PATCH`,
/// `DELETE`, `OPTIONS`, `TRACE`, or another one as text, such as `"PURGE"`. The second is the pattern:
///
/// | in the pattern | matches | binds the argument |
/// |---|---|---|
/// | `/users` | itself | |
/// | `/<id>` or `/{id}` | one segment | `id` |
/// | `/<rest..>` | the rest of the path, perhaps nothing | `rest` |
/// | `?<page>&<tag>` | any query | `page`, `tag` |
/// | `?<page=1>` | any query | `page`, `1` where it is absent |
///
/// An argument that the pattern names is a parameter, of any `FromParam` or `FromStr` type; in the
/// query also `Option<T>` (may be absent) and `Vec<T>` (may repeat), and a `bool` is a flag, true for `?full` and
/// false without it. Every other argument is an
/// extractor, a `FromRequest` type such as `Json<T>`, in any order. The result is anything
/// `IntoResponse` or `serde::Serialize`, also in `Option` and `Result`.
///
/// Options follow the pattern:
///
/// | option | meaning |
/// |---|---|
/// | `blocking` | the handler blocks, as one that queries a database does, and so does what it returns to be read; without it the server finds out |
/// | `timeout = "5s"` | a handler that takes longer is answered for with 504; units `ms`, `s`, `m`, `h`, `d` |
/// | `status = 201` | of an answer whose content says no other, instead of 200 or 204 |
/// | `consumes = "application/json"` | the media type of bodies, or all of a kind, `"image/*"`, or a list, `["text/csv", "text/plain"]`; others are 415 before they are read |
/// | `produces = "text/csv"` | the media type of the answer: that of text and bytes, and of JSON where it is JSON too. A client whose `Accept` excludes it is answered 406, and `Vary` tells caches |
/// | `body_limit = "10MiB"` | the largest body, instead of `server.body`; larger ones are 413; units `KiB`, `MiB`, `GiB` |
///
/// `#[route(POST, "/report", blocking, timeout = "30s")]` has two of them. Routes of one method and pattern
/// stand beside each other where each has `consumes`, or each has `produces`, of other types: a request goes to the
/// one that takes its body, and of several to the one whose answer its client wants most, or else the first in
/// the alphabet of media types. The timeout counts from
/// the call of the handler. A thread can't be stopped: the handler goes on, and what it returns is
/// dropped; a handler that can give up early asks its `Deadline`.
///
/// The function is a free one: in an `impl`, where no type can stand beside it, the compiler says that a
/// `struct` isn't supported there. It stays as it is and can be called. Beside it stands a type of its name, so that
/// `routes![get_user]` and `get_user::url(42)` work; that is why no type or module of this name can
/// stand in the same module. Several `#[route]` can stand on one function; `url` is that of the
/// first.
///
/// What is generated names the crate `mini_spring`. Where a program's manifest calls it otherwise,
/// `extern crate other as mini_spring;` in the program's first file gives it that name as well.
#[proc_macro_attribute]
pub fn route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::expand(arguments.into(), item.into()).into()
}

/// Makes a function a middleware, or puts one around a handler.
///
/// # Around a handler
///
/// ```text
/// #[middleware(auth)]
/// #[middleware(RateLimit::per_minute(60))]
/// #[route(POST, "/books")]
/// fn create(..)
/// ```
///
/// In the parentheses stands one expression: the name of a function, a closure, or a value that is `Middleware`. It is
/// evaluated once for each application, when that is built, and is around all routes of the handler. The topmost is the
/// outermost; whether they stand above `#[route]` or below makes no difference. What `App::middleware` adds is further
/// outside.
///
/// # A function
///
/// ```text
/// #[middleware]
/// fn auth(request: &mut Request, next: Next, #[header("Authorization")] token: Option<String>) -> Result<Response, Problem>
///
/// #[middleware(provides = User)]
/// fn with_user(request: &mut Request, next: Next, sessions: Inject<Sessions>) -> Response
/// ```
///
/// Without the attribute, every `fn(&mut Request, Next) -> Response` is a middleware. With it, more arguments can
/// stand behind these two, as a handler has them: extractors that leave the body alone, and header fields and
/// cookies with their attributes. They are taken before the function is called, and owned, since it may change its
/// request. What can't be taken is answered as it would be for a handler, by whatever is around it. The result is
/// that of a handler, too.
///
/// `provides = User`, or `provides = [User, Tenant]`, says that it puts a value of the type on every request that
/// it lets pass, for `Extension<User>`: before the start it is checked that handlers which take one have such a
/// middleware around them.
///
/// The name of the function is one of the two arguments from then on.
#[proc_macro_attribute]
pub fn middleware(arguments: TokenStream, item: TokenStream) -> TokenStream {
    middleware::expand(arguments.into(), item.into()).into()
}

/// Gives all routes of a module, and of the modules below it, a prefix and middleware.
///
/// ```text
/// group! { prefix: "/api/books", middleware: [auth, RateLimit::per_minute(60)] }
/// ```
///
/// Either may be left out. The prefix is static and stands before the patterns; `url(..)` of the handlers has it. The
/// middleware is what `#[middleware(..)]` takes, the first is the outermost; each is evaluated once for each
/// application, so all routes of the group share its state. Groups in modules below add their prefixes and
/// their middleware further inside.
#[proc_macro]
pub fn group(tokens: TokenStream) -> TokenStream {
    group::expand(tokens.into()).into()
}

/// Makes a function answer errors.
///
/// ```text
/// #[error_handler]
/// fn database(error: &rusqlite::Error, request: &Request) -> Problem
///
/// #[error_handler]
/// fn all(problem: Problem, request: &Request) -> Response
/// ```
///
/// The first argument says which errors:
///
/// | first argument | is called for |
/// |---|---|
/// | `&E`, an `std::error::Error` | errors of the type `E`, before what `E` says itself by `Into<Problem>` |
/// | `Problem` | everything that is answered as a problem, last |
///
/// Behind it stand extractors that leave the body alone, such as `&Request`, and header fields and cookies with
/// their attributes. The result is that of a handler. A status that it doesn't say is that of the problem, and
/// 500 for errors of one type; `(StatusCode::OK, ..)` says 200.
///
/// An error is found where a handler or an extractor returns it, in a box
/// ([`mini_spring::Error`](../mini_spring/struct.Error.html), `Box<dyn Error + Send + Sync>`, `anyhow::Error` and
/// the like), and as a cause: where nothing else is known of an error than that it is a 500, what caused it is
/// looked at, from the outside to the inside. An error that says by itself how it is answered is not looked
/// through.
///
/// What a handler of one type returns as a `Problem` goes to the one of all problems, too; any other answer is
/// sent as it is. That one sees all problems that handlers, extractors and middleware answer with, and those of
/// the server once the head of a request has been read: 404, 405, 413, the 500 of a panic. What the server
/// refuses before that, malformed heads for example, or because of a time limit (408, 503, 504), it doesn't
/// see. The error behind a problem is its `cause`.
///
/// The answer keeps the error, and the header fields of the problem, such as `Allow`, where it is an error as well.
/// From 500 on the log gets the error with its causes in one line. If the handler panics the log says so, too, and
/// the answer is 500; if one of its other arguments can't be had, an error of one type is a 500 and a problem is
/// answered as it was. What a client did wrong with its body doesn't go to a handler of `std::io::Error`.
///
/// All error handlers of a program and its libraries are in force in `App::new()` by themselves; others name them
/// with `errors!`. Two for the same errors stop the start.
#[proc_macro_attribute]
pub fn error_handler(arguments: TokenStream, item: TokenStream) -> TokenStream {
    error_handler::expand(arguments.into(), item.into()).into()
}

/// Makes a struct hold settings of the program.
///
/// ```text
/// #[config(prefix = "database")]
/// struct DatabaseConfig {
///     /// Where the database is.
///     url: Secret<String>,
///     #[config(default = 8, unit = "connections")]
///     pool: u32,
///     #[config(default = "30s")]
///     timeout: Duration,
///     replica: Option<String>,
/// }
/// ```
///
/// Each field is a key: `database.pool` is `pool = 8` below `[database]` in `mini-spring.toml`,
/// `MINI_SPRING_DATABASE_POOL=8` in the environment and `--database.pool=8` on the command line. `-` and `_` in keys
/// are the same. When the program starts, each struct is made once, and everything that is wrong is reported together,
/// each with the file and line, the variable or the argument that says it.
///
/// A field has any type that is `serde::Deserialize` or `std::str::FromStr`:
///
/// | type | written |
/// |---|---|
/// | numbers, `bool`, text, paths, addresses | as one expects; switches also `on`, `off`, `1`, `0` |
/// | `std::time::Duration` | `"500ms"`, `"30s"`, `"2m"`, `"12h"`, `"7d"` |
/// | `ByteSize` | `"2MiB"`, `"16KiB"`, or bytes |
/// | `Secret<T>` | as `T`; it is never shown |
/// | `Option<T>` | as `T`; it may be absent or empty |
/// | `Vec<T>` | a list; in a text, commas stand between the items |
/// | an enum | the name of a variant |
/// | a struct | a table; each of its fields is a key, as deep as four |
/// | a map | a table with any names |
///
/// | at a field | meaning |
/// |---|---|
/// | `#[config(default = "30s")]` | the value where none is written, as it would be written in the environment; a text, a number or a switch |
/// | `#[config(default)]` | the same with the `Default` of the type |
/// | `#[config(unit = "rows")]` | what is counted, for `--help` |
///
/// A field without a default that isn't an `Option` must be written somewhere, else the program doesn't start. The
/// first sentence of its documentation is what `--help` says. Several structs may have the same prefix, and read the
/// same keys; `server` is mini-spring's own.
#[proc_macro_attribute]
pub fn config(arguments: TokenStream, item: TokenStream) -> TokenStream {
    config::expand(arguments.into(), item.into()).into()
}

/// Says how the errors of an enum or a struct are answered: derives `From<Self> for Problem`.
///
/// ```text
/// #[derive(Debug, Problem)]
/// enum BookError {
///     #[problem(404, "no book {id}")]
///     Missing { id: u64 },
///     #[problem(500)]
///     Database(rusqlite::Error),
/// }
/// ```
///
/// Each variant has one attribute:
///
/// | attribute | answered |
/// |---|---|
/// | `#[problem(404)]` | with this status; below 500 the error's `Display`, if it has one, is the `detail`. From 500 on the client learns nothing, and the log gets the error |
/// | `#[problem(404, "no book {id}")]` | with this `detail`, which has the fields at hand: `{id}`, `{0}` |
/// | `#[problem(409, code = "taken", title = "..", type = "https://..")]` | with these members (RFC 9457) |
/// | `#[problem(409, members(id))]` | with the field `id` as an extension member |
/// | `#[problem(transparent)]` | as the one value in it is |
///
/// A handler returns such an error, or passes it on with `?` as a `mini_spring::Error`: if it is a
/// `std::error::Error` it is still answered as its attributes say. So it is in the `anyhow::Result` of a handler,
/// whatever context was added; but an `anyhow::Error` that becomes a `mini_spring::Error` by `?` hides what is in it, and is
/// a 500.
#[proc_macro_derive(Problem, attributes(problem))]
pub fn derive_problem(item: TokenStream) -> TokenStream {
    problem::expand(item.into()).into()
}

/// Makes something injectable.
///
/// ```text
/// #[component]
/// fn database(config: Inject<DatabaseConfig>) -> Result<Database, rusqlite::Error>
///
/// #[component(as dyn Orders)]
/// struct SqliteOrders { database: Inject<Database> }
///
/// #[component]
/// impl Mailer { fn new(database: Inject<Database>) -> Self }
/// ```
///
/// The component is what the function returns, with or without a `Result`; or the struct, with all of its fields
/// injected; or what the function `new` of the `impl` returns. Whoever needs it takes an
/// [`Inject`](../mini_spring/struct.Inject.html) of its type: a handler, a middleware, another component. It is made
/// with such arguments itself, `Inject<T>`, `Option<Inject<T>>` and `Vec<Inject<T>>`.
///
/// All components are made once, before the port opens, each behind what it needs, and are dropped in the
/// reverse order when the server has stopped. What is missing, what is there twice, and what goes round in a
/// circle is reported before anything is made. An error stops the start.
///
/// | option | meaning |
/// |---|---|
/// | `as dyn Orders` | it is found as this trait as well; the trait must be `Send + Sync`. A function may also return an `Arc<dyn Orders>` or a `Box<dyn Orders>` |
/// | `name = "replica"` | arguments ask for it as `#[named("replica")] database: Inject<Database>` |
/// | `primary` | it is meant where several could be |
/// | `scope = request` | it is made once for each request that needs it, of any extractors, and dropped before the answer is sent; its error is the answer. It needs not be `Send` |
///
/// `#[profile("dev")]` or `#[profile("dev", "test")]` beside it says that only these profiles have it.
#[proc_macro_attribute]
pub fn component(arguments: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(arguments.into(), item.into()).into()
}

/// Says which profiles have a component: `#[profile("dev")]`, `#[profile("dev", "test")]`.
///
/// It stands beside `#[component]`, above or below.
///
/// ```text
/// #[component(as dyn Mailer)]
/// #[profile("prod")]
/// fn smtp(config: Inject<MailConfig>) -> Smtp
/// ```
#[proc_macro_attribute]
pub fn profile(arguments: TokenStream, item: TokenStream) -> TokenStream {
    component::profile(&arguments.into(), item.into()).into()
}

/// Has a function called when all components are made, before the port opens.
///
/// ```text
/// #[on_start]
/// fn migrate(database: Inject<Database>) -> Result<(), rusqlite::Error>
/// ```
///
/// Its arguments are those of a component. An error stops the start. Several are called in the order of their places
/// in the source.
#[proc_macro_attribute]
pub fn on_start(arguments: TokenStream, item: TokenStream) -> TokenStream {
    hook::expand("#[on_start]", "Start", &arguments.into(), item.into()).into()
}

/// Has a function called when the server has stopped, before components are dropped.
///
/// ```text
/// #[on_stop]
/// fn flush(outbox: Inject<Outbox>)
/// ```
///
/// Its arguments are those of a component. An error is logged. Several are called in the reverse order of their
/// places in the source.
#[proc_macro_attribute]
pub fn on_stop(arguments: TokenStream, item: TokenStream) -> TokenStream {
    hook::expand("#[on_stop]", "Stop", &arguments.into(), item.into()).into()
}

/// What stands beside a handler's type; for generated code only.
#[doc(hidden)]
#[proc_macro_derive(Beside, attributes(beside))]
pub fn derive_beside(item: TokenStream) -> TokenStream {
    function::namesake::beside(item.into()).into()
}
