//! What is known of a sample model beside its file: labels, how its input is made, accuracy, data
//! with their licences, figures and sample inputs. And labels of one's own, for models without a card.
//!
//! `models/README.md` describes the fields. A card is read within limits and checked: whoever wrote
//! it, what is shown of it is short and its sample files lie beside the models.

mod labels;

pub use labels::{LabelsError, MOST_LABEL_BYTES, read_labels};

use crate::{
    preprocess::{
        Fit, Preprocessing, ValueRange,
        sound::{SIZE, SPECTROGRAM},
    },
    schedule::ScheduleChoice,
};
use serde::{Deserialize, Serialize};

/// The most bytes that a card has.
pub const MOST_BYTES: usize = 64 * 1024;
/// The most entries of each of its lists, labels aside.
const MOST_ENTRIES: usize = 64;

/// A sample model's card.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Card {
    /// Its key in links.
    pub key: String,
    /// What it is, for people.
    pub name: String,
    /// What there is to see in it, in a sentence.
    pub teaches: String,
    /// The file's name.
    pub file: String,
    /// The command that makes it.
    pub made_by: String,
    /// The classes in the order of the answer; none where the answers mean nothing.
    pub labels: Vec<String>,
    /// How its input is made.
    pub input: CardInput,
    /// What it was trained and tested on.
    pub data: Vec<DataSet>,
    /// How often it is right, by test.
    pub accuracy: Vec<Accuracy>,
    /// What else one should know.
    pub notes: Vec<String>,
    /// Size and memory.
    pub figures: Figures,
    /// Inputs to try.
    pub samples: Vec<SampleInput>,
    /// How far its answers were compared with TensorFlow Lite Micro's.
    pub answers_of_tflm: Option<TflmAnswers>,
    /// The key of the network whose receptive field this one has moved.
    pub redistributed_from: Option<String>,
}

/// How an input is made.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CardInput {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Grey or colours.
    pub channels: CardChannels,
    /// What a level of 0 to 255 becomes.
    pub range: CardRange,
    /// How a picture of another aspect ratio is fitted.
    pub fit: Fit,
    /// The same in words.
    pub preprocessing: String,
    /// How a drawing is made like the training data, where that can be done.
    pub drawing: Option<Drawing>,
    /// Which spectrogram of a sound it is, where it is one: there is no other than [`SPECTROGRAM`].
    pub sound: Option<String>,
}

impl CardInput {
    /// The choices that make this input of a picture.
    #[must_use]
    pub fn preprocessing(&self) -> Preprocessing {
        let range = match self.range {
            CardRange::MinusOneToOne => ValueRange::MinusOneToOne,
            CardRange::ZeroToOne => ValueRange::ZeroToOne,
            CardRange::Bytes => ValueRange::Bytes,
        };
        Preprocessing { fit: self.fit, range, ..Preprocessing::default() }
    }
}

/// The channels of an input.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardChannels {
    /// One.
    Grey,
    /// Red, green, blue.
    Rgb,
}

impl CardChannels {
    /// How many they are.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// A range of real values as cards write it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum CardRange {
    /// -1 to 1.
    #[serde(rename = "-1..1")]
    MinusOneToOne,
    /// 0 to 1.
    #[serde(rename = "0..1")]
    ZeroToOne,
    /// 0 to 255.
    #[serde(rename = "0..255")]
    Bytes,
}

/// How strokes are normalised: see [`Fit::Drawing`].
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Drawing {
    /// The side of the square that strokes fill, in pixels of the input.
    #[serde(rename = "box")]
    pub box_px: u32,
}

/// A data set.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DataSet {
    /// Which, and where it comes from.
    pub set: String,
    /// Its licence.
    pub licence: String,
    /// Its authors.
    pub attribution: String,
    /// What it was used for.
    pub used_for: String,
}

/// How often a model is right; shares of 1.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Accuracy {
    /// On what.
    pub test: String,
    /// What that is made of.
    pub how: String,
    /// How many inputs.
    pub n: u64,
    /// The int8 file's first answer.
    pub int8_top1: f64,
    /// One of its first three.
    pub int8_top3: f64,
    /// The float network's first answer.
    pub float_top1: f64,
    /// One of its first three.
    pub float_top3: f64,
    /// By which programs.
    pub measured_by: String,
}

/// Size and memory of a model.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Figures {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Its hash.
    pub sha256: String,
    /// Multiply-accumulates of an inference.
    pub macs: u64,
    /// Bytes of constants.
    pub flash_bytes: u64,
    /// The greatest live set, layer by layer.
    pub peak_bytes: u64,
    /// Where that is.
    pub peak_operator: u32,
    /// The arena, layer by layer.
    pub arena_bytes: u64,
    /// Schedules in patches.
    pub patched: Vec<PatchedFigures>,
}

/// What a schedule in patches needs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PatchedFigures {
    /// Which of all schedules it is.
    pub what: String,
    /// The schedule.
    pub schedule: ScheduleChoice,
    /// Its arena.
    pub arena_bytes: u64,
    /// Its multiply-accumulates.
    pub macs: u64,
    /// The same as a multiple of those layer by layer.
    pub macs_ratio: f64,
}

/// An input to try.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SampleInput {
    /// The file, in the folder of the cards.
    pub file: String,
    /// What it shows, where that is a class.
    pub label: Option<String>,
    /// What the int8 model answers.
    pub answer: Option<String>,
}

impl SampleInput {
    /// Whether it is a sound, not a picture.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.file.ends_with(".wav")
    }
}

/// Answers compared with TensorFlow Lite Micro's, byte for byte.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TflmAnswers {
    /// Its version.
    pub version: String,
    /// How many were compared.
    pub compared: u64,
    /// How many were equal.
    pub equal: u64,
}

/// Why a card cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// It is longer than any card.
    #[error("a card of {bytes} bytes; cards have at most {MOST_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// It is no JSON, or a field is missing or of another kind.
    #[error("this is no card: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is no list of packed cards.
    #[error("these are no packed cards: {0}")]
    Unpacked(#[from] postcard::Error),
    /// A list has too many entries.
    #[error("the list `{list}` has {found} entries, of at most {most}")]
    LongList {
        /// Its name.
        list: &'static str,
        /// Its entries.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A file does not lie beside the card.
    #[error("`{0}` is no file beside the card")]
    Path(String),
    /// Its input is made of sounds in a way that is not computed here.
    #[error("by its `{0}`, sounds become another input than is made here")]
    Sound(&'static str),
    /// A sample shows what is no label.
    #[error("a sample shows `{0}`, which is none of the labels")]
    UnknownLabel(String),
}

impl Card {
    /// Reads a card.
    ///
    /// # Errors
    /// [`CardError`] where it is too long, no card, or names what cannot be.
    pub fn read(json: &[u8]) -> Result<Self, CardError> {
        if json.len() > MOST_BYTES {
            return Err(CardError::TooLong { bytes: json.len() });
        }
        let card: Self = serde_json::from_slice(json)?;
        card.check()?;
        Ok(card)
    }

    /// Packs cards for the page, which then needs no reader of JSON.
    ///
    /// # Errors
    /// [`CardError::Unpacked`] where there is no memory for them.
    pub fn pack(cards: &[Self]) -> Result<Vec<u8>, CardError> {
        Ok(postcard::to_allocvec(cards)?)
    }

    /// Reads what [`Self::pack`] wrote.
    ///
    /// # Errors
    /// [`CardError`] where that is too long, something else, or names what cannot be.
    pub fn unpack(packed: &[u8]) -> Result<Vec<Self>, CardError> {
        if packed.len() > MOST_BYTES * MOST_ENTRIES {
            return Err(CardError::TooLong { bytes: packed.len() });
        }
        let cards: Vec<Self> = postcard::from_bytes(packed)?;
        cards.iter().try_for_each(Self::check)?;
        Ok(cards)
    }

    fn check(&self) -> Result<(), CardError> {
        let lists = [
            ("data", self.data.len()),
            ("accuracy", self.accuracy.len()),
            ("notes", self.notes.len()),
            ("patched", self.figures.patched.len()),
            ("samples", self.samples.len()),
        ];
        for (list, found) in lists {
            if found > MOST_ENTRIES {
                return Err(CardError::LongList { list, found, most: MOST_ENTRIES });
            }
        }
        let files = self.samples.iter().map(|sample| &sample.file).chain([&self.file]);
        for file in files {
            if !is_beside(file) {
                return Err(CardError::Path(file.clone()));
            }
        }
        self.check_sound()?;
        let shown = self.samples.iter().flat_map(|sample| [&sample.label, &sample.answer]);
        match shown.flatten().find(|label| !self.labels.contains(label)) {
            Some(label) => Err(CardError::UnknownLabel(label.clone())),
            None => Ok(()),
        }
    }

    /// A network for sounds gets the spectrogram that is made here, and its samples are sounds.
    fn check_sound(&self) -> Result<(), CardError> {
        let Some(sound) = &self.input.sound else { return Ok(()) };
        if sound != SPECTROGRAM {
            return Err(CardError::Sound("sound"));
        }
        if [self.input.width, self.input.height] != SIZE {
            return Err(CardError::Sound("width or height"));
        }
        if self.input.channels != CardChannels::Grey {
            return Err(CardError::Sound("channels"));
        }
        if !self.samples.iter().all(SampleInput::is_sound) {
            return Err(CardError::Sound("samples"));
        }
        Ok(())
    }

    /// The schedule in patches that needs least.
    #[must_use]
    pub fn smallest(&self) -> Option<&PatchedFigures> {
        self.figures.patched.iter().min_by_key(|one| (one.arena_bytes, one.macs))
    }

    /// Whether its answers mean anything.
    #[must_use]
    pub const fn is_trained(&self) -> bool {
        !self.labels.is_empty()
    }
}

/// Whether a path stays in the folder that it starts from: names of plain letters, joined by `/`.
fn is_beside(path: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    path.split('/')
        .all(|name| !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &[u8] = include_bytes!("../../models/digits.json");

    const KEYWORDS: &[u8] = include_bytes!("../../models/keywords.json");

    fn changed(change: impl Fn(&mut serde_json::Value)) -> Result<Card, CardError> {
        changed_of(DIGITS, change)
    }

    fn changed_of(card: &[u8], change: impl Fn(&mut serde_json::Value)) -> Result<Card, CardError> {
        let mut card = serde_json::from_slice(card).unwrap();
        change(&mut card);
        Card::read(&serde_json::to_vec(&card).unwrap())
    }

    #[test]
    fn a_card_is_read() {
        let card = Card::read(DIGITS).unwrap();
        assert_eq!((card.key.as_str(), card.labels.len()), ("digits", 10));
        assert_eq!(card.input.preprocessing().range, ValueRange::ZeroToOne);
        let drawing = Drawing { box_px: 20 };
        assert_eq!(card.input.drawing, Some(drawing));
        let smallest = card.smallest().unwrap();
        assert!(card.figures.patched.iter().all(|one| one.arena_bytes >= smallest.arena_bytes));
    }

    #[test]
    fn sounds_become_what_is_made_here_or_the_card_is_refused() {
        let card = Card::read(KEYWORDS).unwrap();
        assert_eq!(card.input.sound.as_deref(), Some(SPECTROGRAM));
        assert!(card.samples.iter().all(SampleInput::is_sound));
        let refused = |change: &dyn Fn(&mut serde_json::Value)| {
            matches!(changed_of(KEYWORDS, change), Err(CardError::Sound(_)))
        };
        assert!(refused(&|card| card["input"]["sound"] = SPECTROGRAM.replace("320", "160").into()));
        assert!(refused(&|card| card["input"]["width"] = 98.into()));
        assert!(refused(&|card| card["input"]["channels"] = "rgb".into()));
        assert!(refused(&|card| card["samples"][0]["file"] = "samples/cat.png".into()));
    }

    #[test]
    fn whatever_is_cut_off_is_no_card() {
        for length in (0..DIGITS.trim_ascii_end().len()).step_by(7) {
            assert!(matches!(Card::read(&DIGITS[..length]), Err(CardError::Malformed(_))));
        }
    }

    #[test]
    fn packed_cards_are_read_as_they_were_and_checked() {
        let card = Card::read(include_bytes!("../../models/digits.json")).unwrap();
        let packed = Card::pack(std::slice::from_ref(&card)).unwrap();
        assert_eq!(Card::unpack(&packed).unwrap().as_slice(), std::slice::from_ref(&card));
        assert!(matches!(Card::unpack(&packed[1..]), Err(CardError::Unpacked(_))));
        let outside = Card { file: "../digits.tflite".to_owned(), ..card };
        let packed = Card::pack(&[outside]).unwrap();
        assert!(matches!(Card::unpack(&packed), Err(CardError::Path(_))));
        let long = vec![0; MOST_BYTES * MOST_ENTRIES + 1];
        assert!(matches!(Card::unpack(&long), Err(CardError::TooLong { .. })));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let long = vec![b' '; MOST_BYTES + 1];
        assert!(matches!(Card::read(&long), Err(CardError::TooLong { .. })));
        for path in ["../x.png", "/x.png", "https://x.org/y", "a//b", "", ".x"] {
            let refused = changed(|card| card["samples"][0]["file"] = path.into());
            assert!(matches!(refused, Err(CardError::Path(_))), "{path}");
        }
        let refused = changed(|card| card["samples"][0]["label"] = "ten".into());
        assert!(matches!(refused, Err(CardError::UnknownLabel(label)) if label == "ten"));
        let refused = changed(|card| card["notes"] = vec!["x"; MOST_ENTRIES + 1].into());
        assert!(matches!(refused, Err(CardError::LongList { list: "notes", .. })));
        let refused = changed(|card| card["figures"]["file_bytes"] = (-1).into());
        assert!(matches!(refused, Err(CardError::Malformed(_))));
    }
}
