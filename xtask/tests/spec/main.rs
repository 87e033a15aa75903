//! Importing a published document: what becomes of it, and what is said of one that cannot be imported.

mod flavours;
mod hostile;
mod refused;
mod removed;
mod report;
mod slices;
mod support;
