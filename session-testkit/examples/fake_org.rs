//! An Okta org in memory as a program, for tests in any language.
//!
//! ```text
//! cargo run -p session-testkit --features fake --example fake_org [-- identity-engine]
//! ```
//!
//! It prints where it listens and how to sign in, one shell assignment a line, and runs until it is stopped.

use std::io::Write;

use session_testkit::fake::FakeOrg;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut builder = FakeOrg::builder().real_time();
    if std::env::args().nth(1).as_deref() == Some("identity-engine") {
        builder = builder.identity_engine();
    }
    let org = builder.start().await?;
    let mut output = std::io::stdout();
    writeln!(output, "OKTA_CLIENT_ORGURL={}", org.url())?;
    writeln!(output, "OKTA_CLIENT_TOKEN={}", org.api_token())?;
    writeln!(output, "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK=true")?;
    writeln!(output, "OKTA_FAKE_LOGIN={}", FakeOrg::LOGIN)?;
    writeln!(output, "OKTA_FAKE_PASSWORD={}", FakeOrg::PASSWORD)?;
    output.flush()?;
    org.run().await;
    Ok(())
}
