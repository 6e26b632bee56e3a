//! Where handlers can stand, and how they are named.

#![deny(warnings, missing_docs)]

use mini_spring::{route, routes};

mod users {
    use mini_spring::route;

    #[route(GET, "/users/<id>")]
    pub fn get(id: u64) -> String {
        id.to_string()
    }

    pub(crate) mod admin {
        #[mini_spring::route(DELETE, "/users/<id>")]
        pub(in crate::users) fn remove(_id: u64) {}

        #[mini_spring::route(PATCH, "/users/<id>")]
        pub(crate) fn change(id: u64) {
            super::admin::remove(id);
        }
    }

    pub(crate) fn all() -> mini_spring::Routes {
        mini_spring::routes![get, admin::remove, self::admin::change]
    }
}

use users::get as fetch;

/// Documented, deprecated and long named.
#[route(GET, "/people/<name>")]
#[must_use]
#[deprecated]
#[inline]
#[route([POST, PUT], "/persons/{name}")]
#[mini_spring::route("PURGE", "/cache/<name>")]
fn person(name: &str) -> String {
    name.to_owned()
}

#[route(GET, "/type")]
const fn r#type() -> &'static str {
    "type"
}

#[route(GET, "/conditional")]
#[cfg(any())]
fn conditional(missing: Missing) -> Missing {
    missing
}

#[cfg(any())]
#[route(GET, "/conditional")]
fn conditional(missing: Missing) -> Missing {
    missing
}

#[route(GET, "/conditional")]
#[cfg(all())]
fn conditional() -> &'static str {
    "the one that is left"
}

macro_rules! handler {
    ($name:ident, $path:literal, $result:ty) => {
        #[route(GET, $path)]
        fn $name() -> $result {
            <$result>::default()
        }
    };
}

handler!(from_a_macro, "/from-a-macro", String);

fn main() {
    #[route(GET, "/inside")]
    fn inside() -> Local {
        Local
    }

    #[derive(serde::Serialize)]
    struct Local;

    let _ = routes![users::get, fetch, crate::users::admin::change, person, r#type, inside];
    let _ = (routes![], routes![conditional, from_a_macro,], users::all());
    assert_eq!(fetch::url(42), "/users/42");
    assert_eq!(person::url("Ada L"), "/people/Ada%20L");
    assert_eq!(users::get(42), "42");
    #[allow(deprecated)]
    let name = person("Ada");
    assert_eq!(name, "Ada");
}
