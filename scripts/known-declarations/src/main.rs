//! Reads the published sources of crates and prints what their `#[wasm_bindgen]` blocks declare.
//!
//! `known-declarations DIR…` prints one line of JSON per directory: an array of items, each as its source has it. What an
//! item means, and how it is written down, is the business of the scripts beside this.

mod attributes;
mod declarations;
mod macros;

use serde_json::Value;
use std::path::{Path, PathBuf};

fn main() {
    for argument in std::env::args().skip(1) {
        let mut items = Vec::new();
        for file in rust_files(Path::new(&argument)) {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            match syn::parse_file(&text) {
                Ok(parsed) => {
                    for mut item in declarations::collect(&parsed) {
                        item["file"] = file.display().to_string().into();
                        items.push(item);
                    }
                }
                Err(error) => eprintln!("{}: {error}", file.display()),
            }
        }
        println!("{}", Value::Array(items));
    }
}

/// Every `.rs` file under `src`, in a stable order.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.join("src")];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
