//! What a document says, fit to be shown: on a terminal, in a pull request, and short.

use std::fmt::Write;

use serde_json::Value;

use crate::failure::is_harmless;

/// Longer values are cut in reports for people. JSON has them whole.
const MAX: usize = 100;

/// How many characters are shown before the first difference.
const CONTEXT: usize = 30;

/// The text without characters that do something to a terminal, or that make text look like other text.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if is_harmless(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

/// Two values, each on one line. Of long ones that begin alike, what they have before the difference is left out.
pub(super) fn values(old: Option<&Value>, new: Option<&Value>) -> [String; 2] {
    let texts = [old, new].map(|value| value.map(|value| printable(&value.to_string())));
    let same = match &texts {
        [Some(old), Some(new)] => old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count(),
        _ => 0,
    };
    texts.map(|text| text.map_or_else(|| "none".to_owned(), |text| cut(&text, same.saturating_sub(CONTEXT))))
}

/// At most `MAX` characters, from the start if they are enough.
fn cut(text: &str, start: usize) -> String {
    let length = text.chars().count();
    let start = if length <= MAX { 0 } else { start };
    let end = length.min(start + MAX);
    let shown: String = text.chars().skip(start).take(end - start).collect();
    format!("{}{shown}{}", if start > 0 { "…" } else { "" }, if end < length { "…" } else { "" })
}

/// JSON with the same characters escaped as JSON escapes them. They stand in strings only.
pub(super) fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || is_harmless(c) {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}
