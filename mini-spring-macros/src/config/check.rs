//! What was written to what is meant: a prefix, and fields with their defaults.
//!
//! Which types a field can have, only the compiler knows; whether a default is one of its values, only the type. Knows
//! no expansion.

use proc_macro2::Span;
use syn::{
    Attribute, Expr, ExprLit, ExprUnary, Fields, Ident, ItemStruct, Lit, LitStr, Type, UnOp,
};

use super::parse::{Field, FieldOption, Options};
use crate::mistakes::{Mistakes, similar};

const NAMES: [&str; 2] = ["default", "unit"];

/// A struct of settings.
pub(crate) struct Config {
    pub(crate) prefix: String,
    pub(crate) settings: Vec<Setting>,
}

/// A field of it.
pub(crate) struct Setting {
    pub(crate) name: Ident,
    pub(crate) kind: Type,
    pub(crate) doc: Vec<Expr>,
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) default: Option<Default>,
    pub(crate) unit: Option<String>,
}

pub(crate) enum Default {
    /// As it would be written in the environment.
    Text(String),
    /// That of the type.
    Own,
}

/// Checks a struct. `None`: there is a mistake.
pub(crate) fn config(
    item: &ItemStruct,
    options: Option<Options>,
    fields: Vec<Field>,
    mistakes: &mut Mistakes,
) -> Option<Config> {
    if !item.generics.params.is_empty() {
        let message = "a struct of settings can't be generic, for it is made once; write the types themselves";
        mistakes.on(&item.generics.params, message);
    }
    let settings = match &item.fields {
        Fields::Named(named) if named.named.is_empty() => {
            let message = "a struct of settings has fields; each is a key";
            mistakes.at(item.ident.span(), message);
            Vec::new()
        }
        Fields::Named(named) => {
            let fields = named.named.iter().zip(fields);
            fields
                .filter_map(|(written, field)| setting(written, field, mistakes))
                .collect()
        }
        Fields::Unnamed(_) | Fields::Unit => {
            let message = "the fields of a struct of settings have names, which are its keys; \
                           write `struct Name { key: Type }`";
            mistakes.at(item.ident.span(), message);
            Vec::new()
        }
    };
    let prefix = options?.prefix;
    prefix_of(&prefix, mistakes);
    Some(Config {
        prefix: prefix.value(),
        settings,
    })
}

fn prefix_of(prefix: &LitStr, mistakes: &mut Mistakes) {
    let text = prefix.value();
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_segment = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_lowercase())
            && segment
                .bytes()
                .all(|byte| is_letter(byte) || matches!(byte, b'_' | b'-'))
    };
    if !text.split('.').all(is_segment) {
        let message = format!(
            "expected names of lower-case letters, digits, `_` and `-` with dots between them, found `{text}`; \
             write `prefix = \"database\"`"
        );
        mistakes.on(prefix, message);
    }
    let first = text.split('.').next();
    if let Some(first) = first.filter(|first| matches!(*first, "server" | "profile")) {
        let message = format!("`{first}` is mini-spring's own; choose another prefix");
        mistakes.on(prefix, message);
    }
}

fn setting(written: &syn::Field, field: Field, mistakes: &mut Mistakes) -> Option<Setting> {
    let name = written.ident.clone()?;
    let mut setting = Setting {
        name,
        kind: written.ty.clone(),
        doc: field.doc,
        conditions: field.conditions,
        default: None,
        unit: None,
    };
    if let Type::Reference(borrowed) = &setting.kind {
        let message = "a setting is kept for as long as the program runs, and borrows nothing; write `String`";
        mistakes.on(borrowed, message);
    }
    for (index, option) in field.options.iter().enumerate() {
        let before = &field.options[..index];
        if before.iter().any(|other| other.name == option.name) {
            let message = format!("`{}` stands twice; write it once", option.name);
            mistakes.at(option.name.span(), message);
        } else {
            read(&mut setting, option, mistakes);
        }
    }
    Some(setting)
}

fn read(setting: &mut Setting, option: &FieldOption, mistakes: &mut Mistakes) {
    let span = option.name.span();
    match (option.name.to_string().as_str(), &option.value) {
        ("default", None) => setting.default = Some(Default::Own),
        ("default", Some(value)) => match literal(value) {
            Some(text) => setting.default = Some(Default::Text(text)),
            None => {
                let message = "a default is a text, a number, `true` or `false`, as it would be written in \
                               the environment; write `default = \"30s\"`, or `default` for that of the type";
                mistakes.on(value, message);
            }
        },
        ("unit", value) => match value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(unit),
                ..
            })) => setting.unit = Some(unit.value()),
            _ => mistakes.at(
                span,
                "`unit` takes a word for `--help`; write `unit = \"connections\"`",
            ),
        },
        (name, _) => unknown(name, span, mistakes),
    }
}

fn unknown(name: &str, span: Span, mistakes: &mut Mistakes) {
    let message = match similar(name, NAMES) {
        Some(meant) => format!("unknown option `{name}`; did you mean `{meant}`?"),
        None => format!("unknown option `{name}`; there are `default` and `unit`"),
    };
    mistakes.at(span, message);
}

/// The text of a literal.
fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            Lit::Float(number) => Some(number.base10_digits().to_owned()),
            Lit::Bool(switch) => Some(switch.value.to_string()),
            Lit::Char(letter) => Some(letter.value().to_string()),
            _ => None,
        },
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => match &**expr {
            Expr::Lit(ExprLit {
                lit: Lit::Int(_) | Lit::Float(_),
                ..
            }) => Some(format!("-{}", literal(expr)?)),
            _ => None,
        },
        _ => None,
    }
}
