//! session-testkit/src/generated.rs: progenitor's typed expectations for httpmock.

use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, File, ImplItemFn, Signature, Token, parse_quote};

use super::contract::Contract;
use super::dependencies;
use super::progenitor_input::{HAND_WRITTEN, Responses, generate, unexpected};
use crate::failure::Result;

/// What the crate session-testkit depends on, of what generated code may call.
const CRATES: [&str; 6] = ["httpmock", "regex", "serde", "serde_json", "session_client", "std"];

/// The file's items.
pub(super) fn items(contract: &Contract) -> Result<File> {
    let tokens = generate(contract, "::session_client", Responses::All, |generator, document| {
        generator.httpmock(document, "::session_client")
    })?;
    let mut output: File = syn::parse2(tokens).map_err(|error| unexpected(contract, "$", error))?;
    let mut pass = Values::default();
    pass.visit_file_mut(&mut output);
    let operations = contract.operations()?;
    let in_path: usize = operations.iter().map(|operation| operation.parameters_in("path")).sum();
    if pass.escaped != in_path {
        return Err(unexpected(
            contract,
            "$.paths",
            format!("{} path values in httpmock, not {in_path}", pass.escaped),
        ));
    }
    dependencies::check(contract, &output, &CRATES)?;
    Ok(output)
}

/// Takes secrets out of their types, and keeps a value from being read as a regular expression.
#[derive(Default)]
struct Values {
    secret: bool,
    escaped: usize,
}

impl VisitMut for Values {
    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        self.secret = mentions_hand_written(&method.sig);
        visit_mut::visit_impl_item_fn_mut(self, method);
        self.secret = false;
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if self.secret && call.method == "to_string" => {
                call.method = syn::Ident::new("expose_secret", call.method.span());
            }
            Expr::Macro(call) if call.mac.path.is_ident("format") => {
                let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.mac.tokens.clone());
                let Some((format, value)) = arguments.ok().and_then(|arguments| {
                    let mut arguments = arguments.into_iter();
                    arguments.next().zip(arguments.next())
                }) else {
                    return;
                };
                let mut value = value;
                self.visit_expr_mut(&mut value);
                let value: Expr = if self.secret {
                    parse_quote!(::regex::escape(#value))
                } else {
                    parse_quote!(::regex::escape(&#value))
                };
                call.mac.tokens =
                    [format.to_token_stream(), parse_quote!(,), value.to_token_stream()].into_iter().collect();
                self.escaped += 1;
            }
            _ => {}
        }
    }
}

/// Whether the signature has a type that session-client writes by hand: of the argument or, where the argument is
/// optional, in the bounds of its type.
fn mentions_hand_written(signature: &Signature) -> bool {
    struct Mentions(bool);

    impl Visit<'_> for Mentions {
        fn visit_path(&mut self, path: &syn::Path) {
            let mut segments = path.segments.iter().map(|segment| &segment.ident);
            let root = segments.next().is_some_and(|first| first == "session_client");
            let name = segments.next().is_some_and(|second| HAND_WRITTEN.iter().any(|name| second == name));
            self.0 |= root && name;
            visit::visit_path(self, path);
        }
    }

    let mut mentions = Mentions(false);
    mentions.visit_signature(signature);
    mentions.0
}
