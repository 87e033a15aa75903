//! Keeps secrets and control characters out of what people and logs see: what this library does to its own errors, for
//! messages of your own.

use std::borrow::Cow;

/// What stands in the place of a secret.
const MASK: &str = "***";

/// Shorter strings are no secrets, and masking them would garble the text.
const SHORTEST_SECRET: usize = 4;

/// Replaces these secrets wherever they occur.
pub(crate) fn mask_known(text: &str, secrets: &[&str]) -> String {
    // Most texts of an answer are shorter than any secret: looking for one costs more than all the rest.
    let lengths = SHORTEST_SECRET..=text.len();
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|secret| lengths.contains(&secret.len())).collect();
    // The longest first: a secret may be part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
}

/// Whether one of these secrets occurs in the bytes.
pub(crate) fn contains_known(bytes: &[u8], secrets: &[&str]) -> bool {
    let occurs = |secret: &&str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET).any(occurs)
}

/// Ids have about 25 characters, tokens more; words of a message have less.
const SHORTEST_LOOKALIKE: usize = 20;

/// Replaces whatever looks like an id or a token by `***`: 20 and more characters of letters, digits, `-` and `_`, with a
/// digit among them.
///
/// ```
/// use session_client::redact::mask_lookalikes;
///
/// assert_eq!(mask_lookalikes("no session 102exampleExampleExample1 here"), "no session *** here");
/// ```
#[must_use]
pub fn mask_lookalikes(text: &str) -> String {
    let is_outside = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let mut masked = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_outside) {
        let run = piece.trim_end_matches(is_outside);
        let looks_like_a_secret = run.len() >= SHORTEST_LOOKALIKE && run.bytes().any(|byte| byte.is_ascii_digit());
        masked.push_str(if looks_like_a_secret { MASK } else { run });
        masked.push_str(&piece[run.len()..]);
    }
    masked
}

/// Whether a terminal would obey the character instead of showing it: control characters, and the marks that turn text
/// around.
#[must_use]
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Replaces what a terminal would obey instead of show, see [`is_control`], by `\u{fffd}`.
///
/// ```
/// use session_client::redact::printable;
///
/// assert_eq!(printable("\u{1b}[2Jgone?"), "\u{fffd}[2Jgone?");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(is_control) { Cow::Owned(text.replace(is_control, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// The longest text of the network's in a message, in characters.
const LONGEST_SHOWN: usize = 300;

/// What can stand in a message: no secret that looks like one, no control characters, no end of it.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = printable(&mask_lookalikes(text)).chars().take(LONGEST_SHOWN + 1).collect();
    if let Some((cut, _)) = shown.char_indices().nth(LONGEST_SHOWN) {
        shown.truncate(cut);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_secrets_go_wherever_they_occur() {
        assert_eq!(mask_known("a SECRET, SECRET2: SECRET", &["SECRET", "SECRET2"]), "a ***, ***: ***");
        assert_eq!(mask_known("a to b", &["a", ""]), "a to b");
        assert_eq!(mask_known("SECRET", &["SECRET", "longer than the text"]), "***");
    }

    #[test]
    fn what_looks_like_a_secret_goes_and_words_stay() {
        let cases = [
            ("Not found: 102aBcDeFgHiJkLmNoPqRsTuVw (AppSession)", "Not found: *** (AppSession)"),
            ("sid=102aBcDeFgHiJkLmNoPqRsTuVw;", "sid=***;"),
            ("internationalization-of-words stays", "internationalization-of-words stays"),
            ("E0000007 stays", "E0000007 stays"),
            ("102aBcDeFgHiJkLmNoPqRsTuVw", "***"),
            ("é102aBcDeFgHiJkLmNoPqRsTuVwé", "é***é"),
            ("", ""),
        ];
        for (text, masked) in cases {
            assert_eq!(mask_lookalikes(text), masked);
        }
    }

    #[test]
    fn control_characters_are_shown_not_obeyed() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}d");
        assert_eq!(printable("Grüße"), "Grüße");
    }

    #[test]
    fn what_is_left_out_of_a_long_text_is_marked() {
        let (longest, longer) = ("é".repeat(300), "é".repeat(301));
        assert_eq!(shown(&longest), longest);
        assert_eq!(shown(&longer), format!("{longest}…"));
    }

    proptest! {
        #[test]
        fn no_text_makes_masking_panic_or_keeps_an_id(before in ".*", id in "10[A-Za-z0-9_-]{23}", after in "\\PC*") {
            let text = format!("{before} {id} {after}");
            prop_assert!(!mask_lookalikes(&text).contains(&id));
            prop_assert!(!mask_known(&text, &[&id]).contains(&id));
            prop_assert!(!printable(&text).contains(|c: char| c.is_control()));
        }
    }
}
