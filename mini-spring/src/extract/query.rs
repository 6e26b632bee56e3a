//! [`Query`] and [`Form`]: named values read by serde, from the query or from the body.

use serde::Deserialize;

use super::{BodyUse, FromRequest, OptionalFromRequest, media_type, pairs};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The whole query as one value, read by serde.
///
/// A single parameter is better declared in the pattern, `?<page>`; this is for many of them that belong
/// together. Text can be borrowed from the request, decoded as it is. A field of type `Option` is `None`
/// where the name is missing or its value empty, a `Vec` takes a name that repeats and needs
/// `#[serde(default)]` where there may be none. What the struct doesn't have is passed over, unless serde
/// is told otherwise.
///
/// An empty value is none for an `Option` only: browsers send empty fields of forms, so numbers that may be left
/// out are `Option<u32>`, not `#[serde(default)] u32`. With `#[serde(flatten)]` serde takes all values for text,
/// and numbers in there aren't read.
///
/// ```
/// use mini_spring::{Query, TestApp, route, routes};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Search<'r> {
///     text: &'r str,
///     page: Option<u32>,
///     #[serde(default)]
///     tag: Vec<&'r str>,
/// }
///
/// #[route(GET, "/search")]
/// fn search(Query(search): Query<Search<'_>>) -> String {
///     format!("{} {:?} {:?}", search.text, search.page, search.tag)
/// }
///
/// let app = TestApp::of(routes![search]);
/// let response = app.get("/search?text=a+b%21&tag=c&tag=d").send();
/// response.assert_text(r#"a b! None ["c", "d"]"#);
/// app.get("/search?text=a&page=x").send().assert_status(400);
/// ```
///
/// # Errors
///
/// 400, which names the field, as for other parameters. At most 1,000 values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Query<T>(pub T);

/// A form that was sent as the body, `application/x-www-form-urlencoded`, read by serde as [`Query`] is.
///
/// ```
/// use mini_spring::{Form, TestApp, route, routes};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Login {
///     name: String,
///     #[serde(default)]
///     stay: bool,
/// }
///
/// #[route(POST, "/login")]
/// fn login(Form(login): Form<Login>) -> String {
///     format!("{} stays: {}", login.name, login.stay)
/// }
///
/// let app = TestApp::of(routes![login]);
/// let response = app.post("/login").form([("name", "Ada L."), ("stay", "on")]).send();
/// response.assert_text("Ada L. stays: true");
/// app.post("/login").text("name=Ada").send().assert_status(415);
/// ```
///
/// # Errors
///
/// 415 for any other content type and for a compressed body, and 400 as for [`Query`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form<T>(pub T);

const FORM: &str = "application/x-www-form-urlencoded";

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Query<T> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        let query = request.query().unwrap_or_default();
        let value = pairs::read(request, query.as_bytes());
        value.map(Query).map_err(|error| refuse("query", error))
    }
}

/// Absent where there is no `?`, or nothing behind it.
impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Query<T> {
    fn is_absent(request: &'r Request) -> bool {
        request.query().unwrap_or_default().is_empty()
    }
}

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Form<T> {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        media_type::must_be(request, FORM, |essence| {
            essence.eq_ignore_ascii_case(FORM.as_bytes())
        })?;
        let value = pairs::read(request, request.body());
        value.map(Form).map_err(|error| refuse("body", error))
    }
}

/// Absent where there is neither a body nor its type.
impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Form<T> {
    fn is_absent(request: &'r Request) -> bool {
        media_type::is_body_absent(request)
    }
}

fn refuse(place: &'static str, error: pairs::Error) -> Problem {
    let name = error.name.unwrap_or_default();
    Problem::invalid(Fault::new(place, name, error.detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::StatusCode;

    #[test]
    fn a_form_has_its_content_type() {
        let post = |content_type: &str| {
            let request = Request::post("/").header("Content-Type", content_type);
            request.body("a=1").build().unwrap()
        };
        for yes in [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        ] {
            let request = post(yes);
            let form = Form::<Vec<(&str, u8)>>::from_request(&request);
            assert_eq!(form.unwrap().0, [("a", 1)], "{yes}");
        }
        for no in ["text/plain", "multipart/form-data; boundary=x", ""] {
            let request = post(no);
            let problem = Form::<Vec<(&str, u8)>>::from_request(&request).unwrap_err();
            assert_eq!(problem.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{no}");
        }
    }

    #[test]
    fn what_may_be_absent() {
        let absent = Request::post("/").build().unwrap();
        assert_eq!(Option::<Query<()>>::from_request(&absent).unwrap(), None);
        assert_eq!(Option::<Form<()>>::from_request(&absent).unwrap(), None);
        let empty = Request::post("/?").build().unwrap();
        assert_eq!(Option::<Query<()>>::from_request(&empty).unwrap(), None);
        let there = Request::post("/?a").body("a").build().unwrap();
        assert!(Option::<Query<()>>::from_request(&there).unwrap().is_some());
        assert!(Option::<Form<()>>::from_request(&there).is_err());
    }
}
