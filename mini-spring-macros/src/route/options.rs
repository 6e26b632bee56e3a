//! The options behind a route's pattern: what they are called, and which values they take.
//!
//! Knows no pattern and no expansion.

use std::fmt::Display;
use std::time::Duration;

use mini_spring_pattern::units;
use syn::{Error, Expr, ExprLit, Lit, Result};

use super::parse::RouteOption;
use crate::mistakes::{Mistakes, similar};

const NAMES: [&str; 4] = ["blocking", "timeout", "body_limit", "status"];

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
}

/// Checks the options of a route.
pub(crate) fn check(written: &[RouteOption], mistakes: &mut Mistakes) -> Options {
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
    options
}

impl Options {
    fn read(&mut self, option: &RouteOption) -> Result<()> {
        match option.name.to_string().as_str() {
            "blocking" if option.value.is_some() => {
                return Err(option.mistake("`blocking` takes no value; write it alone"));
            }
            "blocking" => self.blocking = true,
            "timeout" => self.timeout = Some(option.parse("5s", timeout)?),
            "body_limit" => self.body_limit = Some(option.parse("10MiB", units::size)?),
            "status" => self.status = Some(option.status()?),
            name => return Err(option.mistake(unknown(name))),
        }
        Ok(())
    }
}

impl RouteOption {
    fn mistake(&self, message: impl Display) -> Error {
        Error::new(self.name.span(), message)
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
        let text = text.value();
        parse(&text).map_err(|expected| {
            let message = format!("`{name}`: expected {expected}, found `{text}`");
            Error::new_spanned(value, message)
        })
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
