//! Generated code may only call crates that the crate it becomes part of depends on.

use syn::File;
use syn::visit::{self, Visit};

use super::contract::Contract;
use super::progenitor_input::unexpected;
use crate::failure::Result;

/// Fails at the first path into a crate that is not one of these.
pub(super) fn check(contract: &Contract, file: &File, crates: &[&str]) -> Result<()> {
    let mut foreign = Foreign { crates, found: None };
    foreign.visit_file(file);
    match foreign.found {
        None => Ok(()),
        Some(name) => Err(unexpected(contract, "$", format!("it needs the crate `{name}`, which is no dependency"))),
    }
}

struct Foreign<'a> {
    crates: &'a [&'a str],
    found: Option<String>,
}

impl Visit<'_> for Foreign<'_> {
    fn visit_path(&mut self, path: &syn::Path) {
        if let Some(first) = path.segments.first().map(|segment| segment.ident.to_string())
            && (path.leading_colon.is_some() || first == "progenitor_client")
            && !self.crates.contains(&first.as_str())
        {
            self.found.get_or_insert(first);
        }
        visit::visit_path(self, path);
    }
}
