//! Changes of schemas, in requests and in answers.

use serde_json::json;
use xtask::spec::diff::Class::{Additive, Breaking, Documentation, Unclear};

use super::check;

#[test]
fn properties_of_an_answer() {
    check(&[
        ("P/login", None, Breaking, "the field `Session::login` goes; a member that still comes is in `extra`"),
        ("P/device", None, Breaking, "the field `Session::device` goes"),
        (
            "P/nickname",
            Some(json!({"type": "string"})),
            Additive,
            "a new field `Session::nickname` of the type `Option<String>`; before, the member was in `extra`",
        ),
        (
            "S/Device/properties/size",
            Some(json!({"type": "integer"})),
            Additive,
            "a new field `Device::size` of the type `Option<i64>`",
        ),
        (
            "S/Session/required",
            Some(json!(["id", "login"])),
            Breaking,
            "the field `Session::login` changes from `Option<String>` to `String`",
        ),
        (
            "S/Session/required",
            Some(json!(["id", "device"])),
            Breaking,
            "the field `Session::device` changes from `Option<Device>` to `Device`",
        ),
        (
            "S/Session/required",
            None,
            Breaking,
            "the field `Session::id` changes from `SessionId` to `Option<SessionId>`",
        ),
        (
            "S/Session/required",
            Some(json!(["id", "roles"])),
            Additive,
            "the field `Session::roles` stays `Vec<String>`",
        ),
        (
            "S/Session/required",
            Some(json!(["id", "amr"])),
            Additive,
            "the field `Session::amr` stays `Option<Vec<String>>`",
        ),
        (
            "S/Session/required",
            Some(json!(["id", "other"])),
            Additive,
            "a new field `Session::other` of the type `Value`",
        ),
        ("P/id/readOnly", None, Documentation, "nothing is generated"),
        ("P/login/writeOnly", Some(json!(true)), Breaking, "no longer gets through"),
        ("P/login/description", Some(json!("A name")), Documentation, "nothing but"),
        ("P/login/example", Some(json!("eve")), Documentation, "examples are not"),
        ("P/login/title", Some(json!("Login")), Documentation, "nothing but"),
        (
            "P/place/title",
            Some(json!("Town")),
            Breaking,
            "the field `Session::place` changes from `Option<SessionPlace>` to `Option<Town>`",
        ),
        ("P/login/x-new", Some(json!(true)), Unclear, "unknown"),
        ("P/login/externalDocs", Some(json!({"url": "https://example.com"})), Documentation, "nothing but"),
        ("P/place/properties/city", None, Breaking, "the field `SessionPlace::city` goes"),
        ("P/place/properties/zip", Some(json!({"type": "string"})), Additive, "a new field `SessionPlace::zip`"),
        ("S/Session/additionalProperties", None, Breaking, "the field `Session::extra` goes"),
        ("S/Session/additionalProperties", Some(json!(false)), Breaking, "refuses an answer with any other member"),
        ("S/Device/additionalProperties", Some(json!({})), Additive, "a new field `Device::extra`"),
        ("S/Device/additionalProperties", Some(json!(false)), Breaking, "refuses an answer with any other member"),
        ("P/labels/additionalProperties", Some(json!({"type": "integer"})), Breaking, "`Session::labels`"),
        (
            "P/labels/additionalProperties",
            None,
            Breaking,
            "the field `Session::labels` changes from `Map<String, String>` to `Map<String, Value>`",
        ),
        (
            "S/Session/additionalProperties",
            Some(json!({"type": "string"})),
            Breaking,
            "another member of the type `Session` can be another kind of value",
        ),
    ]);
}

#[test]
fn properties_of_a_request() {
    check(&[
        ("S/CreateSession/properties/reason", None, Breaking, "the field `CreateSession::reason` goes"),
        (
            "S/CreateSession/properties/more",
            Some(json!({"type": "boolean"})),
            Additive,
            "a new field `CreateSession::more` of the type `Option<bool>`",
        ),
        ("S/CreateSession/additionalProperties", Some(json!({})), Additive, "a new field `CreateSession::extra`"),
        ("S/CreateSession/additionalProperties", Some(json!(false)), Breaking, "refuses other members"),
        (
            "S/CreateSession/required",
            Some(json!(["sessionToken", "reason"])),
            Breaking,
            "`CreateSession::reason` changes from",
        ),
        (
            "S/CreateSession/required",
            Some(json!(["sessionToken", "tags"])),
            Breaking,
            "`CreateSession::new` takes other arguments",
        ),
        (
            "S/CreateSession/required",
            None,
            Breaking,
            "the field `CreateSession::session_token` changes from `SessionToken` to `Option<SessionToken>`",
        ),
        ("S/CreateSession/properties/reason/maxLength", Some(json!(20)), Breaking, "may be less than before"),
        ("S/CreateSession/properties/reason/maxLength", Some(json!(80)), Additive, "may be more than before"),
        (
            "S/CreateSession/properties/reason/maxLength",
            None,
            Breaking,
            "the field `CreateSession::reason` changes from `Option<CreateSessionReason>` to `Option<String>`",
        ),
        ("S/CreateSession/properties/tags/maxItems", Some(json!(2)), Breaking, "may be less than before"),
        ("S/CreateSession/properties/tags/maxItems", None, Additive, "may be more than before"),
        (
            "S/CreateSession/properties/tags/items/type",
            Some(json!("integer")),
            Breaking,
            "the elements of the field `CreateSession::tags`",
        ),
        ("S/CreateSession/properties/hint/readOnly", None, Additive, "now gets through"),
        ("S/CreateSession/properties/reason/readOnly", Some(json!(true)), Breaking, "no longer gets through"),
        ("S/CreateSession/properties/reason/writeOnly", Some(json!(true)), Documentation, "nothing is generated"),
        ("S/Kind/enum/0", None, Breaking, "the variant `Kind::Browser` goes, and the value is no longer taken"),
        ("S/Kind/enum/-", Some(json!("TV")), Additive, "a new variant `Kind::Tv`"),
    ]);
}

#[test]
fn types() {
    check(&[
        (
            "P/login/type",
            Some(json!("integer")),
            Breaking,
            "the field `Session::login` changes from `Option<String>` to `Option<i64>`",
        ),
        ("P/login/type", None, Breaking, "the field `Session::login` changes from `Option<String>` to `Option<Value>`"),
        (
            "P/createdAt/format",
            None,
            Breaking,
            "the field `Session::created_at` changes from `Option<DateTime<Utc>>` to `Option<String>`",
        ),
        (
            "P/createdAt/format",
            Some(json!("date")),
            Breaking,
            "the field `Session::created_at` changes from `Option<DateTime<Utc>>` to `Option<NaiveDate>`",
        ),
        ("P/login/format", Some(json!("email")), Unclear, "the field `Session::login` stays `Option<String>`"),
        ("P/login/nullable", Some(json!(true)), Additive, "reads null as none"),
        ("P/factor/nullable", None, Additive, "reads null as none"),
        (
            "P/roles/nullable",
            Some(json!(true)),
            Breaking,
            "the field `Session::roles` changes from `Vec<String>` to `Option<Vec<String>>`",
        ),
        (
            "P/amr/nullable",
            None,
            Breaking,
            "the field `Session::amr` changes from `Option<Vec<String>>` to `Vec<String>`",
        ),
        (
            "P/id/nullable",
            Some(json!(true)),
            Breaking,
            "the field `Session::id` changes from `SessionId` to `Option<SessionId>`",
        ),
        (
            "S/Device/nullable",
            Some(json!(true)),
            Breaking,
            "the type `Device` changes from a struct to a newtype of `Option<",
        ),
        ("P/roles/items", None, Breaking, "the field `Session::roles` changes from `Vec<String>` to `Vec<Value>`"),
        (
            "P/roles/items/type",
            Some(json!("integer")),
            Breaking,
            "the elements of the field `Session::roles` change from `String` to `i64`",
        ),
    ]);
}

#[test]
fn bounds_defaults_and_references() {
    check(&[
        (
            "P/roles/uniqueItems",
            Some(json!(true)),
            Breaking,
            "the field `Session::roles` changes from `Vec<String>` to `Option<Vec<String>>`",
        ),
        ("P/amr/minItems", Some(json!(2)), Additive, "stays `Option<Vec<String>>`"),
        ("P/amr/minItems", None, Additive, "which checks no bounds"),
        ("P/code/minLength", Some(json!(1)), Breaking, "refuses what may come now"),
        ("P/code/minLength", Some(json!(3)), Additive, "stays `Option<SessionCode>`"),
        (
            "P/login/minLength",
            Some(json!(3)),
            Breaking,
            "the field `Session::login` changes from `Option<String>` to `Option<SessionLogin>`",
        ),
        (
            "P/code/minLength",
            None,
            Breaking,
            "the field `Session::code` changes from `Option<SessionCode>` to `Option<String>`",
        ),
        (
            "P/tries/minimum",
            Some(json!(1)),
            Breaking,
            "the field `Session::tries` changes from `Option<u64>` to `Option<NonZeroU64>`",
        ),
        ("P/tries/minimum", None, Breaking, "the field `Session::tries` changes from `Option<u64>` to `Option<i64>`"),
        ("P/tries/maximum", Some(json!(10)), Breaking, "the field `Session::tries`"),
        ("P/rank/default", None, Breaking, "the field `Session::rank` changes from `i64` to `Option<i64>`"),
        ("P/rank/default", Some(json!(2)), Breaking, "another value when it is left out"),
        ("P/tries/default", Some(json!(2)), Breaking, "the field `Session::tries` changes from `Option<u64>` to `u64`"),
        ("P/login/pattern", Some(json!("^a")), Breaking, "`Session::login` changes from"),
        (
            "P/device",
            Some(json!({"$ref": "#/components/schemas/ApiError"})),
            Breaking,
            "the field `Session::device` changes from `Option<Device>` to `Option<ApiError>`",
        ),
        (
            "P/status",
            Some(json!({"type": "string"})),
            Breaking,
            "the field `Session::status` changes from `Option<SessionStatus>` to `Option<String>`",
        ),
        (
            "P/id",
            Some(json!({"type": "string"})),
            Breaking,
            "the field `Session::id` changes from `SessionId` to `String`",
        ),
        ("S/SessionStatus/type", Some(json!("integer")), Breaking, "another kind of value"),
        ("S/SessionId/type", Some(json!("integer")), Breaking, "which is written by hand"),
        ("S/SessionId/maxLength", Some(json!(40)), Breaking, "which is written by hand"),
    ]);
}

#[test]
fn enums_and_compositions() {
    check(&[
        ("S/SessionStatus/enum/1", None, Breaking, "the variant `SessionStatus::MfaRequired` goes"),
        ("S/SessionStatus/enum/-", Some(json!("LOCKED_OUT")), Additive, "a new variant `SessionStatus::LockedOut`"),
        ("S/SessionStatus/enum/1", Some(json!("MFA")), Breaking, "the variant `SessionStatus::MfaRequired` goes"),
        (
            "S/SessionStatus/enum",
            None,
            Breaking,
            "the type `SessionStatus` changes from an enum to a newtype of `String`",
        ),
        ("S/SessionStatus/x-enumDescriptions/ACTIVE", Some(json!("In")), Documentation, "nothing but"),
        ("P/size/oneOf/0", None, Breaking, "loses a part"),
        ("P/size/oneOf/-", Some(json!({"type": "boolean"})), Breaking, "gains a part"),
        ("P/size/oneOf/0/type", Some(json!("boolean")), Breaking, "a part of the field `Session::size`"),
        (
            "P/size/oneOf",
            None,
            Breaking,
            "the field `Session::size` changes from `Option<SessionSize>` to `Option<Value>`",
        ),
        ("S/Device/discriminator", Some(json!({"propertyName": "name"})), Breaking, "tried one by one"),
        (
            "S/Device/allOf",
            Some(json!([{"$ref": "#/components/schemas/ApiError"}, {"type": "object"}])),
            Breaking,
            "is composed in another way",
        ),
        ("S/Device/not", Some(json!({"type": "string"})), Unclear, "unknown"),
        ("S/Device", None, Breaking, "refers to what is not there"),
        (
            "S/More",
            Some(json!({"type": "object", "properties": {"a": {"type": "string"}}})),
            Additive,
            "the type `More` appears",
        ),
        ("S/Device/description", Some(json!("A device")), Documentation, "nothing but"),
    ]);
}
