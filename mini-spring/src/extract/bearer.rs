//! The token of the `Authorization` field (RFC 6750, section 2.1). Knows no token's meaning.

use super::{FromRequest, OptionalFromRequest};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The token that the client sends as `Authorization: Bearer <token>` (RFC 6750, section 2.1).
///
/// A `#[middleware]` and a component of the scope `request` take it as a handler does. Where there is none, or one of another scheme, it is 401 with `WWW-Authenticate: Bearer`, and `None` as an
/// `Option`. One that isn't written as a token is 400, and so is a second `Authorization` field, for nobody knows which
/// counts. What the token means is for the program to find out.
///
/// ```
/// use mini_spring::{Bearer, Problem, TestApp, route, routes};
///
/// #[route(GET, "/me")]
/// fn me(Bearer(token): Bearer) -> Result<String, Problem> {
///     match token.as_str() {
///         "ada-7" => Ok("Ada".to_owned()),
///         _ => Err(Problem::unauthorized("the token is unknown or expired")),
///     }
/// }
///
/// let app = TestApp::of(routes![me]);
/// app.get("/me").header("Authorization", "Bearer ada-7").send().assert_text("Ada");
/// app.get("/me").send().assert_status(401).assert_header("WWW-Authenticate", "Bearer");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(pub String);

/// The token is a secret: it isn't shown.
impl std::fmt::Debug for Bearer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Bearer(***)")
    }
}

const AUTHORIZATION: &str = "Authorization";

impl FromRequest<'_> for Bearer {
    type Rejection = Problem;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        if is_ambiguous(request) {
            return Err(malformed("expected one field, found several"));
        }
        let Some(credentials) = credentials(request) else {
            return Err(Problem::unauthorized(
                "expected `Authorization: Bearer <token>`",
            ));
        };
        match is_token(credentials) {
            true => Ok(Bearer(credentials.to_owned())),
            false => Err(malformed("expected a token behind `Bearer `")),
        }
    }
}

impl OptionalFromRequest<'_> for Bearer {
    fn is_absent(request: &Request) -> bool {
        credentials(request).is_none() && !is_ambiguous(request)
    }
}

/// Whether there are several fields, in whatever order.
fn is_ambiguous(request: &Request) -> bool {
    let names = request.headers().map(|(name, _)| name);
    let mut fields = names.filter(|name| name.eq_ignore_ascii_case(AUTHORIZATION));
    fields.nth(1).is_some()
}

/// What stands behind the scheme, if it is this one: its name has no case, and spaces follow it (RFC 9110, sections
/// 11.1 and 11.4).
fn credentials(request: &Request) -> Option<&str> {
    let value = request.header(AUTHORIZATION)?;
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    scheme
        .eq_ignore_ascii_case("Bearer")
        .then(|| rest.trim_start_matches(' '))
}

/// `b64token` of RFC 6750, section 2.1.
fn is_token(text: &str) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte);
    let token = text.trim_end_matches('=');
    !token.is_empty() && token.as_bytes().iter().all(is_letter)
}

fn malformed(detail: &str) -> Problem {
    Problem::invalid(Fault::new("header", AUTHORIZATION, detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(values: &[&str]) -> Result<String, u16> {
        let fields = values.iter().copied();
        let request = fields.fold(Request::get("/"), |request, value| {
            request.header(AUTHORIZATION, value)
        });
        let request = request.build().unwrap();
        let token = Bearer::from_request(&request).map(|Bearer(token)| token);
        token.map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn tokens_stand_behind_the_scheme() {
        for value in ["Bearer a.b-c_d~e+f/g==", "bearer  a.b-c_d~e+f/g=="] {
            assert_eq!(sent(&[value]).as_deref(), Ok("a.b-c_d~e+f/g=="), "{value}");
        }
        for value in [
            "Bearer",
            "Bearer =",
            "Bearer a b",
            "Bearer a=b",
            "Bearer \u{e9}",
        ] {
            assert_eq!(sent(&[value]), Err(400), "{value}");
        }
        for value in ["Basic YTpi", "Bearera", "a"] {
            assert_eq!(sent(&[value]), Err(401), "{value}");
        }
        assert_eq!(sent(&[]), Err(401));
        assert_eq!(sent(&["Bearer a", "Bearer b"]), Err(400));
        assert_eq!(sent(&["Bearer a", "Basic b"]), Err(400));
        assert_eq!(sent(&["Basic b", "Bearer a"]), Err(400));
    }

    #[test]
    fn what_isnt_sent_is_none() {
        let token = |value: &str| {
            let request = Request::get("/").header(AUTHORIZATION, value);
            let request = request.build().unwrap();
            let token = Option::<Bearer>::from_request(&request);
            token.map(|token| token.map(|Bearer(token)| token))
        };
        assert_eq!(token("Basic YTpi").unwrap(), None);
        assert_eq!(token("Bearer a").unwrap().as_deref(), Some("a"));
        assert_eq!(token("Bearer").unwrap_err().status(), 400);
        let request = Request::get("/").header(AUTHORIZATION, "Basic b");
        let request = request.header(AUTHORIZATION, "Bearer a").build().unwrap();
        let token = Option::<Bearer>::from_request(&request);
        assert_eq!(token.unwrap_err().status(), 400);
    }

    #[test]
    fn a_token_isnt_shown() {
        assert_eq!(format!("{:?}", Bearer("secret".to_owned())), "Bearer(***)");
    }
}
