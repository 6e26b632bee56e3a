//! What was written to what is meant: what the component is made of, and under which types it is found. Knows no
//! expansion.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, Generics, ItemImpl, ItemStruct, ReturnType, Signature, Type};

use super::parse::{self, ComponentOption, Item, Options, USAGE};
use crate::function::argument::{Argument, Source};
use crate::function::call;
use crate::function::parse::Function;
use crate::function::signature::{self, Input};
use crate::mistakes::Mistakes;

/// A component.
pub(crate) struct Checked {
    /// The function or the type.
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
    /// How it is called or made, before its arguments.
    pub(crate) made: Made,
    /// What comes of that.
    pub(crate) output: TokenStream,
    /// Other types under which it is found.
    pub(crate) others: Vec<TokenStream>,
    pub(crate) label: Option<String>,
    pub(crate) is_primary: bool,
    pub(crate) is_per_request: bool,
    pub(crate) profiles: Vec<String>,
    /// The conditions under which it exists.
    pub(crate) conditions: Vec<Attribute>,
}

/// How a component is made of its arguments.
pub(crate) enum Made {
    /// By a call of this.
    Call(TokenStream),
    /// By this literal of a struct.
    Literal(TokenStream),
}

/// Checks all of it. `None`: there is a mistake.
pub(crate) fn component(
    item: &mut Item,
    options: Options,
    mistakes: &mut Mistakes,
) -> Option<Checked> {
    let profiles = mistakes.keep(parse::profiles(item.attributes()))?;
    let conditions = item
        .attributes()
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let mut checked = Checked {
        conditions: conditions.cloned().collect(),
        profiles: profiles.iter().map(syn::LitStr::value).collect(),
        ..shape(item, mistakes)?
    };
    apply(&mut checked, options, mistakes);
    if !checked.is_per_request {
        check_sources(&checked, mistakes);
    }
    Some(checked)
}

fn apply(checked: &mut Checked, options: Options, mistakes: &mut Mistakes) {
    for option in options.0 {
        match option {
            ComponentOption::As(span, kind) => match is_trait(&kind) {
                true => checked.others.push(kind.into_token_stream()),
                false => mistakes.at(
                    span,
                    "a component is also known as a trait; write `as dyn Orders`",
                ),
            },
            ComponentOption::Name(span, name) => {
                if checked.label.replace(name.value()).is_some() {
                    mistakes.at(span, "`name` stands twice; write it once");
                } else if name.value().is_empty() {
                    mistakes.on(
                        name,
                        "the name is empty; write `name = \"replica\"`, or leave it out",
                    );
                }
            }
            ComponentOption::Primary(span) => {
                if std::mem::replace(&mut checked.is_primary, true) {
                    mistakes.at(span, "`primary` stands twice; write it once");
                }
            }
            ComponentOption::Scope(span, scope) => match scope.to_string().as_str() {
                "request" if checked.is_per_request => {
                    mistakes.at(span, "`scope` stands twice; write it once")
                }
                "request" => checked.is_per_request = true,
                "singleton" => {}
                unknown => {
                    let message = format!(
                        "unknown scope `{unknown}`; a component is made once unless `scope = request` is written"
                    );
                    mistakes.at(scope.span(), message);
                }
            },
        }
    }
}

fn is_trait(kind: &Type) -> bool {
    matches!(kind, Type::TraitObject(_) | Type::Path(_))
        && kind.to_token_stream().to_string().starts_with("dyn ")
}

/// What is made once is not made of a request.
fn check_sources(checked: &Checked, mistakes: &mut Mistakes) {
    for argument in &checked.arguments {
        if let Source::Named(_) = argument.source {
            let message = "what a request tells is for components that are made for each request; \
                           write `#[component(scope = request)]`";
            mistakes.on(&argument.kind, message);
        }
    }
}

fn shape(item: &Item, mistakes: &mut Mistakes) -> Option<Checked> {
    match item {
        Item::Function(function) => of_function(function, mistakes),
        Item::Struct(item, sources) => Some(of_struct(item, sources, mistakes)),
        Item::Impl(item, sources) => of_impl(item, sources, mistakes),
    }
}

fn of_function(function: &Function, mistakes: &mut Mistakes) -> Option<Checked> {
    let inputs = signature::inputs(function, mistakes);
    let signature = &function.signature;
    check_signature(signature, mistakes);
    let output = output(signature, None, mistakes)?;
    let name = signature.ident.unraw().to_string();
    let made = Made::Call(signature.ident.to_token_stream());
    Some(of(name, &inputs, made, output))
}

/// Every field is an argument.
fn of_struct(item: &ItemStruct, sources: &[Vec<Attribute>], mistakes: &mut Mistakes) -> Checked {
    check_generics(&item.generics, mistakes);
    let fields = item.fields.iter().zip(sources);
    let inputs = fields.map(|(field, sources)| {
        let name = field.ident.as_ref().map(|name| name.unraw().to_string());
        Input {
            name: name.unwrap_or_default(),
            written: field.ty.clone(),
            taken_apart: None,
            source: signature::source(sources, mistakes),
            kind: field.ty.to_token_stream(),
        }
    });
    let inputs: Vec<Input> = inputs.collect();
    let variables: Vec<Ident> = (0..inputs.len()).map(call::variable).collect();
    let name = &item.ident;
    let made = Made::Literal(parse::literal(item, &variables));
    of(
        name.unraw().to_string(),
        &inputs,
        made,
        name.to_token_stream(),
    )
}

/// Its function `new`.
fn of_impl(
    item: &ItemImpl,
    sources: &[Vec<Attribute>],
    mistakes: &mut Mistakes,
) -> Option<Checked> {
    check_generics(&item.generics, mistakes);
    let mut with_new = item.clone();
    let Some(new) = parse::new_of(&mut with_new) else {
        let message = format!("there is no function `new` in this `impl`; {USAGE}");
        mistakes.on(&item.self_ty, message);
        return None;
    };
    check_signature(&new.sig, mistakes);
    let inputs = arguments(&new.sig, sources, mistakes);
    let kind = &item.self_ty;
    let output = output(&new.sig, Some(kind), mistakes)?;
    let name = kind.to_token_stream().to_string().replace(' ', "");
    Some(of(name, &inputs, Made::Call(quote!(<#kind>::new)), output))
}

fn of(name: String, inputs: &[Input], made: Made, output: TokenStream) -> Checked {
    Checked {
        name,
        arguments: inputs.iter().map(Argument::unnamed).collect(),
        made,
        output,
        others: Vec::new(),
        label: None,
        is_primary: false,
        is_per_request: false,
        profiles: Vec::new(),
        conditions: Vec::new(),
    }
}

fn arguments(
    signature: &Signature,
    sources: &[Vec<Attribute>],
    mistakes: &mut Mistakes,
) -> Vec<Input> {
    let typed = signature
        .inputs
        .iter()
        .zip(sources)
        .filter_map(|(input, sources)| match input {
            FnArg::Typed(typed) => Some((typed, sources)),
            FnArg::Receiver(_) => None,
        });
    typed
        .map(|(typed, sources)| signature::input(signature, typed, sources, mistakes))
        .collect()
}

/// What the function returns. `Self` has no meaning outside of its `impl`.
fn output(
    signature: &Signature,
    itself: Option<&Type>,
    mistakes: &mut Mistakes,
) -> Option<TokenStream> {
    match &signature.output {
        ReturnType::Default => {
            mistakes.on(
                &signature.ident,
                "a component is what its function returns; write `-> Database`",
            );
            None
        }
        ReturnType::Type(_, kind) => {
            let tokens = kind.to_token_stream();
            if let Some(span) = find_word(tokens.clone(), "impl") {
                mistakes.at(
                    span,
                    "a component is found by its type; name it, or write `Box<dyn Trait>`",
                );
                return None;
            }
            Some(match itself {
                Some(itself) => replaced(tokens, &quote!(#itself)),
                None => tokens,
            })
        }
    }
}

fn find_word(tokens: TokenStream, wanted: &str) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == wanted => Some(word.span()),
        TokenTree::Group(group) => find_word(group.stream(), wanted),
        _ => None,
    })
}

/// The same tokens with a type in the place of `Self`.
fn replaced(tokens: TokenStream, itself: &TokenStream) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(word) if word == "Self" => itself.clone(),
        TokenTree::Group(group) => {
            let inner = replaced(group.stream(), itself);
            let mut changed = proc_macro2::Group::new(group.delimiter(), inner);
            changed.set_span(group.span());
            TokenTree::Group(changed).into()
        }
        other => other.into(),
    };
    tokens.into_iter().map(replace).collect()
}

pub(crate) fn check_signature(signature: &Signature, mistakes: &mut Mistakes) {
    if let Some(keyword) = &signature.asyncness {
        mistakes.on(
            keyword,
            "mini-spring has no async; the function may block: remove `async`",
        );
    }
    if let syn::Safety::Unsafe(keyword) = &signature.safety {
        let message = "it is called by mini-spring, which knows no condition; write `unsafe { .. }` inside where it is sound";
        mistakes.on(keyword, message);
    }
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
        mistakes.on(
            receiver,
            "there is no `self` when a component is made; take it as `Inject<..>`",
        );
    }
    check_generics(&signature.generics, mistakes);
}

fn check_generics(generics: &Generics, mistakes: &mut Mistakes) {
    let parameter = generics
        .params
        .iter()
        .find(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_)));
    if let Some(parameter) = parameter {
        mistakes.on(
            parameter,
            "a component is of one type; write the type itself, and a component for each",
        );
    }
}
