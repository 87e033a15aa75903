//! A document as the comparison sees it: its operations, and its references followed.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::codegen::json_path::{element, member};

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// The operations of the Session API: id, method, path.
const SESSION_API: [(&str, &str, &str); 7] = [
    ("createSession", "post", "/api/v1/sessions"),
    ("getCurrentSession", "get", "/api/v1/sessions/me"),
    ("closeCurrentSession", "delete", "/api/v1/sessions/me"),
    ("refreshCurrentSession", "post", "/api/v1/sessions/me/lifecycle/refresh"),
    ("getSession", "get", "/api/v1/sessions/{sessionId}"),
    ("revokeSession", "delete", "/api/v1/sessions/{sessionId}"),
    ("refreshSession", "post", "/api/v1/sessions/{sessionId}/lifecycle/refresh"),
];

/// Operations below this path are of the Session API whatever their names, so that new ones are seen.
const SESSION_PATH: &str = "/api/v1/sessions";

/// The members of a path item that are operations.
pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Longer chains of references are circles.
const MAX_REFERENCES: usize = 32;

/// A document.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Located<'a> {
    pub(super) place: String,
    pub(super) value: &'a Value,
}

/// One operation.
pub(super) struct Operation<'a> {
    /// Its `operationId`, or its method and path if it has none.
    pub(super) label: String,
    pub(super) id: Option<&'a str>,
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    /// The object itself.
    pub(super) located: Located<'a>,
    /// The path item that it belongs to.
    pub(super) item: Located<'a>,
}

impl<'a> Located<'a> {
    pub(super) fn new(place: impl Into<String>, value: &'a Value) -> Self {
        Self { place: place.into(), value }
    }

    /// The member of that name.
    pub(super) fn member(&self, key: &str) -> Option<Located<'a>> {
        Some(Located::new(member(&self.place, key), self.value.get(key)?))
    }

    /// The elements of the list; none if it is no list.
    pub(super) fn elements(&self) -> impl Iterator<Item = Located<'a>> + use<'a> {
        let place = self.place.clone();
        let list = self.value.as_array().into_iter().flatten().enumerate();
        list.map(move |(index, value)| Located::new(element(&place, index), value))
    }

    /// The members of the object; none if it is no object.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a String, Located<'a>)> + use<'a> {
        let place = self.place.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| (key, Located::new(member(&place, key), value)))
    }

    /// The object; an empty one if it is none.
    pub(super) fn object(&self) -> &'a Object {
        object(Some(self.value))
    }
}

/// The object; an empty one if it is none.
pub(super) fn object(value: Option<&Value>) -> &Object {
    static EMPTY: LazyLock<Object> = LazyLock::new(Object::new);
    value.and_then(Value::as_object).unwrap_or(&EMPTY)
}

impl<'a> Document<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    pub(super) fn member(self, key: &str) -> Option<Located<'a>> {
        Located::new("$", self.root).member(key)
    }

    /// Where one reference leads to, and the name of the schema if it is one; nothing if the value is no reference or
    /// leads nowhere.
    pub(super) fn follow(self, value: &'a Value) -> Option<(Located<'a>, Option<&'a str>)> {
        let reference = value.get("$ref")?.as_str()?;
        let pointer = reference.strip_prefix('#')?;
        let target = self.root.pointer(pointer)?;
        let keys = pointer.split('/').skip(1);
        let place = keys.fold("$".to_owned(), |place, key| member(&place, &key.replace("~1", "/").replace("~0", "~")));
        Some((Located::new(place, target), pointer.strip_prefix("/components/schemas/")))
    }

    /// The value with its references followed, as far as they lead.
    pub(super) fn resolve(self, mut located: Located<'a>) -> Located<'a> {
        for _ in 0..MAX_REFERENCES {
            match self.follow(located.value) {
                Some((target, _)) => located = target,
                None => break,
            }
        }
        located
    }

    /// Whether the document has the session operations only: `spec import` writes the release into what it cuts out.
    pub(super) fn is_slice(self) -> bool {
        self.root.pointer("/info/x-release").is_some()
    }

    /// The schemas with a name.
    pub(super) fn schemas(self) -> Option<Located<'a>> {
        self.member("components")?.member("schemas")
    }

    pub(super) fn has_schema(self, name: &str) -> bool {
        self.root.pointer(&format!("/components/schemas/{name}")).is_some()
    }

    /// The operations that are compared, in the order of paths and methods.
    pub(super) fn operations(self) -> Vec<Operation<'a>> {
        let is_slice = self.is_slice();
        let mut operations = Vec::new();
        for (path, item) in self.member("paths").iter().flat_map(Located::members) {
            let item = self.resolve(item);
            for method in METHODS {
                let Some(located) = item.member(method) else { continue };
                let id = located.value.get("operationId").and_then(Value::as_str);
                if is_slice || is_of_session_api(path, method, id) {
                    let label = id.map_or_else(|| format!("{} {path}", method.to_uppercase()), str::to_owned);
                    operations.push(Operation { label, id, method, path, located, item: item.clone() });
                }
            }
        }
        operations
    }
}

impl Operation<'_> {
    pub(super) fn place(&self) -> String {
        self.located.place.clone()
    }

    /// What identifies the operation on the wire.
    pub(super) fn key(&self) -> (&'static str, String) {
        (self.method, template(self.path))
    }
}

/// Path templates are the same whatever their parameters are called.
fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The names of the parameters of a path, in their order.
pub(super) fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

fn is_of_session_api(path: &str, method: &str, id: Option<&str>) -> bool {
    let below = path.strip_prefix(SESSION_PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below
        || SESSION_API.iter().any(|(known_id, known_method, known_path)| {
            id == Some(known_id) || (method, template(path)) == (known_method, template(known_path))
        })
}
