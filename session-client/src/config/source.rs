//! Where a value of the configuration comes from, and where a secret may therefore go.

use std::fmt;
use std::path::PathBuf;

use crate::error::Error;

/// Where a value of the configuration comes from, the weakest first: a later source overrides an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The library itself.
    Default,
    /// The user's file, `~/.okta/okta.yaml`.
    HomeFile(PathBuf),
    /// The project's file, `./okta.yaml`.
    ProjectFile(PathBuf),
    /// This environment variable.
    Environment(&'static str),
    /// The file that the user has named, which takes the place of the project's file.
    NamedFile(PathBuf),
    /// The program that uses the library.
    Code,
}

impl Source {
    /// Whether it is the same source, whichever variable it is.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.strength() == other.strength()
    }

    fn strength(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::HomeFile(_) => 1,
            Self::ProjectFile(_) => 2,
            Self::Environment(_) => 3,
            Self::NamedFile(_) => 4,
            Self::Code => 5,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::HomeFile(path) | Self::ProjectFile(path) | Self::NamedFile(path) => {
                write!(f, "file {}", path.display())
            }
            Self::Environment(variable) => write!(f, "environment variable {variable}"),
            Self::Code => f.write_str("code"),
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl<T> Sourced<T> {
    pub(crate) fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    pub(crate) fn code(value: T) -> Self {
        Self::new(value, Source::Code)
    }

    pub(crate) fn default(value: T) -> Self {
        Self::new(value, Source::Default)
    }

    pub(crate) fn try_map<U, E>(self, map: impl FnOnce(T) -> Result<U, E>) -> Result<Sourced<U>, E> {
        Ok(Sourced { value: map(self.value)?, source: self.source })
    }
}

/// A secret goes only to a destination from the same source or a stronger one.
///
/// The project's file is beyond that no authority for anybody's secrets but its own: it may come with a repository that
/// somebody else wrote, and must not be able to send the user's token to its author.
pub(crate) fn check_destination(secret: (&str, &Source), destination: (&str, &Source)) -> Result<(), Error> {
    let foreign_project =
        matches!(destination.1, Source::ProjectFile(_)) && !matches!(secret.1, Source::ProjectFile(_));
    if destination.1.strength() >= secret.1.strength() && !foreign_project {
        return Ok(());
    }
    let why = if foreign_project {
        "and a project's file decides for its own secrets only"
    } else {
        "which is the weaker source"
    };
    // The project's file counts more than the one at home: there the address would not be read.
    let place = match secret.1 {
        Source::HomeFile(_) if foreign_project => "in the environment".to_owned(),
        _ => format!("where the {} is set", secret.0),
    };
    Err(Error::configuration(format!(
        "the {} ({}) would be sent to the {} ({}), {why}; set the {} {place}",
        secret.0, secret.1, destination.0, destination.1, destination.0
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_to_its_own_source_or_a_stronger_one_and_a_project_gets_only_its_own() {
        let home = || Source::HomeFile("~/.okta/okta.yaml".into());
        let project = || Source::ProjectFile("./okta.yaml".into());
        let environment = || Source::Environment("OKTA_CLIENT_ORGURL");
        let named = || Source::NamedFile("org.yaml".into());
        let cases = [
            (home(), home(), true),
            (home(), project(), false),
            (home(), environment(), true),
            (home(), Source::Code, true),
            (project(), home(), false),
            (project(), project(), true),
            (project(), environment(), true),
            (environment(), home(), false),
            (environment(), project(), false),
            (environment(), environment(), true),
            (home(), named(), true),
            (environment(), named(), true),
            (named(), named(), true),
            (named(), Source::Code, true),
            (named(), environment(), false),
            (named(), project(), false),
            (named(), home(), false),
            (Source::Code, named(), false),
            (Source::Code, environment(), false),
            (Source::Code, project(), false),
            (Source::Code, Source::Code, true),
        ];
        for (secret, destination, allowed) in cases {
            let outcome = check_destination(("API token", &secret), ("org URL", &destination));
            assert_eq!(outcome.is_ok(), allowed, "{secret} to {destination}");
            if let Err(error) = outcome {
                let message = error.to_string();
                assert!(
                    message.contains(&secret.to_string()) && message.contains(&destination.to_string()),
                    "{message}"
                );
                // What is set at home would not be read beside the project's file.
                let at_home = matches!(secret, Source::HomeFile(_));
                assert_eq!(message.ends_with("set the org URL in the environment"), at_home, "{message}");
            }
        }
    }
}
