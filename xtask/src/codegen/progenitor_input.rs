//! What progenitor is given: its view of the contract, and its settings.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heck::ToPascalCase;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl, TypePatch};
use serde_json::{Value, json};

use super::contract::Contract;
use super::json_path::member;
use super::open_enums;
use crate::failure::{Failure, Result};

/// Schemas whose Rust types are written by hand in session-client, under the same name.
pub(super) const HAND_WRITTEN: [&str; 5] = ["ErrorSummary", "Links", "SessionCookie", "SessionId", "SessionToken"];

/// The responses that progenitor sees.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Responses {
    /// The successes: failures are the transport's business, and progenitor takes no mixed failure bodies.
    Success,
    /// All of them, for expectations of a mock server.
    All,
}

/// Calls `generate` with a generator set up for the contract and with progenitor's view of it.
///
/// `client` is the path by which the generated code names the crate session-client.
pub(super) fn generate(
    contract: &Contract,
    client: &str,
    responses: Responses,
    generate: fn(&mut Generator, &openapiv3::OpenAPI) -> std::result::Result<TokenStream, progenitor::Error>,
) -> Result<TokenStream> {
    let view = view(contract, responses)?;
    let run = |view: &Value| -> std::result::Result<TokenStream, (Option<String>, String)> {
        let document = serde_path_to_error::deserialize(view.clone())
            .map_err(|error| (Some(format!("$.{}", error.path())), error.inner().to_string()))?;
        // What is known to panic is refused before; this is for what is not known yet.
        silenced(|| {
            catch_unwind(AssertUnwindSafe(|| generate(&mut Generator::new(&settings(contract, client)), &document)))
        })
        .map_err(|panic| (None, format!("progenitor cannot take this: {}", panic_message(panic.as_ref()))))?
        .map_err(|error| (None, format!("progenitor cannot take this: {error}")))
    };
    run(&view).map_err(|(path, message)| {
        let path = path.or_else(|| culprit(&view, |part| run(part).is_err())).unwrap_or_else(|| "$".to_owned());
        contract.failure(&path, message)
    })
}

/// The part of the contract that progenitor is asked to generate.
fn view(contract: &Contract, responses: Responses) -> Result<Value> {
    let mut view = contract.document.clone();
    if responses == Responses::Success {
        for operation in contract.operations()? {
            let pointer = format!(
                "/paths/{}/{}/responses",
                operation.path.replace('~', "~0").replace('/', "~1"),
                operation.method
            );
            if let Some(responses) = view.pointer_mut(&pointer).and_then(Value::as_object_mut) {
                responses.retain(|status, _| status.starts_with('2'));
            }
        }
    }
    Ok(view)
}

fn settings(contract: &Contract, client: &str) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional).with_derive("PartialEq");
    for name in HAND_WRITTEN {
        settings.with_replacement(name, format!("{client}::{name}"), std::iter::empty::<TypeImpl>());
    }
    for (name, _) in open_enums::names(contract) {
        let name = name.to_pascal_case();
        settings.with_replacement(
            &name,
            format!("{client}::types::{name}"),
            [TypeImpl::FromStr, TypeImpl::Display].into_iter(),
        );
    }
    let requests = request_schemas(contract);
    for (name, _) in contract.schemas() {
        let mut patch = TypePatch::default();
        patch.with_attr(r#"#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]"#);
        // A caller builds requests, but only reads answers: new members must not break that.
        if !requests.contains(name.as_str()) {
            patch.with_attr("#[non_exhaustive]");
        }
        settings.with_patch(name.to_pascal_case(), &patch);
    }
    settings
}

/// The schemas that request bodies consist of.
pub(super) fn request_schemas<'a>(contract: &Contract<'a>) -> BTreeSet<&'a str> {
    fn collect<'a>(value: &'a Value, document: &'a Value, found: &mut BTreeSet<&'a str>) {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/schemas/");
            if name.is_some_and(|name| !found.insert(name)) {
                return;
            }
            if let Some(target) = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)) {
                collect(target, document, found);
            }
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| collect(value, document, found)),
            Value::Array(elements) => elements.iter().for_each(|value| collect(value, document, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for operation in contract.operations().into_iter().flatten() {
        for schema in operation.object.get("requestBody").into_iter().flat_map(|body| body.get("content")) {
            collect(schema, contract.document, &mut found);
        }
    }
    found
}

/// Which operation, or which schema, fails when it stands alone.
fn culprit(view: &Value, fails: impl Fn(&Value) -> bool) -> Option<String> {
    let mut types_only = view.clone();
    types_only["paths"] = json!({});
    let (paths, schemas) = (view.get("paths")?.as_object()?, view.pointer("/components/schemas")?.as_object()?);
    if fails(&types_only) {
        return schemas
            .iter()
            .find(|(name, schema)| {
                let mut alone = types_only.clone();
                alone["components"]["schemas"] = json!({name.as_str(): schema});
                fails(&alone)
            })
            .map(|(name, _)| member("$.components.schemas", name));
    }
    paths.iter().find_map(|(path, item)| {
        let (shared, methods): (Vec<_>, Vec<_>) = item.as_object()?.iter().partition(|(key, _)| *key == "parameters");
        methods.into_iter().find_map(|(method, operation)| {
            let mut alone = types_only.clone();
            alone["paths"][path][method] = operation.clone();
            for (key, value) in &shared {
                alone["paths"][path][key.as_str()] = (*value).clone();
            }
            fails(&alone).then(|| member(&member("$.paths", path), method))
        })
    })
}

/// Runs `run` with the panic message kept from standard error; it comes back in the failure.
fn silenced<T>(run: impl FnOnce() -> T) -> T {
    use std::sync::{Mutex, PoisonError};
    static HOOK: Mutex<()> = Mutex::new(());
    let _one_at_a_time = HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = run();
    std::panic::set_hook(hook);
    result
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
}

/// The failure of a pass over progenitor's output that did not find what the contract says it has to find.
pub(super) fn unexpected(file: &str, message: impl std::fmt::Display) -> Failure {
    Failure::in_file(file, format!("progenitor's output is not as expected: {message}; see xtask/src/codegen"))
}
