//! The Rust type that the generator makes of a schema, for messages and in order to see whether it changes.

use serde_json::Value;

use super::super::comparison::Comparison;
use super::super::document::{Document, Located, object};
use super::node::{Layer, Node};
use super::{Position, Types, View, Wrap};
use crate::codegen::names;

/// The types of the two schemas.
pub(super) fn types<'a>(
    comparison: &Comparison<'a>,
    position: &Position,
    old: &[Layer<'a>],
    new: &[Layer<'a>],
) -> Types {
    Types { old: of(comparison.old, position, old), new: of(comparison.new, position, new) }
}

/// The types, whatever their names: a schema that is written out in place is the same as one that is referred to.
pub(super) fn structural<'a>(
    comparison: &Comparison<'a>,
    position: &Position,
    old: &Node<'a>,
    new: &Node<'a>,
) -> Types {
    let of = |document, node: &Node<'a>| {
        let inner = inline(document, View(&node.layers), &position.type_name);
        wrapped(position.wrap, View(&node.layers), inner)
    };
    Types { old: of(comparison.old, old), new: of(comparison.new, new) }
}

fn of<'a>(document: Document<'a>, position: &Position, layers: &[Layer<'a>]) -> String {
    match position.wrap {
        Wrap::Definition => definition(document, View(layers), &position.type_name),
        Wrap::Untyped => String::new(),
        wrap => wrapped(wrap, View(layers), plain(document, layers, &position.type_name)),
    }
}

/// The type of a schema as a part of another.
pub(super) fn plain<'a>(document: Document<'a>, layers: &[Layer<'a>], type_name: &str) -> String {
    let named = layers.iter().enumerate().find_map(|(index, layer)| Some((index, *layer.entered.first()?)));
    match named {
        None => inline(document, View(layers), type_name),
        Some((index, name)) => {
            let beside = View(layers.get(..index).unwrap_or_default());
            let inner = names::pascal(name);
            if is(beside, "nullable") { format!("Option<{inner}>") } else { inner }
        }
    }
}

fn wrapped(wrap: Wrap, schema: View, inner: String) -> String {
    let option = |inner: String| if inner.starts_with("Option<") { inner } else { format!("Option<{inner}>") };
    let ty = match wrap {
        Wrap::Argument { required: false } => option(inner),
        // The generator reads a list or a map that is missing as an empty one, and knows defaults.
        Wrap::Field { required: false } => {
            let is_list = inner.starts_with("Vec<") && !is(schema, "uniqueItems");
            let empty = is_list || inner.starts_with("Map<");
            if empty || schema.get("default").is_some() { inner } else { option(inner) }
        }
        _ => inner,
    };
    format!("`{ty}`")
}

fn is(schema: View, key: &str) -> bool {
    schema.value(key) == Some(&Value::Bool(true))
}

/// What the generator makes of a schema with a name.
fn definition<'a>(document: Document<'a>, schema: View<'_, 'a>, type_name: &str) -> String {
    let inner = inline(document, schema, type_name);
    if inner != type_name {
        format!("a newtype of `{inner}`")
    } else if schema.get("enum").is_some() {
        "an enum".to_owned()
    } else if schema.get("oneOf").or_else(|| schema.get("anyOf")).is_some() {
        "a type of alternatives".to_owned()
    } else if is_object(schema) {
        "a struct".to_owned()
    } else {
        "a newtype of `String` with constraints".to_owned()
    }
}

/// The type of a schema that has no name of its own.
fn inline<'a>(document: Document<'a>, schema: View<'_, 'a>, type_name: &str) -> String {
    // A title names the type before its place does.
    let title = schema.0.first().filter(|layer| layer.entered.is_empty()).and_then(|layer| layer.members.get("title"));
    let type_name = title.and_then(Value::as_str).map_or_else(|| type_name.to_owned(), names::pascal);
    let inner = not_null(document, schema, type_name);
    if is(schema, "nullable") { format!("Option<{inner}>") } else { inner }
}

fn not_null<'a>(document: Document<'a>, schema: View<'_, 'a>, type_name: String) -> String {
    let text = |key: &str| schema.value(key).and_then(Value::as_str);
    let composed = ["oneOf", "anyOf"].into_iter().any(|key| schema.get(key).is_some());
    // The `allOf` of a layer that one looks through is not the innermost.
    let inner = schema.0.last().is_some_and(|layer| layer.members.contains_key("allOf"));
    if composed || inner || schema.get("enum").is_some() {
        return type_name;
    }
    match text("type") {
        Some("string") => string(schema, text("format"), type_name),
        Some("integer") => integer(schema, text("format")),
        Some("number") if text("format") == Some("float") => "f32".to_owned(),
        Some("number") => "f64".to_owned(),
        Some("boolean") => "bool".to_owned(),
        Some("array") => array(document, schema, &type_name),
        _ if is_object(schema) => type_name,
        Some("object") => map(document, schema, &type_name),
        Some(other) => format!("{other}?"),
        None if schema.get("additionalProperties").is_some() => map(document, schema, &type_name),
        None => "Value".to_owned(),
    }
}

/// Whether it has members of its own.
pub(super) fn is_object(schema: View) -> bool {
    let named = !object(schema.value("properties")).is_empty();
    let required = schema.value("required").and_then(Value::as_array).is_some_and(|required| !required.is_empty());
    named || required || schema.value("additionalProperties") == Some(&Value::Bool(false))
}

fn string(schema: View, format: Option<&str>, type_name: String) -> String {
    let ty = match format {
        Some("date-time") => "DateTime<Utc>",
        Some("date") => "NaiveDate",
        Some("uuid") => "Uuid",
        Some("ip") => "IpAddr",
        Some("ipv4") => "Ipv4Addr",
        Some("ipv6") => "Ipv6Addr",
        _ if ["minLength", "maxLength", "pattern"].into_iter().any(|key| schema.get(key).is_some()) => {
            return type_name;
        }
        _ => "String",
    };
    ty.to_owned()
}

/// By the format, or by bounds that are those of a Rust type; from 1 on, a type without zero.
fn integer(schema: View, format: Option<&str>) -> String {
    const SIZES: [(&str, &str, f64, f64); 8] = [
        ("int8", "i8", -128.0, 127.0),
        ("uint8", "u8", 0.0, 255.0),
        ("int16", "i16", -32_768.0, 32_767.0),
        ("uint16", "u16", 0.0, 65_535.0),
        ("int32", "i32", -2_147_483_648.0, 2_147_483_647.0),
        ("uint32", "u32", 0.0, 4_294_967_295.0),
        ("int64", "i64", -9_223_372_036_854_775_808.0, 9_223_372_036_854_775_807.0),
        ("uint64", "u64", 0.0, 18_446_744_073_709_551_615.0),
    ];
    let number = |key: &str| schema.value(key).and_then(Value::as_f64);
    let minimum = number("minimum").map(|bound| if is(schema, "exclusiveMinimum") { bound + 1.0 } else { bound });
    let maximum = number("maximum").map(|bound| if is(schema, "exclusiveMaximum") { bound - 1.0 } else { bound });
    let from_one = minimum.is_some_and(|bound| same(bound, 1.0));
    let sized = SIZES.iter().find(|(name, ..)| format == Some(name));
    if let Some((_, ty, lowest, highest)) = sized
        && schema.get("multipleOf").is_none()
        && minimum.is_none_or(|bound| bound >= *lowest)
        && maximum.is_none_or(|bound| bound <= *highest)
    {
        return if from_one { format!("NonZeroU{}", &ty[1..]) } else { (*ty).to_owned() };
    }
    let minimum = minimum.or(sized.map(|(_, _, lowest, _)| *lowest));
    let maximum = maximum.or(sized.map(|(.., highest)| *highest));
    if from_one {
        return "NonZeroU64".to_owned();
    }
    let fits = |(_, _, lowest, highest): &&(&str, &str, f64, f64)| {
        (minimum.is_some() || maximum.is_some())
            && minimum.is_none_or(|bound| same(bound, *lowest))
            && maximum.is_none_or(|bound| same(bound, *highest))
    };
    SIZES.iter().rev().find(fits).map_or("i64", |(_, ty, ..)| ty).to_owned()
}

fn same(left: f64, right: f64) -> bool {
    (left - right).abs() <= f64::EPSILON
}

fn array<'a>(document: Document<'a>, schema: View<'_, 'a>, type_name: &str) -> String {
    let items = schema
        .get("items")
        .map_or_else(|| "Value".to_owned(), |items| part(document, &items, &format!("{type_name}Item")));
    let length = |key: &str| schema.value(key).and_then(Value::as_u64);
    match (length("minItems"), length("maxItems")) {
        (Some(least), Some(most)) if least == most && most > 0 && !is(schema, "uniqueItems") => {
            format!("[{items}; {most}]")
        }
        _ => format!("Vec<{items}>"),
    }
}

fn map<'a>(document: Document<'a>, schema: View<'_, 'a>, type_name: &str) -> String {
    let values = schema.get("additionalProperties").filter(|values| !values.object().is_empty());
    let values =
        values.map_or_else(|| "Value".to_owned(), |values| part(document, &values, &format!("{type_name}Value")));
    format!("Map<String, {values}>")
}

fn part<'a>(document: Document<'a>, schema: &Located<'a>, type_name: &str) -> String {
    plain(document, &Node::new(document, schema).layers, type_name)
}
