//! The graft: of a method by progenitor, what builds the request stays; what sends it and reads the answer is replaced
//! by `Client::call`, so that everything about the network lives in one hand-written place.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, Local, Pat, Stmt, Token, parse_quote};

use super::contract::{Contract, Operation};
use super::operations;
use super::progenitor_input::unexpected;
use crate::failure::Result;

/// Turns the method that progenitor made of the operation into ours.
pub(super) fn graft(contract: &Contract, operation: &Operation, method: &mut ImplItemFn) -> Result<()> {
    let wrong = |message: String| unexpected(contract, &operation.json_path, format!("`{}` {message}", operation.id));
    let constant = format_ident!("{}", operation.constant_name());
    if let Some(release) = operations::removed_in(contract, operation)? {
        let removed = format!(
            "\nSince release {release}, Okta's published specification no longer has this operation. It is kept as it was \
             last published."
        );
        method.attrs.push(parse_quote!(#[doc = #removed]));
    }
    let credential = format!("\nCredential: {}.", operations::credential(contract, operation)?);
    method.attrs.push(parse_quote!(#[doc = #credential]));

    let success = success_type(&method.sig.output).ok_or_else(|| wrong("returns no `ResponseValue`".to_owned()))?;
    method.sig.output = parse_quote!(-> Result<Response<#success>, Error>);

    let statements = &mut method.block.stmts;
    let end = statements
        .iter()
        .position(|statement| binds(statement, "info"))
        .ok_or_else(|| wrong("does not bind `info`".to_owned()))?;
    statements.truncate(end);

    let headers = operation.parameters_in("header");
    let mut pass = RequestPass { takes_headers: headers > 0, found: Counts::default() };
    statements.retain_mut(|statement| pass.keeps(statement));
    let expected = Counts {
        urls: 1,
        requests: 1,
        segments: operation.parameters_in("path"),
        headers,
        queries: operation.parameters_in("query"),
    };
    if pass.found != expected {
        return Err(wrong(format!("has {:?}, not {expected:?}", pass.found)));
    }
    statements.insert(0, parse_quote!(let operation = &crate::operations::#constant;));
    statements.push(Stmt::Expr(parse_quote!(self.call(operation, request).await), None));
    Ok(())
}

/// `T` of `Result<ResponseValue<T>, Error<E>>`.
fn success_type(output: &syn::ReturnType) -> Option<syn::Type> {
    fn first_argument(ty: &syn::Type, name: &str) -> Option<syn::Type> {
        let syn::Type::Path(path) = ty else { return None };
        let segment = path.path.segments.last().filter(|segment| segment.ident == name)?;
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        match arguments.args.first()? {
            syn::GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        }
    }
    let syn::ReturnType::Type(_, ty) = output else { return None };
    first_argument(&first_argument(ty, "Result")?, "ResponseValue")
}

/// Whether the statement is `let <name> = …`.
fn binds(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(Local { pat: Pat::Ident(pattern), .. }) if pattern.ident == name)
}

/// How often the pass found what it looks for.
#[derive(Debug, Default, Clone, PartialEq)]
struct Counts {
    urls: usize,
    requests: usize,
    segments: usize,
    headers: usize,
    queries: usize,
}

/// Lets the hand-written client form the URL, check the values and build the request.
struct RequestPass {
    takes_headers: bool,
    found: Counts,
}

impl RequestPass {
    /// Changes a statement, and says whether it stays.
    fn keeps(&mut self, statement: &mut Stmt) -> bool {
        let is_api_version = statement.to_token_stream().to_string().contains("\"api-version\"");
        let is_empty_map = !self.takes_headers && binds(statement, "header_map");
        // Okta knows no header `api-version`; it would carry the version of the specification.
        if is_api_version || is_empty_map {
            return false;
        }
        self.visit_stmt_mut(statement);
        true
    }

    /// `format!("{}/path/{}", self.baseurl, encode_path(&id.to_string()))` → `self.url(format_args!("/path/{}", path_segment(operation, id)?))`
    fn url(&mut self, tokens: TokenStream) -> Option<Expr> {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens).ok()?;
        let mut arguments = arguments.into_iter();
        let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(format), .. }) = arguments.next()? else { return None };
        let path = format.value().strip_prefix("{}")?.to_owned();
        if arguments.next()?.to_token_stream().to_string() != "self . baseurl" {
            return None;
        }
        let values: Vec<Expr> = arguments.map(|argument| self.segment(argument)).collect::<Option<_>>()?;
        self.found.urls += 1;
        Some(parse_quote!(self.url(format_args!(#path #(, #values)*))))
    }

    /// `encode_path(&id.to_string())` → `path_segment(operation, id)?`
    fn segment(&mut self, argument: Expr) -> Option<Expr> {
        let Expr::Call(call) = argument else { return None };
        if call.func.to_token_stream().to_string() != "encode_path" {
            return None;
        }
        let Expr::Reference(reference) = call.args.into_iter().next()? else { return None };
        let value = receiver(*reference.expr, "to_string")?;
        self.found.segments += 1;
        Some(parse_quote!(path_segment(operation, #value)?))
    }

    /// `cookie.to_string().try_into()?` → `header_value(operation, cookie)?`
    fn header(&mut self, tried: Expr) -> Option<Expr> {
        let value = receiver(receiver(tried, "try_into")?, "to_string")?;
        self.found.headers += 1;
        Some(parse_quote!(header_value(operation, #value)?))
    }

    /// `.query(&progenitor_client::QueryParam::new("limit", &limit))` → `.query(&[("limit", &limit)])`
    fn query(&mut self, parameter: Expr) -> Option<Expr> {
        let Expr::Reference(reference) = parameter else { return None };
        let Expr::Call(call) = *reference.expr else { return None };
        if !call.func.to_token_stream().to_string().ends_with("QueryParam :: new") {
            return None;
        }
        let arguments = call.args;
        self.found.queries += 1;
        Some(parse_quote!(&[(#arguments)]))
    }
}

impl VisitMut for RequestPass {
    fn visit_local_mut(&mut self, local: &mut Local) {
        visit_mut::visit_local_mut(self, local);
        let Pat::Ident(pattern) = &mut local.pat else { return };
        // `let mut request = ….build()?` → `let request = …`: building can fail, and `call` knows how to say it.
        if pattern.ident == "request"
            && let Some(init) = &mut local.init
            && let Expr::Try(tried) = &*init.expr
            && let Some(builder) = receiver((*tried.expr).clone(), "build")
        {
            *init.expr = builder;
            pattern.mutability = None;
            local.attrs.clear();
            self.found.requests += 1;
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let replacement = match expr {
            Expr::Macro(call) if call.mac.path.is_ident("format") => self.url(call.mac.tokens.clone()),
            Expr::Try(tried) => self.header((*tried.expr).clone()),
            Expr::MethodCall(call) if call.method == "headers" && !self.takes_headers => Some((*call.receiver).clone()),
            Expr::MethodCall(call) if call.method == "query" => call.args.first().cloned().and_then(|parameter| {
                let (builder, pair) = (&call.receiver, self.query(parameter)?);
                Some(parse_quote!(#builder.query(#pair)))
            }),
            Expr::Field(field) if field.to_token_stream().to_string() == "self . client" => {
                syn::parse2(quote!(self.http())).ok()
            }
            _ => None,
        };
        if let Some(replacement) = replacement {
            *expr = replacement;
        }
    }
}

/// `a` of `a.method()`.
fn receiver(expr: Expr, method: &str) -> Option<Expr> {
    match expr {
        Expr::MethodCall(call) if call.method == method => Some(*call.receiver),
        _ => None,
    }
}
