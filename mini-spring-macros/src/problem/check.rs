//! What was written to what is meant: each variant with its status and texts.
//!
//! Knows no expansion.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Member};

use super::parse::{Told, USAGE, Written};
use crate::mistakes::{Mistakes, similar};

/// The members that every problem has, or may have.
const TAKEN: [&str; 6] = ["type", "title", "status", "detail", "error", "errors"];

/// A variant of an enum, or a struct.
pub(crate) struct Shape {
    /// The variant's name.
    pub(crate) variant: Option<Ident>,
    pub(crate) answer: Answer,
}

/// How it is answered.
pub(crate) enum Answer {
    /// As the one value in it is.
    Inner(Member),
    Told {
        status: u16,
        /// The fields that are bound, each to a name.
        fields: Vec<(Member, Ident)>,
        detail: Option<LitStr>,
        code: Option<LitStr>,
        title: Option<LitStr>,
        kind: Option<LitStr>,
        members: Vec<Ident>,
    },
}

/// All shapes of a type.
pub(crate) fn shapes(input: &DeriveInput, mistakes: &mut Mistakes) -> Vec<Shape> {
    if !input.generics.params.is_empty() {
        let message = "an error that is answered can't be generic; write the types themselves";
        mistakes.on(&input.generics.params, message);
    }
    match &input.data {
        Data::Enum(data) => {
            for attribute in input.attrs.iter().filter(is_problem) {
                let message = "`#[problem]` stands on the variants of an enum, not on the enum";
                mistakes.on(attribute, message);
            }
            let variants = data.variants.iter();
            let shape = |variant: &syn::Variant| {
                let name = variant.ident.clone();
                let answer = answer(&name, &variant.attrs, &variant.fields, mistakes)?;
                let variant = Some(name);
                Some(Shape { variant, answer })
            };
            variants.filter_map(shape).collect()
        }
        Data::Struct(data) => {
            let answer = answer(&input.ident, &input.attrs, &data.fields, mistakes);
            let variant = None;
            answer
                .map(|answer| Shape { variant, answer })
                .into_iter()
                .collect()
        }
        Data::Union(data) => {
            let message = "an error that is answered is an enum or a struct";
            mistakes.at(data.union_token.span, message);
            Vec::new()
        }
    }
}

fn is_problem(attribute: &&Attribute) -> bool {
    attribute.path().is_ident("problem")
}

fn answer(
    name: &Ident,
    attributes: &[Attribute],
    fields: &Fields,
    mistakes: &mut Mistakes,
) -> Option<Answer> {
    let mut own = attributes.iter().filter(is_problem);
    let Some(attribute) = own.next() else {
        mistakes.at(
            name.span(),
            format!("say how `{name}` is answered; {USAGE}"),
        );
        return None;
    };
    if let Some(second) = own.next() {
        mistakes.on(second, "one `#[problem]` is enough; leave one of them");
    }
    match mistakes.keep(attribute.parse_args::<Written>())? {
        Written::Transparent(span) => inner(span, fields, mistakes),
        Written::Told(told) => told_of(told, fields, mistakes),
    }
}

fn inner(span: Span, fields: &Fields, mistakes: &mut Mistakes) -> Option<Answer> {
    let mut members = fields.members();
    match (members.next(), members.next()) {
        (Some(member), None) => Some(Answer::Inner(member)),
        _ => {
            mistakes.at(
                span,
                "`transparent` is for one value; write a status instead",
            );
            None
        }
    }
}

fn told_of(told: Told, fields: &Fields, mistakes: &mut Mistakes) -> Option<Answer> {
    let status = told.status.base10_parse::<u16>().ok();
    let status = status.filter(|code| (400..600).contains(code));
    if status.is_none() {
        let message = "an error has a status from 400 to 599";
        mistakes.on(&told.status, message);
    }
    let bound = bound(fields, told.detail.as_ref());
    let check = |member| check_member(member, &bound, mistakes);
    told.members.iter().for_each(check);
    told.texts
        .iter()
        .for_each(|(name, _)| check_text(name, mistakes));
    let text = |wanted: &str| {
        let mut found = told.texts.iter().filter(|(name, _)| name == wanted);
        found.next().map(|(_, text)| text.clone())
    };
    Some(Answer::Told {
        status: status?,
        code: text("code"),
        title: text("title"),
        kind: text("type"),
        detail: told.detail.map(|detail| numbered(&detail)),
        fields: bound,
        members: told.members,
    })
}

/// The fields, and the names that they are bound to, so that the detail can name them.
fn bound(fields: &Fields, detail: Option<&LitStr>) -> Vec<(Member, Ident)> {
    let place = detail.map_or_else(Span::call_site, LitStr::span);
    let name_of = |member: &Member| match member {
        Member::Named(name) => name.clone(),
        Member::Unnamed(index) => Ident::new(&format!("_{}", index.index), place),
    };
    let members = fields.members();
    members
        .map(|member| {
            let name = name_of(&member);
            (member, name)
        })
        .collect()
}

fn check_member(member: &Ident, bound: &[(Member, Ident)], mistakes: &mut Mistakes) {
    let name = member.unraw().to_string();
    if TAKEN.contains(&name.as_str()) {
        let message = format!("every problem has a member `{name}` of its own; rename the field");
        mistakes.at(member.span(), message);
    } else if !bound.iter().any(|(_, name)| name == member) {
        let known: Vec<String> = bound.iter().map(|(_, name)| name.to_string()).collect();
        let remedy = match similar(&member.to_string(), known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "name a field of this error".to_owned(),
        };
        let message = format!("there is no field `{member}`; {remedy}");
        mistakes.at(member.span(), message);
    }
}

fn check_text(name: &Ident, mistakes: &mut Mistakes) {
    let text = name.to_string();
    if !["code", "title", "type"].contains(&text.as_str()) {
        let message = format!("unknown text `{text}`; there are `code`, `title` and `type`");
        mistakes.at(name.span(), message);
    }
}

/// The same text with `{_0}` for `{0}`: the names that fields without one are bound to.
fn numbered(detail: &LitStr) -> LitStr {
    let text = detail.value();
    let mut changed = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        changed.push(letter);
        if letter != '{' {
            continue;
        }
        match letters.peek() {
            Some('{') => changed.extend(letters.next()),
            Some(next) if next.is_ascii_digit() => changed.push('_'),
            _ => {}
        }
    }
    LitStr::new(&changed, detail.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_names() {
        let check = |text: &str, expected: &str| {
            let literal = LitStr::new(text, Span::call_site());
            assert_eq!(numbered(&literal).value(), expected);
        };
        check("no {0} of {1:?}, {name}", "no {_0} of {_1:?}, {name}");
        check("{{0}} and {{{0}}}", "{{0}} and {{{_0}}}");
        check("é", "é");
    }
}
