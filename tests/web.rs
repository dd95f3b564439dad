//! Runs inside a headless browser: what the core proves natively holds in WebAssembly too.
//!
//! `cargo test --target wasm32-unknown-unknown --test web`, with chromedriver on the PATH.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "in a test a panic is an answer, and sizes are small"
)]

#[path = "it/bundled.rs"]
mod bundled;
#[path = "it/kernel_vectors.rs"]
mod kernel_vectors;
#[path = "it/support/mod.rs"]
mod support;

use support::runs::{open, open_for, random_patches, run_compared, run_guarded, run_planned};
use tinyml_playground::{
    kernels::{Portable, Reference, Simd128},
    quant::Multiplier,
    report::{InPlace, InputImage, PlanChoice, ScheduleChoice},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn multipliers_round_as_they_do_natively() {
    let half = Multiplier::from_real(0.5).unwrap();
    assert_eq!(half, Multiplier { fixed: 1 << 30, shift: 0 });
    assert_eq!([-3, -1, 1, 3].map(|value| half.apply(value)), [-1, 0, 1, 2]);
    let small = Multiplier::from_real(0.003_921_568_627_450_98).unwrap();
    assert_eq!(
        [i32::MIN, -255, 255, i32::MAX].map(|v| small.apply(v)),
        [-8_421_505, -1, 1, 8_421_504]
    );
    assert_eq!(Multiplier::from_real(f64::NAN), None);
}

#[wasm_bindgen_test]
fn every_kind_of_operator_equals_tensorflow_lite_micro() {
    kernel_vectors::compare_all::<Reference>();
    kernel_vectors::compare_all::<Portable>();
    kernel_vectors::compare_all::<Simd128>();
}

/// Networks of every mix of strides, dilations, paddings and residuals, layer by layer, in patches
/// and in place: each step equals the map that the reference kernels compute.
#[wasm_bindgen_test]
fn vector_kernels_equal_the_reference_in_every_step() {
    let mut steps = 0;
    for seed in 0..120 {
        let bytes = support::networks::Network::build(seed);
        let (session, simd128) = (open(&bytes), open_for::<Simd128>(&bytes));
        let inputs = session.inputs_from_noise(seed as u32);
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let whole = run_guarded(&session, ScheduleChoice::Layerwise, &inputs);
        steps += run_compared(&simd128, ScheduleChoice::Layerwise, &inputs, &whole);
        let mut random = support::random::Random::new(seed + 2);
        for choice in random_patches(&simd128, &mut random) {
            steps += run_compared(&simd128, choice, &inputs, &whole);
        }
        let planned = simd128.plan(PlanChoice::default().with_in_place(InPlace::All)).unwrap();
        let in_place = run_planned(&simd128, &planned, &inputs);
        assert_eq!(in_place.trace.outputs, whole.trace.outputs, "seed {seed}");
    }
    assert!(steps > 15_000, "{steps} steps");
}

#[wasm_bindgen_test]
fn the_bundled_model_equals_tensorflow_lite_micro_for_noise() {
    bundled::compare_noise();
}

#[wasm_bindgen_test]
fn the_bundled_model_equals_tensorflow_lite_micro_for_a_picture() {
    bundled::compare_picture();
}

/// A guarded and poisoned arena of exactly the planned size, in patches of every square grid.
#[wasm_bindgen_test]
fn patches_give_the_same_bytes() {
    let session = open(include_bytes!("../models/mobilenet_v2_035_96.tflite"));
    let inputs = session.inputs_from_noise(9);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let whole = run_guarded(&session, ScheduleChoice::Layerwise, &inputs);
    for (stage_end, side) in [(4, 5), (9, 3), (12, 4), (27, 2)] {
        for input_image in [InputImage::Resident, InputImage::Streamed] {
            let (rows, columns) = (side, side + 1);
            let choice = ScheduleChoice::Patched { stage_end, rows, columns, input_image };
            let patched = run_guarded(&session, choice, &inputs);
            assert_eq!(patched.trace.outputs, whole.trace.outputs, "{choice:?}");
        }
    }
}

/// Addresses have 32 bits here: sizes that would overflow them are refused, not wrapped.
#[wasm_bindgen_test]
fn broken_files_are_answered() {
    use tinyml_playground::{report::Passes, session::Session};
    let model = include_bytes!("../models/mobilenet_v2_035_96.tflite");
    let mut random = support::random::Random::new(11);
    let mut opened = 0;
    for _ in 0..300 {
        let mut mutant = model[..].to_vec();
        // The tables lie behind the weights: aim at them.
        for _ in 0..4 {
            let at = mutant.len() - 1 - random.below(200_000);
            mutant[at] = random.byte();
        }
        let limits = tinyml_playground::model::Limits::default();
        let session = Session::<Reference>::open(mutant.into(), Passes::default(), limits);
        opened += usize::from(
            session.is_ok_and(|session| session.plan(ScheduleChoice::Layerwise).is_ok()),
        );
    }
    assert!((1..300).contains(&opened), "{opened} of 300 mutants opened");
}

/// Outputs of the bundled model, layer by layer and in patches, with a set of kernels.
fn outputs<K: tinyml_playground::kernels::Kernels>() -> Vec<Vec<u8>> {
    use tinyml_playground::{
        graph::Passes,
        model::Limits,
        session::{Recorder, Session},
    };
    let model = include_bytes!("../models/mobilenet_v2_035_96.tflite");
    let session =
        Session::<K>::open(model[..].into(), Passes::default(), Limits::default()).unwrap();
    let inputs = session.inputs_from_noise(5);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let patched = ScheduleChoice::Patched {
        stage_end: 9,
        rows: 3,
        columns: 4,
        input_image: InputImage::Streamed,
    };
    let choices = [ScheduleChoice::Layerwise, patched];
    let outputs = choices.into_iter().flat_map(|choice| {
        let planned = session.plan(choice).unwrap();
        let mut arena = Session::<K>::arena(&planned).unwrap();
        let mut recorder = Recorder::new(session.graph());
        session.run(&planned, &inputs, &mut arena, &mut recorder).unwrap().outputs
    });
    outputs.collect()
}

#[wasm_bindgen_test]
fn all_sets_of_kernels_give_the_same_outputs() {
    use tinyml_playground::kernels::{Portable, Reference, Simd128};
    let expected = outputs::<Reference>();
    assert_eq!(expected.len(), 2);
    assert_eq!(expected[0], expected[1], "in patches as layer by layer");
    assert_eq!(outputs::<Portable>(), expected);
    assert_eq!(outputs::<Simd128>(), expected);
    #[cfg(feature = "relaxed-simd")]
    assert_eq!(outputs::<tinyml_playground::kernels::RelaxedSimd>(), expected);
}

/// The page asks the browser about these very modules.
#[wasm_bindgen_test]
fn the_browser_takes_the_probes_of_all_sets() {
    use tinyml_playground::ui::kernel_set::{KernelSet, Support};
    let takes =
        |module: &[u8]| js_sys::WebAssembly::validate(&js_sys::Uint8Array::from(module)).unwrap();
    let support = Support::ask(takes, |_| false);
    assert!(KernelSet::ALL.into_iter().all(|set| support.has(set)), "{support:?}");
    assert!(!takes(&KernelSet::Simd128.probe()[..20]), "half a module is none");
}
