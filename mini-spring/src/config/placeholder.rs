//! `${NAME}` and `${NAME:default}` in the text of a file: environment variables. `${file:PATH}` is the text of another file,
//! and `$${` is a literal `${`. Both are looked up by the caller.

/// What else may have been meant. The text itself isn't told, for it may be a secret.
const LITERAL: &str = "`$${` is a `${` that stays";

/// How many defaults may stand inside each other.
const DEEPEST: usize = 16;

/// In the place of a variable's name, what is behind it is a path.
const FILE: &str = "file";

/// Where values are looked up.
#[derive(Clone, Copy)]
pub(super) struct Outside<'o> {
    pub(super) variable: &'o dyn Fn(&str) -> Option<String>,
    /// The text of a file without its last line break, or what was found instead.
    pub(super) file: &'o dyn Fn(&str) -> Result<String, String>,
}

/// The text with all of it replaced. A default and a path may hold more of them.
///
/// # Errors
///
/// What was expected.
pub(super) fn fill(text: &str, outside: Outside<'_>) -> Result<String, String> {
    fill_within(text, outside, DEEPEST)
}

fn fill_within(text: &str, outside: Outside<'_>, depth: usize) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            filled.push_str(&rest[..at - 1]);
            filled.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        filled.push_str(&rest[..at]);
        let inside = &rest[at + 2..];
        let end = end(inside)
            .ok_or_else(|| format!("expected `}}` behind `${{`, found none; {LITERAL}"))?;
        filled.push_str(&value(&inside[..end], outside, depth)?);
        rest = &inside[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Where the brace closes that has been opened.
fn end(inside: &str) -> Option<usize> {
    let mut depth = 0;
    inside.bytes().enumerate().find_map(|(index, byte)| {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(index),
            b'}' => depth -= 1,
            _ => {}
        }
        None
    })
}

fn value(inside: &str, outside: Outside<'_>, depth: usize) -> Result<String, String> {
    if let Some((FILE, path)) = inside.split_once(':') {
        return file(path, outside, depth);
    }
    let (name, default) = match inside.split_once(':') {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(format!(
            "expected the name of an environment variable between `${{` and `}}`, found something else; {LITERAL}"
        ));
    }
    // An empty variable is how compose files and shells spell one that isn't set.
    let set = (outside.variable)(name).filter(|value| !value.is_empty());
    match (set, default) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => deeper(default, outside, depth),
        (None, None) => Err(format!(
            "expected the environment variable `{name}`, found none; set it, or write `${{{name}:default}}`"
        )),
    }
}

fn file(path: &str, outside: Outside<'_>, depth: usize) -> Result<String, String> {
    let path = deeper(path, outside, depth)?;
    if path.is_empty() {
        return Err("expected the path of a file behind `${file:`, found none".to_owned());
    }
    (outside.file)(&path)
        .map_err(|found| format!("expected the text of the file {path}, found {found}"))
}

/// What stands inside of another one.
fn deeper(text: &str, outside: Outside<'_>, depth: usize) -> Result<String, String> {
    match depth.checked_sub(1) {
        Some(depth) => fill_within(text, outside, depth),
        None => Err(format!(
            "expected at most {DEEPEST} `${{` inside each other, found more"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        fill(
            text,
            Outside {
                variable: &|name| match name {
                    "HOST" => Some("db.local".to_owned()),
                    "EMPTY" => Some(String::new()),
                    _ => None,
                },
                file: &|path| match path {
                    "/run/db.local" => Ok("a ${b}".to_owned()),
                    _ => Err("no such thing".to_owned()),
                },
            },
        )
    }

    #[test]
    fn variables_and_defaults() {
        let check = |text: &str, expected: &str| assert_eq!(filled(text).unwrap(), expected);
        check("", "");
        check("$5 {a}", "$5 {a}");
        check("${HOST}", "db.local");
        check("http://${HOST}:${PORT:5432}/x", "http://db.local:5432/x");
        check("${URL:http://a:1/}", "http://a:1/");
        check("${A:}", "");
        check("${EMPTY:x}", "x");
        check("${A:${B:${HOST}}}!", "db.local!");
        check("${A:{}}", "{}");
        check("<${file:/run/${HOST}}>", "<a ${b}>");
        check("${A:${file:/run/db.local}}", "a ${b}");
        check("$${HOST} $$${HOST}", "${HOST} $${HOST}");
    }

    #[test]
    fn mistakes() {
        let check = |text: &str, expected: &str| assert_eq!(filled(text).unwrap_err(), expected);
        let none = "found none; set it, or write";
        check(
            "${NO}",
            &format!("expected the environment variable `NO`, {none} `${{NO:default}}`"),
        );
        check(
            "${EMPTY}",
            &format!("expected the environment variable `EMPTY`, {none} `${{EMPTY:default}}`"),
        );
        let literal = "`$${` is a `${` that stays";
        check(
            "a ${HOST",
            &format!("expected `}}` behind `${{`, found none; {literal}"),
        );
        check(
            &("${A:".repeat(10_000) + &"}".repeat(10_000)),
            "expected at most 16 `${` inside each other, found more",
        );
        check(
            "${file:/run/${NO:x}}",
            "expected the text of the file /run/x, found no such thing",
        );
        check(
            "${file:}",
            "expected the path of a file behind `${file:`, found none",
        );
        check(
            "${a b}",
            &format!(
                "expected the name of an environment variable between `${{` and `}}`, found something else; {literal}"
            ),
        );
    }
}
