//! The committed corpora of the fuzz targets `overlay` and `spec_import`, without a fuzzer: a finding that was mended stays mended.

#[path = "../../../fuzz/src/overlay.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod overlay;
#[path = "../../../fuzz/src/replay.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod replay;
#[path = "../../../fuzz/src/spec_import.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod spec_import;

#[test]
fn the_corpus_of_overlays_has_no_finding() {
    replay::replay("overlay", overlay::check);
}

#[test]
fn the_corpus_of_published_documents_has_no_finding() {
    replay::replay("spec_import", spec_import::check);
}
