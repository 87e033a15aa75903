//! What the command prints, word by word. `TRYCMD=overwrite cargo test -p xtask --test spec_diff reports` writes it
//! anew; `[..]` stands for versions, and stays.

use serde_json::{Value, json};
use xtask::spec::diff::compare;

use crate::support::{base, edit};

#[test]
fn the_command_prints_what_it_printed_before() {
    trycmd::TestCases::new().case("tests/spec_diff/golden/*.trycmd");
}

/// Names and values that would do something to a terminal or to Markdown, wherever a document can have them.
#[test]
fn what_a_document_says_does_nothing_to_who_reads_the_report() {
    let hostile = "a\u{1b}[2J\u{7}\u{9b}\u{202e}\u{200b}\u{2028}\r\nb | ` `` <b> @all";
    let mut document = base();
    edit(&mut document, "get/operationId", Some(&json!(hostile)));
    edit(&mut document, "get/security/1/oauth2/0", Some(&json!(hostile)));
    edit(&mut document, "P/login", Some(&json!({"type": hostile, hostile: hostile, "enum": [hostile]})));
    for place in ["/components/schemas", "/components/schemas/Session/properties", "/paths"] {
        document.pointer_mut(place).unwrap()[hostile] = json!({"description": hostile});
    }
    document["paths"][format!("/api/v1/sessions/{hostile}")] = json!({"get": {"responses": {hostile: {}}}});
    document["paths"]["/api/v1/sessions"]["get"]["responses"]["200"]["headers"][hostile] = json!({});
    document["servers"][0]["url"] = json!(hostile);

    let changes = compare(&base(), &document);

    for report in [changes.text(), changes.markdown(), changes.json()] {
        let odd = |c: char| c != '\n' && (c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c));
        assert_eq!(report.find(odd), None, "{report}");
    }
    // Every row of a table has seven bars that are no text, and everything from the document is code.
    let markdown = changes.markdown();
    for row in markdown.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
    }
    let read: Value = serde_json::from_str(&changes.json()).unwrap();
    assert!(read["changes"].to_string().contains(&serde_json::to_string(hostile).unwrap()[1..]));
}

#[test]
fn json_has_values_whole_and_text_cuts_them_around_the_difference() {
    let mut old = base();
    let mut new = base();
    let long = "word ".repeat(100);
    edit(&mut old, "P/login/description", Some(&json!(format!("{long} one {long}"))));
    edit(&mut new, "P/login/description", Some(&json!(format!("{long} two {long}"))));

    let changes = compare(&old, &new);

    assert!(changes.json().contains(&long));
    let text = changes.text();
    assert!(text.contains("one word") && text.contains("two word"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 102), "{text}");
}
