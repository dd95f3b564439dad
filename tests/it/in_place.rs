//! Operators in place: the same bytes in less memory.

use crate::support::{
    golden::{golden_dir, golden_models},
    graphs::Graph,
    networks::Network,
    random::{Random, Seed},
    runs::{Run, open, open_for, random_patches, run_planned},
    tflite_writer::build,
};
use serde_json::Value;
use std::{fs, io::Read as _};
use tinyml_playground::{
    kernels::{Kernels, Portable, Reference},
    plan::{Strategy, solve},
    report::{InPlace, InputImage, ScheduleChoice},
    schedule::{self, Options, problem},
    session::Session,
    text::kib,
};

const MODES: [InPlace; 2] = [InPlace::Depthwise, InPlace::All];

fn run<K: Kernels>(session: &Session<K>, choice: ScheduleChoice, in_place: InPlace) -> (Run, u64) {
    let inputs = session.inputs_from_noise(21);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let planned = session.plan_in_place(choice, in_place).unwrap();
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
        let planned = session.plan_in_place(ScheduleChoice::Layerwise, InPlace::Depthwise);
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
    assert!(saved > 10_000, "{saved} bytes saved in all");
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

/// TinyEngine's allocator is first fit by size without scratch; where its output is sound, ours
/// needs the same.
#[test]
fn arenas_equal_tinyengines() {
    let Some(golden) = golden_dir() else { return };
    let text = fs::read(golden.join("tinyengine_peak.json")).unwrap();
    let known: Value = serde_json::from_slice(&text).unwrap();
    let mut compared = 0;
    for (name, rows) in known["models"].as_object().unwrap() {
        let ids = [name.clone(), format!("tinyengine_{name}"), format!("mlperf_{name}")];
        let paths = ids.iter().map(|id| golden.join(format!("models/{id}.tflite")));
        let Some(path) = paths.into_iter().find(|path| path.exists()) else { continue };
        let session = open(&fs::read(path).unwrap());
        for (row, in_place) in
            [("layerwise", InPlace::Depthwise), ("layerwise_no_inplace", InPlace::None)]
        {
            let row = &rows[row];
            let Some(peak) = row["peak_input_output"].as_u64() else { continue };
            // The released code lets buffers of identical lifespans share bytes.
            if row["live_sum_max_same_lifetimes"].as_u64().is_none_or(|live| live > peak) {
                continue;
            }
            let options = Options { in_place, ..Options::default() };
            let schedule =
                schedule::build(session.graph(), ScheduleChoice::Layerwise, &options).unwrap();
            let solution = solve(&problem(&schedule, 1), Strategy::default()).unwrap();
            assert_eq!(solution.height_bytes, peak, "{name}, {in_place:?}");
            compared += 1;
        }
    }
    println!("{compared} rows equal");
    assert!(compared >= 4);
}

/// The MCUNetV2 paper's network: 1372.0 KiB layer-wise, and with the residuals counted 196.0 KiB
/// behind the stage of four blocks, 7.0 times less.
#[test]
fn the_papers_network_in_place() {
    let packed: &[u8] = include_bytes!("../../models/mobilenet_v2_100_224.graph.tflite.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    let session = open(&bytes);
    let plan =
        |choice| session.plan_report(&session.plan_in_place(choice, InPlace::Depthwise).unwrap());
    assert_eq!(kib(plan(ScheduleChoice::Layerwise).peak_bytes), "1372.0 KiB");
    let (rows, columns, input_image) = (4, 4, InputImage::Streamed);
    let patched = plan(ScheduleChoice::Patched { stage_end: 12, rows, columns, input_image });
    assert_eq!(kib(patched.tail_peak_bytes.unwrap()), "196.0 KiB");
    assert_eq!(kib(patched.peak_bytes), "196.0 KiB");
    assert!(patched.scratch_bytes > 0, "a plane of the depthwise convolutions");
}
