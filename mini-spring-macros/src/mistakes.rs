//! All mistakes of one use of an attribute, and what was probably meant. Knows no attribute.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// Mistakes that were found, in the order in which they were.
#[derive(Default)]
pub(crate) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    /// Notes a mistake at one token.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.add(syn::Error::new(span, message));
    }

    /// Notes a mistake that covers several tokens.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// Keeps what went well.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// All of them so far as one error.
    pub(crate) fn error(&self) -> Option<syn::Error> {
        self.0.clone()
    }

    /// All of them as one error.
    pub(crate) fn into_error(self) -> Option<syn::Error> {
        self.0
    }
}

/// The candidate that was probably meant, if one is only a slip away.
pub(crate) fn similar<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= candidate.len().max(word.len()) / 3)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, taken away or replaced (Levenshtein), case aside.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, a) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, b) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(!a.eq_ignore_ascii_case(&b));
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen() {
        let check = |word, expected| {
            let candidates = ["user_id", "page", "GET", "PATCH"];
            assert_eq!(similar(word, candidates), expected, "{word}");
        };
        check("userid", Some("user_id"));
        check("User_Id", Some("user_id"));
        check("pag", Some("page"));
        check("get", Some("GET"));
        check("PACTH", None);
        check("PATHC", None);
        check("PACH", Some("PATCH"));
        check("x", None);
        check("", None);
    }
}
