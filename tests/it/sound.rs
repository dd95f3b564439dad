//! The front end for sounds against what another program, in another language, made of the same sounds.

use crate::{
    command_line::{MODEL, failure, folder, json},
    support::runs::{open, run_guarded},
};
use serde_json::Value;
use std::{fs, path::Path};
use tinyml_playground::{
    card::Card,
    kernels::Reference,
    preprocess::sound::{BANDS, FRAMES, RATE_HZ, SIZE, Sound},
    report::ScheduleChoice,
    session::Session,
};

/// How far a level may be from the recorded one before it is rounded: recorded to a hundredth, computed in
/// double precision on both sides.
const TOLERANCE: f64 = 0.01;

fn read(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The recorded noise: by its rule, in spectrograms.json.
fn noise(seed: u64, scale: f64) -> Sound {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let sample = |_| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let [byte, ..] = state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_be_bytes();
        (f64::from(byte.cast_signed()) / 32_768.0 * scale) as f32
    };
    Sound::new((0..RATE_HZ).map(sample).collect(), RATE_HZ).unwrap()
}

#[test]
fn levels_are_those_of_the_training_scripts() {
    let recorded: Value = serde_json::from_slice(&read("tests/it/data/spectrograms.json")).unwrap();
    let sounds = recorded["sounds"].as_array().unwrap();
    let (mut compared, mut greatest, mut shades) = (0, 0.0f64, [false; 256]);
    for one in sounds {
        let sound = match one["file"].as_str() {
            Some(file) => Sound::from_wav(&read(file)).unwrap(),
            None => noise(one["seed"].as_u64().unwrap(), one["scale"].as_f64().unwrap()),
        };
        let levels = sound.levels();
        let rows = one["rows"].as_array().unwrap();
        let exact: Vec<f64> = rows
            .iter()
            .flat_map(|row| row.as_array().unwrap().iter().map(|level| level.as_f64().unwrap()))
            .collect();
        assert_eq!((levels.len(), exact.len()), (BANDS * FRAMES, BANDS * FRAMES));
        for (&level, exact) in levels.iter().zip(exact) {
            let off = (f64::from(level) - exact).abs();
            assert!(off <= 0.5 + TOLERANCE, "{}: {level} for {exact}", one["file"]);
            greatest = greatest.max(off);
            shades[usize::from(level)] = true;
            compared += 1;
        }
    }
    let shades = shades.iter().filter(|&&is_there| is_there).count();
    println!(
        "{compared} levels of {} sounds, {shades} of 256 shades, off by {greatest:.3} at most",
        sounds.len()
    );
    assert!(sounds.len() >= 4 && shades > 200, "{} sounds, {shades} shades", sounds.len());
}

/// A WAV file of these samples of -1 to 1: stereo, 24 bits.
fn stereo(samples: &[f64], rate_hz: u32) -> Vec<u8> {
    let data_bytes = u32::try_from(samples.len() * 6).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data_bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    file.extend([1u16, 2].map(u16::to_le_bytes).concat());
    file.extend([rate_hz, rate_hz * 6].map(u32::to_le_bytes).concat());
    file.extend([6u16, 24].map(u16::to_le_bytes).concat());
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    for sample in samples {
        let value = (sample * 8_388_607.0) as i32;
        for _ in 0..2 {
            file.extend(&value.to_le_bytes()[..3]);
        }
    }
    file
}

/// The label that the model gives a sound.
fn named<'a>(card: &'a Card, session: &Session<Reference>, sound: &Sound) -> &'a str {
    let choices = card.input.preprocessing();
    let input = session.input_from_picture(&sound.rgba(), SIZE, choices).unwrap();
    let run = run_guarded(session, ScheduleChoice::Layerwise, &[&input]);
    let output = run.trace.outputs[0].iter().map(|byte| byte.cast_signed());
    let (winner, _) =
        output.enumerate().max_by_key(|&(class, value)| (value, usize::MAX - class)).unwrap();
    &card.labels[winner]
}

/// The same sound three times as often sampled, in stereo, with quiet before and after, softer: it is the
/// same word.
#[test]
fn a_word_is_named_whatever_the_file_is_like() {
    let card = Card::read(&read("models/keywords.json")).unwrap();
    let session = open(&read("models/keywords.tflite"));
    for sample in &card.samples {
        let sound = Sound::from_wav(&read(&format!("models/{}", sample.file))).unwrap();
        let answer = sample.answer.as_deref().unwrap();
        assert_eq!(named(&card, &session, &sound), answer, "{}", sample.file);
        let samples = sound.samples();
        let between = |pair: &[f32]| {
            let [one, next] = [pair[0], pair[1]].map(f64::from);
            [0.0, 1.0, 2.0].map(|part| 0.3 * (one + (next - one) * part / 3.0))
        };
        let tripled: Vec<f64> = samples.windows(2).flat_map(between).collect();
        let longer = [vec![0.0; 30_000], tripled, vec![0.0; 50_000]].concat();
        let other = Sound::from_wav(&stereo(&longer, 3 * RATE_HZ)).unwrap();
        assert_eq!(named(&card, &session, &other), answer, "{} otherwise", sample.file);
    }
}

#[test]
fn sounds_are_named_as_the_page_names_them() {
    let folder = folder("sounds");
    let (labels, keywords) =
        (folder.join("labels").display().to_string(), "models/keywords.tflite");
    let card = read("models/keywords.json");
    let card: Value = serde_json::from_slice(&card).unwrap();
    let mut samples = card["samples"].as_array().unwrap().clone();
    samples.sort_by_key(|sample| sample["file"].as_str().unwrap().to_owned());
    let class = |name: &Value| {
        let labels = card["labels"].as_array().unwrap();
        labels.iter().position(|label| label == name).unwrap() as u8
    };
    let mut classes: Vec<u8> = samples.iter().map(|sample| class(&sample["answer"])).collect();
    fs::write(&labels, &classes).unwrap();
    let inputs = ["accuracy", keywords, "--labels", &labels, "--inputs"];
    let through = [&inputs[..], &["models/samples/keywords", "--through-sounds"]].concat();
    let told = json(&[&through[..], &["--json"]].concat());
    assert_eq!((&told["samples"], &told["right"]), (&samples.len().into(), &samples.len().into()));
    // One of them is said to be another word.
    classes[0] = (classes[0] + 1) % 12;
    fs::write(&labels, &classes).unwrap();
    let told = json(&[&through[..], &["--json"]].concat());
    assert_eq!(told["right"], samples.len() - 1);
    fs::write(&labels, [0]).unwrap();
    assert!(failure(&through).contains("WAV files for 1 labels"));

    for sample in &samples {
        let file = format!("models/{}", sample["file"].as_str().unwrap());
        let told = json(&["run", keywords, "--input", &file, "--json"]);
        assert_eq!(told["outputs"][0]["top"][0]["class"], class(&sample["answer"]), "{file}");
        assert!(failure(&["run", MODEL, "--input", &file]).contains("takes no spectrogram"));
    }
    let cut = folder.join("cut.wav").display().to_string();
    fs::write(&cut, &read("models/samples/keywords/yes.wav")[..1000]).unwrap();
    let told = failure(&["run", keywords, "--input", &cut]);
    assert!(
        told.contains("`data` at byte 36 has 32000 bytes") && told.contains("save it anew"),
        "{told}"
    );
}
