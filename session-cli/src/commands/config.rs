//! `config`: the settings in effect.

use serde_json::json;
use session_client::Source;

use crate::failure::Failure;
use crate::output::Output;
use crate::{connect, table};

/// Lists the settings, and fails if no client can be made of them.
pub(super) fn run(connection: &connect::Args, output: &Output) -> Result<(), Failure> {
    let builder = connect::builder(connection)?;
    let settings = builder.settings();
    if output.is_json() {
        let list = settings
            .iter()
            .map(|setting| json!({"name": setting.name, "value": setting.value, "source": source(&setting.source)}));
        output.json(&list.collect::<Vec<_>>())?;
    } else {
        let rows =
            settings.into_iter().map(|setting| [setting.name.to_owned(), setting.value, source(&setting.source)]);
        output.line(table::rows(["setting", "value", "from"], rows))?;
    }
    connect::build(builder).map(drop)
}

/// Where the setting comes from, in the words of a user of the command.
fn source(source: &Source) -> String {
    match source {
        Source::Code => "command line".to_owned(),
        Source::Environment(variable) => (*variable).to_owned(),
        Source::HomeFile(path) | Source::ProjectFile(path) | Source::NamedFile(path) => path.display().to_string(),
        source => source.to_string(),
    }
}
