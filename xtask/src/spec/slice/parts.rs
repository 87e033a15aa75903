//! What the objects of an OpenAPI document are made of: which member is a fact, and what it holds.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::spec::REMOVED_IN;

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Encoding,
    Schema,
    SecurityScheme,
    Flows,
    Flow,
}

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Prose, examples, and notes to tools.
    NoFact,
    /// True or false, and false says no more than nothing.
    Flag,
    /// A list in which neither order nor repetition means anything.
    Set,
    /// A part.
    One(Part),
    /// Parts by name.
    Map(Part),
    /// A list of parts.
    List(Part),
    /// A list of schemas, in which one that says nothing adds nothing.
    AllOf,
    /// Names of schemas by the value that stands for them.
    Discriminator,
    /// Anything else: taken as it is.
    Value,
}

/// Members that are false unless they are there. (`required` of a schema is a list.)
const FLAGS: [&str; 10] = [
    "allowEmptyValue",
    "allowReserved",
    "deprecated",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "nullable",
    "readOnly",
    "required",
    "uniqueItems",
    "writeOnly",
];

/// What the member `key` of a part holds.
fn holds(part: Part, key: &str) -> Holds {
    use Part::{
        Contact, Encoding, Flow, Flows, Header, Info, License, MediaType, Operation, Parameter, RequestBody, Response,
        Schema, SecurityScheme, Server, ServerVariable,
    };
    match (part, key) {
        (Info, "title") | (Operation, "x-okta-lifecycle" | REMOVED_IN) => Holds::Value,
        // The parameters of an operation are written together with those of its path.
        (Info, "termsOfService") | (Operation, "callbacks" | "parameters") | (Response, "links") => Holds::NoFact,
        _ if is_prose(key) => Holds::NoFact,
        (Info, "contact") => Holds::One(Contact),
        (Info, "license") => Holds::One(License),
        (Server, "variables") => Holds::Map(ServerVariable),
        (SecurityScheme, "flows") => Holds::One(Flows),
        (Flows, _) => Holds::One(Flow),
        (Operation, "servers") => Holds::List(Server),
        (Operation, "requestBody") => Holds::One(RequestBody),
        (Operation, "responses") => Holds::Map(Response),
        (Parameter | RequestBody | Response | Header, "content") => Holds::Map(MediaType),
        (Response | Encoding, "headers") => Holds::Map(Header),
        (MediaType, "encoding") => Holds::Map(Encoding),
        (Parameter | Header | MediaType, "schema") | (Schema, "items" | "not") => Holds::One(Schema),
        (Schema, "properties") => Holds::Map(Schema),
        (Schema, "allOf") => Holds::AllOf,
        (Schema, "anyOf" | "oneOf") => Holds::List(Schema),
        (Schema, "discriminator") => Holds::Discriminator,
        (Schema, "required" | "enum") => Holds::Set,
        _ if FLAGS.contains(&key) => Holds::Flag,
        _ => Holds::Value,
    }
}

/// Members that are no fact, whatever they are part of.
fn is_prose(key: &str) -> bool {
    matches!(key, "description" | "summary" | "title" | "example" | "examples" | "externalDocs")
        || key.starts_with("x-")
}

/// The members of a part that say something, with what they hold.
pub(super) fn members(part: Part, object: &Map<String, Value>) -> BTreeMap<&str, (Holds, &Value)> {
    let members = object.iter().map(|(key, value)| {
        let holds = match holds(part, key) {
            // `true` and `false` are allowed there too.
            Holds::Value if part == Part::Schema && key == "additionalProperties" && value.is_object() => {
                Holds::One(Part::Schema)
            }
            holds => holds,
        };
        (key.as_str(), (holds, value))
    });
    members.filter(|(_, (holds, value))| says_something(*holds, value)).collect()
}

/// The members of a part that are no fact, in the order of their names.
pub(super) fn prose(part: Part, object: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let prose: BTreeMap<_, _> = object.iter().filter(|(key, _)| holds(part, key) == Holds::NoFact).collect();
    prose.into_iter()
}

fn says_something(holds: Holds, value: &Value) -> bool {
    match holds {
        Holds::NoFact => false,
        Holds::Flag => value != &Value::Bool(false),
        Holds::Map(_) => value.as_object().is_none_or(|map| !map.is_empty()),
        Holds::Set | Holds::List(_) => value.as_array().is_none_or(|list| !list.is_empty()),
        Holds::AllOf => value.as_array().is_none_or(|list| list.iter().any(|schema| !is_empty(schema))),
        Holds::One(_) | Holds::Discriminator | Holds::Value => true,
    }
}

/// Whether the schema says nothing. Prose is all that is in it, if anything is.
pub(super) fn is_empty(schema: &Value) -> bool {
    schema.as_object().is_some_and(|object| !object.contains_key("$ref") && members(Part::Schema, object).is_empty())
}

/// The list as a set: sorted, each element once.
pub(super) fn set(list: &[Value]) -> Vec<Value> {
    let sorted: BTreeMap<String, &Value> = list.iter().map(|value| (value.to_string(), value)).collect();
    sorted.into_values().cloned().collect()
}

/// Whether the schema is a type of its own, which has a name: not a string, a number, a list or a map.
pub(super) fn is_own_type(schema: &Value) -> bool {
    let has = |key: &str| match schema.get(key) {
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Array(elements)) => !elements.is_empty(),
        _ => false,
    };
    ["properties", "enum", "allOf", "anyOf", "oneOf"].into_iter().any(has)
}
