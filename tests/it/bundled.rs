//! The bundled model against the bytes that TensorFlow Lite Micro answered for it: what a clean
//! clone can prove by itself.

use crate::support::runs::{open, run_guarded};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tinyml_playground::report::{InputImage, ScheduleChoice};

const MODEL: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");
const GOLDEN: &str = include_str!("data/mobilenet_v2_035_96.golden.json");
/// The same network at 144, bundled for its memory alone.
const AT_144: &[u8] = include_bytes!("../../models/mobilenet_v2_035_144.tflite");
const GOLDEN_AT_144: &str = include_str!("data/mobilenet_v2_035_144.golden.json");

#[test]
fn its_figures_are_those_of_the_first_screen() {
    let session = open(MODEL);
    let report = session.report();
    assert_eq!(report.arena_bytes, 138_240, "135.0 KiB");
    assert_eq!(report.lower_bound_bytes, 138_240);
    assert_eq!((report.peak_bytes, report.peak_operator), (138_240, 4));
    let peak = &report.operators[4];
    assert_eq!(peak.kind, "DEPTHWISE_CONV_2D");
    assert_eq!((peak.kernel, peak.stride), (Some([3, 3]), Some([2, 2])));
    assert_eq!(report.refusal, None);
}

#[test]
fn every_operator_equals_tensorflow_lite_micro_for_noise() {
    compare_noise();
}

#[test]
fn the_network_at_144_needs_more_and_equals_tensorflow_lite_micro() {
    let session = open(AT_144);
    let report = session.report();
    assert_eq!(
        (report.arena_bytes, report.peak_bytes, report.peak_operator),
        (311_040, 311_040, 4)
    );
    let golden: Value = serde_json::from_str(GOLDEN_AT_144).unwrap();
    compare_noise_of(AT_144, &golden);
}

#[test]
fn every_operator_equals_tensorflow_lite_micro_for_a_picture() {
    compare_picture();
}

/// The case of seeded noise; also called inside a browser.
pub(crate) fn compare_noise() {
    compare_noise_of(MODEL, &serde_json::from_str(GOLDEN).unwrap());
}

fn compare_noise_of(model: &[u8], golden: &Value) {
    let session = open(model);
    assert_eq!(session.report().sha256, golden["model"]["sha256"], "the model that was answered");
    let case = &golden["cases"][0];
    assert_eq!(case["name"], "noise");
    let seed = u32::try_from(case["input"]["seed"].as_u64().unwrap()).unwrap();
    let input = session.inputs_from_noise(seed).remove(0);
    check(model, &input, case);
}

/// The case of a picture; also called inside a browser.
pub(crate) fn compare_picture() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let case = &golden["cases"][1];
    assert_eq!(case["input"]["file"], "models/samples/cat.png");
    check(MODEL, &cat(), case);
}

/// The 96x96 pixels in the middle of the picture of a cat, each channel minus 128.
fn cat() -> Vec<u8> {
    let file: &[u8] = include_bytes!("../../models/samples/cat.png");
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!((info.width, info.height, info.color_type), (128, 128, png::ColorType::Rgb));
    let rows = (16..112).map(|y| &rgb[(y * 128 + 16) * 3..][..96 * 3]);
    rows.flatten().map(|channel| channel ^ 0x80).collect()
}

fn check(model: &[u8], input: &[u8], case: &Value) {
    let hash: String = Sha256::digest(input).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, case["input"]["sha256"], "the input that was answered");
    let session = open(model);
    let run = run_guarded(&session, ScheduleChoice::Layerwise, &[input]);
    let rows = case["operators"].as_array().unwrap();
    assert_eq!(rows.len(), session.graph().nodes.len());
    for (row, capture) in rows.iter().zip(&run.captures) {
        assert_eq!(capture.as_ref().unwrap().sha256(), row[3], "operator #{} {}", row[0], row[1]);
    }
    let output: Vec<i64> =
        run.trace.outputs[0].iter().map(|byte| i64::from(byte.cast_signed())).collect();
    assert_eq!(Value::from(output), case["output"]);
    let patched = ScheduleChoice::Patched {
        stage_end: 9,
        rows: 4,
        columns: 4,
        input_image: InputImage::Streamed,
    };
    let patched = run_guarded(&session, patched, &[input]);
    assert_eq!(patched.trace.outputs, run.trace.outputs);
}
