//! The other side of the comparison: what the generator really makes of a document, without documentation.

use std::collections::BTreeSet;

use quote::ToTokens;
use serde_json::Value;
use syn::{File, ImplItem, Item};
use xtask::codegen;

const NO_OVERLAY: &str = "overlay: 1.1.0\ninfo: {title: Nothing, version: '1'}\nactions: []\n";

/// What of the generated Rust other code can depend on, one line for each: types with their fields and variants,
/// methods, entries of the table of operations, expectations of the mock server. Nothing if the generator refuses it.
pub(crate) fn api(document: &Value) -> Option<BTreeSet<String>> {
    let outputs = codegen::generate(&document.to_string(), NO_OVERLAY).ok()?;
    let rust = outputs.iter().filter(|output| output.path.contains("/src/"));
    let mut lines = BTreeSet::new();
    for output in rust {
        let file: File = syn::parse_str(&output.text).unwrap();
        file.items.iter().for_each(|item| collect(item, &mut lines));
    }
    Some(lines)
}

fn collect(item: &Item, lines: &mut BTreeSet<String>) {
    match item {
        Item::Mod(module) => module.content.iter().flat_map(|(_, items)| items).for_each(|item| collect(item, lines)),
        Item::Struct(item) => {
            lines.insert(format!("struct {}", item.ident));
            for field in &item.fields {
                let name = field.ident.as_ref().map_or("0".to_owned(), ToString::to_string);
                lines.insert(format!("{}::{name}: {}", item.ident, short(&field.ty)));
            }
        }
        Item::Enum(item) => {
            lines.insert(format!("enum {}", item.ident));
            lines.extend(
                item.variants
                    .iter()
                    .map(|variant| format!("{}::{}{}", item.ident, variant.ident, short(&variant.fields))),
            );
        }
        Item::Const(item) if item.ident != "ALL" => {
            let syn::Expr::Struct(entry) = &*item.expr else { return };
            lines.insert(format!("const {}", item.ident));
            lines.extend(entry.fields.iter().map(|field| format!("{}: {}", item.ident, short(field))));
        }
        Item::Impl(block) if block.trait_.is_none() => {
            let ty = short(&block.self_ty);
            for item in &block.items {
                if let ImplItem::Fn(method) = item {
                    lines.insert(format!("{ty}::{}", short(&method.sig)));
                }
            }
        }
        _ => {}
    }
}

/// Code without paths and spaces: `::std::option::Option<crate::SessionId>` is `Option<SessionId>`.
fn short(syntax: &impl ToTokens) -> String {
    let text = syntax.to_token_stream().to_string().replace(" :: ", "::");
    let words = text.split_inclusive([' ', '<', '>', ',', '&', '(', ')', '[', ']']);
    let last = |word: &str| word.rsplit("::").next().unwrap_or_default().to_owned();
    words.map(|word| last(word).replace(' ', "")).collect::<String>().replace("HashMap<", "Map<").replace(",>", ">")
}
