//! A contract that has grown is generated anew, and the result compiles.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use xtask::codegen::Output;

use crate::support::{contract, generate, repository, text};

/// What is generated, used under the names that the contract suggests.
const USE: &str = r#"
#![allow(dead_code)]
use session_client::types::{self, Session, SessionStatus};
use session_client::{Client, Error, Response, SessionCookie, SessionId, SessionToken, operations};
use session_testkit::mock::{MockServer, MockServerExt};

fn new_members(session: &Session) -> (Option<&str>, &SessionStatus, &[types::Device]) {
    let _: &Option<types::SessionPlace> = &session.place;
    (session.nickname.as_deref().map(String::as_str), &SessionStatus::LockedOut, session.devices.as_deref().unwrap_or_default())
}

fn new_member_of_a_request(token: SessionToken) -> types::CreateSessionRequest {
    let mut request = types::CreateSessionRequest::new(token);
    request.reason = Some("sign-in".to_owned());
    request
}

async fn new_operation(client: &Client, id: &SessionId) -> Result<Vec<types::Device>, Error> {
    let mut body = types::DeviceFilter::new("laptop".to_owned(), types::DeviceOwner::new());
    body.page = Some(2);
    let devices: Response<Vec<types::Device>> =
        client.find_devices(id, 7, Some(true), 20, Some("a"), "b", None, Some(1.5), &body).await?;
    Ok(devices.into_inner())
}

fn new_expectations(server: &MockServer, id: &SessionId, cookie: &SessionCookie, devices: &[types::Device]) {
    server.find_devices(|when, then| {
        when.session_id(id).page(7).active(Some(true)).limit(20).type_("b").cookie(cookie);
        then.ok(&devices.to_vec());
    });
    server.refresh_session(|when, then| {
        when.session_id(id);
        then.conflict(&serde_json::from_str("{}").unwrap());
    });
}

fn new_table_entry() -> &'static str {
    assert_eq!(operations::FIND_DEVICES.id, "findDevices");
    operations::FIND_DEVICES.path
}

fn schemas() -> [schemars::Schema; 2] {
    [schemars::schema_for!(Session), schemars::schema_for!(types::DeviceFilter)]
}
"#;

#[test]
fn a_contract_that_has_grown_regenerates_and_compiles() {
    let workspace = Workspace::new();
    let mut document = contract();

    grow(&mut document);
    let outputs = generate(&document).unwrap();
    workspace.install(&outputs);

    workspace.check();
}

/// Everything that a new release of the API may bring, at once.
fn grow(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    schemas["CreateSessionRequest"]["properties"]["reason"] = json!({"type": "string"});
    schemas["SessionStatus"]["enum"].as_array_mut().unwrap().push(json!("LOCKED_OUT"));
    let session = &mut schemas["Session"]["properties"];
    session["nickname"] = json!({"type": "string", "nullable": true, "maxLength": 40});
    session["place"] = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    session["devices"] = json!({"type": "array", "nullable": true, "items": {"$ref": "#/components/schemas/Device"}});
    schemas["Device"] = json!({
        "type": "object",
        "required": ["id", "kind"],
        "additionalProperties": {"type": "string"},
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "kind": {"allOf": [{"$ref": "#/components/schemas/DeviceKind"}], "description": "What it is"},
            "size": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            "count": {"type": "integer", "default": 1},
            "parent": {"$ref": "#/components/schemas/Device"},
            "seen": {"type": "string", "format": "date-time"},
        },
    });
    schemas["DeviceKind"] = json!({"type": "string", "enum": ["PHONE", "laptop-computer"]});
    schemas["DeviceOwner"] = json!({"type": "object", "properties": {"login": {"type": "string"}}});
    schemas["DeviceFilter"] = json!({
        "type": "object",
        "required": ["name", "owner"],
        "properties": {
            "name": {"type": "string"},
            "owner": {"$ref": "#/components/schemas/DeviceOwner"},
            "page": {"type": "integer"},
        },
    });
    let refresh = &mut document["paths"]["/api/v1/sessions/{sessionId}/lifecycle/refresh"]["post"]["responses"];
    refresh["409"] = json!({"$ref": "#/components/responses/ErrorBadRequest400"});
    refresh["202"] = refresh["200"].clone();
    let query = |name: &str, required: bool, schema: Value| json!({"name": name, "in": "query", "required": required, "schema": schema});
    let header = |name: &str, schema: Value| json!({"name": name, "in": "header", "schema": schema});
    let id = document["paths"]["/api/v1/sessions/{sessionId}"]["get"]["parameters"][0].clone();
    document["paths"]["/api/v1/sessions/{sessionId}/devices/{page}:find"] = json!({
        "parameters": [id],
        "post": {
            "operationId": "findDevices",
            "summary": "Find devices",
            "parameters": [
                {"name": "page", "in": "path", "required": true, "schema": {"type": "integer"}},
                query("active", false, json!({"type": "boolean"})),
                query("limit", true, json!({"type": "integer", "format": "int32"})),
                query("q", false, json!({"type": "string"})),
                query("type", true, json!({"type": "string"})),
                header("Cookie", json!({"$ref": "#/components/schemas/SessionCookie"})),
                header("X-Weight", json!({"type": "number"})),
            ],
            "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeviceFilter"}}},
            },
            "responses": {
                "200": {
                    "description": "The devices",
                    "content": {"application/json": {"schema": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/Device"},
                    }}},
                },
                "4XX": {"$ref": "#/components/responses/ErrorBadRequest400"},
            },
            "security": [{"oauth2": ["okta.sessions.read", "okta.devices.read"]}],
        },
    });
}

/// The crates that generated code becomes part of.
const MEMBERS: [&str; 2] = ["session-client", "session-testkit"];

/// A copy of these crates, and one that uses them. It stays where it is, so that a second run compiles little.
struct Workspace {
    root: PathBuf,
}

impl Workspace {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evolution");
        for member in MEMBERS {
            let _ = fs::remove_dir_all(root.join(member));
            copy(&repository().join(member), &root.join(member));
        }
        write(
            &root.join("Cargo.toml"),
            &with_members(&with_members(&text("Cargo.toml"), "members"), "default-members"),
        );
        write(&root.join("Cargo.lock"), &text("Cargo.lock"));
        write(&root.join("README.md"), &text("README.md"));
        write(
            &root.join("user/Cargo.toml"),
            r#"
[package]
name = "user"
edition = "2024"

[dependencies]
schemars = { workspace = true }
serde_json = { workspace = true }
session-client = { workspace = true, features = ["schemars"] }
session-testkit = { workspace = true, features = ["mock"] }
"#,
        );
        write(&root.join("user/src/lib.rs"), USE);
        Self { root }
    }

    fn install(&self, outputs: &[Output]) {
        for output in outputs {
            write(&self.root.join(output.path), &output.text);
        }
    }

    fn check(&self) {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline", "--package", "user"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .output()
            .unwrap();
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{messages}");
        // A warning in a generated file would be a warning in everybody's build.
        assert!(!messages.contains("src/generated.rs"), "{messages}");
    }
}

/// The manifest with the members of the copy.
fn with_members(manifest: &str, key: &str) -> String {
    let key = format!("\n{key} = [");
    match manifest.split_once(&key) {
        None => manifest.to_owned(),
        Some((before, rest)) => {
            let (_, after) = rest.split_once(']').unwrap();
            format!("{before}{key}\"{}\", \"user\"]{after}", MEMBERS.join("\", \""))
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, kind) = entry.map(|entry| (entry.path(), entry.file_type().unwrap())).unwrap();
        let target = to.join(entry.file_name().unwrap());
        if kind.is_dir() { copy(&entry, &target) } else { fs::copy(&entry, &target).map(drop).unwrap() }
    }
}
