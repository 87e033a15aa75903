//! All mutants of two contracts, by name: a change that is no longer made is a fact that nothing guards any more.

use xtask::codegen;
use xtask::spec::mutate::{Group, Inputs, Mutant};

use crate::support::inputs;

/// What the small contract has not: parts that are empty, that say nothing but words, or that stand in odd places.
/// Nothing could be generated from it.
const ODD_UPSTREAM: &str = r"
openapi: 3.0.3
info: {title: Odd, version: '1', contact: {name: Nobody}}
tags: [{name: one}, {name: other}]
security: [{apiToken: []}]
servers: [{url: /, description: Words}]
paths:
  /odd/{a}/more:
    summary: Words
    get:
      operationId: odd
      summary: Words
      tags: [one, other]
      externalDocs: {url: /docs, description: Words}
      x-repeat-safe: true
      x-anonymous: true
      parameters:
      - {name: a, in: path, required: true, description: Words, schema: {type: string}}
      - {name: q, in: query, required: false, schema: {type: array, items: {}}}
      - {name: p, in: query, required: true, schema: {type: integer}}
      requestBody: {required: false, description: Words, content: {application/json: {example: {a: 1}}}}
      responses:
        '200': {description: Words, content: {application/json: {schema: {type: object}, examples: {a: {value: 1}}}}}
        '204': {description: Words, content: {}}
        '404': {}
        '429': {description: Words}
        5XX: {$ref: '#/components/responses/One'}
      security: []
    post:
      responses: {'400': {$ref: '#/components/responses/Three'}}
      security: [{}, {oauth2: [b, a], apiToken: []}]
  /odd/{b}: {get: {responses: {}}}
  /odd/{c}: {get: {operationId: byComponent, parameters: [{$ref: '#/components/parameters/c'}]}}
components:
  parameters:
    c: {name: c, in: path, required: true, schema: {type: string, format: byte}}
    d: {name: d, in: header, schema: {type: number, nullable: true}}
    e: {description: Words}
  responses:
    One: {description: Words, content: {application/json: {schema: {$ref: '#/components/schemas/All'}}}}
    Two: {description: Words, content: {application/json: {schema: {$ref: '#/components/schemas/All'}}}}
    Three: {description: Words, content: {application/json: {schema: {$ref: '#/components/schemas/Map'}}}}
    Words: {description: Words}
  schemas:
    All:
      type: object
      title: Words
      required: [b, a]
      additionalProperties: true
      properties:
        a: {type: string, nullable: true, example: words}
        b: {type: array, items: {type: integer}}
        c: {allOf: [{$ref: '#/components/schemas/Map'}, {description: Words}]}
        d: {type: boolean, nullable: true}
        e: {description: Words}
        f: {type: array, nullable: true, items: {$ref: '#/components/schemas/SessionStatus'}}
        g: {type: number}
        h: {type: object, nullable: true}
    Map: {type: object, additionalProperties: {type: string}}
    Words: {description: Words}
    SessionStatus: {enum: [a, b], x-enumDescriptions: {a: Words}}
  securitySchemes:
    apiToken: {type: apiKey, in: header, name: Authorization, description: Words}
    oauth2: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {a: Words, b: Words}}}}
";

const ODD_OVERLAY: &str = r"
overlay: 1.1.0
info: {title: Odd, version: '1'}
actions:
- {target: $.info.contact, description: gone, remove: true}
- {target: $.components.schemas.Map, copy: $.components.schemas.Words}
- target: $.paths.*.*.responses
  description: a failure with words alone
  x-matches: 3
  update: {'401': {description: Words}}
- target: '$.paths[''/odd/{a}/more''].get.responses[''404'']'
  description: the same by reference
  update: {$ref: '#/components/responses/Three'}
- target: $.components
  description: new components
  update:
    parameters: {new: {name: new, in: query, schema: {type: string}}}
    responses: {New: {description: Words, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}}
    schemas: {New: {type: object, required: [a], properties: {a: {type: string, nullable: true}, b: {type: string}}}}
- target: $.components.schemas.All
  description: changes of a schema
  update:
    required: [c]
    properties: {a: {description: Words}, d: {nullable: false}, g: {nullable: true}, i: {type: string, nullable: true}}
- target: '$.paths[''/odd/{c}'']'
  description: a new operation, and words for an old one
  update: {get: {summary: Words}, delete: {operationId: new, responses: {'204': {description: Words}}, security: []}}
- {target: $.components.securitySchemes.oauth2.flows.implicit.scopes, description: words, update: {c: Words}}
- {target: $.components.securitySchemes.oauth2.flows, description: a flow, update: {password: {tokenUrl: /t}}}
- {target: $.components.responses.One.content, description: an example, update: {application/json: {example: 1}}}
- {target: $, description: no component, update: {components: {responses: {Words: {description: Other words}}}}}
- {target: '$.paths[''/odd/{b}'']', description: words, update: {description: Words, parameters: [{description: Words}]}}
- {target: $.components.parameters.d, description: a keyword, update: {required: true}}
- {target: $.components.securitySchemes.apiToken, description: a keyword, update: {name: X-Other}}
- {target: $.components.securitySchemes.oauth2.flows.implicit, description: a keyword, update: {authorizationUrl: /b}}
";

fn names(inputs: &Inputs) -> Vec<String> {
    [Group::Facts, Group::Control].iter().flat_map(|group| inputs.mutants(*group)).map(|m| Mutant::name(&m)).collect()
}

/// The list has the control group last.
fn assert_listed(inputs: &Inputs, file: &str, list: &str) {
    let mut expected = list.lines();
    for (index, name) in names(inputs).iter().enumerate() {
        assert_eq!(Some(name.as_str()), expected.next(), "line {} of {file}", index + 1);
    }
    assert_eq!(expected.next(), None, "of {file}, no longer made");
}

#[test]
fn all_small_changes_of_the_small_contract_are_made_and_no_others() {
    assert_listed(inputs(), "small.txt", include_str!("listed/small.txt"));
}

#[test]
fn all_small_changes_of_odd_parts_are_made_and_no_others() {
    let odd = Inputs {
        upstream: serde_saphyr::from_str(ODD_UPSTREAM).unwrap(),
        overlay: serde_saphyr::from_str(ODD_OVERLAY).unwrap(),
        contract: codegen::contract(ODD_UPSTREAM, ODD_OVERLAY).unwrap(),
        ..inputs().clone()
    };

    assert_listed(&odd, "odd.txt", include_str!("listed/odd.txt"));
}
