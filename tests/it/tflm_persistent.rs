//! The estimate of TensorFlow Lite Micro's persistent part against what the interpreter reports.
//!
//! The reports are of a 64-bit host, so the formula is asked for pointers of 8 bytes; of 32-bit
//! targets there is no report, and the estimate is the same formula with 4.

use crate::support::golden::tflm_arenas;
use tinyml_playground::{
    model::{Limits, Model, read},
    report::tflm_persistent,
};

const BUNDLED: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");

/// What tflite-micro 0.dev20261023182759 reports as "tail" for the bundled model; repeated by
/// `tests/tflm/offline_plan.py`.
const BUNDLED_TAIL_BYTES: u64 = 61_568;

/// How far the estimate may be off: alignment of neighbours is not followed.
const MOST_BYTES: u64 = 16;
const MOST_PER_MYRIAD: u64 = 5;

fn model(bytes: &[u8]) -> Model {
    read(bytes.into(), &Limits::default()).unwrap()
}

#[track_caller]
fn check(name: &str, bytes: &[u8], tail_bytes: u64) {
    let estimate = tflm_persistent(&model(bytes), 8);
    let off = estimate.bytes.abs_diff(tail_bytes);
    assert_eq!(estimate.unknown_operators, 0, "{name}");
    let allowed = MOST_BYTES.max(tail_bytes * MOST_PER_MYRIAD / 10_000);
    assert!(off <= allowed, "{name}: {estimate:?}, reported {tail_bytes}");
}

#[test]
fn the_bundled_model_is_estimated_within_the_tolerance() {
    check("bundled", BUNDLED, BUNDLED_TAIL_BYTES);
}

#[test]
fn eight_models_are_estimated_within_the_tolerance() {
    for (id, bytes, figures) in tflm_arenas() {
        check(&id, &bytes, figures["tail"].as_u64().unwrap());
    }
}

/// The least arenas with which tflite-micro 0.dev20261023182759 prepared models of this project on a 64-bit host, found
/// by trying in steps of 16 bytes, and how much of them its planner takes for activations.
const LEAST: [(&str, &[u8], u64, u64); 3] = [
    ("digits", include_bytes!("../../models/digits.tflite"), 21_952, 32_240),
    ("fashion", include_bytes!("../../models/fashion.tflite"), 9_408, 17_376),
    ("keywords", include_bytes!("../../models/keywords.tflite"), 36_000, 49_280),
];

#[test]
fn the_least_arena_of_own_models_is_met() {
    for (name, bytes, head_bytes, least_bytes) in LEAST {
        let kept = tflm_persistent(&model(bytes), 8);
        let told = (head_bytes + kept.bytes).max(kept.start_bytes);
        assert!(told.abs_diff(least_bytes) <= MOST_BYTES, "{name}: {told}, needed {least_bytes}");
    }
}

/// The least arena with which it prepared each model was found by trying, in steps of 8 bytes or finer. With two
/// of them (`mlperf_ad01`, `hello_world_int8`) it is the start that needs most.
#[test]
fn the_least_arena_of_eight_models_is_met_where_the_start_needs_most_as_well() {
    let mut started = Vec::new();
    for (id, bytes, figures) in tflm_arenas() {
        let figure = |name: &str| figures[name].as_u64().unwrap();
        let kept = tflm_persistent(&model(&bytes), 8);
        let later = figure("head") + kept.bytes;
        let told = later.max(kept.start_bytes);
        if kept.start_bytes > later {
            started.push(id.clone());
        }
        let (least, off) =
            (figure("min_arena_size_bisected"), MOST_BYTES.max(told * MOST_PER_MYRIAD / 10_000));
        assert!(told.abs_diff(least) <= off, "{id}: {told} told, {least} needed");
        if kept.start_bytes > later {
            assert!(told >= least, "{id}: {told} told, {least} needed");
        }
    }
    started.sort_unstable();
    assert!(started.is_empty() || started == ["hello_world_int8", "mlperf_ad01"], "{started:?}");
}

#[test]
fn smaller_pointers_leave_what_holds_numbers_alone() {
    let model = model(BUNDLED);
    let (small, large) = (tflm_persistent(&model, 4), tflm_persistent(&model, 8));
    for (small, large) in small.parts.iter().zip(&large.parts) {
        assert_eq!((small.kind, small.count), (large.kind, large.count));
        let is_numbers = small.kind == tinyml_playground::report::TflmPartKind::Channels;
        assert_eq!(small.bytes == large.bytes, is_numbers, "{small:?}, {large:?}");
    }
    assert_eq!(small.bytes, small.parts.iter().map(|part| part.bytes).sum::<u64>());
    assert!(large.bytes / 2 < small.bytes && small.bytes < large.bytes);
}
