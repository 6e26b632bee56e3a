//! What can be wrong with a pattern: a kind, and the piece that it is about.

use std::fmt;

/// Why a text is no route pattern. The message quotes the piece and ends with the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    pub(crate) kind: Kind,
    pub(crate) piece: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    NoSlash,
    EmptySegment,
    Colon,
    Star,
    Unclosed,
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
                match piece.trim_matches(|letter| matches!(letter, '*' | '{' | '}' | '<' | '>')) {
                    "" => "rest",
                    name => name,
                }
            ),
            Kind::Unclosed => write!(
                formatter,
                "a parameter is a whole segment between `<` and `>`, found `{piece}`"
            ),
            Kind::Mixed => write!(
                formatter,
                "a parameter is a whole segment, found `{piece}`; \
                 take `<name>` and split its text in the handler"
            ),
            Kind::Name => write!(
                formatter,
                "a parameter's name is a Rust identifier like `user_id`, found `{piece}`"
            ),
            Kind::Percent => write!(
                formatter,
                "`{piece}` is percent-encoded; write the characters themselves"
            ),
            Kind::Character => write!(
                formatter,
                "`{piece}` holds a character that can't stand in a path"
            ),
            Kind::TailNotLast => write!(
                formatter,
                "`{piece}` takes the rest of the path; nothing can follow it"
            ),
            Kind::TailInQuery => write!(
                formatter,
                "`{piece}` stands in the query, which has no rest; write `<name>`"
            ),
            Kind::DefaultInPath => write!(
                formatter,
                "`{piece}` stands in the path, where a value is always there; \
                 defaults are for the query: `?<name=default>`"
            ),
            Kind::Twice => write!(formatter, "the parameter `{piece}` is used twice"),
            Kind::Query => write!(
                formatter,
                "a query is declared as `?<name>&<other>`, found `{piece}`"
            ),
        }
    }
}

impl std::error::Error for PatternError {}
