//! The sample models against their cards, and against the bytes that TensorFlow Lite Micro answered.

use crate::support::runs::{Run, open, run_guarded};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tinyml_playground::{
    kernels::Reference,
    preprocess::{
        Fit, Preprocessing, ValueRange,
        sound::{SIZE, Sound},
    },
    report::ScheduleChoice,
    session::Session,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read_json(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A card with the model that it is of.
struct Sample {
    card: Value,
    session: Session<Reference>,
}

/// Every trained model, by name. The answers of the others mean nothing; `bundled.rs` compares them.
fn trained() -> Vec<Sample> {
    let is_trained = |sample: &Sample| !sample.card["labels"].as_array().unwrap().is_empty();
    let trained: Vec<Sample> = samples().into_iter().filter(is_trained).collect();
    assert!(trained.len() >= 5, "{} trained models", trained.len());
    trained
}

/// Every model with a card, by name.
fn samples() -> Vec<Sample> {
    let files = fs::read_dir(root().join("models")).unwrap().map(|entry| entry.unwrap().path());
    let mut cards: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    cards.sort();
    assert!(!cards.is_empty(), "no cards");
    let sample = |path: &PathBuf| {
        let card = read_json(path);
        let file = format!("{}.tflite", path.file_stem().unwrap().to_str().unwrap());
        assert_eq!(card["file"], file.as_str(), "{}", path.display());
        let session = open(&fs::read(root().join("models").join(file)).unwrap());
        Sample { card, session }
    };
    cards.iter().map(sample).collect()
}

#[test]
fn figures_are_what_the_cards_say() {
    for Sample { card, session } in samples() {
        let (figures, report) = (&card["figures"], session.report());
        let check = |name: &str, found: u64| {
            assert_eq!(figures[name].as_u64(), Some(found), "{}, {name}", card["key"]);
        };
        assert_eq!(figures["sha256"], report.sha256.as_str(), "{}", card["key"]);
        check("file_bytes", report.file_bytes);
        check("macs", report.macs);
        check("flash_bytes", report.flash_bytes);
        check("peak_bytes", report.peak_bytes);
        check("peak_operator", u64::from(report.peak_operator));
        check("arena_bytes", report.arena_bytes);
        assert_eq!(report.refusal, None, "{}", card["key"]);
        let labels = card["labels"].as_array().unwrap().len();
        let output = session.graph().tensor(session.graph().outputs[0]);
        let is_told = labels > 0 || card["notes"][0].as_str().unwrap().starts_with("Untrained:");
        assert!(is_told && (labels == 0 || output.bytes == labels), "{}: labels", card["key"]);
        for (choice, row) in patched(&card) {
            let plan = session.plan_report(&session.plan(choice).unwrap());
            let ratio = plan.macs as f64 / plan.macs_layerwise as f64;
            assert_eq!(
                row["arena_bytes"].as_u64(),
                Some(plan.arena_bytes),
                "{}, {row}",
                card["key"]
            );
            assert_eq!(row["macs"].as_u64(), Some(plan.macs), "{}, {row}", card["key"]);
            assert!((row["macs_ratio"].as_f64().unwrap() - ratio).abs() < 1e-9, "{row}");
            assert!(plan.arena_bytes < report.arena_bytes, "{}: patches save, {row}", card["key"]);
        }
    }
}

/// What a card says of its input is what the model takes.
#[test]
fn inputs_are_what_the_cards_say() {
    for Sample { card, session } in samples() {
        let key = &card["key"];
        let map = session.graph().tensor(session.graph().inputs[0]).shape.map();
        let sides = ["height", "width"].map(|name| card["input"][name].as_u64().unwrap());
        assert_eq!([map.height as u64, map.width as u64], sides, "{key}");
        let channels = match card["input"]["channels"].as_str().unwrap() {
            "grey" => 1,
            "rgb" => 3,
            other => panic!("{key}: {other} are no channels"),
        };
        assert_eq!(map.channels, channels, "{key}");
        let box_px = card["input"]["drawing"].as_object().map(|drawing| &drawing["box"]);
        assert!(
            box_px.is_none_or(|side| side.as_u64().unwrap() <= sides[0].min(sides[1])),
            "{key}: drawings fit"
        );
    }
}

/// Scenes differ in how busy they are: the plainest is what a visitor sees first. By the size of files,
/// so that no answer has a say.
#[test]
fn scenes_stand_in_the_order_of_their_files_sizes() {
    let mut compared = 0;
    for Sample { card, .. } in trained() {
        if !card["made_by"].as_str().unwrap().contains("train.emoji") {
            continue;
        }
        let files = card["samples"].as_array().unwrap().iter().map(|one| &one["file"]);
        let bytes = files.map(|file| {
            fs::metadata(root().join("models").join(file.as_str().unwrap())).unwrap().len()
        });
        assert!(bytes.is_sorted(), "{}", card["key"]);
        compared += 1;
    }
    assert_eq!(compared, 3);
}

/// The card's schedules in patches, with what it says of each.
fn patched(card: &Value) -> Vec<(ScheduleChoice, &Value)> {
    let rows = card["figures"]["patched"].as_array().unwrap();
    rows.iter().map(|row| (serde_json::from_value(row["schedule"].clone()).unwrap(), row)).collect()
}

/// Pictures through the page's own preprocessing: TensorFlow Lite Micro's bytes after every operator,
/// the card's answer, and in the card's patches the same bytes.
#[test]
fn sample_inputs_are_answered_as_cards_and_golden_bytes_say() {
    let mut compared = 0;
    for Sample { card, session } in trained() {
        let key = card["key"].as_str().unwrap();
        let golden = read_json(&root().join(format!("tests/it/data/{key}.golden.json")));
        assert_eq!(golden["model"]["sha256"], session.report().sha256.as_str(), "{key}");
        let (inputs, cases) = (&card["samples"], golden["cases"].as_array().unwrap());
        let inputs = inputs.as_array().unwrap();
        assert!((2..=8).contains(&inputs.len()) && inputs.len() == cases.len(), "{key}");
        for (sample, case) in inputs.iter().zip(cases) {
            let file = format!("models/{}", sample["file"].as_str().unwrap());
            assert_eq!(case["input"]["file"], file.as_str());
            let input = input_of(&session, &card, &root().join(&file));
            assert_eq!(
                hash(&input),
                case["input"]["sha256"],
                "{file}: the input that was answered"
            );
            let run = run_guarded(&session, ScheduleChoice::Layerwise, &[&input]);
            compared += compare(&run, case, &file);
            assert_eq!(card["labels"][winner(&run)], sample["answer"], "{file}");
            for (choice, _) in patched(&card) {
                let patched = run_guarded(&session, choice, &[&input]);
                assert_eq!(patched.trace.outputs, run.trace.outputs, "{file}, {choice:?}");
            }
        }
    }
    println!("{compared} operator outputs equal");
    assert!(compared > 100);
}

/// Compares every operator's bytes and the answer; how many operators those were.
fn compare(run: &Run, case: &Value, file: &str) -> usize {
    let rows = case["operators"].as_array().unwrap();
    assert_eq!(rows.len(), run.captures.len(), "{file}");
    for (row, capture) in rows.iter().zip(&run.captures) {
        let found = capture.as_ref().unwrap().sha256();
        assert_eq!(found, row[3], "{file}, operator #{} {}", row[0], row[1]);
    }
    let output: Vec<i8> = run.trace.outputs[0].iter().map(|byte| byte.cast_signed()).collect();
    assert_eq!(Value::from(output), case["output"], "{file}");
    rows.len()
}

/// The first of the greatest answers.
fn winner(run: &Run) -> usize {
    let output = &run.trace.outputs[0];
    let greatest = output.iter().map(|byte| byte.cast_signed()).max().unwrap();
    output.iter().position(|byte| byte.cast_signed() == greatest).unwrap()
}

/// The input that the page would make of a picture or a sound, with the card's choices.
fn input_of(session: &Session<Reference>, card: &Value, file: &Path) -> Vec<u8> {
    let input = &card["input"];
    let range = match input["range"].as_str().unwrap() {
        "-1..1" => ValueRange::MinusOneToOne,
        "0..1" => ValueRange::ZeroToOne,
        "0..255" => ValueRange::Bytes,
        other => panic!("{other} is no range"),
    };
    let fit: Fit = serde_json::from_value(input["fit"].clone()).unwrap();
    let choices = Preprocessing { fit, range, ..Preprocessing::default() };
    let (rgba, size) = if file.extension().is_some_and(|end| end == "wav") {
        (Sound::from_wav(&fs::read(file).unwrap()).unwrap().rgba(), SIZE)
    } else {
        rgba(file)
    };
    let said = ["width", "height"].map(|name| input[name].as_u64().unwrap());
    assert_eq!(size.map(u64::from), said, "{}: as large as the input", file.display());
    session.input_from_picture(&rgba, size, choices).unwrap()
}

/// A grey or coloured PNG as pixels of four bytes, with its width and height.
fn rgba(file: &Path) -> (Vec<u8>, [u32; 2]) {
    let bytes = fs::read(file).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::Eight);
    let rgba = match info.color_type {
        png::ColorType::Grayscale => pixels.iter().flat_map(|&y| [y, y, y, 255]).collect(),
        png::ColorType::Rgb => {
            pixels.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
        }
        other => panic!("{}: {other:?}", file.display()),
    };
    (rgba, [info.width, info.height])
}

/// A card names no class that was never measured, and says of whom the data are.
#[test]
fn cards_tell_accuracies_and_licences() {
    for Sample { card, .. } in trained() {
        let key = &card["key"];
        let texts = ["key", "name", "teaches", "made_by"].map(|name| &card[name]);
        assert!(
            texts.iter().all(|text| text.as_str().is_some_and(|text| !text.is_empty())),
            "{key}"
        );
        for row in card["accuracy"].as_array().unwrap() {
            let share = |name: &str| row[name].as_f64().unwrap();
            assert!(row["n"].as_u64().unwrap() >= 1000, "{key}: {row}");
            assert!(
                share("int8_top1") <= share("int8_top3") && share("int8_top3") <= 1.0,
                "{key}: {row}"
            );
            assert!((share("int8_top1") - share("float_top1")).abs() < 0.02, "{key}: {row}");
        }
        for row in card["data"].as_array().unwrap() {
            assert!(row["licence"].is_string() && row["attribution"].is_string(), "{key}: {row}");
            let is_shared_alike = row["licence"].as_str().unwrap().starts_with("CC-BY-SA");
            assert!(!is_shared_alike || row["used_for"] == "test alone", "{key}: {row}");
        }
        let told = &card["answers_of_tflm"];
        assert!(
            told["compared"].as_u64() >= Some(200) && told["compared"] == told["equal"],
            "{key}"
        );
    }
}
