//! Text to [`Pattern`].

use crate::error::Kind;
use crate::{Field, Pattern, PatternError, Segment};

type Result<T> = std::result::Result<T, PatternError>;

fn fail<T>(kind: Kind, piece: &str) -> Result<T> {
    Err(PatternError {
        kind,
        piece: piece.to_owned(),
    })
}

pub(crate) fn pattern(text: &str) -> Result<Pattern> {
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    let pattern = Pattern {
        path: segments(path)?,
        query: query.map_or(Ok(Vec::new()), fields)?,
    };
    each_name_once(&pattern)?;
    Ok(pattern)
}

fn segments(path: &str) -> Result<Vec<Segment>> {
    let Some(inner) = path.strip_prefix('/') else {
        return match path.contains("://") {
            true => fail(Kind::Url, path),
            false => fail(Kind::NoSlash, path),
        };
    };
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        // `//` is an empty segment, `/` is the root.
        return match path {
            "/" => Ok(Vec::new()),
            _ => fail(Kind::EmptySegment, path),
        };
    }
    let mut found: Vec<Segment> = Vec::new();
    for piece in inner.split('/') {
        if let Some(Segment::Tail(name)) = found.last() {
            return fail(Kind::TailNotLast, &format!("<{name}..>"));
        }
        if piece.is_empty() {
            return fail(Kind::EmptySegment, path);
        }
        found.push(segment(piece)?);
    }
    Ok(found)
}

fn segment(piece: &str) -> Result<Segment> {
    if piece.starts_with(':') {
        return fail(Kind::Colon, piece);
    }
    if piece.contains('*') {
        return fail(Kind::Star, piece);
    }
    if let Some(inner) = bracketed(piece) {
        if inner.contains('=') {
            return fail(Kind::DefaultInPath, piece);
        }
        return match inner.strip_suffix("..") {
            Some(tail) => Ok(Segment::Tail(name(tail, piece)?)),
            None => Ok(Segment::Parameter(name(inner, piece)?)),
        };
    }
    match piece.find(['<', '>', '{', '}']) {
        Some(_) if piece.contains("><") || piece.contains("}{") => fail(Kind::Adjacent, piece),
        Some(0) if !piece.contains(['>', '}']) => fail(Kind::Unclosed, piece),
        Some(_) => fail(Kind::Mixed, piece),
        None if piece.contains('%') => fail(Kind::Percent, piece),
        None if piece.chars().any(is_foreign) => fail(Kind::Character, piece),
        None => Ok(Segment::Static(piece.to_owned())),
    }
}

fn fields(query: &str) -> Result<Vec<Field>> {
    query.split('&').map(field).collect()
}

fn field(piece: &str) -> Result<Field> {
    let Some(inner) = bracketed(piece) else {
        return fail(Kind::Query, piece);
    };
    let (key, default) = match inner.split_once('=') {
        Some((key, default)) => (key, Some(default.to_owned())),
        None => (inner, None),
    };
    if key.ends_with("..") {
        return fail(Kind::TailInQuery, piece);
    }
    Ok(Field {
        name: name(key, piece)?,
        default,
    })
}

/// What stands between `<` and `>` or `{` and `}`, if they enclose the piece and nothing nests.
fn bracketed(piece: &str) -> Option<&str> {
    let angle = piece
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    let brace = piece
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    angle
        .or(brace)
        .filter(|inner| !inner.contains(['<', '>', '{', '}']))
}

fn name(text: &str, piece: &str) -> Result<String> {
    let starts_well =
        text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let is_word = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if starts_well && is_word && text != "_" {
        Ok(text.to_owned())
    } else {
        fail(Kind::Name, piece)
    }
}

fn is_foreign(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || matches!(letter, '#' | '\\' | '"' | '&')
}

fn each_name_once(pattern: &Pattern) -> Result<()> {
    let query = pattern.query.iter().map(|field| field.name.as_str());
    let names: Vec<&str> = pattern.parameters().chain(query).collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return fail(Kind::Twice, name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Patterns read back in one notation.
    fn show(pattern: &Pattern) -> String {
        let path = pattern.path.iter().map(|segment| match segment {
            Segment::Static(text) => format!("/{text}"),
            Segment::Parameter(name) => format!("/<{name}>"),
            Segment::Tail(name) => format!("/<{name}..>"),
        });
        let query = pattern.query.iter().map(|field| match &field.default {
            Some(default) => format!("?{}={default}", field.name),
            None => format!("?{}", field.name),
        });
        path.chain(query).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match pattern(text) {
            Ok(pattern) => show(&pattern),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn patterns() {
        check("/", "");
        check("/users", "/users");
        check("/users/", "/users");
        check("/users/<id>", "/users/<id>");
        check("/users/{id}", "/users/<id>");
        check("/a/<b>/c/<rest..>", "/a/<b>/c/<rest..>");
        check("/{rest..}", "/<rest..>");
        check("/a.b-c~d/@me;v=1:2", "/a.b-c~d/@me;v=1:2");
        check("/café", "/café");
        check("/s?<q>&<page=1>", "/s?q?page=1");
        check("/s?{q}&{empty=}", "/s?q?empty=");
    }

    #[test]
    fn mistakes() {
        check("", "a pattern starts with `/`, found ``; write `/`");
        check(
            "users",
            "a pattern starts with `/`, found `users`; write `/users`",
        );
        check(
            "//",
            "a segment is empty in `//`; write one `/` between segments",
        );
        check(
            "/a//b",
            "a segment is empty in `/a//b`; write one `/` between segments",
        );
        check("/:id", "`:id` is not a parameter here; write `<id>`");
        check(
            "/*",
            "`*` is not the rest of the path here; write `<rest..>`",
        );
        check(
            "/{*tail}",
            "`{*tail}` is not the rest of the path here; write `<tail..>`",
        );
        check(
            "/<id",
            "a parameter is a whole segment between `<` and `>`, found `<id`; write `<id>`",
        );
        check(
            "/<a><b>",
            "a parameter is a whole segment, found `<a><b>`; put a `/` between parameters, or \
             take one and split its text in the handler",
        );
        for piece in ["v<id>", "<id>.png", "id>", "<a<b>>"] {
            check(
                &format!("/{piece}"),
                &format!(
                    "a parameter is a whole segment, found `{piece}`; \
                     take `<name>` and split its text in the handler"
                ),
            );
        }
        let name = |piece, suggested| {
            format!(
                "a parameter's name is a Rust identifier, found `{piece}`; write `<{suggested}>`"
            )
        };
        check("/<>", &name("<>", "name"));
        check("/<_>", &name("<_>", "name"));
        check("/<a-b>", &name("<a-b>", "a_b"));
        check("/<1a>", &name("<1a>", "_1a"));
        check("/<id: u64>", &name("<id: u64>", "id"));
        check("/<é>", &name("<é>", "name"));
        check(
            "/a%20b",
            "`a%20b` is percent-encoded; write the characters themselves",
        );
        for piece in ["a b", "a#b"] {
            check(
                &format!("/{piece}"),
                &format!(
                    "`{piece}` holds a character that can't stand in a path; \
                     leave it out, or take the segment as `<name>`"
                ),
            );
        }
        check(
            "/<a..>/b",
            "`<a..>` takes the rest of the path, so nothing can follow it; \
             put it last, or take one segment with `<a>`",
        );
        check(
            "/?<a..>",
            "`<a..>` stands in the query, which has no rest; write `<a>`",
        );
        check(
            "/<a=1>",
            "`<a=1>` stands in the path, where a value is always there; \
             defaults are for the query: `?<a=1>`",
        );
        let twice = "the parameter `a` is used twice; give one of them another name";
        check("/<a>/<a>", twice);
        check("/<a>?<a>", twice);
        check("/?<a>&<a>", twice);
        let query = |piece, remedy| {
            format!("a query is declared as `?<name>&<other>`, found `{piece}`; {remedy}")
        };
        let nothing = query("", "write `<name>`, or leave the separator out");
        check("/?", &nothing);
        check("/?<a>&", &nothing);
        check("/?page", &query("page", "write `<page>`"));
        check("/?page=1", &query("page=1", "write `<page=1>`"));
        check(
            "/?<a>,<b>",
            &query("<a>,<b>", "put one `&` between parameters"),
        );
        check(
            "/?<a>?<b>",
            &query("<a>?<b>", "put one `&` between parameters"),
        );
        check(
            "https://example.org/a/<b>",
            "a pattern is a path and starts with `/`, found `https://example.org/a/<b>`; \
             write `/a/<b>`",
        );
    }
}
