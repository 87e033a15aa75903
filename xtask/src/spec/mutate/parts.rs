//! The parts of an OpenAPI document: what stands where, and what of it is words.

use serde_json::Value;

/// What a value of the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Document,
    Servers,
    Server,
    ServerVariables,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    Parameters,
    Parameter,
    RequestBody,
    Content,
    MediaType,
    Answers,
    Answer,
    Security,
    Alternative,
    Scopes,
    Scope,
    Components,
    ComponentParameters,
    ComponentAnswers,
    SecuritySchemes,
    SecurityScheme,
    Flows,
    Flow,
    DeclaredScopes,
    DeclaredScope,
    Schemas,
    Schema,
    Properties,
    Composition,
    RequiredNames,
    RequiredName,
    EnumValues,
    EnumValue,
    /// A keyword with a plain value.
    Fact,
    /// Words, and examples: nothing that a program acts on.
    Words,
}

pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Keywords that hold words wherever they are keywords.
const WORDS: [&str; 9] = [
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "tags",
    "title",
    "x-enumDescriptions",
    "x-okta-lifecycle",
];

impl Part {
    /// What the member or element `key` of this part is.
    pub(super) fn child(self, key: &str) -> Self {
        match self {
            // The members of these bear names, so that none of them is a keyword.
            Self::Servers => Self::Server,
            Self::ServerVariables => Self::ServerVariable,
            Self::Paths => Self::PathItem,
            Self::Parameters | Self::ComponentParameters => Self::Parameter,
            Self::Content => Self::MediaType,
            Self::Answers | Self::ComponentAnswers => Self::Answer,
            Self::Security => Self::Alternative,
            Self::Alternative => Self::Scopes,
            Self::Scopes => Self::Scope,
            Self::SecuritySchemes => Self::SecurityScheme,
            Self::Flows => Self::Flow,
            Self::DeclaredScopes => Self::DeclaredScope,
            Self::Schemas | Self::Properties | Self::Composition => Self::Schema,
            Self::RequiredNames => Self::RequiredName,
            Self::EnumValues => Self::EnumValue,
            Self::Words | Self::DeclaredScope => Self::Words,
            _ if WORDS.contains(&key) => Self::Words,
            Self::Document => match key {
                "info" => Self::Words,
                "servers" => Self::Servers,
                "paths" => Self::Paths,
                "components" => Self::Components,
                "security" => Self::Security,
                _ => Self::Fact,
            },
            Self::Server if key == "variables" => Self::ServerVariables,
            // The server is the one that the caller names; the document's is an example.
            Self::ServerVariable => Self::Words,
            Self::PathItem | Self::Operation | Self::RequestBody | Self::Answer | Self::Parameter | Self::MediaType => {
                self.child_of_operation(key)
            }
            Self::Components => match key {
                "schemas" => Self::Schemas,
                "parameters" => Self::ComponentParameters,
                "responses" => Self::ComponentAnswers,
                "securitySchemes" => Self::SecuritySchemes,
                _ => Self::Fact,
            },
            Self::SecurityScheme if key == "flows" => Self::Flows,
            Self::Flow if key == "scopes" => Self::DeclaredScopes,
            Self::Schema => match key {
                "properties" => Self::Properties,
                "items" | "additionalProperties" | "not" => Self::Schema,
                "allOf" | "anyOf" | "oneOf" => Self::Composition,
                "required" => Self::RequiredNames,
                "enum" => Self::EnumValues,
                // Every value of ours with this mark is part of an answer, where it says nothing new.
                "readOnly" => Self::Words,
                _ => Self::Fact,
            },
            _ => Self::Fact,
        }
    }

    fn child_of_operation(self, key: &str) -> Self {
        match (self, key) {
            (Self::PathItem, key) if METHODS.contains(&key) => Self::Operation,
            (Self::PathItem | Self::Operation, "parameters") => Self::Parameters,
            (Self::Operation, "requestBody") => Self::RequestBody,
            (Self::Operation, "responses") => Self::Answers,
            (Self::Operation, "security") => Self::Security,
            (Self::Parameter | Self::MediaType, "schema") => Self::Schema,
            (Self::RequestBody | Self::Answer, "content") => Self::Content,
            _ => Self::Fact,
        }
    }

    /// Whether the value says anything beside words. An empty object does: it is there.
    pub(super) fn has_facts(self, value: &Value) -> bool {
        match value {
            // A declared scope has nothing but a description.
            _ if matches!(self, Self::Words | Self::DeclaredScope) => false,
            Value::Object(members) => {
                members.is_empty() || members.iter().any(|(key, value)| self.child(key).has_facts(value))
            }
            Value::Array(elements) => {
                elements.is_empty() || elements.iter().any(|value| self.child("").has_facts(value))
            }
            _ => true,
        }
    }
}
