//! The attributes of mini-spring.
//!
//! Each has a folder with the same halves: `parse` reads tokens and never quotes, `check` finds all
//! mistakes of one use, `expand` writes tokens and never fails. What they write only names
//! `::mini_spring::__private`.

#![forbid(unsafe_code)]

mod error_handler;
mod mistakes;
mod problem;
mod route;

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
/// | `blocking` | the handler blocks, as one that queries a database does; without it the server finds out |
/// | `timeout = "5s"` | a handler that takes longer is answered for with 504; units `ms`, `s`, `m` |
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
#[proc_macro_attribute]
pub fn route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::expand(arguments.into(), item.into()).into()
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

/// Says how the errors of an enum or a struct are answered: derives `From<Self> for Problem`.
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
/// `std::error::Error` it is still answered as its attributes say.
#[proc_macro_derive(Problem, attributes(problem))]
pub fn derive_problem(item: TokenStream) -> TokenStream {
    problem::expand(item.into()).into()
}

/// What stands beside a handler's type; for generated code only.
#[doc(hidden)]
#[proc_macro_derive(Beside, attributes(beside))]
pub fn derive_beside(item: TokenStream) -> TokenStream {
    route::beside(item.into()).into()
}
