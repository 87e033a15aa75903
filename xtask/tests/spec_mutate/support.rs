//! A small contract, in which there is something of everything, and its mutants.

use std::sync::LazyLock;

use serde_json::Value;
use xtask::codegen;
use xtask::spec::mutate::{Group, Inputs, Kind, Mutant};

pub(crate) const UPSTREAM: &str = r"
openapi: 3.0.3
info: {title: Small, version: '1'}
servers: [{url: 'https://{yourOktaDomain}', variables: {yourOktaDomain: {default: a.okta.com}}}]
paths:
  /things:
    post:
      operationId: createSession
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Wish'}}}}
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
      security: [{apiToken: []}]
      x-okta-lifecycle: {lifecycle: GA}
  /things/{thingId}:
    parameters: [{$ref: '#/components/parameters/thingId'}]
    get:
      operationId: getThing
      parameters: [{name: X-Page, in: header, schema: {type: string}}]
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '404': {$ref: '#/components/responses/Failed'}
      security: [{apiToken: []}, {oauth2: [things.read]}]
      x-removed-in: '2'
components:
  schemas:
    Wish: {type: object, required: [name], properties: {name: {type: string}}}
    Thing:
      type: object
      properties:
        kind: {$ref: '#/components/schemas/Kind'}
        made: {type: string, format: date-time, readOnly: true}
        tags: {type: array, items: {type: string}}
    Kind: {type: string, enum: [NEW, OLD]}
  parameters:
    thingId: {name: thingId, in: path, required: true, schema: {type: string}}
  responses:
    Failed: {description: It failed, content: {application/json: {schema: {$ref: '#/components/schemas/Wish'}}}}
  securitySchemes:
    apiToken: {type: apiKey, in: header, name: Authorization}
    oauth2: {type: oauth2, flows: {authorizationCode: {authorizationUrl: /a, tokenUrl: /t, scopes: {things.read: ''}}}}
";

pub(crate) const OVERLAY: &str = r"
overlay: 1.1.0
info: {title: Words and a fact, version: '1'}
actions:
- {target: $.components.schemas.Thing, description: words, update: {description: A thing}}
- {target: $.components.schemas.Kind, description: words, update: {description: Its kind}}
- {target: '$.paths[''/things''].post.responses[''200'']', description: words, update: {description: The thing}}
- {target: '$.paths.*.get.responses[''200'']', description: words, update: {description: The thing}}
- {target: $.paths.*.get, description: a fact, update: {x-repeat-safe: true}}
- target: $.components.schemas.Thing.properties
  description: two facts
  update: {tags: {nullable: true}, made: {nullable: true, description: When}}
";

/// The small contract.
pub(crate) fn inputs() -> &'static Inputs {
    static INPUTS: LazyLock<Inputs> = LazyLock::new(|| Inputs {
        upstream: serde_saphyr::from_str(UPSTREAM).unwrap(),
        overlay: serde_saphyr::from_str(OVERLAY).unwrap(),
        contract: codegen::contract(UPSTREAM, OVERLAY).unwrap(),
        outputs: Vec::new(),
        facts: String::new(),
    });
    &INPUTS
}

/// The small contract with what is generated from it, and a page of facts that says what the contract says.
pub(crate) fn generated() -> Inputs {
    let mut inputs = inputs().clone();
    let (upstream, overlay) = (inputs.upstream.to_string(), inputs.overlay.to_string());
    let outputs = codegen::generate(&upstream, &overlay).unwrap();
    inputs.outputs = outputs.iter().map(|output| output.text.split_once("\n\n").unwrap().1.to_owned()).collect();
    inputs.facts = xtask::spec::mutate::facts(&inputs.contract);
    inputs
}

pub(crate) fn mutants(group: Group) -> Vec<Mutant> {
    inputs().mutants(group)
}

/// The mutant of this kind whose name ends like this.
pub(crate) fn mutant(kind: Kind, end: &str) -> Mutant {
    let mutants = [mutants(Group::Facts), mutants(Group::Control)].concat();
    let all: Vec<_> = mutants.iter().filter(|mutant| mutant.kind == kind).map(Mutant::name).collect();
    let found = mutants.into_iter().find(|mutant| mutant.kind == kind && mutant.name().ends_with(end));
    found.unwrap_or_else(|| panic!("there is no {kind:?} with {end}, but {all:#?}"))
}

/// The document that the mutant makes of its input.
pub(crate) fn changed(mutant: &Mutant) -> Value {
    let inputs = inputs();
    let document = if mutant.file == codegen::UPSTREAM { &inputs.upstream } else { &inputs.overlay };
    mutant.apply(document).unwrap()
}
