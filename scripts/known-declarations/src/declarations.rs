//! The items of a source file that wasm-bindgen makes imports of.

use crate::{attributes, macros};
use quote::ToTokens;
use serde_json::{json, Value};
use syn::visit::{self, Visit};

/// What `file` declares, extern blocks inside of functions included.
pub fn collect(file: &syn::File) -> Vec<Value> {
    let mut collector = Collector { siblings: &file.items, found: Vec::new() };
    collector.visit_file(file);
    collector.found
}

struct Collector<'a> {
    /// The items of the file, where the definitions of its macros are.
    siblings: &'a [syn::Item],
    found: Vec<Value>,
}

impl<'a> Visit<'a> for Collector<'_> {
    /// An `extern "C"` block under `#[wasm_bindgen]`: what the block says holds for each of its items.
    fn visit_item_foreign_mod(&mut self, block: &'a syn::ItemForeignMod) {
        let Some(of_block) = attributes::bindgen(&block.attrs) else { return };
        for item in &block.items {
            let (attrs, mut described) = match item {
                syn::ForeignItem::Fn(function) => (&function.attrs, json!({
                    "item": "fn",
                    "ident": function.sig.ident.to_string(),
                    "signature": function.sig.to_token_stream().to_string(),
                })),
                syn::ForeignItem::Type(class) => (&class.attrs, json!({
                    "item": "type", "ident": class.ident.to_string(),
                })),
                syn::ForeignItem::Static(value) => (&value.attrs, json!({
                    "item": "static", "ident": value.ident.to_string(), "type": value.ty.to_token_stream().to_string(),
                })),
                _ => continue,
            };
            described["cfg"] = [attributes::cfgs(&block.attrs), attributes::cfgs(attrs)].concat().into();
            described["ownCfg"] = attributes::cfgs(attrs).into();
            described["options"] = attributes::bindgen(attrs).unwrap_or_default().into();
            described["block"] = of_block.clone().into();
            self.found.push(described);
        }
    }

    /// An enum with a text for each variant.
    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        if attributes::bindgen(&item.attrs).is_none() {
            return;
        }
        let variants: Option<Vec<_>> = item.variants.iter().map(|variant| match &variant.discriminant {
            Some((_, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }))) => Some(text.value()),
            _ => None,
        }).collect();
        self.found.push(json!({ "item": "enum", "ident": item.ident.to_string(), "variants": variants }));
    }

    /// A struct that wasm-bindgen exports: a parameter of that type is no handle.
    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        if attributes::bindgen(&item.attrs).is_some() {
            self.found.push(json!({ "item": "struct", "ident": item.ident.to_string() }));
        }
    }

    fn visit_item_macro(&mut self, invocation: &'a syn::ItemMacro) {
        for item in macros::expand(invocation, self.siblings) {
            let mut inner = Collector { siblings: self.siblings, found: Vec::new() };
            inner.visit_item(&item);
            self.found.append(&mut inner.found);
        }
        visit::visit_item_macro(self, invocation);
    }

    /// Macros such as `cfg_if!` are given whole items.
    fn visit_macro(&mut self, invocation: &'a syn::Macro) {
        for file in macros::files_within(&invocation.tokens) {
            self.found.append(&mut collect(&file));
        }
    }
}
