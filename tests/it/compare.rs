//! `inspect compare`: two plans, of one model or of two.

use crate::command_line::{MODEL, failure, folder, json};
use std::{fs, process::Command};
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    model::Limits,
    report::{InputImage, PlanChoice, Planner, ScheduleChoice},
    session::Session,
    text::kib,
};

const OTHER: &str = "models/digits.tflite";

fn session(path: &str) -> Session<Reference> {
    Session::open(fs::read(path).unwrap().into(), Passes::default(), Limits::default()).unwrap()
}

fn arena_bytes(path: &str, choice: PlanChoice) -> u64 {
    let session = session(path);
    session.plan_report(&session.plan(choice).unwrap()).arena_bytes
}

fn words(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn patches_are_compared_with_layers() {
    let arguments = ["compare", MODEL, "--stage-end", "5", "--grid", "4x4", "--json"];
    let found = json(&arguments);
    let patches = ScheduleChoice::Patched {
        stage_end: 5,
        rows: 4,
        columns: 4,
        input_image: InputImage::Resident,
    };
    let layers = arena_bytes(MODEL, PlanChoice::default());
    let patches = arena_bytes(MODEL, patches.into());
    assert!(patches < layers);
    assert_eq!(found["a"]["arena_bytes"], layers);
    assert_eq!(found["b"]["arena_bytes"], patches);
    assert_eq!(found["a"]["sha256"], found["b"]["sha256"]);
    assert_eq!(found["differences"], "A: layer by layer. B: 4x4 patches up to #5, input resident.");
    let text = words(&arguments[..6]);
    let less = kib(layers - patches);
    assert!(text.contains(&format!("B needs {less} less (−57 %)")), "{text}");
    let arena: Vec<&str> = text.lines().filter(|line| line.starts_with("Arena")).collect();
    let cells = arena[0].split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let cells: Vec<&str> = cells.collect();
    assert_eq!(cells, ["Arena", &kib(layers), &kib(patches), &format!("−{less}")]);
}

#[test]
fn two_models_are_compared_each_by_a_plan_of_its_own() {
    let file = folder("compare").join("a.json");
    fs::write(&file, r#"{"schedule": {"kind": "layerwise"}, "planner": "no_reuse"}"#).unwrap();
    let file = file.to_str().unwrap();
    let found = json(&["compare", MODEL, OTHER, "--schedule-a", file, "--json"]);
    let apart = PlanChoice::default().with_planner(Planner::NoReuse);
    assert_eq!(found["a"]["arena_bytes"], arena_bytes(MODEL, apart));
    assert_eq!(found["b"]["arena_bytes"], arena_bytes(OTHER, PlanChoice::default()));
    assert_eq!(found["b"]["flash_bytes"], session(OTHER).report().flash_bytes);
    // The verdict judges the Flash by the whole file; so does the comparison.
    assert_eq!(found["b"]["file_bytes"], session(OTHER).report().file_bytes);
    let text = words(&["compare", MODEL, OTHER]);
    let flash = text.lines().find(|line| line.starts_with("Flash")).unwrap();
    for model in [MODEL, OTHER] {
        let file = kib(fs::metadata(model).unwrap().len());
        assert!(flash.contains(&file), "{flash} has not {file}");
    }
    let differences = found["differences"].as_str().unwrap();
    assert!(
        differences.starts_with("A: mobilenet_v2_035_96.tflite, without reuse."),
        "{differences}"
    );
    assert!(differences.contains("B: digits.tflite, planned by refined greedy."), "{differences}");
}

#[test]
fn a_model_that_is_not_there_is_named() {
    assert!(failure(&["compare", MODEL, "nowhere.tflite"]).contains("nowhere.tflite"));
    assert!(failure(&["compare", MODEL, "--stage-end", "16", "--grid", "99x99"]).contains("99"));
}
