//! `create`: a session of a session token.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use session_client::SessionId;
use session_client::types::CreateSessionRequest;

use super::interruptible;
use crate::args::Create;
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::{connect, secrets, session};

pub(super) async fn run(args: &Create, connection: &connect::Args, output: &Output) -> Result<(), Failure> {
    let client = connect::client(connection)?;
    let token = secrets::session_token(args.token.token_file.as_deref(), output)?;
    // Before the call: a session whose id can be written nowhere is of no use, and the token would be spent.
    let mut id_file = args.id_file.as_deref().map(IdFile::create).transpose()?;

    let created = interruptible(client.create_session(&CreateSessionRequest::new(token))).await?;
    if let Some(file) = &mut id_file
        && let Err(error) = file.write(&created.value().id)
    {
        let failure = Failure::io(format_args!("cannot write {}", file.path.display()), &error);
        return Err(match client.revoke_session(&created.value().id).await {
            Ok(_) => failure.with_hint("The session, whose id nobody would know, is revoked."),
            Err(_) => failure.with_hint("The session is alive, and nobody knows its id."),
        });
    }
    if id_file.is_none() && !output.show_ids {
        output.note("The id is masked: --id-file writes it to a file, --show-ids shows it.");
    }
    session::show(&created, output)
}

/// A new file for an id, which only its owner can read. It is removed unless an id was written to it.
struct IdFile<'a> {
    path: &'a Path,
    file: File,
    written: bool,
}

impl<'a> IdFile<'a> {
    /// A file that exists is left as it is: it may hold the id of another session, and others may read it.
    fn create(path: &'a Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(file) => Ok(Self { path, file, written: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Failure::new(Exit::Usage, "io", format!("{} exists already", path.display()))
                    .with_hint("Nothing was sent. Name a new file, or remove this one."))
            }
            Err(error) => {
                Err(Failure::io(format_args!("cannot write {}", path.display()), &error).with_hint("Nothing was sent."))
            }
        }
    }

    fn write(&mut self, id: &SessionId) -> io::Result<()> {
        writeln!(self.file, "{}", id.expose_secret())?;
        self.file.sync_all()?;
        self.written = true;
        Ok(())
    }
}

impl Drop for IdFile<'_> {
    fn drop(&mut self) {
        if !self.written {
            // An empty file that stays behind does no harm.
            let _ = std::fs::remove_file(self.path);
        }
    }
}
