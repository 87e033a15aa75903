//! What the arguments of `fake` mean.

use std::path::PathBuf;
use std::time::Duration;

use session_testkit::fake::Fault;

/// Reads `600/60s`: so many requests in so much time.
pub(super) fn rate_limit(text: &str) -> Result<(u64, Duration), String> {
    let read = || {
        let (requests, window) = text.split_once('/')?;
        Some((requests.parse().ok()?, humantime::parse_duration(window).ok().filter(|window| !window.is_zero())?))
    };
    read().ok_or_else(|| "must be a number of requests and a time, as in 600/60s".to_owned())
}

/// Reads `0oaService=key.pem`: a client id and a file.
pub(super) fn app(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((client_id, file)) if !client_id.is_empty() && !file.is_empty() => Ok((client_id.to_owned(), file.into())),
        _ => Err("must be a client id and a file, as in 0oaService=key.pem".to_owned()),
    }
}

/// Reads `revokeSession:2:503`: the next two revocations answer 503. Without an operation it is for all of them, without
/// a number for one request.
pub(super) fn fault(text: &str) -> Result<Fault, String> {
    let (operation, rest) = match text.split_once(':') {
        Some((operation, rest)) if Fault::TARGETS.contains(&operation) => (Some(operation), rest),
        // The first part is a number, a fault, or a mistake.
        _ => (None, text),
    };
    let (times, fault) = match rest.split_once(':') {
        Some((times, fault)) if times.bytes().all(|byte| byte.is_ascii_digit()) => {
            let times = times.parse().ok().filter(|times| *times > 0).ok_or("the number of times must be 1 or more")?;
            (times, fault)
        }
        _ => (1, rest),
    };
    let fault: Fault = fault.parse().map_err(|form| explain(text, operation.is_some(), form))?;
    let fault = fault.times(times);
    Ok(match operation {
        Some(operation) => fault.of(operation),
        None => fault,
    })
}

/// Which part of the rule is wrong.
fn explain(text: &str, has_operation: bool, form: String) -> String {
    let begins_with_a_name = text.contains(':') && text.starts_with(|c: char| c.is_ascii_alphabetic());
    if has_operation || !begins_with_a_name || text.starts_with("delay:") {
        return form;
    }
    format!("the operation must be one of {}", Fault::TARGETS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_limit_is_requests_in_a_time() {
        assert_eq!(rate_limit("600/60s"), Ok((600, Duration::from_secs(60))));
        assert_eq!(rate_limit("0/1m"), Ok((0, Duration::from_secs(60))));
        for text in ["", "600", "600/", "/60s", "600/60", "600/0s", "-1/60s", "many/60s"] {
            assert!(rate_limit(text).unwrap_err().contains("600/60s"), "{text}");
        }
    }

    #[test]
    fn an_app_is_a_client_id_and_a_file() {
        assert_eq!(app("0oaService=a=b.pem"), Ok(("0oaService".to_owned(), PathBuf::from("a=b.pem"))));
        for text in ["", "0oaService", "0oaService=", "=key.pem"] {
            assert!(app(text).unwrap_err().contains("0oaService=key.pem"), "{text}");
        }
    }

    #[test]
    fn a_fault_may_name_an_operation_and_a_number_of_times() {
        let cases = [
            ("503", Fault::status(503)),
            ("reset", Fault::reset_connection()),
            ("2:503", Fault::status(503).times(2)),
            ("revokeSession:503", Fault::status(503).of("revokeSession")),
            ("revokeSession:2:503", Fault::status(503).of("revokeSession").times(2)),
            ("getSession:3:delay:5s", Fault::delay(Duration::from_secs(5)).of("getSession").times(3)),
            ("delay:5s", Fault::delay(Duration::from_secs(5))),
            ("token:503", Fault::status(503).of("token")),
        ];
        for (text, expected) in cases {
            assert_eq!(fault(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_rule_that_is_none_is_refused_with_the_part_that_is_wrong() {
        let cases = [
            ("revoke:2:503", "revokeSession"),
            ("nonsense", "a status from 200 to 599"),
            ("revokeSession:2", "a status from 200 to 599"),
            ("revokeSession:0:503", "1 or more"),
            ("delay:soon", "delay:500ms"),
            ("", "a status from 200 to 599"),
        ];
        for (text, rule) in cases {
            let refused = fault(text).unwrap_err();
            assert!(refused.contains(rule), "{text}: {refused}");
        }
    }
}
