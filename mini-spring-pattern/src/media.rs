//! Media types as the options of a route name them (RFC 9110, section 8.3.1). An error says what was
//! expected.
//!
//! ```
//! use mini_spring_pattern::media;
//!
//! assert!(media::range("text/csv").is_ok() && media::range("csv").is_err());
//! ```

/// A type such as `application/json`, or all of a kind: `image/*`. Without parameters, as they aren't
/// compared.
///
/// ```
/// use mini_spring_pattern::media::range;
///
/// assert!(range("image/*").is_ok() && range("*/*").is_err());
/// ```
///
/// # Errors
///
/// What was expected.
pub fn range(text: &str) -> Result<(), &'static str> {
    match split(text) {
        Some((kind, "*")) if is_token(kind) && kind != "*" => Ok(()),
        Some((kind, subtype)) if is_token(kind) && is_token(subtype) && !text.contains('*') => {
            Ok(())
        }
        _ => Err("a media type such as `application/json`, or all of a kind such as `image/*`"),
    }
}

/// One type, such as `text/csv`, or with parameters: `text/plain; version=0.0.4`.
///
/// ```
/// use mini_spring_pattern::media::media_type;
///
/// assert!(media_type("text/plain; version=0.0.4").is_ok() && media_type("image/*").is_err());
/// ```
///
/// # Errors
///
/// What was expected.
pub fn media_type(text: &str) -> Result<(), &'static str> {
    let mut pieces = text.split(';');
    let essence = pieces.next().unwrap_or_default().trim_end_matches(' ');
    let is_type = range(essence).is_ok() && !essence.contains('*');
    match is_type && pieces.all(is_parameter) {
        true => Ok(()),
        false => Err("a media type such as `text/csv`"),
    }
}

/// The type of an answer that is text, which this crate's users write in UTF-8.
///
/// ```
/// use mini_spring_pattern::media::of_text;
///
/// assert_eq!(of_text("text/csv"), "text/csv; charset=utf-8");
/// assert_eq!(of_text("image/png"), "image/png");
/// ```
pub fn of_text(media_type: &str) -> String {
    let lower = media_type.to_ascii_lowercase();
    match lower.starts_with("text/") && !lower.contains("charset=") {
        true => format!("{media_type}; charset=utf-8"),
        false => media_type.to_owned(),
    }
}

fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once('/')
}

/// `name=value`, with spaces in front and behind.
fn is_parameter(text: &str) -> bool {
    let Some((name, value)) = text.trim_matches(' ').split_once('=') else {
        return false;
    };
    let quoted = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"\\;".contains(&byte);
    is_token(name) && quoted.map_or(is_token(value), |inner| inner.bytes().all(is_plain))
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for text in [
            "application/json",
            "image/*",
            "application/vnd.api+json",
            "a/b",
        ] {
            assert_eq!(range(text), Ok(()), "{text}");
        }
        for text in [
            "", "json", "/", "a/", "/b", "*/*", "*", "*/b", "a/b*", "a/b/c", "a/b;c=d", "a /b",
            " a/b", "a/b, c/d", "a/é",
        ] {
            assert!(range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn types() {
        for text in [
            "text/csv",
            "text/plain; version=0.0.4",
            "text/plain ;version=0.0.4;charset=x",
            "a/b; c=\"d e\"",
        ] {
            assert_eq!(media_type(text), Ok(()), "{text}");
        }
        for text in [
            "image/*",
            "text",
            "a/b;",
            "a/b; c",
            "a/b; c=",
            "a/b; =d",
            "a/b; c=d e",
            "a/b; c=\"d",
            "a/b; c=\"\r\"",
            "a/b\r\n",
            "a/b, c/d",
        ] {
            assert!(media_type(text).is_err(), "{text}");
        }
    }

    #[test]
    fn text_is_in_utf_8() {
        assert_eq!(of_text("text/csv"), "text/csv; charset=utf-8");
        assert_eq!(of_text("TEXT/csv;a=b"), "TEXT/csv;a=b; charset=utf-8");
        assert_eq!(of_text("text/csv; Charset=x"), "text/csv; Charset=x");
        assert_eq!(of_text("application/xml"), "application/xml");
    }
}
