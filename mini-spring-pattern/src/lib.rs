//! The grammar of mini-spring's route patterns, and of durations, sizes and media types.
//!
//! **Use the crate [mini-spring](https://docs.rs/mini-spring)**, which does all that a program needs. This one is part of how it is
//! made, and changes with it.
//!
//! The macros read a pattern to check it against the function's arguments, the router to build its
//! table; the options of a route are written as settings are. This crate is what the macros and the
//! runtime share, and nothing more. It depends on nothing.
//!
//! ```text
//! pattern   = path [ "?" query ]
//! path      = "/" [ segment *( "/" segment ) [ "/" ] ]
//! segment   = static / parameter / tail
//! parameter = "<" name ">"        ; or "{" name "}": exactly one segment, not empty
//! tail      = "<" name "..>"      ; or "{" name "..}": the rest of the path, perhaps empty; last
//! query     = field *( "&" field )
//! field     = "<" name [ "=" default ] ">"    ; or with braces
//! name      = a Rust identifier of ASCII letters, digits and "_"
//! static    = 1*( any character but "/<>{}?#%*:&" and white space )   ; ":" not in front
//! ```
//!
//! Static segments are written decoded: `/café` matches `/caf%C3%A9`. A slash at the end means
//! nothing.
//!
//! ```
//! use mini_spring_pattern::{Pattern, Segment};
//!
//! let pattern: Pattern = "/users/<id>?<full>".parse()?;
//! assert_eq!(pattern.path[0], Segment::Static("users".to_owned()));
//! assert_eq!(pattern.path[1], Segment::Parameter("id".to_owned()));
//! assert_eq!(pattern.query[0].name, "full");
//! # Ok::<(), mini_spring_pattern::PatternError>(())
//! ```

#![forbid(unsafe_code)]

mod error;
pub mod media;
mod parse;
pub mod units;

pub use self::error::PatternError;

/// A route pattern.
///
/// ```
/// use mini_spring_pattern::Pattern;
///
/// let pattern: Pattern = "/users/<id>".parse()?;
/// assert_eq!((pattern.path.len(), pattern.query.len()), (2, 0));
/// # Ok::<(), mini_spring_pattern::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The segments of the path.
    pub path: Vec<Segment>,
    /// The query parameters it declares.
    pub query: Vec<Field>,
}

/// One segment of a pattern's path.
///
/// ```
/// use mini_spring_pattern::{Pattern, Segment};
///
/// let pattern: Pattern = "/files/<path..>".parse()?;
/// assert_eq!(pattern.path[1], Segment::Tail("path".to_owned()));
/// assert_eq!(pattern.path[1].parameter(), Some("path"));
/// # Ok::<(), mini_spring_pattern::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// This text.
    Static(String),
    /// `<name>`: any one segment that is not empty.
    Parameter(String),
    /// `<name..>`: the rest of the path.
    Tail(String),
}

/// One declared query parameter.
///
/// ```
/// use mini_spring_pattern::Pattern;
///
/// let pattern: Pattern = "/books?<page=1>".parse()?;
/// assert_eq!(pattern.query[0].default.as_deref(), Some("1"));
/// # Ok::<(), mini_spring_pattern::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The text that stands for it when it is absent.
    pub default: Option<String>,
}

impl Segment {
    /// The name of the parameter, if it is one.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Segment::Static(_) => None,
            Segment::Parameter(name) | Segment::Tail(name) => Some(name),
        }
    }
}

impl Pattern {
    /// The names of the parameters of the path, from the left.
    ///
    /// ```
    /// let pattern: mini_spring_pattern::Pattern = "/a/<b>/c/<d..>".parse()?;
    /// assert_eq!(pattern.parameters().collect::<Vec<_>>(), ["b", "d"]);
    /// # Ok::<(), mini_spring_pattern::PatternError>(())
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.iter().filter_map(Segment::parameter)
    }
}

impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        parse::pattern(text)
    }
}
