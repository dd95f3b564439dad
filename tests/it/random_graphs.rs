//! Patches equal layer-wise on random networks.

use crate::support::{
    networks::Network,
    random::Random,
    runs::{Run, open, random_patches, run_guarded},
};
use proptest::{prelude::*, test_runner::Config};
use tinyml_playground::report::ScheduleChoice;

fn check(seed: u64) -> usize {
    let session = open(&Network::build(seed));
    assert_eq!(session.report().refusal, None, "seed {seed}");
    let inputs = session.inputs_from_noise(seed as u32);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let whole = run_guarded(&session, ScheduleChoice::Layerwise, &inputs);
    let choices = random_patches(&session, &mut Random::new(seed + 1));
    for &choice in &choices {
        let patched = run_guarded(&session, choice, &inputs);
        assert_same_maps(&patched, &whole, choice, seed);
    }
    choices.len()
}

fn assert_same_maps(patched: &Run, whole: &Run, choice: ScheduleChoice, seed: u64) {
    assert_eq!(patched.trace.outputs, whole.trace.outputs, "seed {seed}, {choice:?}");
    for (found, expected) in patched.captures.iter().zip(&whole.captures) {
        let (Some(found), Some(expected)) = (found, expected) else { continue };
        let equal = !found.is_complete() || found.bytes == expected.bytes;
        assert!(equal, "seed {seed}, {choice:?}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn patches_equal_layerwise_on_random_networks(seed in any::<u32>()) {
        check(u64::from(seed));
    }
}

/// The generator makes what it promises: not chains of one kind, and stages that can be cut.
#[test]
fn random_networks_are_varied() {
    let mut kinds = std::collections::BTreeSet::new();
    let (mut schedules, mut folded) = (0, 0);
    for seed in 0..150 {
        let session = open(&Network::build(seed));
        kinds.extend(session.report().operators.iter().map(|operator| operator.kind.clone()));
        folded += session.graph().removed.len();
        schedules += check(seed);
    }
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    assert!(schedules > 400 && folded > 20, "{schedules} schedules, {folded} folded PADs");
}
