//! Durations in files and environment variables.

use std::time::Duration;

/// A bare number above this is taken for milliseconds that somebody meant.
const MOST_BARE_SECONDS: u64 = 3600;

/// Longer waits are off (0) or a mistake.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads `30` (seconds), `30s` or `500ms`; 0 means off. The error says which rule was broken.
pub(crate) fn parse(text: &str) -> Result<Duration, &'static str> {
    const FORM: &str = "must be a number of seconds such as 30, or have a unit: 30s, 500ms";
    let text = text.trim();
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = digits.parse().map_err(|_| FORM)?;
    let duration = match unit {
        "" if number > MOST_BARE_SECONDS => {
            return Err(
                "a bare number is seconds and must not be over 3600; with milliseconds in mind, as in the .NET and Node SDKs, \
             write 30000ms",
            );
        }
        "" | "s" => Duration::from_secs(number),
        "ms" => Duration::from_millis(number),
        _ => return Err(FORM),
    };
    if duration > LONGEST { Err("must not be over a day; 0 is off") } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn seconds_are_the_unit_unless_another_is_named() {
        let cases = [
            ("30", Duration::from_secs(30)),
            (" 30 ", Duration::from_secs(30)),
            ("30s", Duration::from_secs(30)),
            ("500ms", Duration::from_millis(500)),
            ("30000ms", Duration::from_secs(30)),
            ("7200s", Duration::from_secs(7200)),
            ("3600", Duration::from_secs(3600)),
            ("86400s", Duration::from_hours(24)),
            ("0", Duration::ZERO),
            ("0ms", Duration::ZERO),
        ];
        for (text, duration) in cases {
            assert_eq!(parse(text), Ok(duration), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_with_the_rule() {
        for text in ["", "s", "-1", "1.5", "1m", "30 s", "30sec", "99999999999999999999", "0x10", "ten"] {
            assert!(parse(text).unwrap_err().starts_with("must be a number of seconds"), "{text}");
        }
        for text in ["86401s", "86400001ms", "18446744073709551615s"] {
            assert!(parse(text).unwrap_err().contains("a day"), "{text}");
        }
        for text in ["3601", "30000"] {
            assert!(parse(text).unwrap_err().contains("30000ms"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
