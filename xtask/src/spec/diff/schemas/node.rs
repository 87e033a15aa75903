//! A schema with what it refers to: the layers that one looks through to see all of it.

use serde_json::Value;

use super::super::document::{Document, Located, Object};

/// Keywords that may stand beside an `allOf` of one schema without making another type of it.
const BESIDE: [&str; 11] = [
    "default",
    "deprecated",
    "description",
    "example",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "type",
    "writeOnly",
    "xml",
];

/// Longer chains are circles.
const MAX_LAYERS: usize = 32;

/// A schema. `allOf` of one schema is the same as that schema, with what stands beside it on top.
pub(super) struct Node<'a> {
    /// The layers, from the place of use inwards; there is at least one.
    pub(super) layers: Vec<Layer<'a>>,
}

/// One layer.
pub(super) struct Layer<'a> {
    pub(super) place: String,
    pub(super) members: &'a Object,
    /// The names of the schemas that begin with this layer.
    pub(super) entered: Vec<&'a str>,
    /// Whether its `allOf` is but the way to the next layer.
    pub(super) is_outer: bool,
}

impl<'a> Node<'a> {
    pub(super) fn new(document: Document<'a>, schema: &Located<'a>) -> Self {
        let (mut layers, mut located, mut entered) = (Vec::new(), schema.clone(), Vec::new());
        for _ in 0..MAX_LAYERS {
            // OpenAPI 3.0 ignores what stands beside a reference.
            if let Some((target, name)) = document.follow(located.value) {
                located = target;
                entered.extend(name);
                continue;
            }
            let (place, members, part) = (located.place.clone(), located.object(), only_part(&located));
            layers.push(Layer { place, members, entered: std::mem::take(&mut entered), is_outer: part.is_some() });
            match part {
                Some(part) => located = part,
                None => break,
            }
        }
        if layers.is_empty() {
            layers.push(Layer { place: schema.place.clone(), members: schema.object(), entered, is_outer: false });
        }
        Self { layers }
    }

    /// The names of the schemas that it leads through, the name of its type first.
    pub(super) fn names(&self) -> Vec<&'a str> {
        self.layers.iter().flat_map(|layer| layer.entered.iter().copied()).collect()
    }

    /// The reference that leads nowhere, if it ends with one.
    pub(super) fn dangling(&self) -> Option<&'a Value> {
        self.layers.last()?.members.get("$ref")
    }

    /// The layers that stand beside references; all of them, if the schema has no name.
    pub(super) fn beside(&self) -> &[Layer<'a>] {
        let end = self.layers.iter().position(|layer| !layer.entered.is_empty());
        self.layers.get(..end.unwrap_or(self.layers.len())).unwrap_or_default()
    }

    /// The layers of the schema that it refers to.
    pub(super) fn definition(mut self) -> Vec<Layer<'a>> {
        let beside = self.beside().len();
        self.layers.split_off(beside)
    }
}

fn only_part<'a>(schema: &Located<'a>) -> Option<Located<'a>> {
    let beside = |key: &String| BESIDE.contains(&key.as_str()) || key.starts_with("x-");
    let parts = schema.member("allOf").filter(|parts| parts.value.as_array().is_some_and(|parts| parts.len() == 1))?;
    let only = schema.object().keys().all(|key| key == "allOf" || beside(key));
    parts.elements().next().filter(|part| only && part.value.is_object())
}
