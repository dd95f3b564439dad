//! The gallery's models as the page opens them: what it is built with, and what its own road from a
//! picture or a drawing to an answer says.

use crate::support::runs::{open, run_guarded};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use tinyml_playground::{
    card::Card,
    kernels::Reference,
    preprocess::{Fit, ValueRange},
    report::ScheduleChoice,
    session::Session,
    ui::{
        state::{BUNDLED, Bundled, card_samples},
        strokes::{SIDE_PX, Strokes},
    },
};

/// All that the page is published with beside its own code.
const MOST_BYTES: u64 = 2_500_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn opened(bundled: &Bundled) -> (&'static Card, Session<Reference>) {
    let card = bundled.card().unwrap_or_else(|| panic!("{}: no card", bundled.key));
    (card, open(&fs::read(root().join(bundled.path)).unwrap()))
}

/// The files that index.html has copied, and those of the folders.
fn copied() -> BTreeSet<PathBuf> {
    let page = fs::read_to_string(root().join("index.html")).unwrap();
    let hrefs = page.lines().filter(|line| line.contains("rel=\"copy-")).map(|line| {
        PathBuf::from(line.split("href=\"").nth(1).unwrap().split('"').next().unwrap())
    });
    let mut files = BTreeSet::new();
    for path in hrefs.filter(|path| path.starts_with("models")) {
        collect(&path, &mut files);
    }
    files
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) {
    let whole = root().join(path);
    if whole.is_dir() {
        for entry in fs::read_dir(whole).unwrap() {
            collect(&path.join(entry.unwrap().file_name()), files);
        }
    } else {
        files.insert(path.to_owned());
    }
}

#[test]
fn the_page_is_published_with_what_its_gallery_opens_and_nothing_else() {
    let mut wanted = BTreeSet::new();
    for bundled in &BUNDLED {
        wanted.insert(PathBuf::from(bundled.path));
        let samples = card_samples(bundled.card().unwrap());
        wanted.extend(samples.into_iter().map(|sample| PathBuf::from(sample.path)));
    }
    assert_eq!(copied(), wanted);
    let sizes = wanted.iter().map(|path| fs::metadata(root().join(path)).unwrap().len());
    let total: u64 = sizes.sum();
    println!("{total} bytes");
    assert!(total <= MOST_BYTES, "{total} bytes");
    // Every card is of a model of the gallery.
    let files = fs::read_dir(root().join("models")).unwrap().map(|entry| entry.unwrap().path());
    let cards = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    for card in cards {
        let key = card.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(Bundled::of_key(&key).is_some(), "{key} is in no gallery");
    }
}

#[test]
fn the_page_makes_inputs_as_cards_say_by_itself() {
    for (card, session) in BUNDLED.iter().map(opened) {
        let input = session.graph().tensor(session.graph().inputs[0]);
        let params = input.quantization.unwrap();
        let fitting = ValueRange::fitting(f64::from(params.scale), i64::from(params.zero_point));
        assert_eq!(card.input.preprocessing().range, fitting, "{}", card.key);
        let map = input.shape.map();
        let (width, height) = (card.input.width as usize, card.input.height as usize);
        assert_eq!((map.width, map.height), (width, height), "{}", card.key);
        assert_eq!(map.channels, card.input.channels.count(), "{}", card.key);
    }
}

/// The class that the model of a card gives a picture the greatest answer.
fn named<'a>(
    card: &'a Card,
    session: &Session<Reference>,
    rgba: &[u8],
    [width, height]: [u32; 2],
    fit: Fit,
) -> &'a str {
    let choices =
        tinyml_playground::preprocess::Preprocessing { fit, ..card.input.preprocessing() };
    let input = session.input_from_picture(rgba, [width, height], choices).unwrap();
    let run = run_guarded(session, ScheduleChoice::Layerwise, &[&input]);
    let output = run.trace.outputs[0].iter().map(|byte| byte.cast_signed());
    let (winner, _) =
        output.enumerate().max_by_key(|&(class, value)| (value, usize::MAX - class)).unwrap();
    &card.labels[winner]
}

/// Digits as one draws them, in parts of the square's side.
const DRAWN: &[(&str, &[&[[f32; 2]]])] = &[
    ("1", &[&[[0.5, 0.15], [0.5, 0.85]]]),
    ("7", &[&[[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]]]),
    ("4", &[&[[0.3, 0.15], [0.25, 0.5], [0.75, 0.5]], &[[0.65, 0.2], [0.6, 0.9]]]),
    (
        "3",
        &[&[
            [0.3, 0.2],
            [0.5, 0.12],
            [0.68, 0.25],
            [0.6, 0.42],
            [0.45, 0.48],
            [0.62, 0.52],
            [0.72, 0.7],
            [0.55, 0.86],
            [0.3, 0.8],
        ]],
    ),
    (
        "0",
        &[&[
            [0.5, 0.15],
            [0.32, 0.25],
            [0.25, 0.5],
            [0.32, 0.75],
            [0.5, 0.85],
            [0.68, 0.75],
            [0.75, 0.5],
            [0.68, 0.25],
            [0.5, 0.15],
        ]],
    ),
    (
        "2",
        &[&[
            [0.28, 0.3],
            [0.4, 0.16],
            [0.6, 0.16],
            [0.7, 0.3],
            [0.6, 0.5],
            [0.28, 0.84],
            [0.75, 0.84],
        ]],
    ),
];

#[test]
fn digits_that_are_drawn_are_named_wherever_and_however_large() {
    let (card, session) = opened(Bundled::of_key("digits").unwrap());
    let fit = Fit::Drawing { box_px: card.input.drawing.unwrap().box_px };
    let side = f32::from(SIDE_PX);
    for (digit, strokes) in DRAWN {
        for (scale, shift) in [(1.0, [0.0, 0.0]), (0.5, [0.05, 0.45]), (0.6, [0.38, 0.0])] {
            let mut drawing = Strokes::default();
            for stroke in *strokes {
                let place =
                    |at: &[f32; 2]| [0, 1].map(|axis| (at[axis] * scale + shift[axis]) * side);
                drawing.begin(place(&stroke[0]));
                stroke[1..].iter().for_each(|at| drawing.go_on(place(at)));
            }
            let pixels = drawing.pixels();
            let size = [pixels.width, pixels.height];
            let answer = named(card, &session, &pixels.rgba, size, fit);
            assert_eq!(answer, *digit, "at {shift:?}, times {scale}");
        }
    }
}
