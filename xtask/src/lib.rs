//! Development tasks of the workspace, as a library so that tests can call them.

pub mod codegen;
pub mod failure;
mod files;
pub mod spec;
