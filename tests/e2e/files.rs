//! Files that the tests open in the page, made by the same writer as those of the other tests.

#[path = "../it/support/mod.rs"]
pub(crate) mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};
use support::{
    networks::Network,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    model::Limits,
    quant::Activation,
    report::{PlanChoice, Planner},
    session::Session,
};

/// The path of a file with this name and these bytes.
pub(crate) fn named(name: &str, bytes: &[u8]) -> PathBuf {
    file(name, bytes)
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// A network that the page has never seen, with the session that knows what it must answer.
pub(crate) fn network() -> (PathBuf, Session<Reference>) {
    let sessions = (0..200).map(|seed| {
        let bytes = Network::build(seed);
        let session =
            Session::open(bytes.clone().into(), Passes::default(), Limits::default()).unwrap();
        (bytes, session)
    });
    // One that can be cut late, so that there is something to compare.
    let (bytes, session) = sessions
        .max_by_key(|(_, session)| session.report().stage_ends.len())
        .expect("two hundred networks");
    (file("network.tflite", &bytes), session)
}

/// What the microphone of the tests hears again and again: the sample of `yes`, then half a second of silence,
/// so that two seconds hold the word whole wherever they begin.
pub(crate) fn heard() -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/samples/keywords/yes.wav");
    let mut wave = fs::read(sample).unwrap();
    wave.resize(wave.len() + 16_000, 0);
    let length = u32::try_from(wave.len()).unwrap();
    wave[4..8].copy_from_slice(&(length - 8).to_le_bytes());
    wave[40..44].copy_from_slice(&(length - 44).to_le_bytes());
    file("heard.wav", &wave)
}

/// Files that are no models, with what the page must say of each.
pub(crate) fn broken() -> Vec<(PathBuf, &'static str)> {
    let whole = Network::build(3);
    let noise = support::random::Random::new(5).bytes(4000);
    vec![
        (file("empty.tflite", b""), "The file is empty."),
        (file("archive.tflite", b"PK\x03\x04 and what is in it"), "not a .tflite file"),
        (file("noise.tflite", &noise), "not a .tflite file"),
        (file("cut.tflite", &whole[..whole.len() / 2]), "The file ends at byte"),
        (file("cycle.tflite", &cycle()), "the graph has a cycle"),
        (file("huge.tflite", &huge()), "4,294,967,295 elements"),
    ]
}

/// Two additions that feed each other.
fn cycle() -> Vec<u8> {
    let mut model = ModelSpec::default();
    let [input, a, b] = ["in", "a", "b"]
        .map(|name| model.tensor(TensorSpec::int8(name, &[1, 4, 4, 1]).quantized(0.5, 0)));
    for (x, y) in [(b, a), (a, b)] {
        let options = OptionsSpec::Add { activation: Activation::None };
        model.operator(OperatorSpec::new(kind::ADD, options, &[input, x], &[y]));
    }
    (model.inputs, model.outputs) = (vec![input], vec![b]);
    build(&model)
}

/// A tensor of 65,536 x 65,536 cells.
fn huge() -> Vec<u8> {
    let mut model = ModelSpec::default();
    let huge = TensorSpec::int8("huge", &[1, 65_536, 65_536, 1]).quantized(0.5, 0);
    let input = model.tensor(huge);
    (model.inputs, model.outputs) = (vec![input], vec![input]);
    build(&model)
}

/// A file of the repository's tests.
pub(crate) fn in_tests(path: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path);
    // Browsers take canonical paths only.
    path.canonicalize().unwrap_or(path)
}

/// Lists of buffers that are none, with what the page must say of each.
pub(crate) fn broken_lists() -> Vec<(PathBuf, &'static str)> {
    let mut long = String::from("id,lower,upper,size\n");
    for row in 0..2_001 {
        long.push_str(&format!("b{row},0,1,1\n"));
    }
    let endless = "9".repeat(400);
    let huge = format!("id,lower,upper,size\na,0,1,{endless}\n");
    let whole = format!("id,lower,upper,size\na,0,1,{}\n", u64::MAX);
    let wide = format!("id,lower,upper,size\n{},0,1,2\n", "x".repeat(1 << 20));
    vec![
        (file("empty.csv", b""), "no column `id`"),
        (file("model.csv", b"\x20\0\0\0TFL3\xff\xfe"), "no CSV"),
        (file("columns.csv", b"id,lower,upper\na,0,1\n"), "no column `size`"),
        (file("backwards.csv", b"id,lower,upper,size\na,5,1,4\n"), "ends before it begins"),
        (file("negative.csv", b"id,lower,upper,size\na,0,1,-4\n"), "no whole number"),
        (file("huge.csv", huge.as_bytes()), "no whole number"),
        (file("whole.csv", whole.as_bytes()), "add up to more than"),
        (file("long.csv", long.as_bytes()), "More than 2000 buffers"),
        (file("wide.csv", wide.as_bytes()), "lists of buffers up to 1024.0 KiB"),
    ]
}

/// A network whose plan by first fit is larger than need be, so that there is something to prove.
pub(crate) fn gap() -> (PathBuf, Session<Reference>) {
    let open = |bytes: &[u8]| {
        Session::<Reference>::open(bytes.into(), Passes::default(), Limits::default()).unwrap()
    };
    let has_gap = |session: &Session<Reference>| {
        let first_fit = PlanChoice::default().with_planner(Planner::TinyEngine);
        session.plan(first_fit).is_ok_and(|planned| !planned.solution.is_optimal())
    };
    let mut networks = (0..2_000).map(Network::build);
    let bytes = networks.find(|bytes| has_gap(&open(bytes))).expect("one of two thousand networks");
    (file("gap.tflite", &bytes), open(&bytes))
}
