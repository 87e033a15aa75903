//! The committed corpus of the fuzz target `answers`, without a fuzzer: a finding that was mended stays mended.
#![cfg(unix)]

#[path = "../../fuzz/src/answers.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod answers;
#[path = "../../fuzz/src/replay.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod replay;

#[test]
fn the_corpus_of_answers_has_no_finding() {
    replay::replay("answers", answers::check);
}
