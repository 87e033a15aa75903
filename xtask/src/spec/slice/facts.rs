//! Writes the facts of a part of the document into the slice: follows its references and leaves out what is no fact.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::circles;
use super::find::Found;
use super::names::Names;
use super::parts::{Holds, Part, is_empty, is_own_type, members, set};
use super::references::{Document, Target, to_schema};
use crate::codegen::json_path::{element, member};
use crate::failure::{Failure, Result};

/// How large a slice may grow, in parts and characters. References can repeat a part so often that there is no end;
/// a slice of Okta's documents has about 13 000.
const MAX_SIZE: usize = 1_000_000;

/// How many schemas a slice may have. What reads the slice follows them one inside the other; the slices of Okta's
/// documents have 13.
const MAX_SCHEMAS: usize = 500;

/// How deep parts may lie in each other after the references were followed.
const MAX_DEPTH: usize = 96;

/// The facts that were written so far.
pub(super) struct Facts<'a> {
    document: Document<'a>,
    names: Names<'a>,
    schemas: BTreeMap<String, Value>,
    /// Schemas that were referred to and are still to be written.
    pending: VecDeque<(String, &'a Value, String)>,
    /// Names of all schemas that are written or pending.
    known: BTreeSet<String>,
    /// References that are being written out in place, one inside the other.
    open: Vec<Vec<String>>,
    depth: usize,
    /// How much the slice may still grow.
    room: usize,
}

impl<'a> Facts<'a> {
    pub(super) fn new(document: Document<'a>, before: Option<Document<'a>>) -> Self {
        Self {
            document,
            names: Names::new(document, before),
            schemas: BTreeMap::new(),
            pending: VecDeque::new(),
            known: BTreeSet::new(),
            open: Vec::new(),
            depth: 0,
            room: MAX_SIZE,
        }
    }

    /// An operation, with what it has from its path and from the document.
    pub(super) fn operation(&mut self, found: &Found<'a>) -> Result<Value> {
        let mut operation = self.object(Part::Operation, found.object, &found.place)?;
        let parameters = self.parameters(found)?;
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), parameters.into());
        }
        if !operation.contains_key("servers")
            && let Some(servers) = found.item.get("servers")
        {
            let servers = self.list(Part::Server, servers, &member(&found.item_place, "servers"), |_| true)?;
            operation.insert("servers".to_owned(), servers);
        }
        if !operation.contains_key("security") {
            let inherited = self.document.root.get("security").cloned().unwrap_or_else(|| json!([]));
            operation.insert("security".to_owned(), inherited);
        }
        Ok(operation.into())
    }

    /// The parameters of the path, replaced by those of the operation where both have one; in the order of place and
    /// name.
    fn parameters(&mut self, found: &Found<'a>) -> Result<Vec<Value>> {
        let mut parameters = BTreeMap::new();
        let owners =
            [(found.item.get("parameters"), &found.item_place), (found.object.get("parameters"), &found.place)];
        for (list, owner) in owners {
            let Some(list) = list else { continue };
            let place = member(owner, "parameters");
            let Value::Array(list) = list else { return Err(self.document.failure(&place, "has to be a list")) };
            for (index, parameter) in list.iter().enumerate() {
                let place = element(&place, index);
                let mut parameter = self.part(Part::Parameter, parameter, &place)?;
                let [location, name] = ["in", "name"].map(|key| parameter[key].as_str().map(str::to_owned));
                let (Some(location), Some(name)) = (location, name) else {
                    return Err(self.document.failure(&place, "a parameter needs `in` and `name`"));
                };
                let name = if location == "path" { found.slice_parameter(&name).to_owned() } else { name };
                parameter["name"] = json!(name);
                parameters.insert((location, name), parameter);
            }
        }
        Ok(parameters.into_values().collect())
    }

    /// A part, or what its reference leads to.
    pub(super) fn part(&mut self, part: Part, value: &'a Value, place: &str) -> Result<Value> {
        let target = self.document.follow(value, place)?;
        if part == Part::Schema && is_own_type(target.value) {
            let name = match target.schema_name() {
                Some(name) => Some(name.to_owned()),
                None => self.names.find(target.value, &target.place)?,
            };
            if let Some(name) = name {
                let reference = to_schema(&name);
                if self.known.insert(name.clone()) {
                    let own = self.document.component("schemas", &name).filter(|_| target.pointer.is_none());
                    let place = own.map_or(target.place, |_| member("$.components.schemas", &name));
                    self.pending.push_back((name, own.unwrap_or(target.value), place));
                }
                self.grow(1, place)?;
                return Ok(json!({"$ref": reference}));
            }
        }
        self.in_place(part, target)
    }

    fn in_place(&mut self, part: Part, Target { value, place, pointer }: Target<'a>) -> Result<Value> {
        let Some(object) = value.as_object() else {
            return Err(self.document.failure(&place, "has to be an object"));
        };
        if object.contains_key("$ref") {
            return Err(self.document.failure(&member(&place, "$ref"), "a reference has to be text"));
        }
        if pointer.as_ref().is_some_and(|pointer| self.open.contains(pointer)) {
            return Err(circular(self.document, &place));
        }
        let opened = pointer.is_some();
        self.open.extend(pointer);
        let members = self.object(part, object, &place)?;
        if opened {
            self.open.pop();
        }
        Ok(members.into())
    }

    fn object(&mut self, part: Part, object: &'a Map<String, Value>, place: &str) -> Result<Map<String, Value>> {
        self.grow(1, place)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self
                .document
                .failure(place, format!("nested more than {MAX_DEPTH} deep, references included")));
        }
        let mut facts = Map::new();
        for (key, (holds, value)) in members(part, object) {
            let place = member(place, key);
            self.grow(key.len(), &place)?;
            facts.insert(key.to_owned(), self.held(holds, value, &place)?);
        }
        self.depth -= 1;
        Ok(facts)
    }

    fn held(&mut self, holds: Holds, value: &'a Value, place: &str) -> Result<Value> {
        match holds {
            Holds::One(part) => self.part(part, value, place),
            Holds::List(part) => self.list(part, value, place, |_| true),
            Holds::AllOf => self.list(Part::Schema, value, place, |schema| !is_empty(schema)),
            Holds::Map(part) => {
                let Value::Object(parts) = value else {
                    return Err(self.document.failure(place, "has to be an object"));
                };
                let mut facts = Map::new();
                for (name, value) in parts.iter().filter(|(name, _)| part != Part::Response || !name.starts_with("x-"))
                {
                    let place = member(place, name);
                    self.grow(name.len(), &place)?;
                    facts.insert(name.clone(), self.part(part, value, &place)?);
                }
                Ok(facts.into())
            }
            Holds::Discriminator => self.discriminator(value, place),
            Holds::Set => {
                let Value::Array(list) = value else {
                    return Err(self.document.failure(place, "has to be a list"));
                };
                self.grow(value.to_string().len(), place)?;
                Ok(set(list).into())
            }
            Holds::NoFact | Holds::Flag | Holds::Value => {
                self.grow(value.to_string().len(), place)?;
                Ok(value.clone())
            }
        }
    }

    /// A list of those parts that are `wanted`.
    pub(super) fn list(
        &mut self,
        part: Part,
        value: &'a Value,
        place: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let Value::Array(parts) = value else {
            return Err(self.document.failure(place, "has to be a list"));
        };
        let parts = parts.iter().enumerate().filter(|(_, value)| wanted(value));
        parts.map(|(index, value)| self.part(part, value, &element(place, index))).collect()
    }

    /// A discriminator names schemas by references in plain text, or by name alone.
    fn discriminator(&mut self, value: &'a Value, place: &str) -> Result<Value> {
        let mut discriminator = value.clone();
        let mapping = discriminator.get_mut("mapping").and_then(Value::as_object_mut);
        for (key, schema) in mapping.into_iter().flatten() {
            let place = member(&member(place, "mapping"), key);
            let failure = |message: &str| self.document.failure(&place, message);
            let text = schema.as_str().ok_or_else(|| failure("has to be the name of a schema"))?;
            let reference =
                if self.document.component("schemas", text).is_some() { to_schema(text) } else { text.to_owned() };
            let target = self.document.resolve(&reference, &place)?;
            let target = self
                .document
                .follow(target.value, &target.place)
                .map(|end| if end.pointer.is_some() { end } else { target })?;
            let name = target.schema_name().ok_or_else(|| failure("has to be a schema under `components.schemas`"))?;
            *schema = json!(to_schema(name));
            if self.known.insert(name.to_owned()) {
                self.pending.push_back((name.to_owned(), target.value, target.place.clone()));
            }
        }
        self.grow(value.to_string().len(), place)?;
        Ok(discriminator)
    }

    /// The schemas that the parts written so far refer to, and those that these refer to.
    pub(super) fn into_schemas(mut self) -> Result<BTreeMap<String, Value>> {
        while let Some((name, value, place)) = self.pending.pop_front() {
            let Some(object) = value.as_object() else {
                return Err(self.document.failure(&place, "has to be an object"));
            };
            if self.schemas.len() == MAX_SCHEMAS {
                let message =
                    format!("the operations refer to more than {MAX_SCHEMAS} schemas, one by way of the other");
                return Err(self.document.failure(&place, message));
            }
            let schema = self.object(Part::Schema, object, &place)?;
            self.schemas.insert(name, schema.into());
        }
        circles::check(self.document, &self.schemas)?;
        Ok(self.schemas)
    }

    fn grow(&mut self, by: usize, place: &str) -> Result<()> {
        let message = "the references repeat so much that the slice has no reasonable size";
        self.room = self.room.checked_sub(by).ok_or_else(|| self.document.failure(place, message))?;
        Ok(())
    }
}

fn circular(document: Document<'_>, place: &str) -> Failure {
    let message = "a circular reference: written out, it would contain itself without end";
    document.failure(place, message)
}
