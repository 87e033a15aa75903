//! `demo`: the seven operations, one after the other, on an org in memory or on a real one.

mod story;
mod view;

use session_client::{Client, SessionToken};
use session_testkit::fake::FakeOrg;

use self::story::{Org, Story};
use crate::args::Demo;
use crate::failure::Failure;
use crate::output::Output;
use crate::{connect, secrets};

/// Runs all of it, and shows what was done even if something fails on the way.
pub(super) async fn run(args: &Demo, connection: &connect::Args, output: &Output) -> Result<(), Failure> {
    let configured = if args.in_memory { None } else { Some(connect::builder(connection)?) };
    let Some(builder) = configured.filter(connect::has_org) else {
        return in_memory(connection, output).await;
    };
    let url = builder.settings().into_iter().find(|setting| setting.name == connect::ORG_URL);
    let client = connect::build(builder)?;
    let token = secrets::session_token(args.token.token_file.as_deref(), output).map_err(|failure| {
        failure.with_hint(
            "Set OKTA_SESSION_TOKEN or give --token-file, for a user who has just signed in to the configured org.\n\
             `okta-session demo --in-memory` needs no org and no token.",
        )
    })?;
    output.note(format_args!("Org: {}\n", url.map(|url| url.value).unwrap_or_default()));
    tell(Story::new(&client, output), Org::Real(token), output).await
}

async fn in_memory(connection: &connect::Args, output: &Output) -> Result<(), Failure> {
    let org = FakeOrg::builder().start().await.map_err(|error| Failure::io("cannot listen on loopback", &error))?;
    let client: Client = connect::with_limits(org.client(), connection).build()?;
    output.note(format_args!("Org: in memory, in this process, at {}\nUser: {}\n", org.url(), FakeOrg::LOGIN));
    let token: SessionToken = org.session_token(FakeOrg::LOGIN);
    tell(Story::new(&client, output), Org::InMemory(&org, token), output).await
}

async fn tell(mut story: Story<'_>, org: Org<'_>, output: &Output) -> Result<(), Failure> {
    let outcome = story.run(org).await;
    view::show(story.steps(), output)?;
    outcome?;
    output.note("\nAll seven operations did what they are for.");
    Ok(())
}
