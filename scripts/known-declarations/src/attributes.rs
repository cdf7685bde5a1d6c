//! The arguments of `#[wasm_bindgen(…)]`.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use serde_json::{json, Map, Value};

/// The arguments of every `#[wasm_bindgen]` among `attributes`, or `None` where there is none. A bare word becomes `true`,
/// `key = value` becomes text or a list of texts.
pub fn bindgen(attributes: &[syn::Attribute]) -> Option<Map<String, Value>> {
    let mut found = None;
    for attribute in attributes {
        let last = attribute.path().segments.last();
        if last.is_none_or(|segment| segment.ident != "wasm_bindgen") {
            continue;
        }
        let map = found.get_or_insert_with(Map::new);
        if let syn::Meta::List(list) = &attribute.meta {
            read(list.tokens.clone(), map);
        }
    }
    found
}

/// The `#[cfg(…)]` attributes, each as the tokens between its parentheses.
pub fn cfgs(attributes: &[syn::Attribute]) -> Vec<Value> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::List(list) => Some(json!(list.tokens.to_string())),
            _ => None,
        })
        .collect()
}

fn read(tokens: TokenStream, map: &mut Map<String, Value>) {
    for argument in split_at_commas(tokens) {
        let mut argument = argument.into_iter();
        let Some(TokenTree::Ident(key)) = argument.next() else { continue };
        let key = key.to_string().trim_start_matches("r#").to_string();
        let value = match argument.next() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => value(argument.collect()),
            _ => Value::Bool(true),
        };
        map.insert(key, value);
    }
}

fn value(tokens: Vec<TokenTree>) -> Value {
    match tokens.as_slice() {
        [TokenTree::Group(group)] => split_at_commas(group.stream())
            .into_iter()
            .map(value)
            .collect(),
        [TokenTree::Literal(literal)] => match syn::parse2::<syn::LitStr>(literal.to_token_stream()) {
            Ok(text) => json!(text.value()),
            Err(_) => json!(literal.to_string()),
        },
        _ => {
            let text: String = tokens.iter().map(ToString::to_string).collect();
            json!(text.trim_start_matches("r#"))
        }
    }
}

fn split_at_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(Vec::new()),
            _ => parts.last_mut().unwrap().push(token),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
