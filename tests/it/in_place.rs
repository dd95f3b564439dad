//! Operators in place: the same bytes in less memory.

use crate::support::{
    golden::golden_models,
    graphs::Graph,
    networks::Network,
    random::{Random, Seed},
    runs::{Run, open, open_for, random_patches, run_planned},
    tflite_writer::build,
};
use std::io::Read as _;
use tinyml_playground::{
    kernels::{Kernels, Portable, Reference},
    report::{InPlace, InputImage, PlanChoice, ScheduleChoice},
    session::Session,
    text::kib,
};

const MODES: [InPlace; 2] = [InPlace::Depthwise, InPlace::All];

fn run<K: Kernels>(session: &Session<K>, choice: ScheduleChoice, in_place: InPlace) -> (Run, u64) {
    let inputs = session.inputs_from_noise(21);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let planned = session.plan(PlanChoice::from(choice).with_in_place(in_place)).unwrap();
    let report = session.plan_report(&planned);
    assert!(report.arena_bytes >= report.peak_bytes);
    (run_planned(session, &planned, &inputs), report.peak_bytes)
}

/// Runs a choice with everything in its own place and in place; returns how much the peak sank.
fn check<K: Kernels>(session: &Session<K>, choice: ScheduleChoice) -> u64 {
    let (plain, plain_peak) = run(session, choice, InPlace::None);
    let mut least = plain_peak;
    for in_place in MODES {
        let (run, peak) = run(session, choice, in_place);
        assert_eq!(run.trace.outputs, plain.trace.outputs, "{choice:?}, {in_place:?}");
        assert_eq!(run.trace.macs, plain.trace.macs);
        for (found, expected) in run.captures.iter().zip(&plain.captures) {
            let maps = found.as_ref().zip(expected.as_ref());
            assert!(maps.is_none_or(|(a, b)| a.bytes == b.bytes), "{choice:?}, {in_place:?}");
        }
        assert!(peak <= least, "{choice:?}: {in_place:?} takes more than less in place");
        least = peak;
    }
    plain_peak - least
}

#[test]
fn golden_models_give_the_same_bytes_in_place() {
    for (id, bytes) in golden_models() {
        let session = open(&bytes);
        check(&session, ScheduleChoice::Layerwise);
        check(&open_for::<Portable>(&bytes), ScheduleChoice::Layerwise);
        let planned = session
            .plan(PlanChoice::from(ScheduleChoice::Layerwise).with_in_place(InPlace::Depthwise));
        let peak = session.plan_report(&planned.unwrap()).peak_bytes;
        assert_eq!(peak, session.report().depthwise_in_place_peak_bytes, "{id}: two countings");
    }
}

#[test]
fn random_networks_give_the_same_bytes_in_place_and_in_patches() {
    check_networks::<Reference>(400);
    check_networks::<Portable>(400);
}

fn check_networks<K: Kernels>(count: u64) {
    let mut saved = 0;
    for seed in 0..count {
        let _seed = Seed(seed);
        let session = open_for::<K>(&Network::build(seed));
        saved += check(&session, ScheduleChoice::Layerwise);
        for choice in random_patches(&session, &mut Random::new(seed + 5)) {
            saved += check(&session, choice);
        }
    }
    println!("{saved} bytes saved in all");
    assert!(saved > 10_000);
}

#[test]
fn random_graphs_give_the_same_bytes_in_place() {
    let mut saved = 0;
    for seed in 0..600 {
        let _seed = Seed(seed);
        let session = open(&build(&Graph::build(seed)));
        saved += check(&session, ScheduleChoice::Layerwise);
    }
    assert!(saved > 1_000, "{saved}");
}

/// The MCUNetV2 paper's network: 1372.0 KiB layer-wise, and with the residuals counted 196.0 KiB
/// behind the stage of four blocks, 7.0 times less.
#[test]
fn the_papers_network_in_place() {
    let packed: &[u8] = include_bytes!("../../models/mobilenet_v2_100_224.graph.tflite.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    let session = open(&bytes);
    let plan = |choice: ScheduleChoice| {
        session.plan_report(
            &session.plan(PlanChoice::from(choice).with_in_place(InPlace::Depthwise)).unwrap(),
        )
    };
    assert_eq!(kib(plan(ScheduleChoice::Layerwise).peak_bytes), "1372.0 KiB");
    let (rows, columns, input_image) = (4, 4, InputImage::Streamed);
    let patched = plan(ScheduleChoice::Patched { stage_end: 12, rows, columns, input_image });
    assert_eq!(kib(patched.tail_peak_bytes.unwrap()), "196.0 KiB");
    assert_eq!(kib(patched.peak_bytes), "196.0 KiB");
    assert!(patched.scratch_bytes > 0, "a plane of the depthwise convolutions");
}
