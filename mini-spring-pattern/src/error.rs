//! What can be wrong with a pattern: a kind, and the piece that it is about.

use std::fmt;

/// Why a text is no route pattern. The message quotes the piece and ends with the remedy.
///
/// ```
/// use mini_spring_pattern::Pattern;
///
/// let error = "users".parse::<Pattern>().unwrap_err();
/// assert!(error.to_string().contains("`users`"), "{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    pub(crate) kind: Kind,
    pub(crate) piece: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    NoSlash,
    Url,
    EmptySegment,
    Colon,
    Star,
    Unclosed,
    Adjacent,
    Mixed,
    Name,
    Percent,
    Character,
    TailNotLast,
    TailInQuery,
    DefaultInPath,
    Twice,
    Query,
}

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let piece = &self.piece;
        match self.kind {
            Kind::NoSlash => write!(
                formatter,
                "a pattern starts with `/`, found `{piece}`; write `/{piece}`"
            ),
            Kind::Url => write!(
                formatter,
                "a pattern is a path and starts with `/`, found `{piece}`; write `{}`",
                path_of(piece)
            ),
            Kind::EmptySegment => write!(
                formatter,
                "a segment is empty in `{piece}`; write one `/` between segments"
            ),
            Kind::Colon => write!(
                formatter,
                "`{piece}` is not a parameter here; write `<{}>`",
                piece.trim_start_matches(':')
            ),
            Kind::Star => write!(
                formatter,
                "`{piece}` is not the rest of the path here; write `<{}..>`",
                match bare(piece) {
                    "" => "rest",
                    name => name,
                }
            ),
            Kind::Unclosed => write!(
                formatter,
                "a parameter is a whole segment between `<` and `>`, found `{piece}`; write `<{}>`",
                suggested(piece)
            ),
            Kind::Adjacent => write!(
                formatter,
                "a parameter is a whole segment, found `{piece}`; put a `/` between parameters, or \
                 take one and split its text in the handler"
            ),
            Kind::Mixed => write!(
                formatter,
                "a parameter is a whole segment, found `{piece}`; \
                 take `<name>` and split its text in the handler"
            ),
            Kind::Name => write!(
                formatter,
                "a parameter's name is a Rust identifier, found `{piece}`; write `<{}>`",
                suggested(piece)
            ),
            Kind::Percent => write!(
                formatter,
                "`{piece}` is percent-encoded; write the characters themselves"
            ),
            Kind::Character => write!(
                formatter,
                "`{piece}` holds a character that can't stand in a path; \
                 leave it out, or take the segment as `<name>`"
            ),
            Kind::TailNotLast => write!(
                formatter,
                "`{piece}` takes the rest of the path, so nothing can follow it; \
                 put it last, or take one segment with `<{}>`",
                suggested(piece)
            ),
            Kind::TailInQuery => write!(
                formatter,
                "`{piece}` stands in the query, which has no rest; write `<{}>`",
                suggested(piece)
            ),
            Kind::DefaultInPath => write!(
                formatter,
                "`{piece}` stands in the path, where a value is always there; \
                 defaults are for the query: `?{piece}`"
            ),
            Kind::Twice => write!(
                formatter,
                "the parameter `{piece}` is used twice; give one of them another name"
            ),
            Kind::Query => write!(
                formatter,
                "a query is declared as `?<name>&<other>`, found `{piece}`; {}",
                match piece.find(['<', '>', '{', '}']) {
                    None if piece.is_empty() =>
                        "write `<name>`, or leave the separator out".to_owned(),
                    None => format!("write `<{piece}>`"),
                    Some(_) => "put one `&` between parameters".to_owned(),
                }
            ),
        }
    }
}

/// The path of a URL.
fn path_of(url: &str) -> &str {
    let behind_host = url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    behind_host.unwrap_or("/")
}

/// A piece without what encloses it.
fn bare(piece: &str) -> &str {
    piece.trim_matches(|letter| matches!(letter, '*' | '{' | '}' | '<' | '>'))
}

/// The name that was probably meant: without a type behind it, and with letters that names can have.
fn suggested(piece: &str) -> String {
    let name = bare(piece).trim_end_matches("..");
    let name = name.split(':').next().unwrap_or_default().trim();
    let letters = name.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '_',
    });
    let name: String = letters.collect();
    match name.trim_matches('_') {
        "" => "name".to_owned(),
        _ if name.starts_with(|letter: char| letter.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

impl std::error::Error for PatternError {}
