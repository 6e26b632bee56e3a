//! The options behind a route's pattern: what they are called, and which values they take.
//!
//! Knows no pattern and no expansion.

use std::fmt::Display;
use std::time::Duration;

use mini_spring_pattern::{media, units};
use syn::{Error, Expr, ExprLit, Lit, LitStr, Result};

use super::parse::RouteOption;
use crate::mistakes::{Mistakes, similar};

const NAMES: [&str; 6] = [
    "blocking",
    "timeout",
    "body_limit",
    "status",
    "consumes",
    "produces",
];

/// The longest timeout: what the server's clock can tell apart.
const LONGEST: Duration = Duration::from_secs(24 * 24 * 60 * 60);

/// The options of a route.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) blocking: bool,
    pub(crate) timeout: Option<Duration>,
    /// In bytes.
    pub(crate) body_limit: Option<u64>,
    /// Of an answer whose content says no other.
    pub(crate) status: Option<u16>,
    /// The media types of bodies, or kinds of them; empty: all.
    pub(crate) consumes: Vec<String>,
    /// The media type of the answer.
    pub(crate) produces: Option<String>,
}

/// Methods whose requests have no body (RFC 9110, section 9.3).
pub(crate) const BODILESS: [&str; 3] = ["GET", "HEAD", "TRACE"];

/// Checks the options of a route with these methods.
pub(crate) fn check(
    written: &[RouteOption],
    methods: &[String],
    mistakes: &mut Mistakes,
) -> Options {
    let mut options = Options::default();
    for (index, option) in written.iter().enumerate() {
        let is_again = written[..index]
            .iter()
            .any(|other| other.name == option.name);
        mistakes.keep(match is_again {
            true => Err(option.mistake(format!(
                "the option `{}` stands twice; write it once",
                option.name
            ))),
            false => options.read(option),
        });
    }
    let bodiless = methods.iter().find(|method| BODILESS.contains(&&***method));
    let about_bodies = written.iter().find(|option| option.name == "consumes");
    if let (Some(method), Some(option)) = (bodiless, about_bodies) {
        let message =
            format!("`consumes` is about the body, and a {method} request has none; leave it out");
        mistakes.at(option.name.span(), message);
    }
    options
}

impl Options {
    fn read(&mut self, option: &RouteOption) -> Result<()> {
        match option.name.to_string().as_str() {
            "blocking" if option.value.is_some() => {
                return Err(option.mistake("`blocking` takes no value; write it alone"));
            }
            "blocking" => self.blocking = true,
            // A constant, say.
            "timeout" | "body_limit" if option.is_expression() => {
                return Err(option.unreadable());
            }
            "timeout" => self.timeout = Some(option.parse("5s", timeout)?),
            "body_limit" => self.body_limit = Some(option.parse("10MiB", units::size)?),
            "status" => self.status = Some(option.status()?),
            "consumes" => self.consumes = option.media_ranges()?,
            "produces" if matches!(option.value, Some(Expr::Array(_))) => {
                let message = "a route gives one media type; \
                               write another route of the same pattern for each other";
                return Err(Error::new_spanned(&option.value, message));
            }
            "produces" => {
                let text = |text: &str| media::media_type(text).map(|()| text.to_owned());
                self.produces = Some(option.parse("text/csv", text)?);
            }
            name => return Err(option.mistake(unknown(name))),
        }
        Ok(())
    }
}

impl RouteOption {
    fn mistake(&self, message: impl Display) -> Error {
        Error::new(self.name.span(), message)
    }

    /// Whether the value is no literal, so that only the compiler knows what it will be.
    fn is_expression(&self) -> bool {
        matches!(&self.value, Some(value) if !matches!(value, Expr::Lit(_)))
    }

    fn unreadable(&self) -> Error {
        let name = &self.name;
        let example = match name == "timeout" {
            true => "5s",
            false => "10MiB",
        };
        let message = format!(
            "`{name}` takes a text; write `{name} = \"{example}\"`: an attribute can't read a constant or compute"
        );
        Error::new_spanned(&self.value, message)
    }

    /// The value, a status code that a whole answer can have (RFC 9110, section 15).
    fn status(&self) -> Result<u16> {
        let Some(value) = &self.value else {
            return Err(self.mistake("`status` takes a value; write `status = 201`"));
        };
        let number = match value {
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }) => number.base10_parse().ok(),
            _ => None,
        };
        number
            .filter(|code| (200..600).contains(code))
            .ok_or_else(|| {
                let message = "`status` takes a number from 200 to 599; write `status = 201`";
                Error::new_spanned(value, message)
            })
    }

    /// The value, a text that `parse` understands.
    fn parse<T>(
        &self,
        example: &str,
        parse: impl Fn(&str) -> std::result::Result<T, &'static str>,
    ) -> Result<T> {
        let name = &self.name;
        let Some(value) = &self.value else {
            return Err(self.mistake(format!(
                "`{name}` takes a value; write `{name} = \"{example}\"`"
            )));
        };
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = value
        else {
            let message = format!("`{name}` takes a text; write `{name} = \"{example}\"`");
            return Err(Error::new_spanned(value, message));
        };
        self.read(text, parse)
    }

    /// A text that `parse` understands.
    fn read<T>(
        &self,
        text: &LitStr,
        parse: impl Fn(&str) -> std::result::Result<T, &'static str>,
    ) -> Result<T> {
        let value = text.value();
        parse(&value).map_err(|expected| {
            let message = format!("`{}`: expected {expected}, found `{value}`", self.name);
            Error::new_spanned(text, message)
        })
    }

    /// The value, one media type or kind, or a list of them.
    fn media_ranges(&self) -> Result<Vec<String>> {
        let parse = |text: &str| media::range(text).map(|()| text.to_owned());
        let Some(Expr::Array(list)) = &self.value else {
            return Ok(vec![self.parse("application/json", parse)?]);
        };
        if list.elems.is_empty() {
            let message = "`consumes` names at least one media type; leave it out to take all";
            return Err(Error::new_spanned(list, message));
        }
        let read = |element: &Expr| match element {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => self.read(text, parse),
            other => {
                let message =
                    "`consumes` takes texts; write `consumes = [\"image/png\", \"image/gif\"]`";
                Err(Error::new_spanned(other, message))
            }
        };
        list.elems.iter().map(read).collect()
    }
}

fn timeout(text: &str) -> std::result::Result<Duration, &'static str> {
    match units::duration(text)? {
        Duration::ZERO => Err("at least `1ms`"),
        timeout if timeout > LONGEST => Err("at most 24 days"),
        timeout => Ok(timeout),
    }
}

fn unknown(name: &str) -> String {
    let remedy = match similar(name, NAMES) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the options of `#[route]` are: `{}`", NAMES.join("`, `")),
    };
    format!("unknown option `{name}`; {remedy}")
}
