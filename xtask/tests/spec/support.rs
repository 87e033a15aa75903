//! What the tests share: a published document to import, and a workspace to import it into.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use xtask::codegen::{OVERLAY, UPSTREAM};
use xtask::failure::{Failure, Result};
use xtask::spec::import::{self, Options, Report};

pub(crate) const RELEASE: &str = "2027.01.0";
pub(crate) const SESSIONS: &str = "/api/v1/sessions";
pub(crate) const ONE: &str = "/api/v1/sessions/{sessionId}";
pub(crate) const ME: &str = "/api/v1/sessions/me";

/// The word in everything that is no fact of the seven operations. None of it may get into a slice.
pub(crate) const NOISE: &str = "Noise";

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The slice that the repository has, as a document whose operations are all published.
pub(crate) fn facts() -> Value {
    let text = fs::read_to_string(repository().join(UPSTREAM)).unwrap();
    let mut document: Value = serde_saphyr::from_str(&text).unwrap();
    document["info"]["version"] = json!(RELEASE);
    document["info"]["x-release"] = json!(RELEASE);
    for item in members(&mut document["paths"]) {
        for operation in members(item) {
            operation.as_object_mut().unwrap().remove("x-removed-in");
        }
    }
    document
}

/// A whole document that has these facts among others, with prose and examples.
pub(crate) fn published() -> Value {
    let mut document = facts();
    let info = document["info"].as_object_mut().unwrap();
    info.remove("x-release");
    info.insert("termsOfService".to_owned(), json!(NOISE));
    info.insert("x-logo".to_owned(), json!({"url": NOISE}));
    info["contact"]["x-noise"] = json!(NOISE);
    info["license"]["x-noise"] = json!(NOISE);
    document["tags"] = json!([{"name": NOISE}]);
    document["x-webhooks"] = json!({NOISE: {}});
    for item in members(&mut document["paths"]) {
        for operation in members(item) {
            describe(operation);
            operation["externalDocs"] = json!({"url": NOISE});
            operation["x-codegen-request-body-name"] = json!(NOISE);
            members(&mut operation["responses"]).for_each(describe);
            operation["responses"]["x-noise"] = json!({"description": NOISE});
            for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
                describe(parameter);
                parameter["example"] = json!(NOISE);
            }
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object_mut().unwrap() {
        describe_schema(name, schema);
    }
    let components = &mut document["components"];
    components["schemas"]["NoiseSchema"] = json!({"type": "object", "properties": {"noise": {"type": "string"}}});
    components["examples"] = json!({NOISE: {"value": NOISE}});
    let schemes = &mut components["securitySchemes"];
    members(schemes).for_each(describe);
    schemes["noiseScheme"] = json!({"type": "http", "scheme": "basic"});
    let scopes = &mut schemes["oauth2"]["flows"]["authorizationCode"]["scopes"];
    scopes["okta.noise"] = json!(NOISE);
    scopes["okta.sessions.read"] = json!(NOISE);
    document["paths"]["/api/v1/noise/{id}"] = json!({"get": {
        "operationId": "getNoise",
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": reference("NoiseSchema")}}}},
        "security": [{"noiseScheme": []}, {"oauth2": ["okta.noise"]}],
    }});
    document
}

fn describe(part: &mut Value) {
    for key in ["description", "summary", "x-noise"] {
        part[key] = json!(NOISE);
    }
}

/// Every schema says something else, as real ones do.
fn describe_schema(name: &str, schema: &mut Value) {
    for (key, text) in [("description", "the schema"), ("title", "title"), ("example", "as in")] {
        schema[key] = json!(format!("{NOISE}: {text} {name}"));
    }
    schema["x-enumDescriptions"] = json!({NOISE: NOISE});
    for (name, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        if property.get("$ref").is_none() {
            describe_schema(name, property);
        }
    }
    if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.push(json!({"description": NOISE}));
    }
}

pub(crate) fn members(object: &mut Value) -> impl Iterator<Item = &mut Value> {
    object.as_object_mut().unwrap().values_mut()
}

pub(crate) fn remove(object: &mut Value, key: &str) -> Value {
    object.as_object_mut().unwrap().remove(key).unwrap()
}

pub(crate) fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

pub(crate) fn schemas(document: &mut Value) -> &mut Map<String, Value> {
    document["components"]["schemas"].as_object_mut().unwrap()
}

/// A directory like the repository, with room for a document to import.
pub(crate) struct Workspace {
    directory: TempDir,
}

impl Workspace {
    /// With the repository's own upstream.yaml. There is no overlay, so nothing is generated, which takes long.
    pub(crate) fn new() -> Self {
        let workspace = Self { directory: tempfile::tempdir().unwrap() };
        for directory in ["openapi", "session-client/src", "session-testkit/src"] {
            fs::create_dir_all(workspace.path(directory)).unwrap();
        }
        fs::copy(repository().join(UPSTREAM), workspace.path(UPSTREAM)).unwrap();
        workspace
    }

    /// With the repository's overlay as well.
    pub(crate) fn with_overlay() -> Self {
        let workspace = Self::new();
        fs::copy(repository().join(OVERLAY), workspace.path(OVERLAY)).unwrap();
        workspace
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(file), content).unwrap();
    }

    pub(crate) fn upstream(&self) -> String {
        fs::read_to_string(self.path(UPSTREAM)).unwrap()
    }

    /// All files with their content.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut directories = vec![self.directory.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                } else {
                    files.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    pub(crate) fn import(&self, document: &Value, keep_removed: bool) -> Result<Report> {
        self.write("spec.json", document.to_string());
        self.import_file(Options { file: &self.path("spec.json"), release: None, keep_removed })
    }

    pub(crate) fn import_file(&self, options: Options<'_>) -> Result<Report> {
        import::run(self.directory.path(), options)
    }
}

/// The slice of a document, as it stands in upstream.yaml without the lines about the file it was taken from.
pub(crate) fn slice(document: &Value) -> String {
    let workspace = Workspace::new();
    workspace.import(document, false).unwrap();
    let text = workspace.upstream();
    let (_, slice) = text.split_once("\n\n").unwrap();
    slice.to_owned()
}

/// The slice, read.
pub(crate) fn slice_value(document: &Value) -> Value {
    serde_saphyr::from_str(&slice(document)).unwrap()
}

/// Why the document is not imported.
pub(crate) fn refusal(document: &Value) -> Failure {
    let workspace = Workspace::new();
    workspace.write("spec.json", document.to_string());
    let before = workspace.files();
    let failure = workspace.import(document, false).unwrap_err();
    assert_eq!(workspace.files(), before, "{failure}");
    failure
}
