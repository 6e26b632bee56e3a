//! The global route table: one record for each `#[route]` of the program and its libraries.

use std::time::Duration;

use once_cell::sync::Lazy;

use crate::extract::Needs;
use crate::middleware::LayerList;
use crate::request::Request;
use crate::respond::Produced;
use crate::response::Response;

/// What `#[route]` leaves behind of a handler. Plain data and function pointers, so that it can be
/// a constant; everything typed happens when the application is built.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct RouteRecord {
    /// Upper-case method names, such as `GET`.
    pub methods: &'static [&'static str],
    /// The pattern as it was written.
    pub pattern: &'static str,
    /// The name of the function.
    pub handler: &'static str,
    /// `module_path!()` of the function; its first segment is the crate.
    pub module: &'static str,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// The options behind the pattern.
    pub options: RouteOptions,
    /// The middleware of the handler: one static for all its routes.
    pub layers: Option<&'static LayerList>,
    /// Takes the arguments from the request, calls the function and answers.
    pub call: fn(&Request) -> Response,
    /// Adds what the arguments need.
    pub requires: fn(&mut Needs),
}

/// The options of a route.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteOptions {
    /// The handler is known to block.
    pub blocking: bool,
    /// How long the handler may take.
    pub timeout: Option<Duration>,
    /// Bytes of the largest body.
    pub body_limit: Option<u64>,
    /// The media types of bodies that are taken, or kinds of them such as `image/*`; empty: all.
    pub consumes: &'static [&'static str],
    /// The media type of the answer.
    pub produces: Option<Produced>,
}

impl RouteOptions {
    /// Of a route without options.
    pub(crate) const NONE: Self = RouteOptions {
        blocking: false,
        timeout: None,
        body_limit: None,
        consumes: &[],
        produces: None,
    };
}

inventory::collect!(RouteRecord);

/// All records of the program, collected once and in a fixed order: the order in which the linker
/// left them means nothing.
static TABLE: Lazy<Vec<&'static RouteRecord>> =
    Lazy::new(|| sorted(inventory::iter::<RouteRecord>.into_iter()));

/// The global table.
pub(crate) fn table() -> &'static [&'static RouteRecord] {
    &TABLE
}

fn sorted(records: impl Iterator<Item = &'static RouteRecord>) -> Vec<&'static RouteRecord> {
    let mut records: Vec<_> = records.collect();
    records.sort_by_key(|record| (record.pattern, record.methods, record.file, record.line));
    records
}

impl RouteRecord {
    /// The crate that the route was written in.
    pub(crate) fn crate_name(&self) -> &'static str {
        self.module.split("::").next().unwrap_or(self.module)
    }
}

/// Some handlers of the program, as [`routes!`](crate::routes) names them.
///
/// ```
/// use mini_spring::{App, route, routes};
///
/// #[route(GET, "/")]
/// fn hello() -> &'static str {
///     "hello"
/// }
///
/// let app = App::empty().mount("/", routes![hello]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Routes(pub(crate) Vec<&'static RouteRecord>);

/// Names handlers, to be mounted or tested.
///
/// Takes paths to functions with `#[route]`; one with several of them stands for all its routes.
///
/// ```
/// use mini_spring::{route, routes};
///
/// mod users {
///     use mini_spring::route;
///
///     #[route(GET, "/users/<id>")]
///     pub fn get(id: u64) -> String {
///         format!("user {id}")
///     }
/// }
///
/// #[route(GET, "/health")]
/// fn health() -> &'static str {
///     "up"
/// }
///
/// let routes = routes![users::get, health];
/// ```
#[macro_export]
macro_rules! routes {
    ($($handler:path),* $(,)?) => {
        $crate::__private::routes(&[$(<$handler as $crate::__private::Endpoint>::ROUTES),*])
    };
}

/// The routes of some handlers, one after the other.
#[doc(hidden)]
pub fn routes(handlers: &[&'static [RouteRecord]]) -> Routes {
    Routes(handlers.iter().copied().flatten().collect())
}

impl IntoIterator for Routes {
    type Item = &'static RouteRecord;
    type IntoIter = std::vec::IntoIter<&'static RouteRecord>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn record(
        pattern: &'static str,
        method: &'static [&'static str],
        line: u32,
    ) -> RouteRecord {
        RouteRecord {
            methods: method,
            pattern,
            handler: "show",
            module: "shop::items",
            file: "src/items.rs",
            line,
            options: RouteOptions::NONE,
            layers: None,
            call: |_| Response::ok(""),
            requires: |_| {},
        }
    }

    #[test]
    fn the_order_is_fixed() {
        static A: RouteRecord = record("/a", &["GET"], 9);
        static A_POST: RouteRecord = record("/a", &["POST"], 1);
        static B: RouteRecord = record("/b", &["GET"], 2);
        static B_AGAIN: RouteRecord = record("/b", &["GET"], 3);
        let lines: Vec<u32> = sorted([&B_AGAIN, &A_POST, &B, &A].into_iter())
            .iter()
            .map(|record| record.line)
            .collect();
        assert_eq!(lines, [9, 1, 2, 3]);
    }

    #[test]
    fn the_crate_is_the_first_segment_of_the_module() {
        assert_eq!(record("/", &[], 1).crate_name(), "shop");
    }
}
