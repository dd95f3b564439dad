//! `inspect explain`: what error lines of other programs mean for a model.

use crate::support::golden::tflm_arenas;
use serde_json::Value;
use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};
use tinyml_playground::{
    error_line::read,
    graph::Passes,
    kernels::Reference,
    model::Limits,
    session::Session,
    text::explanation::{Known, explain},
};

const MODEL: &str = "models/mobilenet_v2_035_96.tflite";

/// The refusal of an arena that has 100,000 bytes left for this model's activations.
const NO_ROOM: &str =
    "tflite: Failed to resize buffer. Requested: 138240, available 100000, missing: 38240";

fn inspect(arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .arg("explain")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A process that wants no input may have ended before it is written.
    process.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    process.wait_with_output().unwrap()
}

#[track_caller]
fn told(arguments: &[&str], input: &str) -> String {
    let output = inspect(arguments, input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_refused_arena_is_explained_with_the_models_numbers() {
    let text = told(&[MODEL, "--sram", "131072", "--line", NO_ROOM], "");
    for words in [
        "needed 135.0 KiB (138,240 bytes), available 97.7 KiB (100,000 bytes), difference 37.3 KiB",
        "exactly what this model's activations take here",
        "patches up to #5",
        "fits the 97.7 KiB that are left",
        "The target chosen here (128.0 KiB) is too small for the ",
        " that this model needs (",
        "The smallest board listed here with ",
        "STM32F412, 256.0 KiB",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
}

#[test]
fn json_holds_the_message_and_its_explanation() {
    let lines = format!("{NO_ROOM}\nDidn't find op for builtin opcode 'SVDF' version '2'\n");
    let value: Value = serde_json::from_str(&told(&[MODEL, "--json"], &lines)).unwrap();
    let explained = value["explained"].as_array().unwrap();
    assert_eq!(explained.len(), 2);
    let first = &explained[0];
    assert_eq!(first["message"]["kind"], "refused");
    assert_eq!(first["message"]["step"], "head");
    assert_eq!(first["message"]["missing"], 38_240);
    let whole = &first["explanation"]["balances"][1];
    let difference = whole["needed_bytes"].as_u64().unwrap() - 38_240;
    assert_eq!(whole["available_bytes"], difference);
    assert_eq!(first["explanation"]["operators"], serde_json::json!([4]));
    let second = &explained[1]["explanation"];
    assert!(second["sentences"][1].as_str().unwrap().contains("of another model"), "{second}");
}

#[test]
fn what_is_not_known_fails_and_says_what_is() {
    for input in ["", "Segmentation fault", "\u{1b}[31m\0\u{202e}", "region"] {
        let output = inspect(&[MODEL], input);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty(), "errors go to stderr");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains("Not known") && words.contains("armlink"), "{words}");
    }
}

/// The least arena with which TensorFlow Lite Micro prepared each model was found by trying, on a
/// host of 64 bits. Its activations are what the report says, to the byte.
#[test]
fn the_arena_that_is_told_is_the_one_that_was_needed() {
    for (id, bytes, figures) in tflm_arenas() {
        let session =
            Session::<Reference>::open(bytes.into(), Passes::default(), Limits::default()).unwrap();
        let model = session.report();
        let head = figures["head"].as_u64().unwrap();
        assert_eq!(model.tflm_arena_bytes, head, "{id}");
        let least = figures["min_arena_size_bisected"].as_u64().unwrap();
        let left = head - 16;
        let line = format!(
            "Failed to resize buffer. Requested: {head}, available {left}, missing: {}",
            head - left
        );
        let known = Known { model, sram_bytes: None, plans: &[], boards: &[] };
        let told = explain(&read(&line)[0], &known);
        assert!(told.sentences[1].contains("exactly"), "{id}: {:?}", told.sentences);
        // Pointers are half as wide on the targets that are told of, so what stays is less there.
        let needed = told.balances[1].needed_bytes.unwrap();
        assert!(head < needed && needed <= least, "{id}: {needed} of {least}");
    }
}
