//! A list as a whole: its ids, each once, and the lines that hold none.

use super::entries::{BadLine, Entry};
use super::ids::{Ids, Salt};
use super::source::Source;
use crate::failure::{Exit, Failure};

/// How many bad lines are kept for messages. The report holds them all.
pub(super) const SHOWN: usize = 20;

/// What a list holds.
#[derive(Debug)]
pub(super) struct List {
    pub(super) ids: Ids,
    /// How many lines repeat an id.
    pub(super) duplicates: u64,
    pub(super) bad: u64,
    /// The first of the bad lines.
    pub(super) first_bad: Vec<BadLine>,
}

/// How many lines of a list hold an id, and how many hold none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Size {
    pub(super) ids: usize,
    pub(super) bad: usize,
}

/// Counts what the list holds, so that room can be made for it.
pub(super) fn size(source: &Source) -> Result<Size, Failure> {
    let mut size = Size::default();
    for_each(source, |entry| {
        match entry {
            Entry::Id { .. } => size.ids += 1,
            Entry::Bad(_) => size.bad += 1,
        }
        Ok(())
    })?;
    Ok(size)
}

/// Takes in the list, and hands out its bad lines.
pub(super) fn read(
    source: &Source,
    size: Size,
    salt: Salt,
    mut each_bad: impl FnMut(&BadLine) -> Result<(), Failure>,
) -> Result<List, Failure> {
    let ids = Ids::with_capacity(size.ids).map_err(|_| {
        Failure::new(Exit::Failed, "memory", format!("there is not enough memory for {} ids", size.ids))
    })?;
    let mut list = List { ids, duplicates: 0, bad: 0, first_bad: Vec::new() };
    for_each(source, |entry| {
        match entry {
            Entry::Id { id, .. } => list.ids.push(salt.hash(&id)),
            Entry::Bad(bad) => {
                each_bad(&bad)?;
                list.bad += 1;
                if list.first_bad.len() < SHOWN {
                    list.first_bad.push(bad);
                }
            }
        }
        Ok(())
    })?;
    list.duplicates = list.ids.sort() as u64;
    Ok(list)
}

fn for_each(source: &Source, mut each: impl FnMut(Entry) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut entries = source.entries()?;
    while let Some(entry) = entries.next().map_err(|error| source.unreadable(&error))? {
        each(entry)?;
    }
    Ok(())
}
