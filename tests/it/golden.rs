//! The engine against TensorFlow Lite Micro's bytes and independent memory figures.
//!
//! The golden folder is not part of the project; without it these tests say so and end. What the
//! project carries of its own is in `bundled.rs` and `kernel_vectors.rs`.

use crate::support::{
    golden::golden_dir,
    runs::{open, open_for, run_guarded},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{fs, path::Path};
use tinyml_playground::{
    kernels::{Kernels, Native, Portable, Reference},
    report::{InputImage, ScheduleChoice},
    session::Session,
};

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The ids of the golden models, with the bytes of each.
fn models(golden: &Path) -> Vec<(String, Vec<u8>)> {
    let mut ids: Vec<_> = fs::read_dir(golden.join("golden"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    ids.sort();
    let bytes = |id: &String| fs::read(golden.join(format!("models/{id}.tflite"))).unwrap();
    ids.iter().map(|id| (id.clone(), bytes(id))).collect()
}

#[test]
fn every_operator_of_every_model_equals_tensorflow_lite_micro() {
    let compared = compare_operators::<Reference>();
    println!("{compared} operator outputs equal");
}

#[test]
fn every_operator_of_the_native_kernels_equals_tensorflow_lite_micro() {
    let compared = compare_operators::<Native>();
    println!("{compared} operator outputs equal");
}

#[test]
fn every_operator_of_the_portable_kernels_equals_tensorflow_lite_micro() {
    let compared = compare_operators::<Portable>();
    println!("{compared} operator outputs equal");
}

/// Compares every operator's output and the files'; how many operators that were.
fn compare_operators<K: Kernels>() -> usize {
    let Some(golden) = golden_dir() else { return 0 };
    let (mut compared_operators, mut compared_outputs) = (0, 0);
    for (id, bytes) in models(&golden) {
        let session = open_for::<K>(&bytes);
        let folder = golden.join("golden").join(&id);
        let layers = json(&folder.join("layer_hashes.json"));
        for (case, hashes) in layers["hashes"].as_object().unwrap() {
            let input = input_of(&folder, case);
            let run = run_guarded(&session, ScheduleChoice::Layerwise, &[&input]);
            for (node, capture) in session.graph().nodes.iter().zip(&run.captures) {
                let expected = hashes["canonical"][node.index].as_str().unwrap();
                let kind = &layers["order"][node.index][1];
                let found = capture.as_ref().unwrap().sha256();
                assert_eq!(found, expected, "{id}, {case}, operator #{} {kind}", node.index);
                compared_operators += 1;
            }
            compared_outputs += check_outputs(&session, &run.trace, &folder, case);
        }
    }
    assert!(compared_operators > 1000 && compared_outputs >= 40);
    compared_operators
}

/// The case's input: the quantized tensor where the file's own input is float.
fn input_of(folder: &Path, case: &str) -> Vec<u8> {
    let int8 = folder.join(format!("in0_{case}_int8.bin"));
    let plain = folder.join(format!("in0_{case}.bin"));
    fs::read(if int8.exists() { int8 } else { plain }).unwrap()
}

fn check_outputs<K: Kernels>(
    session: &Session<K>,
    trace: &tinyml_playground::exec::Trace,
    folder: &Path,
    case: &str,
) -> usize {
    let mut compared = 0;
    let expected = fs::read(folder.join(format!("out0_{case}.bin"))).unwrap();
    assert!(session.output_bytes(trace, 0) == expected, "{}, {case}", folder.display());
    compared += 1;
    if let Ok(expected) = fs::read(folder.join(format!("out0_{case}_int8.bin"))) {
        assert!(trace.outputs[0] == expected, "{}, {case}, int8", folder.display());
        compared += 1;
    }
    compared
}

#[test]
fn without_passes_every_operator_still_equals_tensorflow_lite_micro() {
    let Some(golden) = golden_dir() else { return };
    let bytes = fs::read(golden.join("models/tinyengine_vww.tflite")).unwrap();
    let session = open(&bytes).with_passes(tinyml_playground::graph::Passes::NONE).unwrap();
    compare_without_passes(&golden, &session);
    let session = open_for::<Portable>(&bytes);
    let session = session.with_passes(tinyml_playground::graph::Passes::NONE).unwrap();
    compare_without_passes(&golden, &session);
}

fn compare_without_passes<K: Kernels>(golden: &Path, session: &Session<K>) {
    let folder = golden.join("golden/tinyengine_vww");
    let layers = json(&folder.join("layer_hashes.json"));
    // The float input that the golden engine quantized: (q - zero point) * scale.
    let quantized = input_of(&folder, "seed1");
    let graph = session.graph();
    let params = graph.tensor(graph.nodes[0].outputs[0]).quantization.unwrap();
    let real = quantized
        .iter()
        .map(|byte| tinyml_playground::quant::dequantize(byte.cast_signed(), params).to_le_bytes());
    let input: Vec<u8> = real.flatten().collect();
    let run = run_guarded(session, ScheduleChoice::Layerwise, &[&input]);
    assert_eq!(graph.nodes.len(), 63, "nothing is taken out");
    for (node, capture) in graph.nodes.iter().zip(&run.captures) {
        let expected = layers["hashes"]["seed1"]["canonical"][node.index].as_str().unwrap();
        assert_eq!(capture.as_ref().unwrap().sha256(), expected, "operator #{}", node.index);
    }
    let patched = ScheduleChoice::Patched {
        stage_end: 16,
        rows: 3,
        columns: 2,
        input_image: InputImage::Streamed,
    };
    let patched = run_guarded(session, patched, &[&input]);
    assert_eq!(patched.trace.outputs, run.trace.outputs, "PAD and QUANTIZE inside the stage");
}

#[test]
fn memory_figures_equal_the_independent_ones() {
    let Some(golden) = golden_dir() else { return };
    let expectations = json(&golden.join("memory_expectations.json"));
    let mut compared = 0;
    for (id, expected) in expectations["models"].as_object().unwrap() {
        let bytes = fs::read(golden.join(format!("models/{id}.tflite"))).unwrap();
        let session = open(&bytes);
        let report = session.report();
        let check = |found: u64, name: &str| {
            assert_eq!(found, expected[name].as_u64().unwrap(), "{id}, {name}");
        };
        check(report.as_stored_peak_bytes, "as_stored_peak");
        check(report.peak_bytes, "layerwise_peak");
        check(report.depthwise_in_place_peak_bytes, "depthwise_in_place_peak");
        check(report.macs, "macs");
        compared += 4;
        for row in expected["patch"].as_array().unwrap() {
            compared += check_patch_row(&session, id, row);
        }
    }
    println!("{compared} figures equal");
    assert!(compared > 400);
}

fn check_patch_row(session: &Session<Reference>, id: &str, row: &Value) -> usize {
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let plan = |input_image| {
        let choice = ScheduleChoice::Patched {
            stage_end: number(&row["stage_end"]),
            rows: number(&row["grid"][0]),
            columns: number(&row["grid"][1]),
            input_image,
        };
        session.plan_report(&session.plan(choice).unwrap())
    };
    let (resident, streamed) = (plan(InputImage::Resident), plan(InputImage::Streamed));
    let stage_end = number(&row["stage_end"]);
    assert!(session.report().stage_ends.contains(&stage_end), "{id}: #{stage_end} is a stage end");
    let check = |found: Option<u64>, name: &str| {
        assert_eq!(found, row[name].as_u64(), "{id}, {name}, {row}");
    };
    check(resident.stage_peak_bytes, "stage_peak");
    check(resident.tail_peak_bytes, "tail_peak");
    check(streamed.stage_peak_bytes, "streamed_stage_peak");
    check(streamed.tail_peak_bytes, "tail_peak");
    check(Some(resident.macs), "macs_patch");
    check(Some(streamed.macs), "macs_patch");
    6
}

#[test]
fn golden_bytes_themselves_are_as_their_hashes_say() {
    let Some(golden) = golden_dir() else { return };
    // Guards the comparison above against a folder that was damaged on its way.
    let folder = golden.join("golden/person_detect");
    let layers = json(&folder.join("layer_hashes.json"));
    let last = layers["hashes"]["seed1"]["canonical"][30].as_str().unwrap();
    assert_eq!(sha256(&fs::read(folder.join("out0_seed1.bin")).unwrap()), last);
}
