//! What was probably meant by a name that nobody knows.

/// The known name that is nearest, if it is only a slip away.
pub(super) fn nearest<'k>(
    unknown: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let known = known.into_iter();
    let (distance, nearest) = known.map(|name| (distance(unknown, name), name)).min()?;
    (distance <= 3 && distance < unknown.len().div_ceil(2)).then_some(nearest)
}

/// How many letters must be changed, added or taken away (Levenshtein).
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, wanted) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("prot", "port"), 2);
        assert_eq!(distance("", "port"), 4);
        assert_eq!(distance("port", "port"), 0);
        assert_eq!(distance("ports", "port"), 1);
    }

    #[test]
    fn only_slips_are_seen() {
        let known = ["server.port", "server.host", "db"];
        assert_eq!(nearest("server.prot", known), Some("server.port"));
        assert_eq!(nearest("server.frobnicate", known), None);
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("x", []), None);
    }
}
