//! What the command prints, word by word: help, tables and errors. `TRYCMD=overwrite cargo test -p session-cli --test
//! golden` writes it anew; `[..]` stands for times and ports, and stays.

use std::path::Path;

#[test]
fn the_command_prints_what_it_printed_before() {
    let cases = trycmd::TestCases::new();
    // An empty variable counts as unset: what the machine of the test is set up with must not matter.
    let variables = [
        "OKTA_CLIENT_ORGURL",
        "OKTA_CLIENT_OKTADOMAIN",
        "OKTA_CLIENT_TOKEN",
        "OKTA_CLIENT_AUTHORIZATIONMODE",
        "OKTA_CLIENT_CLIENTID",
        "OKTA_CLIENT_SCOPES",
        "OKTA_CLIENT_PRIVATEKEY",
        "OKTA_CLIENT_PRIVATEKEYID",
        "OKTA_CLIENT_DPOPENABLED",
        "OKTA_CLIENT_CONNECTIONTIMEOUT",
        "OKTA_CLIENT_REQUESTTIMEOUT",
        "OKTA_CLIENT_RATELIMIT_MAXRETRIES",
        "OKTA_CLIENT_PROXY_HOST",
        "OKTA_CLIENT_PROXY_PORT",
        "OKTA_CLIENT_PROXY_USERNAME",
        "OKTA_CLIENT_PROXY_PASSWORD",
        "OKTA_SESSION_TOKEN",
        "OKTA_SESSION_COOKIE",
        "HTTPS_PROXY",
        "https_proxy",
        "NO_PROXY",
        "no_proxy",
        "CLICOLOR_FORCE",
    ];
    for variable in variables {
        cases.env(variable, "");
    }
    cases.env("HOME", env!("CARGO_TARGET_TMPDIR")).env("NO_COLOR", "1");
    // `fake` runs the command as others would.
    let folder = Path::new(env!("CARGO_BIN_EXE_okta-session")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&path))).unwrap();
    cases.env("PATH", path.into_string().unwrap());
    cases.case("tests/golden/*.trycmd");
}
