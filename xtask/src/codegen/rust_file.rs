//! Rust source from syntax: the same bytes on every machine, with documentation that rustdoc reads as it was meant.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, File, Lit, Meta, parse_quote};

/// Prints the items.
pub(super) fn print(mut file: File) -> String {
    DocLines.visit_file_mut(&mut file);
    prettyplease::unparse(&file)
}

/// Splits documentation of several lines into one attribute a line. As one attribute it becomes a block comment, and
/// every formatter that indents it turns its text into code.
struct DocLines;

impl DocLines {
    fn split(attributes: &mut Vec<Attribute>) {
        *attributes = std::mem::take(attributes)
            .into_iter()
            .flat_map(|attribute| match doc(&attribute) {
                None => vec![attribute],
                Some(text) => {
                    // prettyplease writes `///` and the text as it is: a space belongs between them.
                    let margin = if text.starts_with(' ') { "" } else { " " };
                    text.trim_end()
                        .lines()
                        .map(|line| {
                            let line = format!("{margin}{line}");
                            let line = line.trim_end();
                            Attribute { meta: parse_quote!(doc = #line), ..attribute.clone() }
                        })
                        .collect()
                }
            })
            .collect();
    }
}

fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

impl VisitMut for DocLines {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        Self::split(attributes);
    }
}
