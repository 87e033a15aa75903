//! The committed corpus of the fuzz target `overlay`, without a fuzzer: a finding that was mended stays mended.

#[path = "../../../fuzz/src/overlay.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod overlay;
#[path = "../../../fuzz/src/replay.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod replay;

#[test]
fn the_corpus_of_overlays_has_no_finding() {
    replay::replay("overlay", overlay::check);
}
