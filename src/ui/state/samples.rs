//! The sample models, what their cards say, and labels.

use super::{
    Action, AppState, Effect, InputFrom, PlacementAction, Reading, Source, Target, Wanted,
};
use crate::{
    card::{Card, CardError, read_labels},
    preprocess::Fit,
    report::ScheduleChoice,
    text::gallery::{self, NoLabels},
    ui::shared::Shared,
};
#[cfg(not(target_arch = "wasm32"))]
use std::sync::LazyLock;
#[cfg(target_arch = "wasm32")]
use std::sync::OnceLock;

/// A model that comes with the page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bundled {
    /// Its key in links.
    pub key: &'static str,
    /// The file, relative to the page.
    pub path: &'static str,
    /// The file's name as shown.
    pub file_name: &'static str,
    /// Its card; the browser fetches that of all models packed.
    #[cfg(not(target_arch = "wasm32"))]
    card: &'static str,
}

macro_rules! bundled {
    ($key:literal) => {
        Bundled {
            key: $key,
            path: concat!("models/", $key, ".tflite"),
            file_name: concat!($key, ".tflite"),
            #[cfg(not(target_arch = "wasm32"))]
            card: include_str!(concat!("../../../models/", $key, ".json")),
        }
    };
}

/// The models that come with the page, as the gallery lists them; the first is shown at first.
pub static BUNDLED: [Bundled; 8] = [
    bundled!("emoji96"),
    bundled!("digits"),
    bundled!("fashion"),
    bundled!("keywords"),
    bundled!("emoji176_rd"),
    bundled!("emoji176"),
    bundled!("mobilenet_v2_035_144"),
    bundled!("mobilenet_v2_035_96"),
];

/// Where the page finds the cards, packed by the build.
pub const CARDS_PATH: &str = "models/cards.postcard";

/// Cards of the bundled models.
#[cfg(not(target_arch = "wasm32"))]
static CARDS: LazyLock<Result<Vec<Card>, CardError>> =
    LazyLock::new(|| BUNDLED.iter().map(|one| Card::read(one.card.as_bytes())).collect());
#[cfg(target_arch = "wasm32")]
static CARDS: OnceLock<Result<Vec<Card>, CardError>> = OnceLock::new();

/// The cards of all models, packed as the page fetches them.
///
/// # Errors
/// [`CardError`] where a card cannot be used.
#[cfg(not(target_arch = "wasm32"))]
pub fn packed_cards() -> Result<Vec<u8>, CardError> {
    let cards: Result<Vec<Card>, _> =
        BUNDLED.iter().map(|one| Card::read(one.card.as_bytes())).collect();
    Card::pack(&cards?)
}

/// Takes the cards that were fetched; those of the first call stay.
#[cfg(target_arch = "wasm32")]
pub fn take_cards(packed: &[u8]) {
    CARDS.get_or_init(|| Card::unpack(packed));
}

/// Why there are no cards.
#[must_use]
pub fn cards_problem() -> Option<String> {
    match cards() {
        None => Some(gallery::CARDS_NOT_FETCHED.to_owned()),
        Some(Err(error)) => Some(gallery::cards_unread(error)),
        Some(Ok(_)) => None,
    }
}

fn cards() -> Option<&'static Result<Vec<Card>, CardError>> {
    #[cfg(target_arch = "wasm32")]
    return CARDS.get();
    #[cfg(not(target_arch = "wasm32"))]
    Some(&CARDS)
}

impl Bundled {
    /// What is known of it.
    #[must_use]
    pub fn card(&self) -> Option<&'static Card> {
        cards()?.as_ref().ok()?.iter().find(|card| card.key == self.key)
    }

    /// The model with that key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<&'static Self> {
        BUNDLED.iter().find(|one| one.key == key)
    }

    /// The model whose file has that hash, wherever its bytes were read from.
    #[must_use]
    pub fn of_sha256(sha256: &str) -> Option<&'static Self> {
        let is_meant = |one: &&Self| one.card().is_some_and(|card| card.figures.sha256 == sha256);
        BUNDLED.iter().find(is_meant)
    }
}

/// The input of a network for the digits of MNIST.
const MNIST_SHAPE: [usize; 4] = [1, 28, 28, 1];
/// The longer side of those digits.
const MNIST_BOX_PX: u32 = 20;

/// The pictures for models without samples of their own.
const PICTURES: [(&str, &str); 4] = [
    ("cat", "models/samples/cat.png"),
    ("cup", "models/samples/cup.png"),
    ("beach", "models/samples/beach.png"),
    ("shapes", "models/samples/shapes.png"),
];

/// The paths of these pictures.
pub fn picture_paths() -> impl Iterator<Item = &'static str> {
    PICTURES.iter().map(|&(_, path)| path)
}

/// An input to try.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sample {
    /// What it is called.
    pub name: String,
    /// The picture, relative to the page.
    pub path: String,
    /// Which of the model's classes it shows, where it is one.
    pub label: Option<String>,
}

impl Sample {
    /// Whether it is a sound, not a picture.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.path.ends_with(".wav")
    }
}

/// Whether an answer is the one that is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judgement {
    /// What the input shows.
    pub shows: String,
    /// Whether the first answer says so.
    pub is_right: bool,
}

/// Labels that the visitor gave, for the model with that hash.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OwnLabels {
    sha256: String,
    labels: Shared<Vec<String>>,
}

impl AppState {
    /// The card of the open model, where it is a sample: by its bytes, not by its name.
    #[must_use]
    pub fn card(&self) -> Option<&'static Card> {
        Bundled::of_sha256(&self.model.as_ref()?.report.sha256)?.card()
    }

    /// Whether the open model's input is made of sounds.
    #[must_use]
    pub fn takes_sound(&self) -> bool {
        self.card().is_some_and(|card| card.input.sound.is_some())
    }

    /// Names of the open model's classes, where they are known.
    #[must_use]
    pub fn labels(&self) -> Option<&[String]> {
        if let Some(card) = self.card().filter(|card| card.is_trained()) {
            return Some(&card.labels[..]);
        }
        let sha256 = &self.model.as_ref()?.report.sha256;
        let own = self.own_labels.as_ref().filter(|own| own.sha256 == *sha256)?;
        Some(&own.labels[..])
    }

    /// Whether a model is open whose classes can be named.
    #[must_use]
    pub fn takes_labels(&self) -> bool {
        self.no_labels().is_none()
    }

    fn no_labels(&self) -> Option<NoLabels> {
        match &self.model {
            None => Some(NoLabels::NoModel),
            Some(_) if self.card().is_some_and(Card::is_trained) => Some(NoLabels::HasNames),
            Some(open) if open.report.refusal.is_some() => Some(NoLabels::CannotRun),
            Some(_) => None,
        }
    }

    /// How many values the first output has: its classes, where it tells classes.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        let report = self.model.as_ref().map(|open| &open.report);
        let output = report.and_then(|report| report.tensors.get(report.outputs.first()?.index()));
        // Shapes are the file's: their product may be more than there are numbers.
        output.map_or(0, |tensor| tensor.shape.iter().fold(1, |n: usize, &d| n.saturating_mul(d)))
    }

    /// How drawings become the open model's input; `None` where it is not for drawings. Models of
    /// one's own are, where they take what MNIST's digits are.
    #[must_use]
    pub fn drawing_box(&self) -> Option<u32> {
        if let Some(card) = self.card() {
            return card.input.drawing.map(|drawing| drawing.box_px);
        }
        let report = &self.model.as_ref()?.report;
        let input = report.tensors.get(report.inputs.first()?.index())?;
        (input.shape == MNIST_SHAPE).then_some(MNIST_BOX_PX)
    }

    /// The fit of drawings.
    pub(super) fn drawing_fit(&self) -> Fit {
        Fit::Drawing { box_px: self.drawing_box().unwrap_or(MNIST_BOX_PX) }
    }

    /// Inputs to try with the open model.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        match self.card() {
            Some(card) => card_samples(card),
            None => PICTURES
                .iter()
                .map(|&(name, path)| Sample {
                    name: name.to_owned(),
                    path: path.to_owned(),
                    label: None,
                })
                .collect(),
        }
    }

    /// Whether the run's first answer is what its sample shows; `None` where that is not known.
    #[must_use]
    pub fn judgement(&self) -> Option<Judgement> {
        let Some(InputFrom::Sample(sample)) = self.input_from else { return None };
        let shows = self.card()?.samples.get(sample)?.label.clone()?;
        let first = self.run()?.outputs.first()?.top.first()?.class;
        let answer = self.labels()?.get(first as usize)?;
        Some(Judgement { is_right: *answer == shows, shows })
    }

    /// What is about sample models, labels, and pictures that follow each other.
    pub(super) fn sampled(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::OpenBundled(bundled, schedule) => return self.open_bundled(bundled, schedule),
            Action::Lively(live) => return self.take_live(live),
            Action::SetLabels(text) => self.set_labels(&text),
            Action::LabelsUnread { why } => {
                // Where labels have no place of their own on the page, it is said above.
                if self.takes_labels() {
                    self.labels_problem = Some(gallery::labels_unread(&why));
                } else {
                    self.set_labels("");
                }
            }
            _ => self.labels_problem = None,
        }
        Vec::new()
    }

    /// Opens a model that comes with the page, and shows it with a schedule where one is given.
    fn open_bundled(
        &mut self,
        bundled: &'static Bundled,
        schedule: Option<ScheduleChoice>,
    ) -> Vec<Effect> {
        let source = Source::Bundled(bundled);
        if schedule.is_some() {
            // What patches buy shows where the budget is the usual one.
            self.settings.target = Target::Budget;
        }
        self.open_again(source, bundled.file_name.to_owned(), schedule.map(Wanted::Schedule))
    }

    /// Opens a model whose bytes are at hand.
    pub(super) fn open_again(
        &mut self,
        source: Source,
        file_name: String,
        wanted: Option<Wanted>,
    ) -> Vec<Effect> {
        self.wanted = wanted;
        self.problem = None;
        // The visitor wants this one now, not that of a link.
        self.link = None;
        self.dismiss_link_notes();
        self.reading = Some(Reading { source, file_name, done: 0, of: 0 });
        let mut effects = self.place(PlacementAction::Close);
        effects.extend(self.give_up_opening());
        effects.push(Effect::Read(source));
        effects
    }

    /// Takes labels for the open model from a text with one a line, or says why not.
    fn set_labels(&mut self, text: &str) {
        if let Some(why) = self.no_labels() {
            self.problem = Some(gallery::labels_unwanted(why));
            return;
        }
        let Some(sha256) = self.model.as_ref().map(|open| open.report.sha256.clone()) else {
            return;
        };
        match read_labels(text, self.n_classes()) {
            Ok(labels) => {
                self.own_labels = Some(OwnLabels { sha256, labels: Shared::new(labels) });
                self.labels_problem = None;
            }
            Err(error) => self.labels_problem = Some(gallery::labels_refused(&error)),
        }
    }

    /// Goes on with what moves: a drawing or the camera's picture becomes the input as soon as the
    /// worker has answered what came before. Of those that came meanwhile only the last counts.
    pub(super) fn take_live(&mut self, live: Live) -> Vec<Effect> {
        if !self.takes_picture() {
            return Vec::new();
        }
        if live.from != InputFrom::Camera {
            // The camera has no more to do, even while this one has to wait.
            self.n_choices = self.n_choices.wrapping_add(1);
        }
        self.is_live = !live.is_last;
        self.picture = Some((live.width, live.height));
        let is_busy = |purpose| matches!(purpose, super::Purpose::Input | super::Purpose::Run(_));
        if self.job(is_busy).is_some() {
            self.live_waits = Some(live);
            return Vec::new();
        }
        self.live_waits = None;
        let mut effects = self.stop_profiles();
        self.run_when_input_set = true;
        let Live { from, width, height, .. } = live;
        effects.extend(self.input(Action::PictureDecoded { from, width, height }));
        effects
    }
}

/// A picture of those that follow each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Live {
    /// Where it comes from.
    pub from: InputFrom,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Whether none follows.
    pub is_last: bool,
}

/// The inputs of a card as the page shows them.
#[must_use]
pub fn card_samples(card: &Card) -> Vec<Sample> {
    let sample = |one: &crate::card::SampleInput| {
        let name = one.file.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Sample {
            name: one.label.clone().unwrap_or_else(|| stem.to_owned()),
            path: format!("models/{}", one.file),
            label: one.label.clone(),
        }
    };
    card.samples.iter().map(sample).collect()
}
