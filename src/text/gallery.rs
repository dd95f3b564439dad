//! The words of the sample models, of labels, drawings and the camera.

use super::{compact_count, kib, thousands};
use crate::{
    card::{Accuracy, Card, CardError, LabelsError, PatchedFigures},
    report::{Problem, ProblemKind},
};

/// The button that opens the gallery.
pub const SAMPLES: &str = "Samples";
/// Its title.
pub const TITLE: &str = "Sample models";
/// Below the title.
pub const ABOUT: &str = "Small int8 models with inputs to try. Each runs here, also without a network once \
                         this browser has kept a copy; it does so by and by, unless it is to save data.";
/// Opens one.
pub const OPEN: &str = "Open";
/// Marks the one that is open.
pub const IS_OPEN: &str = "open";
/// Saves the file.
pub const DOWNLOAD: &str = "Save .tflite";
/// Shows a card.
pub const CARD: &str = "Card";
/// Part of a card.
pub const LABELS: &str = "Labels";
/// Part of a card.
pub const PREPROCESSING: &str = "Input";
/// Part of a card.
pub const DATA: &str = "Data and licences";
/// Part of a card.
pub const ACCURACY: &str = "Accuracy";
/// Part of a card.
pub const MADE_BY: &str = "To make it again";
/// Part of a card.
pub const NOTES: &str = "Notes";
/// A figure.
pub const RIGHT: &str = "Right";
/// A figure.
pub const FILE: &str = "File";
/// A figure.
pub const ARENA: &str = "Arena";
/// A figure.
pub const IN_PATCHES: &str = "In patches";
/// A figure.
pub const MACS: &str = "MACs";
/// The heading over the untrained ones.
pub const UNTRAINED: &str = "Untrained, for their memory and speed";
/// Before the list of a card's measurements.
pub const MEASURED: &str = "int8 / float, first answer; first three";

/// The title of the comparison.
pub const MOVED: &str = "Receptive field moved: what it buys";
/// What redistribution is.
pub const MOVED_ABOUT: &str = "In patches, neighbours compute the rim that they share twice: the halo. \
    It grows with every kernel wider than 1x1 before the patches are put together. Redistribution takes \
    such kernels out of the early layers and puts one back behind them, where maps are small and run \
    whole: the network still sees as far, and patches overlap less.";
/// What one must know of the accuracies.
pub const NOT_ALIKE: &str = "Their accuracies do not compare the two ideas alone: the notes below say how far \
                             each was trained.";
/// A row.
pub const LAYERWISE_ARENA: &str = "Arena, layer by layer";
/// Opens with a schedule.
pub const OPEN_IN_PATCHES: &str = "Open in patches";
/// Says where figures come from.
pub const PLANNED_AGAIN: &str = "Figures are those of the cards; tests plan the schedules that these name and \
                                 compare. Whichever you open is planned anew here.";
/// Names the table of figures.
pub const MOVED_TABLE: &str = "Figures of both, side by side";
/// Why a file of labels is refused.
#[must_use]
pub fn not_utf8(from_byte: usize) -> String {
    format!("it is no text in UTF-8 from byte {from_byte} on")
}

/// Gives labels.
pub const LABELS_FILE: &str = "Labels file";
/// What that is.
pub const LABELS_HINT: &str =
    "A .txt file with one label a line, in the order of the classes. Or paste them:";
/// The field for labels.
pub const LABELS_FIELD: &str = "Labels, one a line";
/// Takes what was pasted.
pub const LABELS_TAKE: &str = "Use these";
/// Name of the group.
pub const OWN_LABELS: &str = "Names for the classes";

/// The drawing pad.
pub const PAD: &str = "Draw here";
/// What happens to drawings.
#[must_use]
pub fn pad_hint(box_px: u32) -> String {
    format!(
        "Draw with finger, pen or mouse; it runs as you draw. The drawing is scaled to {box_px} pixels \
         and its centre of mass put in the middle, as the digits of MNIST are."
    )
}
/// Beside pictures for a model that takes drawings.
pub const LIGHT_ON_DARK: &str =
    "This model knows light strokes on black: invert pictures that are dark on white.";
/// Takes the last stroke away.
pub const UNDO_STROKE: &str = "Undo stroke";
/// Takes all away.
pub const CLEAR: &str = "Clear";

/// Opens the camera.
pub const CAMERA: &str = "Camera";
/// Closes it.
pub const CLOSE_CAMERA: &str = "Close camera";
/// While the visitor is asked.
pub const CAMERA_ASKED: &str = "The browser asks whether this page may use the camera…";
/// The camera's own picture.
pub const CAMERA_VIEW: &str = "What the camera sees";
/// Once it is on.
pub const CAMERA_HINT: &str =
    "It runs picture after picture until you close it; nothing is recorded or sent.";

/// Why there is no picture of the camera, from the name of the browser's error.
#[must_use]
pub fn camera_failed(name: &str) -> &'static str {
    match name {
        "NotAllowedError" | "SecurityError" => {
            "The camera was refused. Allow it for this page in the browser's settings to try again."
        }
        "NotFoundError" | "OverconstrainedError" => {
            "No camera was found. Connect one, or choose a picture instead."
        }
        "NotReadableError" | "AbortError" => {
            "The camera is there but gives no picture. Another program may be using it: close that one."
        }
        "InsecureContext" => {
            "Cameras work only on pages with a secure address (https). Choose a picture instead."
        }
        _ => "This browser gives no camera. Choose a picture instead.",
    }
}

/// A share of 1 as per cent: `94.9 %`.
#[must_use]
pub fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// How often a model is right, in a line: `94.9 % of 2,400 (unseen scenes of known icons)`.
#[must_use]
pub fn right(row: &Accuracy) -> String {
    format!("{} of {} ({})", share(row.int8_top1), thousands(row.n), row.test)
}

/// The same with everything that was measured.
#[must_use]
pub fn measured(row: &Accuracy) -> String {
    format!(
        "{} / {}; {} / {}: {}. Measured by {}.",
        share(row.int8_top1),
        share(row.float_top1),
        share(row.int8_top3),
        share(row.float_top3),
        row.how,
        row.measured_by
    )
}

/// The figures of a model, by name.
#[must_use]
pub fn figures(card: &Card) -> Vec<(&'static str, String)> {
    let figures = &card.figures;
    let mut rows: Vec<(&'static str, String)> =
        card.accuracy.iter().map(|row| (RIGHT, right(row))).collect();
    rows.push((ARENA, kib(figures.arena_bytes)));
    if let Some(least) = card.smallest() {
        rows.push((IN_PATCHES, patched(least)));
    }
    rows.push((FILE, kib(figures.file_bytes)));
    rows.push((MACS, compact_count(figures.macs)));
    rows
}

/// What a schedule in patches needs and costs: `40.5 KiB, MACs × 1.40`.
#[must_use]
pub fn patched(row: &PatchedFigures) -> String {
    format!("{}, {}", kib(row.arena_bytes), more_macs(row.macs_ratio))
}

/// How much more is computed: `MACs × 1.40`.
#[must_use]
pub fn more_macs(ratio: f64) -> String {
    format!("MACs\u{a0}×\u{a0}{ratio:.2}")
}

/// How far answers were compared with those of TensorFlow Lite Micro.
#[must_use]
pub fn compared(card: &Card) -> Option<String> {
    let told = card.answers_of_tflm.as_ref()?;
    Some(format!(
        "{} of {} answers of TensorFlow Lite Micro {} are the same, byte for byte.",
        thousands(told.equal),
        thousands(told.compared),
        told.version
    ))
}

/// Whether an answer is right.
#[must_use]
pub fn judged(shows: &str, is_right: bool) -> String {
    if is_right {
        format!("✓ Right: this sample shows {shows}.")
    } else {
        format!("✕ Wrong: this sample shows {shows}.")
    }
}

/// No file of labels is longer.
pub const LARGEST_LABELS_BYTES: u64 = 1024 * 1024;

/// A file is too long to hold labels.
#[must_use]
pub fn labels_too_long(bytes: u64) -> String {
    let (has, most) = (kib(bytes), kib(LARGEST_LABELS_BYTES));
    format!("it has {has}; labels have at most {most}")
}

/// A file of labels could not be read.
#[must_use]
pub fn labels_unread(why: &str) -> String {
    format!("The labels could not be read: {}. Choose a plain text.", why.trim_end_matches('.'))
}

/// Said where what is known of the samples was not fetched.
pub const CARDS_NOT_FETCHED: &str =
    "What is known of the samples could not be fetched: reload the page.";

/// What is known of the samples cannot be used.
#[must_use]
pub fn cards_unread(error: &CardError) -> String {
    format!(
        "The samples are left out: {error}. This is a fault of the page; reloading it does not help."
    )
}

/// Why nobody takes labels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoLabels {
    /// No model is open.
    NoModel,
    /// The open one brings names of its own.
    HasNames,
    /// It never answers.
    CannotRun,
}

/// Labels are given that nobody takes.
#[must_use]
pub fn labels_unwanted(why: NoLabels) -> Problem {
    let message = match why {
        NoLabels::NoModel => "No model is open whose classes these labels could name.",
        NoLabels::HasNames => "These labels are not taken: this sample's classes have their names.",
        NoLabels::CannotRun => "These labels are not taken: this model cannot run here.",
    };
    Problem {
        kind: ProblemKind::Choice,
        message: message.to_owned(),
        advice: "Open the model that they are of, then give them again.".to_owned(),
    }
}

/// Why labels do not do, and what would.
#[must_use]
pub fn labels_refused(error: &LabelsError) -> String {
    let advice = match error {
        LabelsError::Count { .. } => "Give one line for each class, in the order of the output.",
        LabelsError::TooLong { .. } | LabelsError::NoText { .. } => {
            "Is this a plain text with one label a line?"
        }
    };
    format!("These labels do not fit: {error}. {advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_card() {
        let card = Card::read(include_bytes!("../../models/digits.json")).unwrap();
        let rows = figures(&card);
        let row = &card.accuracy[0];
        let share = format!("{:.1} % of 2,000", row.int8_top1 * 100.0);
        assert!(rows[0].0 == RIGHT && rows[0].1.starts_with(&share), "{rows:?}");
        assert!(rows.contains(&(ARENA, kib(card.figures.arena_bytes))));
        assert!(compared(&card).unwrap().starts_with("200 of 200"));
    }

    #[test]
    fn a_card_that_cannot_be_used_is_named() {
        let error = Card::read(b"{}").unwrap_err();
        let words = cards_unread(&error);
        assert!(words.contains("are left out: this is no card: missing field"), "{words}");
    }

    #[test]
    fn wrong_counts_of_labels_are_said() {
        let words = labels_refused(&LabelsError::Count { found: 9, classes: 10 });
        assert!(words.contains("9 labels, and the model has 10 classes."), "{words}");
    }

    #[test]
    fn every_failure_of_a_camera_has_advice() {
        let names = ["NotAllowedError", "NotFoundError", "NotReadableError", "InsecureContext", ""];
        let words = names.map(camera_failed);
        assert!(words.iter().all(|words| words.matches('.').count() >= 2), "{words:?}");
        assert!((1..words.len()).all(|index| !words[..index].contains(&words[index])));
    }
}
