//! The client that the command line and the configuration describe.

use std::path::PathBuf;
use std::time::Duration;

use session_client::{Client, ClientBuilder};

use crate::args;
use crate::failure::{Exit, Failure};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The URL of the org, such as `https://acme.okta.com`
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) org_url: Option<String>,
    /// Read the configuration from this file in place of ./okta.yaml; it overrides the environment
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How long a call may take with all its attempts, such as 30s; 0s is without end [default: 120s]
    #[arg(long, global = true, value_name = "TIME", value_parser = args::duration)]
    pub(crate) deadline: Option<Duration>,
    /// How often a request is sent again [default: 2]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) max_retries: Option<u32>,
}

/// The name of the org URL among the settings.
pub(crate) const ORG_URL: &str = "okta.client.orgUrl";

/// The client.
pub(crate) fn client(args: &Args) -> Result<Client, Failure> {
    build(builder(args)?)
}

/// The client, which leaves a share of the rate limit to the org's other clients.
pub(crate) fn paced_client(args: &Args, reserve: f64) -> Result<Client, Failure> {
    build(builder(args)?.reserve(reserve))
}

/// Makes the client; without an org the failure tells how to name one.
pub(crate) fn build(builder: ClientBuilder) -> Result<Client, Failure> {
    if !has_org(&builder) {
        return Err(Failure::new(Exit::Usage, "configuration", "no org is configured").with_hint(
            "Set OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN, or give --org-url or --config. `okta-session demo` needs none.",
        ));
    }
    Ok(builder.build()?)
}

/// Whether an org is configured.
pub(crate) fn has_org(builder: &ClientBuilder) -> bool {
    builder.settings().iter().any(|setting| setting.name == ORG_URL)
}

/// The builder, with all that is configured.
pub(crate) fn builder(args: &Args) -> Result<ClientBuilder, Failure> {
    let builder = match &args.config {
        Some(file) => ClientBuilder::from_env_with_file(file)?,
        None => ClientBuilder::from_env()?,
    };
    let mut builder = builder.user_agent_prefix(concat!("okta-session/", env!("CARGO_PKG_VERSION")));
    if let Some(url) = &args.org_url {
        builder = builder.org_url(url);
    }
    Ok(with_limits(builder, args))
}

/// Adds what says how long and how often.
pub(crate) fn with_limits(mut builder: ClientBuilder, args: &Args) -> ClientBuilder {
    if let Some(deadline) = args.deadline {
        builder = builder.deadline(deadline);
    }
    if let Some(retries) = args.max_retries {
        builder = builder.max_retries(retries);
    }
    builder
}
