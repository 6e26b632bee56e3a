//! Parameters behind a value, as Content-Type and Content-Disposition have them.
//!
//! ```text
//! parameters    = *( OWS ";" OWS [ name "=" ( token / quoted-string ) ] )
//! quoted-string = DQUOTE *( qdtext / "\" octet ) DQUOTE
//! ```
//!
//! RFC 9110, section 5.6.6: no white space around the `=`. Control characters but HTAB are no part of a
//! field's value and don't come here.

use std::borrow::Cow;

use super::{Detail, quoted};
use crate::http::is_token;

/// A value as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Token(&'v [u8]),
    /// What stands between the quotes.
    Quoted(&'v [u8]),
}

impl<'v> Value<'v> {
    /// What is meant. Browsers don't escape backslashes, which old ones send as parts of a path; so a
    /// backslash only escapes a quote and itself.
    pub(super) fn unescaped(self) -> Cow<'v, [u8]> {
        match self {
            Value::Quoted(text) if text.contains(&b'\\') => Cow::Owned(unescape(text)),
            Value::Token(text) | Value::Quoted(text) => Cow::Borrowed(text),
        }
    }
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let mut meant = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        let (byte, behind) = match (first, behind) {
            (b'\\', [escaped @ (b'"' | b'\\'), behind @ ..]) => (*escaped, behind),
            _ => (*first, behind),
        };
        meant.push(byte);
        rest = behind;
    }
    meant
}

/// A value without its parameters, and the parameters.
pub(super) fn split(value: &[u8]) -> (&[u8], Parameters<'_>) {
    let end = value.iter().position(|&byte| byte == b';');
    let (main, rest) = value.split_at(end.unwrap_or(value.len()));
    (main.trim_ascii(), Parameters { rest })
}

/// Names and values, in order.
pub(super) struct Parameters<'v> {
    rest: &'v [u8],
}

impl<'v> Parameters<'v> {
    /// The one of this name, in any case.
    ///
    /// # Errors
    ///
    /// The parameters are malformed, or it stands there twice: who reads the first and who reads the
    /// last would see different things.
    pub(super) fn single(self, name: &str) -> Result<Option<Value<'v>>, Detail> {
        let mut found = None;
        for parameter in self {
            let (other, value) = parameter?;
            if other.eq_ignore_ascii_case(name.as_bytes()) && found.replace(value).is_some() {
                return Err(format!("expected one parameter `{name}`, found several").into());
            }
        }
        Ok(found)
    }

    fn read(&mut self) -> Result<Option<(&'v [u8], Value<'v>)>, Detail> {
        loop {
            match self.rest.trim_ascii_start() {
                [] => return Ok(None),
                [b';', rest @ ..] => self.rest = rest.trim_ascii_start(),
                other => return Err(malformed(other)),
            }
            if let [] | [b';', ..] = self.rest {
                continue;
            }
            let (name, behind) = token(self.rest);
            let [b'=', value @ ..] = behind else {
                return Err(malformed(self.rest));
            };
            let Some((value, rest)) = read_value(value).filter(|_| !name.is_empty()) else {
                return Err(malformed(self.rest));
            };
            self.rest = rest;
            return Ok(Some((name, value)));
        }
    }
}

impl<'v> Iterator for Parameters<'v> {
    type Item = Result<(&'v [u8], Value<'v>), Detail>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read();
        if read.is_err() {
            self.rest = &[];
        }
        read.transpose()
    }
}

#[cold]
fn malformed(found: &[u8]) -> Detail {
    let found = quoted(found);
    format!("expected `; name=value` with a token or a quoted value, found {found}").into()
}

fn token(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| !is_token(byte));
    bytes.split_at(end.unwrap_or(bytes.len()))
}

/// A value, and what stands behind it; `None`: it is neither a token nor a quoted string.
fn read_value(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let [b'"', text @ ..] = bytes else {
        let (value, rest) = token(bytes);
        return (!value.is_empty()).then_some((Value::Token(value), rest));
    };
    let mut end = 0;
    loop {
        match text.get(end)? {
            b'"' => return Some((Value::Quoted(&text[..end]), &text[end + 1..])),
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(value: &str) -> Result<Vec<(String, String)>, String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (_, parameters) = split(value.as_bytes());
        let pairs = parameters.map(|parameter| {
            let (name, value) = parameter?;
            Ok((text(name), text(&value.unescaped())))
        });
        pairs.collect::<Result<_, Detail>>().map_err(Detail::into)
    }

    #[test]
    fn parameters_are_read() {
        let check = |value: &str, expected: &[(&str, &str)]| {
            let found = all(value).unwrap();
            let found: Vec<_> = found.iter().map(|(n, v)| (&**n, &**v)).collect();
            assert_eq!(found, expected, "{value}");
        };
        check("a", &[]);
        check("a;", &[]);
        check("a ; ;b=c", &[("b", "c")]);
        check("a;b=c;d=\"e;f\" ", &[("b", "c"), ("d", "e;f")]);
        check("a; b=\"\"", &[("b", "")]);
        check(r#"a; b="c\"d\\e""#, &[("b", r#"c"d\e"#)]);
        check(r#"a; b="C:\new\x""#, &[("b", r"C:\new\x")]);
        check(r#"a; b="\\\"""#, &[("b", r#"\""#)]);
        check("a; B*=c%20d", &[("B*", "c%20d")]);
    }

    #[test]
    fn malformed_parameters_are_refused() {
        for value in [
            "a;b",
            "a;b=",
            "a;=c",
            "a; b =c",
            "a; b= c",
            "a;b=\"c",
            r#"a;b="c\"#,
            r#"a;b="c\""#,
            "a;b=\"c\"d",
            "a;b=c d",
            "a;b=c:d",
            "a;b=é",
        ] {
            let error = all(value).unwrap_err();
            assert!(error.starts_with("expected `; name=value` with"), "{value}");
        }
    }

    #[test]
    fn one_of_a_name() {
        let single = |value: &'static str| split(value.as_bytes()).1.single("b");
        assert_eq!(single("a; B=c"), Ok(Some(Value::Token(b"c"))));
        assert_eq!(single("a; c=b"), Ok(None));
        assert_eq!(
            single("a; b=c; B=c").unwrap_err(),
            "expected one parameter `b`, found several"
        );
        assert!(single("a; b=c; d").is_err());
    }
}
