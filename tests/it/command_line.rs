//! `inspect` as a script uses it: names and meanings of its JSON, errors on stderr, exit codes.

use crate::support::{
    golden::golden_dir,
    graphs::{branches, two_poolings},
    networks::padded_float_boundary,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tinyml_playground::{model::Padding, quant::Activation};

pub(crate) const MODEL: &str = "models/mobilenet_v2_035_96.tflite";

pub(crate) fn inspect(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_inspect"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

#[track_caller]
pub(crate) fn json(arguments: &[&str]) -> Value {
    let output = inspect(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A folder of this test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The error message of a command that must fail.
#[track_caller]
pub(crate) fn failure(arguments: &[&str]) -> String {
    let output = inspect(arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert!(output.stdout.is_empty(), "errors go to stderr");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn report_keeps_its_names() {
    let report = json(&["report", MODEL, "--json"]);
    let figures = [
        ("macs", 9_365_008),
        ("as_stored_peak_bytes", 138_240),
        ("peak_bytes", 138_240),
        ("peak_operator", 4),
        ("depthwise_in_place_peak_bytes", 129_024),
        ("arena_bytes", 138_240),
        ("lower_bound_bytes", 138_240),
    ];
    for (name, expected) in figures {
        assert_eq!(report[name], expected, "{name}");
    }
    assert!(report["flash_bytes"].as_u64().unwrap() > 250_000);
    let operator = &report["operators"][4];
    assert_eq!(operator["index"], 4);
    assert_eq!(operator["kind"], "DEPTHWISE_CONV_2D");
    assert_eq!(operator["macs"], 24 * 24 * 48 * 9);
    assert_eq!(operator["live_bytes"], 138_240);
    assert_eq!(operator["output_shape"], serde_json::json!([1, 24, 24, 48]));
}

#[test]
fn report_answers_whether_it_fits_by_its_exit_code() {
    let over = inspect(&["report", MODEL, "--sram", "131072"]);
    assert_eq!(over.status.code(), Some(3));
    let text = String::from_utf8(over.stdout).unwrap();
    let sentence = "Does not fit: 135.0 KiB needed, 128.0 KiB available (7.0 KiB over).";
    assert!(text.starts_with(sentence), "{text}");
    assert!(text.contains("Arena: address upwards"), "the arena is drawn");
    assert_eq!(inspect(&["report", MODEL, "--sram", "138240"]).status.code(), Some(0));
    // Blocks of one's own are needed in the same SRAM.
    let with =
        |frame: &str| ["report", MODEL, "--sram", "200000", "--block", frame].map(str::to_owned);
    let with = |frame: &str| inspect(&with(frame).each_ref().map(String::as_str));
    let text = String::from_utf8(with("camera frame=61760").stdout).unwrap();
    assert!(text.starts_with("Fits: 195.3 KiB needed, 195.3 KiB available"), "{text}");
    assert!(text.contains("61,760 bytes own blocks") && text.contains("camera frame"), "{text}");
    assert_eq!(with("camera frame=61761").status.code(), Some(3));
    assert_eq!(with("frame=-1").status.code(), Some(2));
    let both = ["report", MODEL, "--json", "--sram", "138241", "--block", "a=1", "--block", "b=1"];
    let both = inspect(&both);
    assert_eq!(both.status.code(), Some(3));
    let both: Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!(both["fits"], false);
    assert_eq!(both["blocks"][1]["name"], "b");
}

#[test]
fn report_estimates_what_an_interpreter_keeps() {
    let estimate = &json(&["report", MODEL, "--json"])["tflm_persistent_estimate"];
    assert_eq!(estimate["pointer_bytes"], 4);
    assert_eq!(estimate["unknown_operators"], 0);
    let parts = estimate["parts"].as_array().unwrap();
    let sum: u64 = parts.iter().map(|part| part["bytes"].as_u64().unwrap()).sum();
    assert_eq!(estimate["bytes"], sum);
    let tensors = &parts[0];
    assert_eq!((&tensors["kind"], &tensors["count"]), (&"tensors".into(), &170.into()));
    assert_eq!(tensors["bytes"], 170 * 12);
    let text = String::from_utf8(inspect(&["report", MODEL]).stdout).unwrap();
    assert!(text.contains("TFLM keeps, estimated"), "{text}");
}

#[test]
fn export_writes_to_a_file_or_to_standard_output() {
    let folder = folder("export");
    let path = folder.join("planned.tflite");
    let path = path.to_str().unwrap();
    let summary = json(&["export", MODEL, "--format", "tflite", "--output", path, "--json"]);
    assert_eq!(summary["arena_bytes"], 138_240);
    assert_eq!(summary["format"], "tflite");
    assert_eq!(summary["file_bytes"], fs::metadata(path).unwrap().len());
    let written = json(&["report", path, "--json"]);
    assert_eq!(written["operators"], json(&["report", MODEL, "--json"])["operators"]);
    let piped = inspect(&["export", MODEL, "--format", "tflite"]);
    assert!(piped.status.success());
    assert_eq!(piped.stdout, fs::read(path).unwrap());
    let stage = ["--stage-end", "9", "--grid", "2x2", "--in-place", "depthwise"];
    let patched = json(&[&["patch", MODEL, "--json"], &stage[..]].concat());
    let arena_bytes = patched["arena_bytes"].as_u64().unwrap();
    let export = |format: &str| {
        let output = inspect(&[&["export", MODEL, "--format", format], &stage[..]].concat());
        assert!(output.status.success(), "{format}");
        String::from_utf8(output.stdout).unwrap()
    };
    let size = format!("#define MOBILENET_V2_035_96_ARENA_BYTES {arena_bytes}\n");
    assert!(export("c-header").contains(&size));
    assert!(export("minimalloc").starts_with("id,lower,upper,size,offset\n"));
    let trace: Value = serde_json::from_str(&export("trace")).unwrap();
    assert_eq!(trace["otherData"]["arena_bytes"], arena_bytes);
}

#[test]
fn export_refuses_a_plan_that_the_format_cannot_hold() {
    let export = ["export", MODEL, "--format", "tflite"];
    let stage = ["--stage-end", "9", "--grid", "2x2"];
    let refusal = failure(&[&export[..], &stage[..]].concat());
    assert_eq!(
        refusal,
        "error: TensorFlow Lite Micro cannot take this plan: it runs operators in patches.\n\
         Choose the layer-wise schedule.\n"
    );
    let refusal = failure(&[&export[..], &["--in-place", "all"]].concat());
    assert!(refusal.contains("is written over an input"), "{refusal}");
    let model = folder("export").join("boundary.tflite");
    fs::write(&model, build(&padded_float_boundary(false))).unwrap();
    let model = model.to_str().unwrap();
    let export = ["export", model, "--format", "tflite", "--output", "/dev/null"];
    let refusal = failure(&export);
    assert!(refusal.contains("passes took 3 of the file's operators out"), "{refusal}");
    assert!(refusal.contains("Give --keep-pad --keep-float-boundary."), "{refusal}");
    let stored = [&export[..], &["--keep-pad", "--keep-float-boundary"]].concat();
    assert!(inspect(&stored).status.success());
    let lost = failure(&["export", MODEL, "--format", "trace", "--json"]);
    assert!(lost.contains("Give --output FILE."), "{lost}");
}

#[test]
fn patch_keeps_its_names() {
    let grid = ["--stage-end", "9", "--grid", "4x4", "--input-image", "streamed", "--json"];
    let patch = json(&[&["patch", MODEL], &grid[..], &["--in-place", "none"]].concat());
    let number = |name: &str| patch[name].as_u64().unwrap();
    assert_eq!(number("peak_bytes"), number("stage_peak_bytes").max(number("tail_peak_bytes")));
    assert!(number("arena_bytes") >= number("peak_bytes"));
    assert!(number("macs") > number("macs_layerwise"));
    assert_eq!(number("macs_layerwise"), 9_365_008);
}

#[test]
fn run_writes_outputs_and_prints_what_it_counted() {
    let folder = folder("run");
    let (input, output) = (folder.join("in0.bin"), folder.join("out"));
    fs::write(&input, vec![7; 96 * 96 * 3]).unwrap();
    let (input, output) = (input.to_str().unwrap(), output.to_str().unwrap());
    let common = ["run", MODEL, "--input", input, "--json"];
    let whole = json(&[&common[..], &["--output", output, "--layers"]].concat());
    let patches = ["--stage-end", "9", "--grid", "3x2", "--kernels", "reference"];
    let patched = json(&[&common[..], &patches[..]].concat());
    assert_eq!([&whole["kernels"], &patched["kernels"]], ["native", "reference"]);
    assert_eq!(whole["repeats"], 1);
    assert_eq!(whole["arena_bytes"], 138_240);
    assert_eq!(whole["macs"], 9_365_008);
    assert!(patched["macs"].as_u64() > whole["macs"].as_u64());
    assert_eq!(whole["outputs"][0]["sha256"], patched["outputs"][0]["sha256"]);
    assert_eq!(whole["operators"].as_array().unwrap().len(), 64);
    assert_eq!(whole["operators"][63]["kind"], "SOFTMAX");
    let last = &whole["operators"][63]["output_sha256"];
    assert_eq!(last, &whole["outputs"][0]["sha256"], "the last operator's output is the model's");
    assert_eq!(fs::read(format!("{output}/out0.bin")).unwrap().len(), 10);
}

#[test]
fn both_sets_of_kernels_give_the_same_bytes_of_every_operator() {
    let folder = folder("kernels");
    let input = folder.join("in0.bin");
    let noise: Vec<u8> = (0..96 * 96 * 3u32).map(|i| (i * i % 251) as u8).collect();
    fs::write(&input, noise).unwrap();
    let run = |set| {
        let input = input.to_str().unwrap();
        json(&["run", MODEL, "--input", input, "--layers", "--json", "--kernels", set])
    };
    let (portable, reference) = (run("portable"), run("reference"));
    assert_eq!(portable["operators"].as_array().unwrap().len(), 64);
    assert_eq!(portable["operators"], reference["operators"]);
    assert_eq!(portable["macs"], reference["macs"]);
    let words = failure(&["run", MODEL, "--input", MODEL, "--kernels", "simd128"]);
    assert!(words.contains("portable") && words.contains("reference"), "{words}");
}

#[test]
fn behind_a_float_boundary_both_outputs_are_written() {
    let Some(golden) = golden_dir() else { return };
    let model = golden.join("models/tinyengine_vww.tflite");
    let case = |name: &str| golden.join("golden/tinyengine_vww").join(name);
    let output = folder("boundary");
    let input = case("in0_seed1_int8.bin");
    let paths = [&model, &input, &output].map(|path| path.to_str().unwrap());
    let report = json(&["run", paths[0], "--input", paths[1], "--output", paths[2], "--json"]);
    for name in ["out0", "out0_int8"] {
        let seed = name.replace("out0", "out0_seed1");
        let (found, expected) = (output.join(format!("{name}.bin")), case(&format!("{seed}.bin")));
        assert_eq!(fs::read(found).unwrap(), fs::read(expected).unwrap(), "{name}");
    }
    assert!(report["outputs"][0]["int8_sha256"].is_string());
    assert_eq!(report["outputs"][0]["tensor"], 78, "the float tensor of the file");
}

#[test]
fn plan_reads_minimallocs_format() {
    let folder = folder("plan");
    let problem = folder.join("problem.csv");
    fs::write(&problem, "id,lower,upper,size\nb1,0,3,4\nb2,3,9,4\nb3,0,9,4\nb4,9,21,4\n").unwrap();
    let path = problem.to_str().unwrap();
    let plan = json(&["plan", path, "--capacity", "8", "--time-limit", "5", "--json"]);
    assert_eq!(plan["height"], 8);
    assert_eq!(plan["lower_bound"], 8);
    assert_eq!(plan["optimal"], true);
    assert_eq!(plan["offsets"].as_array().unwrap().len(), 4);
    assert_eq!(inspect(&["plan", path, "--capacity", "7"]).status.code(), Some(3));
    let text = String::from_utf8(inspect(&["plan", path]).stdout).unwrap();
    assert!(text.starts_with("id,lower,upper,size,offset\nb1,0,3,4,"), "{text}");
}

#[test]
fn broken_files_are_named_with_advice() {
    let folder = folder("broken");
    let bundled = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(MODEL)).unwrap();
    let cases: [(&str, &[u8], &str, &str); 4] = [
        ("empty.tflite", b"", "The file is empty.", "."),
        ("zip.tflite", b"PK\x03\x04 and more bytes", "not a .tflite file", "unpack it"),
        ("noise.tflite", &[0x5a; 500], "not a .tflite file", "."),
        ("cut.tflite", &bundled[..300_000], "the file ends at byte 300,000", "Download it again"),
    ];
    for (name, bytes, message, advice) in cases {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let text = failure(&["report", path.to_str().unwrap()]);
        let lower = text.to_lowercase();
        assert!(text.starts_with("error: "), "{name}: {text}");
        assert!(lower.contains(&message.to_lowercase()), "{name}: {text}");
        assert!(text.contains(advice), "{name}: {text}");
    }
    assert!(failure(&["report", "no/such/file.tflite"]).contains("no/such/file.tflite"));
}

#[test]
fn choices_without_sense_say_what_would_make_sense() {
    let patch =
        |end: &str, grid: &str| failure(&["patch", MODEL, "--stage-end", end, "--grid", grid]);
    assert!(patch("9", "25x1").contains("1x1 to 24x24"), "{}", patch("9", "25x1"));
    assert!(patch("9", "0x1").contains("1x1 to 24x24"));
    assert!(patch("6", "2x2").contains("still needed"), "{}", patch("6", "2x2"));
    assert!(patch("62", "1x1").contains("#61"), "{}", patch("62", "1x1"));
    assert!(patch("999", "1x1").contains("no operator #999"));
    assert!(patch("9", "4by4").contains("rows x columns"));
    let short = folder("choices").join("short.bin");
    fs::write(&short, [0; 5]).unwrap();
    let text = failure(&["run", MODEL, "--input", short.to_str().unwrap()]);
    assert!(text.contains("5 bytes") && text.contains("27648"), "{text}");
}

/// A file of this test's own.
fn model_file(folder_name: &str, model: &ModelSpec) -> String {
    let path = folder(folder_name).join("model.tflite");
    fs::write(&path, build(model)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// 1x4x4x1 maps, the first one the caller's; ADD of two of them into a third.
fn maps_and_sums(maps: usize, sums: &[[i32; 3]]) -> ModelSpec {
    let mut model = ModelSpec::default();
    for _ in 0..maps {
        model.tensor(TensorSpec::int8("map", &[1, 4, 4, 1]).quantized(0.5, 0));
    }
    for &[left, right, output] in sums {
        let options = OptionsSpec::Add { activation: Activation::None };
        model.operator(OperatorSpec::new(kind::ADD, options, &[left, right], &[output]));
    }
    (model.inputs, model.outputs) = (vec![0], vec![maps as i32 - 1]);
    model
}

#[test]
fn graphs_and_shapes_without_sense_are_named() {
    let cyclic = model_file("cyclic", &maps_and_sums(3, &[[0, 2, 1], [1, 0, 2]]));
    let text = failure(&["report", &cyclic]);
    assert!(text.contains("the graph has a cycle") && text.contains("convert"), "{text}");
    let mut huge = maps_and_sums(2, &[[0, 0, 1]]);
    huge.tensors[0].shape = vec![i32::MAX; 4];
    let text = failure(&["report", &model_file("huge", &huge)]);
    assert!(text.starts_with("error: ") && text.contains("Tensor 0"), "{text}");
    // Within the bounds of one tensor, beyond those of a run: shown, not run.
    let mut large =
        maps_and_sums(7, &[[0, 0, 1], [0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 5], [0, 5, 6]]);
    for tensor in &mut large.tensors {
        tensor.shape = vec![1, 16_384, 16_384, 1];
    }
    let large = model_file("large", &large);
    assert_eq!(json(&["report", &large, "--json"])["peak_bytes"], 3 << 28);
    let text = failure(&["run", &large, "--input", &large]);
    assert!(text.contains("activations add up to"), "{text}");
}

/// Names in a file cannot steer the terminal.
#[test]
fn hostile_names_are_printed_plainly() {
    let mut model = maps_and_sums(2, &[]);
    model.operator(OperatorSpec::custom("evil\x1b[31mred\nline", &[0], &[1]));
    let output = inspect(&["report", &model_file("names", &model)]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("[31mred") && !text.contains('\x1b') && !text.contains("red\n"),
        "{text}"
    );
}

/// What passes take out can be kept; the outputs are the same, the memory is not.
#[test]
fn kept_pads_and_boundaries_run_to_the_same_outputs() {
    let model = model_file("passes", &padded_float_boundary(false));
    let input = folder("passes").join("in.bin");
    let real: Vec<u8> = (0..16).flat_map(|i| (i as f32 * 0.5).to_le_bytes()).collect();
    fs::write(&input, real).unwrap();
    let run = |flags: &[&str]| {
        json(&[&["run", &model, "--input", input.to_str().unwrap(), "--json"], flags].concat())
    };
    let plain = run(&[]);
    let peaks = [
        (vec![], 16 + 16),
        (vec!["--keep-pad"], 36 + 16),
        (vec!["--keep-float-boundary"], 64 + 16),
        (vec!["--keep-pad", "--keep-float-boundary"], 64 + 16),
    ];
    for (flags, peak_bytes) in peaks {
        let (report, kept) =
            (json(&[&["report", &model, "--json"], &flags[..]].concat()), run(&flags));
        assert_eq!(report["peak_bytes"], peak_bytes, "{flags:?}");
        assert_eq!(report["arena_bytes"], kept["arena_bytes"], "{flags:?}");
        assert_eq!(kept["outputs"][0]["sha256"], plain["outputs"][0]["sha256"], "{flags:?}");
    }
}

/// A map that patches did not compute as a whole has no hash.
#[test]
fn layers_that_patches_leave_incomplete_have_no_hash() {
    let mut model = maps_and_sums(3, &[[0, 0, 1]]);
    model.tensors[2].shape = vec![1, 1, 1, 1];
    let (padding, activation) = (Padding::Valid, Activation::None);
    let (stride, kernel) = ([4, 4], [1, 1]);
    let options = OptionsSpec::Pool { padding, stride, kernel, activation };
    model.operator(OperatorSpec::new(kind::MAX_POOL_2D, options, &[1], &[2]));
    let path = model_file("layers", &model);
    let input = folder("layers").join("in.bin");
    fs::write(&input, [5; 16]).unwrap();
    let run = ["run", &path, "--input", input.to_str().unwrap(), "--layers", "--json"];
    let whole = json(&run);
    let patched = json(&[&run[..], &["--stage-end", "1", "--grid", "1x1"]].concat());
    assert!(whole["operators"][0]["output_sha256"].is_string());
    assert!(patched["operators"][0]["output_sha256"].is_null(), "one cell of 16 is computed");
    let last = |report: &Value| report["operators"][1]["output_sha256"].clone();
    assert_eq!(last(&patched), last(&whole));
}

/// `inspect ... | head`: a reader who leaves is no failure.
#[test]
fn a_closed_pipe_ends_the_report_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .args(["report", MODEL, "--json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn search_prints_schedules_that_run_takes() {
    let folder = folder("search");
    let search = json(&["search", MODEL, "--sram", "65536", "--max-macs-ratio", "1.3", "--json"]);
    let points = search["pareto"].as_array().unwrap();
    assert!(points.len() > 3);
    assert!(points.iter().all(|point| point["macs_ratio"].as_f64().unwrap() <= 1.3));
    let fitting = &search["fitting"];
    assert!(fitting["arena_bytes"].as_u64().unwrap() <= 65_536);
    let (file, input) = (folder.join("schedule.json"), folder.join("in0.bin"));
    fs::write(&file, fitting.to_string()).unwrap();
    fs::write(&input, vec![3; 96 * 96 * 3]).unwrap();
    let (file, input) = (file.to_str().unwrap(), input.to_str().unwrap());
    let run = json(&["run", MODEL, "--input", input, "--schedule", file, "--json"]);
    for name in ["arena_bytes", "macs"] {
        assert_eq!(run[name], fitting[name], "{name}");
    }
    let in_place = json(&["search", MODEL, "--in-place", "all", "--largest", "3", "--json"]);
    let point = &in_place["smallest"];
    assert!(point["peak_bytes"].as_u64() < search["smallest"]["peak_bytes"].as_u64());
    fs::write(file, point.to_string()).unwrap();
    let run = json(&["run", MODEL, "--input", input, "--schedule", file, "--json"]);
    assert_eq!(run["arena_bytes"], point["arena_bytes"]);
    let none = inspect(&["search", MODEL, "--sram", "1000"]);
    assert_eq!(none.status.code(), Some(3), "nothing fits");
    let text = String::from_utf8(none.stdout).unwrap();
    assert!(text.contains("Cheapest that fits 1000 B: none"), "{text}");
    assert!(
        failure(&["run", MODEL, "--input", input, "--schedule", input]).contains("no schedule")
    );
}

/// Each rung is there with its names, and a plan that `run --schedule` takes as it is printed.
#[test]
fn rungs_prints_plans_that_run_takes() {
    let folder = folder("rungs");
    let rungs = json(&["rungs", MODEL, "--largest", "3", "--json"]);
    let rungs = rungs["rungs"].as_array().unwrap();
    assert_eq!(rungs.len(), 10);
    let input = folder.join("in.bin");
    fs::write(&input, vec![7; 96 * 96 * 3]).unwrap();
    let mut hashes = Vec::new();
    for rung in rungs.iter().filter(|rung| rung["rung"] != "tflm") {
        let path = folder.join("choice.json");
        fs::write(&path, rung["choice"].to_string()).unwrap();
        let (input, path) = (input.to_str().unwrap(), path.to_str().unwrap());
        let run = json(&["run", MODEL, "--input", input, "--schedule", path, "--json"]);
        assert_eq!(run["arena_bytes"], rung["arena_bytes"], "{rung}");
        assert_eq!(run["macs"], rung["macs"], "{rung}");
        hashes.push(run["outputs"][0]["sha256"].as_str().unwrap().to_owned());
    }
    assert_eq!(hashes.len(), 9);
    assert!(hashes.iter().all(|hash| *hash == hashes[0]));
}

#[test]
fn a_choice_says_how_a_plan_is_made() {
    let patch = ["patch", MODEL, "--stage-end", "5", "--grid", "2x2", "--json"];
    let how = ["--planner", "tflm", "--alignment", "16", "--scratch", "tiny-engine"];
    let plan = json(&[&patch[..], &how[..]].concat());
    assert_eq!(plan["choice"]["planner"], "tflm");
    assert_eq!(plan["choice"]["alignment"], "sixteen");
    assert_eq!(plan["choice"]["scratch"], "tiny_engine");
    assert_eq!(plan["arena_bytes"].as_u64().unwrap() % 16, 0);
    assert!(plan["scratch_bytes"].as_u64().unwrap() > 0);
    let stage_macs = |name: &str| plan["unclipped"][name].as_u64().unwrap();
    assert!(stage_macs("stage_macs") > stage_macs("stage_macs_clipped"));
    assert!(stage_macs("stage_macs_clipped") > stage_macs("stage_macs_layerwise"));
}

#[test]
fn searches_over_grids_have_a_bound() {
    for largest in ["0", "65", "4294967295"] {
        for command in ["search", "rungs"] {
            let output = inspect(&[command, MODEL, "--largest", largest]);
            assert_eq!(output.status.code(), Some(2), "{command} {largest}");
            let error = String::from_utf8(output.stderr).unwrap();
            assert!(error.contains("1..=64"), "{error}");
        }
    }
}

#[test]
fn a_schedule_in_a_file_says_all_of_it() {
    let folder = folder("said");
    let (file, input) = (folder.join("schedule.json"), folder.join("in.bin"));
    fs::write(&input, vec![0; 96 * 96 * 3]).unwrap();
    let (path, input) = (file.to_str().unwrap(), input.to_str().unwrap());
    let run = ["run", MODEL, "--input", input, "--schedule", path];
    let export = ["export", MODEL, "--format", "trace", "--schedule", path];
    let schedule = r#"{"kind": "layerwise"}"#;
    fs::write(&file, schedule).unwrap();
    assert!(inspect(&run).status.success());
    for option in [
        &["--in-place", "all"][..],
        &["--planner", "exact"],
        &["--alignment", "16"],
        &["--scratch", "kernels"],
        &["--reorder"],
        &["--stage-end", "5", "--grid", "2x2"],
    ] {
        for command in [&run[..], &export[..]] {
            let output = inspect(&[command, option].concat());
            assert_eq!(output.status.code(), Some(2), "{option:?}");
        }
    }
    let refused = |text: &str| {
        fs::write(&file, text).unwrap();
        failure(&run)
    };
    let error = refused(r#"{"schedule": {"kind": "layerwise"}, "inplace": "all"}"#);
    assert!(error.contains("`inplace`") && error.contains("`in_place`"), "{error}");
    let error = refused(r#"{"kind": "layerwise", "row": 2}"#);
    assert!(error.contains("`row`") && error.contains("`rows`"), "{error}");
    let error = refused(r#"{"schedule": {"kind": "layerwise", "grid": 2}}"#);
    assert!(error.contains("`grid`"), "{error}");
    assert!(refused(r#"{"shedule": {"kind": "layerwise"}}"#).contains("no schedule"));
    assert!(refused("[]").contains("no schedule"));
    // Figures that stand beside a plan decide nothing.
    let figures = r#"{"schedule": {"kind": "layerwise"}, "arena_bytes": 1, "macs_ratio": 1.0}"#;
    fs::write(&file, figures).unwrap();
    assert!(inspect(&run).status.success());
}

#[test]
fn the_table_of_rungs_names_files_by_their_stem() {
    let folder = folder("table");
    let model = folder.join("a.b|c.tflite");
    fs::write(&model, build(&two_poolings(4))).unwrap();
    let model = model.to_str().unwrap();
    let output = inspect(&["rungs", model, "--largest", "2", "--table"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().nth(2).unwrap().starts_with("| a.b\\|c | "), "{text}");
    let both = ["rungs", model, "--table", "--pictures", folder.to_str().unwrap()];
    assert_eq!(inspect(&both).status.code(), Some(2));
}

#[test]
fn what_multiplies_nothing_has_no_percentage_and_a_whole_stage_no_tail() {
    let model = folder("nothing").join("pools.tflite");
    fs::write(&model, build(&two_poolings(4))).unwrap();
    let model = model.to_str().unwrap();
    let text = |arguments: &[&str]| String::from_utf8(inspect(arguments).stdout).unwrap();
    let paper = text(&["paper", model, "--stage-end", "1", "--grid", "2x2"]);
    let rungs = text(&["rungs", model, "--largest", "2"]);
    for text in [&paper, &rungs] {
        assert!(text.contains('–') && !text.contains("+–"), "{text}");
    }
    assert!(paper.contains("none: the stage is the whole graph"), "{paper}");
}

#[test]
fn an_order_that_is_not_proven_is_told() {
    let model = folder("order").join("branches.tflite");
    fs::write(&model, build(&branches(80))).unwrap();
    let model = model.to_str().unwrap();
    let rungs = json(&["rungs", model, "--json"]);
    let proven = |rung: &Value| rung["is_order_proven"].as_bool();
    for rung in rungs["rungs"].as_array().unwrap() {
        let expected = (rung["rung"] == "reordered").then_some(false);
        assert_eq!(proven(rung), expected, "{rung}");
    }
    let text = String::from_utf8(inspect(&["rungs", model]).stdout).unwrap();
    assert_eq!(text.matches("(order not proven)").count(), 1, "{text}");
}

/// A trace of 90,000 patches, made in less memory than a tree of its events takes.
#[cfg(target_os = "linux")]
#[test]
fn a_long_trace_is_written_event_by_event() {
    let model = folder("trace").join("pools.tflite");
    fs::write(&model, build(&two_poolings(300))).unwrap();
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 600000 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_inspect")])
        .args(["export", model.to_str().unwrap(), "--format", "trace"])
        .args(["--stage-end", "0", "--grid", "300x300", "--planner", "tflm"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"{") && output.stdout.ends_with(b"]}"));
    assert!(output.stdout.len() > 10 << 20);
}

#[test]
fn accuracy_counts_right_answers() {
    let folder = folder("accuracy");
    let [inputs, labels, answers] =
        ["inputs", "labels", "answers"].map(|name| folder.join(name).display().to_string());
    let input_bytes = 96 * 96 * 3;
    let tensors: Vec<u8> = (0..3 * input_bytes).map(|n| (n * n / 7 % 251) as u8).collect();
    fs::write(&inputs, &tensors).unwrap();
    fs::write(&labels, [0, 0, 0]).unwrap();
    let measure = |labels_file: &str| {
        json(&[
            "accuracy",
            MODEL,
            "--inputs",
            &inputs,
            "--labels",
            labels_file,
            "--answers",
            &answers,
            "--json",
        ])
    };
    measure(&labels);
    // The answers that `run` gives for the same tensors, and which of their classes are greatest.
    let found = fs::read(&answers).unwrap();
    let mut order = Vec::new();
    for (number, tensor) in tensors.chunks(input_bytes).enumerate() {
        let (one, output) =
            (folder.join(format!("in{number}")), folder.join(format!("out{number}")));
        fs::write(&one, tensor).unwrap();
        let (one, output_text) = (one.display().to_string(), output.display().to_string());
        json(&["run", MODEL, "--input", &one, "--output", &output_text, "--json"]);
        let answer = fs::read(output.join("out0.bin")).unwrap();
        assert_eq!(answer, found[number * 10..][..10]);
        let mut classes: Vec<u8> = (0..10).collect();
        classes.sort_by_key(|&class| -i32::from(answer[usize::from(class)].cast_signed()));
        order.push(classes);
    }
    fs::write(&labels, [order[0][0], order[1][2], order[2][3]]).unwrap();
    let told = measure(&labels);
    assert_eq!(
        (&told["samples"], &told["right"], &told["right_in_three"]),
        (&3.into(), &1.into(), &2.into())
    );
    assert_eq!(told["top1"].as_f64(), Some(1.0 / 3.0));

    // Pictures: the tensors are made of their levels, -1 to 1 in steps of 1/128.
    let made = |level: &u8| {
        let steps = (f32::from(*level) / 127.5 - 1.0) * 128.0;
        (steps.round().clamp(-128.0, 127.0) as i8).cast_unsigned()
    };
    let through =
        ["accuracy", MODEL, "--inputs", &inputs, "--labels", &labels, "--answers", &answers];
    let pictures = tensors.clone();
    fs::write(&inputs, pictures.iter().map(made).collect::<Vec<u8>>()).unwrap();
    json(&[&through[..], &["--json"]].concat());
    let expected = fs::read(&answers).unwrap();
    fs::write(&inputs, &pictures).unwrap();
    json(&[&through[..], &["--through-pictures", "--json"]].concat());
    assert_eq!(fs::read(&answers).unwrap(), expected);

    fs::write(&labels, [0, 0]).unwrap();
    let arguments = ["accuracy", MODEL, "--inputs", &inputs, "--labels", &labels];
    assert!(failure(&arguments).contains("82944 bytes of inputs for 2 labels"));
    fs::write(&labels, [0, 10, 0]).unwrap();
    assert!(failure(&arguments).contains("Label 10, and the model has 10 classes"));
}
