//! What a task says when it cannot go on: one line with the file, the place in it, and what to do.

use std::fmt;

/// A task's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    file: String,
    place: Option<String>,
    message: String,
}

/// The result of a step of a task.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that concerns the file as a whole; `file` is relative to the workspace.
    pub fn in_file(file: impl Into<String>, message: impl fmt::Display) -> Self {
        Self { file: file.into(), place: None, message: one_line(&message.to_string()) }
    }

    /// A failure at a place in the file: a JSON path, or a line.
    pub fn at(file: impl Into<String>, place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self { place: Some(one_line(&place.to_string())), ..Self::in_file(file, message) }
    }
}

/// Libraries like to report over several lines, with a caret below the text; a task's error is one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text from a file, fit for a message: short, and harmless.
pub(crate) fn shown(text: &str) -> String {
    const MAX: usize = 200;
    let mut short = String::new();
    for c in text.chars().take(MAX) {
        match c {
            c if c.is_whitespace() => short.push(' '),
            c if is_harmless(c) => short.push(c),
            c => short.extend(c.escape_unicode()),
        }
    }
    if text.chars().nth(MAX).is_some() {
        short.push('…');
    }
    short
}

/// Whether the character neither does something to a terminal nor makes text look like other text.
pub(crate) fn is_harmless(c: char) -> bool {
    // Invisible characters, and those that turn the direction of the text.
    let is_format = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !is_format
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}: {}: {}", self.file, place, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for Failure {}
