//! What the fuzz targets check that reach their code by its public interface. The others are in
//! `session-client/src/fuzzing.rs`.

pub mod answers;
pub mod overlay;
pub mod spec_import;
