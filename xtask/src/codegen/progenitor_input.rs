//! What progenitor is given: its view of the contract, and its settings.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::Value;

use super::contract::Contract;
use super::{culprit, names, open_enums};
use crate::failure::{Failure, Result};

/// Schemas whose Rust types are written by hand in session-client, under the same name.
pub(crate) const HAND_WRITTEN: [&str; 5] = ["ErrorSummary", "Links", "SessionCookie", "SessionId", "SessionToken"];

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
    let run = |view: &Value| {
        let document = serde_json::from_value(view.clone()).map_err(|error| error.to_string())?;
        // What is known to panic is refused before; this is for what is not known yet.
        let outcome = silenced(|| {
            catch_unwind(AssertUnwindSafe(|| generate(&mut Generator::new(&settings(contract, client)), &document)))
        });
        match outcome {
            Ok(result) => result.map_err(|error| error.to_string()),
            Err(panic) => Err(panic_message(panic.as_ref()).to_owned()),
        }
    };
    run(&view).map_err(|message| {
        let path = culprit::find(&view, |part| run(part).is_err());
        // Some of the messages are dumps of whole structures.
        let message: String = message.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        contract.failure(&path, format!("progenitor cannot take this: {message}"))
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
    for (name, _) in open_enums::schemas(contract) {
        let name = names::pascal(name);
        settings.with_replacement(
            &name,
            format!("{client}::types::{name}"),
            [TypeImpl::FromStr, TypeImpl::Display].into_iter(),
        );
    }
    settings
}

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Runs `run` with the panic messages of this thread kept from standard error; they come back in the failure.
fn silenced<T>(run: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !SILENT.get() {
                hook(panic);
            }
        }));
    });
    SILENT.set(true);
    let result = run();
    SILENT.set(false);
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
pub(super) fn unexpected(contract: &Contract, path: &str, message: impl std::fmt::Display) -> Failure {
    contract.failure(path, format!("progenitor's output is not as expected: {message}; see xtask/src/codegen"))
}
