//! Macros of the source file itself that produce extern blocks, such as the one for js-sys's typed arrays.
//!
//! Only the form found in the wild is expanded: one rule that repeats over `$name: $type` pairs.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

/// The items that `invocation` produces, or none where its macro is not one of `siblings` or of another form.
pub fn expand(invocation: &syn::ItemMacro, siblings: &[syn::Item]) -> Vec<syn::Item> {
    let Some(name) = invocation.mac.path.get_ident() else { return Vec::new() };
    if name == "macro_rules" {
        return Vec::new();
    }
    let Some(body) = siblings.iter().find_map(|item| body_of(item, name)) else { return Vec::new() };
    pairs(invocation.mac.tokens.clone())
        .into_iter()
        .filter_map(|(class, element)| {
            let expanded = substitute(body.clone(), &class, &element);
            syn::parse2::<syn::File>(expanded).ok()
        })
        .flat_map(|file| file.items)
        .collect()
}

/// The items that stand between braces somewhere in `tokens`.
pub fn files_within(tokens: &TokenStream) -> Vec<syn::File> {
    let groups = tokens.clone().into_iter().filter_map(as_group);
    groups
        .flat_map(|group| match syn::parse2::<syn::File>(group.stream()) {
            Ok(file) if !file.items.is_empty() => vec![file],
            _ => files_within(&group.stream()),
        })
        .collect()
}

/// What a macro repeats: the group within `$( … )*` of its only rule, if there is an extern block in it.
fn body_of(item: &syn::Item, name: &Ident) -> Option<TokenStream> {
    let syn::Item::Macro(item) = item else { return None };
    if item.ident.as_ref() != Some(name) {
        return None;
    }
    let groups: Vec<Group> = item.mac.tokens.clone().into_iter().filter_map(as_group).collect();
    let [_, transcriber] = groups.as_slice() else { return None };
    let repeated = transcriber.stream().into_iter().find_map(as_group)?;
    repeated.stream().to_string().contains("extern").then(|| repeated.stream())
}

fn as_group(token: TokenTree) -> Option<Group> {
    match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}

/// The `Name: type` pairs of an invocation, attributes skipped.
fn pairs(tokens: TokenStream) -> Vec<(Ident, Ident)> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens
        .windows(3)
        .filter_map(|window| match window {
            [TokenTree::Ident(name), TokenTree::Punct(colon), TokenTree::Ident(element)] if colon.as_char() == ':' => {
                Some((name.clone(), element.clone()))
            }
            _ => None,
        })
        .collect()
}

/// `$name` becomes the class, `$ty` the element; any other `$variable` is text in documentation and becomes `""`.
fn substitute(tokens: TokenStream, class: &Ident, element: &Ident) -> TokenStream {
    let mut out = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '$' => match tokens.next() {
                Some(TokenTree::Ident(variable)) if variable == "name" => out.push(TokenTree::Ident(class.clone())),
                Some(TokenTree::Ident(variable)) if variable == "ty" => out.push(TokenTree::Ident(element.clone())),
                _ => out.push(TokenTree::Literal(proc_macro2::Literal::string(""))),
            },
            TokenTree::Group(group) => {
                let inner = substitute(group.stream(), class, element);
                out.push(TokenTree::Group(Group::new(group.delimiter(), inner)));
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}
