//! [`FromParam`]: one text of the path or the query as a value.
//!
//! The text is percent-decoded already. Knows no request: where the text stood is known to those
//! that report an error.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::http::file_path;

/// A type that a parameter of the path or the query can have, and an argument with `#[header("..")]` or
/// `#[cookie("..")]`.
///
/// A type that implements `std::str::FromStr` needs nothing more: `IpAddr`, `Uuid` and the like are
/// parameters by it. Implement this trait where the text is to be borrowed, or read in another way.
/// `Option<T>` (may be absent) and `Vec<T>` (may repeat) are made of it, but in the path.
///
/// | type | takes |
/// |---|---|
/// | integers | digits, with a `-` before those of signed types; no `+`, no spaces |
/// | `f32`, `f64` | finite decimal numbers |
/// | `bool` | `true`, `1`, `on`, `false`, `0`, `off`; in the query a flag: the bare name `?flag` is true, and no name is false |
/// | `char` | one character |
/// | `&str`, `String`, `Cow<str>`, `Box<str>`, `Arc<str>` | any text, the empty one too |
/// | `PathBuf` | a relative path of names that are plain on every system: without `..`, backslash, `:`, control characters, dots and spaces at the end, and devices of Windows such as `CON` |
///
/// ```
/// use mini_spring::{TestApp, route, routes};
///
/// #[route(GET, "/notes?<page=1>&<tag>&<by>&<archived>")]
/// fn notes(page: u32, tag: Vec<&str>, by: Option<char>, archived: bool) -> String {
///     format!("{page} {tag:?} {by:?} {archived:?}")
/// }
///
/// #[route(GET, "/greeting")]
/// fn greeting(#[header("Accept-Language")] language: &str, #[cookie("visits")] visits: Option<u32>) -> String {
///     format!("{language} {visits:?}")
/// }
///
/// let app = TestApp::of(routes![notes, greeting]);
/// app.get("/notes").send().assert_text("1 [] None false");
/// let some = app.get("/notes?tag=a&page=2&tag=b+c&by=%C3%A9&archived").send();
/// some.assert_text(r#"2 ["a", "b c"] Some('é') true"#);
/// app.get("/notes?page=-1").send().assert_status(400);
///
/// let greeted = app.get("/greeting").header("Accept-Language", "fr").header("Cookie", "visits=3");
/// greeted.send().assert_text("fr Some(3)");
/// app.get("/greeting").send().assert_status(400);
/// ```
///
/// A type of yours:
///
/// ```
/// use mini_spring::{FromParam, ParamError};
///
/// struct Slug<'r>(&'r str);
///
/// impl<'r> FromParam<'r> for Slug<'r> {
///     fn from_param(text: &'r str) -> Result<Self, ParamError> {
///         if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
///             Ok(Slug(text))
///         } else {
///             Err(ParamError::expected("lower-case letters and `-`", text))
///         }
///     }
/// }
///
/// assert_eq!(Slug::from_param("about-us")?.0, "about-us");
/// let error = Slug::from_param("About").err().map(|error| error.to_string());
/// assert_eq!(error.as_deref(), Some("expected lower-case letters and `-`, found `About`"));
/// # Ok::<(), ParamError>(())
/// ```
///
/// One that is [`FromStr`](std::str::FromStr) needs nothing more:
///
/// ```
/// use std::str::FromStr;
///
/// use mini_spring::{TestApp, route, routes};
///
/// struct Isbn(String);
///
/// impl FromStr for Isbn {
///     type Err = &'static str;
///
///     fn from_str(text: &str) -> Result<Self, Self::Err> {
///         match text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit()) {
///             true => Ok(Isbn(text.to_owned())),
///             false => Err("expected an ISBN of 13 digits"),
///         }
///     }
/// }
///
/// #[route(GET, "/books/<isbn>?<after>")]
/// fn book(isbn: Isbn, after: Option<Isbn>) -> String {
///     format!("{} after {}", isbn.0, after.map_or("none".to_owned(), |isbn| isbn.0))
/// }
///
/// let app = TestApp::of(routes![book]);
/// app.get("/books/9783161484100").send().assert_text("9783161484100 after none");
/// let refused = app.get("/books/9783161484100?after=7").send();
/// refused.assert_status(400);
/// assert!(refused.text().contains("expected an ISBN of 13 digits, found `7`"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter, a header field or a cookie",
    label = "this argument's type can't be read from a text",
    note = "values are taken without `&`, as `u64`; only text can be `&str`",
    note = "implement `std::str::FromStr` with an error that is `Display`, or `mini_spring::FromParam`",
    note = "`Option<T>` and `Vec<T>` of such a type can stand everywhere but in the path",
    note = "an enum that serde reads is taken by `Query<T>`, as a field of a struct"
)]
pub trait FromParam<'r>: Sized {
    /// Whether the empty text is a value; else `?name=` counts as absent.
    const EMPTY: bool = false;

    /// Reads the decoded text.
    ///
    /// # Errors
    ///
    /// What was expected and what was found, for the client.
    fn from_param(text: &'r str) -> Result<Self, ParamError>;

    /// The value of a name in the query that goes without `=`. By default there is none, and the
    /// name counts as followed by an empty text.
    ///
    /// ```
    /// use mini_spring::FromParam;
    ///
    /// assert_eq!(bool::from_flag(), Some(true), "?full");
    /// assert_eq!(bool::when_absent(), Some(false));
    /// assert_eq!(u32::from_flag(), None);
    /// assert!(String::EMPTY && !u32::EMPTY, "?name= is a text, and no number");
    /// ```
    fn from_flag() -> Option<Self> {
        None
    }

    /// The value of an argument whose name the query doesn't have, and the pattern no default for. By default
    /// there is none, and the request is answered 400; a `bool` is false.
    fn when_absent() -> Option<Self> {
        None
    }
}

/// Why a text is no value of a type, as it is told to the client.
///
/// ```
/// use mini_spring::ParamError;
///
/// let error = ParamError::expected("a colour", "fish");
/// assert_eq!(error.to_string(), "expected a colour, found `fish`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamError {
    detail: String,
}

impl ParamError {
    /// An error with a message of its own.
    ///
    /// ```
    /// use mini_spring::ParamError;
    ///
    /// assert_eq!(ParamError::new("the shop is closed").to_string(), "the shop is closed");
    /// ```
    pub fn new(detail: impl Into<String>) -> Self {
        ParamError {
            detail: detail.into(),
        }
    }

    /// `expected <what>, found <text>`; of a long text only the beginning is quoted.
    pub fn expected(what: impl fmt::Display, found: &str) -> Self {
        ParamError::new(format!("expected {what}, found `{}`", Short(found)))
    }
}

impl fmt::Display for ParamError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for ParamError {}

/// How many characters of a client's text an error quotes.
const QUOTED: usize = 64;

/// The beginning of a text.
pub(crate) struct Short<'t>(pub(crate) &'t str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(QUOTED) {
            Some((end, _)) => write!(formatter, "{}..", &self.0[..end]),
            None => formatter.write_str(self.0),
        }
    }
}

/// The std parser takes `+42`, which no client means to send; here are digits only.
fn is_integer(text: &str, signed: bool) -> bool {
    let digits = match text.strip_prefix('-') {
        Some(digits) if signed => digits,
        _ => text,
    };
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

macro_rules! integers {
    ($what:literal, $signed:literal: $($type:ident)*) => {$(
        impl FromParam<'_> for $type {
            fn from_param(text: &str) -> Result<Self, ParamError> {
                if !is_integer(text, $signed) {
                    return Err(ParamError::expected($what, text));
                }
                // Digits that are no value of the type are too many.
                text.parse().map_err(|_| {
                    // In one expression: before Rust 1.89 such arguments can't be named by `let`.
                    ParamError::expected(
                        format_args!("an integer from {} to {}", $type::MIN, $type::MAX),
                        text,
                    )
                })
            }
        }
    )*};
}

integers!("an unsigned integer", false: u8 u16 u32 u64 u128 usize);
integers!("an integer", true: i8 i16 i32 i64 i128 isize);

macro_rules! floats {
    ($($type:ident)*) => {$(
        impl FromParam<'_> for $type {
            fn from_param(text: &str) -> Result<Self, ParamError> {
                match text.parse::<$type>() {
                    Ok(number) if number.is_finite() && !text.starts_with('+') => Ok(number),
                    _ => Err(ParamError::expected("a finite number", text)),
                }
            }
        }
    )*};
}

floats!(f32 f64);

impl FromParam<'_> for bool {
    fn from_param(text: &str) -> Result<Self, ParamError> {
        match text {
            "true" | "1" | "on" => Ok(true),
            "false" | "0" | "off" => Ok(false),
            _ => Err(ParamError::expected("`true` or `false`", text)),
        }
    }

    fn from_flag() -> Option<Self> {
        Some(true)
    }

    fn when_absent() -> Option<Self> {
        Some(false)
    }
}

impl FromParam<'_> for char {
    fn from_param(text: &str) -> Result<Self, ParamError> {
        text.parse()
            .map_err(|_| ParamError::expected("one character", text))
    }
}

impl<'r> FromParam<'r> for &'r str {
    const EMPTY: bool = true;

    fn from_param(text: &'r str) -> Result<Self, ParamError> {
        Ok(text)
    }
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl<'r> FromParam<'r> for $type {
            const EMPTY: bool = true;

            fn from_param(text: &'r str) -> Result<Self, ParamError> {
                Ok(text.into())
            }
        }
    )*};
}

texts!(String, Cow<'r, str>, Box<str>, Arc<str>);

/// What a path of a client must be; see `http::file_path`.
const PLAIN: &str = "a relative path of plain names, without `..`, `\\` and `:`";

impl FromParam<'_> for PathBuf {
    const EMPTY: bool = true;

    fn from_param(text: &str) -> Result<Self, ParamError> {
        match file_path::is_inside(text) {
            true => Ok(PathBuf::from(text)),
            false => Err(ParamError::expected(PLAIN, text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<'r, T: FromParam<'r> + fmt::Debug + PartialEq>(text: &'r str, expected: T) {
        assert_eq!(T::from_param(text), Ok(expected), "{text}");
    }

    #[track_caller]
    fn refuse<'r, T: FromParam<'r> + fmt::Debug>(text: &'r str, expected: &str) {
        let error = T::from_param(text).unwrap_err().to_string();
        assert_eq!(error, format!("expected {expected}, found `{text}`"));
    }

    #[test]
    fn integers() {
        check("0", 0u8);
        check("042", 42u64);
        check("-1", -1i64);
        check("-128", i8::MIN);
        for text in ["abc", "", "+42", "-1", " 1", "1.0", "0x1", "１"] {
            refuse::<u64>(text, "an unsigned integer");
        }
        for text in ["abc", "", "+42", "-", "--1", "1-"] {
            refuse::<i64>(text, "an integer");
        }
        refuse::<u8>("256", "an integer from 0 to 255");
        refuse::<i8>("-129", "an integer from -128 to 127");
    }

    #[test]
    fn floats() {
        check("1.5", 1.5f64);
        check("-1e3", -1000f32);
        for text in ["inf", "NaN", "-infinity", "1e999", "+1", "", "1,5"] {
            refuse::<f64>(text, "a finite number");
        }
    }

    #[test]
    fn booleans() {
        for text in ["true", "1", "on"] {
            check(text, true);
        }
        for text in ["false", "0", "off"] {
            check(text, false);
        }
        for text in ["TRUE", "yes", "2", ""] {
            refuse::<bool>(text, "`true` or `false`");
        }
        assert_eq!(bool::from_flag(), Some(true));
    }

    #[test]
    fn texts() {
        check("", "");
        check("é", 'é');
        check("a b", "a b".to_owned());
        check("a", Cow::Borrowed("a"));
        check("a", Box::<str>::from("a"));
        check("a", Arc::<str>::from("a"));
        refuse::<char>("ab", "one character");
        refuse::<char>("", "one character");
    }

    #[test]
    fn paths_stay_inside() {
        check("a/b.txt", PathBuf::from("a/b.txt"));
        check("", PathBuf::new());
        check("./a", PathBuf::from("./a"));
        check("a..b/..c", PathBuf::from("a..b/..c"));
        for text in [
            "..",
            "a/../b",
            "/etc/passwd",
            "a\\b",
            "a\0b",
            "C:x",
            "a/...",
            "nul",
        ] {
            refuse::<PathBuf>(text, PLAIN);
        }
    }

    #[test]
    fn a_long_text_is_quoted_in_part() {
        let error = u8::from_param(&"é".repeat(1000)).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "expected an unsigned integer, found `{}..`",
                "é".repeat(QUOTED)
            )
        );
    }
}
