//! The kinds of mutation, and what each means. The meanings are written from what a change of the contract does to its
//! users, never from what `spec diff` says of it: they are what `spec diff` is measured by.

use std::fmt;

/// What a change of the contract means to those who use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Code that was written against the contract has to change.
    Breaking,
    /// There is more than before, and what was there still works.
    Additive,
    /// Words changed. The contract is the same.
    Documentation,
    /// The document says the same in another way.
    Nothing,
    /// What `spec diff` says where no rule of it tells; no kind of change means that.
    Unclear,
    /// The generator has to refuse it: it is a broken overlay, and there is no contract to compare.
    Refused,
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Documentation => "documentation",
            Self::Nothing => "nothing",
            Self::Unclear => "unclear",
            Self::Refused => "refused",
        })
    }
}

/// Declares the kinds: the name, its words in the report, the meaning, and why it has this meaning.
macro_rules! kinds {
    ($($kind:ident: $words:literal, $meaning:ident, $reason:literal;)*) => {
        /// A kind of mutation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the words of a kind are its documentation")]
        pub enum Kind { $($kind),* }

        impl Kind {
            /// All kinds, in the order of the report.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// What was done, in a few words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$kind => $words),* }
            }

            /// What it means.
            #[must_use]
            pub fn meaning(self) -> Meaning {
                match self { $(Self::$kind => Meaning::$meaning),* }
            }

            /// Why it means that.
            #[must_use]
            pub fn reason(self) -> &'static str {
                match self { $(Self::$kind => $reason),* }
            }
        }
    };
}

kinds! {
    PathDropped: "path dropped", Breaking, "its methods are gone";
    PathRenamed: "path renamed", Breaking, "requests go elsewhere";
    PathParameterRenamed: "path parameter renamed", Breaking, "the mock's expectation is named after it";
    OperationDropped: "operation dropped", Breaking, "its method is gone";
    OperationAdded: "operation added", Additive, "the client has one more method";
    OperationRenamed: "operation renamed", Breaking, "its method has another name";
    OperationUnnamed: "operationId dropped", Breaking, "its method has lost its name";
    MethodChanged: "HTTP method changed", Breaking, "requests do something else";
    ParameterDropped: "parameter dropped", Breaking, "its method takes one argument less";
    ParameterAdded: "parameter added", Breaking, "its method takes one argument more, optional or not";
    ParameterMoved: "`in` changed", Breaking, "the value goes to another part of the request";
    ParameterRenamed: "parameter renamed", Breaking, "the value goes under another name";
    ParameterRequired: "parameter's `required` changed", Breaking, "the argument becomes an Option, or stops being one";
    BodyDropped: "request body dropped", Breaking, "its method takes one argument less";
    BodyAdded: "request body added", Breaking, "its method takes one argument more";
    BodyOptional: "request body no longer required", Additive, "who sends one is still right";
    MediaTypeChanged: "media type changed", Breaking, "a body is written in another language";
    MediaTypeDropped: "media type dropped", Breaking, "a body has no form any more";
    BodySchemaDropped: "schema of a body dropped", Breaking, "a body has no type any more";
    StatusDropped: "status dropped", Breaking, "the mock's answer of this name is gone";
    StatusAdded: "status added", Additive, "the mock has one more answer";
    StatusChanged: "status changed", Breaking, "the mock's answer has another name";
    AnswerEmptied: "answer lost its content", Breaking, "an answer that had a type has none";
    AnswerSwapped: "answer replaced by an equal one", Nothing, "only the words and examples are others";
    SecurityDropped: "security dropped", Breaking, "the client stops to send its credential";
    EmptySecurityDropped: "empty security dropped", Nothing, "the document has no default that would take its place";
    AlternativeDropped: "security alternative dropped", Breaking, "a credential is refused that was good";
    AlternativeAdded: "security alternative added", Additive, "one more credential is good, and the others still are";
    CredentialAsked: "security added to an open operation", Breaking, "a call without credential is refused";
    ScopeDropped: "scope no longer asked for", Additive, "a token with the scope is still good";
    ScopeAdded: "scope asked for", Breaking, "a token without the scope is refused";
    ScopeRenamed: "scope renamed", Breaking, "a token with the old scope is refused";
    SchemeDropped: "security scheme dropped", Breaking, "operations refer to it";
    SchemeChanged: "security scheme changed", Breaking, "the credential is sent in another way";
    FlowChanged: "OAuth flow changed", Breaking, "tokens are got in another way, or elsewhere";
    FlowDropped: "OAuth flow dropped", Breaking, "there is no way to get a token";
    ScopeUndeclared: "declared scope dropped", Breaking, "the scope that operations ask for cannot be had";
    ServerDropped: "server dropped", Breaking, "requests have no address";
    ServerChanged: "server's URL changed", Breaking, "requests go elsewhere";
    RepeatSafeDropped: "x-repeat-safe dropped", Breaking, "a repeat that was harmless does harm now";
    RepeatSafeAdded: "x-repeat-safe on a creation", Breaking, "the client repeats what must not be repeated";
    AnonymousDropped: "x-anonymous dropped", Breaking, "a call without credential is refused";
    AnonymousAdded: "x-anonymous added", Additive, "a call without credential is possible";
    RemovalChanged: "x-removed-in changed", Documentation, "rustdoc alone says so";
    PropertyDropped: "property dropped", Breaking, "its field is gone";
    PropertyAdded: "property added", Additive, "one more field, which may be missing";
    PropertyRenamed: "property renamed", Breaking, "its field has another name";
    PropertyRequired: "property required", Breaking, "its field is no Option any more";
    ListRequired: "list required", Additive, "its field is a Vec either way; it is only never missing now";
    PropertyOptional: "property no longer required", Breaking, "its field becomes an Option";
    TypeChanged: "type changed", Breaking, "the value is of another type";
    TypeDropped: "type dropped", Breaking, "the value can be anything";
    FormatChanged: "format changed", Breaking, "the text has another form, or a type of its own";
    FormatDropped: "format dropped", Breaking, "the text may have any form";
    FormatAdded: "format added", Breaking, "the text gets a type of its own";
    NullableScalar: "optional scalar became nullable", Additive, "the Option that it is takes a null for a missing one";
    NullableOther: "nullable set", Breaking, "the value gets a layer of Option";
    NotNullableScalar: "optional scalar no longer nullable", Additive, "the Option that it is stays, and sees fewer nulls";
    NotNullableOther: "nullable dropped", Breaking, "the value loses a layer of Option";
    ReferenceChanged: "reference changed", Breaking, "the value is of another type";
    ReferenceInlined: "reference replaced by a plain type", Breaking, "the value is of another type";
    ItemsDropped: "items dropped", Breaking, "the elements can be anything";
    PartDropped: "part of a composition dropped", Breaking, "the value loses what the part said of it";
    OthersDropped: "additionalProperties dropped", Breaking, "the field `extra` is gone";
    AnyOthersDropped: "additionalProperties: true dropped", Nothing, "any others are allowed where nothing is said";
    OthersRefused: "additionalProperties refused", Breaking, "an answer with a new member cannot be read";
    EnumDropped: "enum dropped", Breaking, "the type with its variants is gone";
    EnumValueDropped: "enum value dropped", Breaking, "its variant is gone";
    EnumValueAdded: "enum value added", Additive, "one more variant; the enums are open";
    EnumValueRenamed: "enum value renamed", Breaking, "its variant has another name";
    SchemaDropped: "schema dropped", Breaking, "others refer to it";
    SchemaRenamed: "schema renamed", Breaking, "its type has another name";
    ComponentDropped: "parameter or response dropped", Breaking, "operations refer to it";
    ComponentRenamed: "parameter, response or scheme renamed", Nothing, "no type and no method is named after it";
    TypesLeft: "unused schemas left in", Additive, "types appear that no operation uses";
    ReplacedLeft: "what is replaced left in", Nothing, "what takes its place stands beside it, and alone counts";
    ActionDropped: "action of the overlay dropped", Breaking, "the facts that it adds or corrects are gone";
    TargetMissed: "target of an action missed", Refused, "the action has no effect";
    CountChanged: "x-matches changed", Refused, "the action matches another number of places";
    RemovalDropped: "`remove` dropped", Refused, "the action does nothing";

    WordsChanged: "words changed", Documentation, "words";
    WordsDropped: "words dropped", Documentation, "words";
    LifecycleChanged: "x-okta-lifecycle changed", Documentation, "the stage of a feature; the client does not know it";
    ReadOnlyChanged: "readOnly changed", Nothing, "no operation sends the value";
    ListReordered: "list reordered", Nothing, "the order has no meaning";
    KeysReordered: "keys reordered", Nothing, "the order has no meaning";
    ActionWords: "action's reason changed", Nothing, "the reason is not in the contract";
    ActionOfWordsDropped: "action that adds only words dropped", Documentation, "words";
}

impl Kind {
    /// Whether it belongs to the control group: changes that must not be taken for changes of the contract.
    #[must_use]
    pub fn is_control(self) -> bool {
        self >= Self::WordsChanged
    }
}
