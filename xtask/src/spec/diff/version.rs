//! Which version to publish after a change.

use std::fmt;

use super::change::Class;

/// The version of this workspace; its crates have one.
const CURRENT: &str = env!("CARGO_PKG_VERSION");

/// The part of a version that has to go up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// None: nothing changes.
    None,
    /// For documentation, and for additions before 1.0.
    Patch,
    /// For additions from 1.0 on, and for breaking changes before.
    Minor,
    /// For breaking changes from 1.0 on.
    Major,
}

impl Step {
    /// The step that the worst change asks for, by Cargo's rules.
    pub(super) fn of(worst: Option<Class>) -> Self {
        Self::from(parsed(CURRENT), worst)
    }

    fn from([major, ..]: [u64; 3], worst: Option<Class>) -> Self {
        match worst {
            None => Self::None,
            Some(Class::Documentation) => Self::Patch,
            Some(Class::Additive) if major == 0 => Self::Patch,
            Some(Class::Additive) => Self::Minor,
            Some(Class::Unclear | Class::Breaking) if major == 0 => Self::Minor,
            Some(Class::Unclear | Class::Breaking) => Self::Major,
        }
    }

    /// The step as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The version that comes next.
    pub(super) fn next(self) -> String {
        self.after(parsed(CURRENT))
    }

    fn after(self, [major, minor, patch]: [u64; 3]) -> String {
        let [major, minor, patch] = match self {
            Self::None => [major, minor, patch],
            Self::Patch => [major, minor, patch + 1],
            Self::Minor => [major, minor + 1, 0],
            Self::Major => [major + 1, 0, 0],
        };
        format!("{major}.{minor}.{patch}")
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no new version"),
            step => write!(f, "a {} step, from {CURRENT} to {}", step.name(), step.next()),
        }
    }
}

/// The numbers of a version; what stands behind them is for releases that have none yet.
fn parsed(version: &str) -> [u64; 3] {
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = numbers.split('.').map(|number| number.parse().unwrap_or_default());
    [(); 3].map(|()| numbers.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_follows_cargo_s_rules_before_and_after_1_0() {
        let next = |version: &str, class| {
            let version = parsed(version);
            Step::from(version, class).after(version)
        };
        for (version, documentation, additive, breaking) in
            [("0.1.2", "0.1.3", "0.1.3", "0.2.0"), ("1.4.2-rc.1", "1.4.3", "1.5.0", "2.0.0")]
        {
            assert_eq!(next(version, Some(Class::Documentation)), documentation);
            assert_eq!(next(version, Some(Class::Additive)), additive);
            assert_eq!(next(version, Some(Class::Breaking)), breaking);
            assert_eq!(next(version, Some(Class::Unclear)), breaking);
        }
        assert_eq!(next("0.1.2", None), "0.1.2");
    }
}
