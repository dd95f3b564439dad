//! What an error line of another program means for the open model.
//!
//! Sentences with the model's own numbers: what happened, where, what is needed, what to do. Where
//! the line and the model contradict each other, that is said; what the line does not tell is not
//! guessed.

mod arena;
mod linker;
mod operators;
#[cfg(test)]
mod tests;

use super::{difference, exact_bytes, kib, kib_and_bytes, thousands};
use crate::{
    error_line::{Figure, Message},
    report::{Alignment, InPlace, ModelReport, PlanChoice, ScheduleChoice, ScratchOf},
};
use serde::Serialize;

/// Title of the sheet.
pub const TITLE: &str = "Explain an error";
/// Opens it.
pub const OPEN: &str = "Explain an error";
/// What it takes.
pub const ABOUT: &str = "Paste what TensorFlow Lite Micro or a linker printed.";
/// Names the field.
pub const FIELD: &str = "Error lines";
/// Where no model is open.
pub const NO_MODEL: &str = "Open the model that the line is about first.";
/// Where no line is known.
pub const NOT_KNOWN: &str = "Not known here, so nothing is guessed.";
/// What is known.
pub const KNOWN: &str = "Understood are: TensorFlow Lite Micro's refusals of arena, operators, types \
    and schema version; regions and sections that do not fit, of GNU ld, LLD, ESP-IDF, Zephyr, \
    armlink (L6220E, L6406E, L6407E), IAR (Lp011) and Arduino.";
/// Shows the plan of TensorFlow Lite Micro.
pub const SHOW_TFLM: &str = "Show TFLM's plan";
/// Of patches, wherever they may be tried.
const NO_PATCHES: &str =
    "Patches take another engine: TensorFlow Lite Micro itself cannot run patches.";
/// Whose bytes they are.
const OF_MODEL: &str = "this model needs";
/// In place of a number that the line does not tell.
pub const NOT_TOLD: &str = "not in this line";
/// The three numbers.
pub const FIGURES: [&str; 3] = ["needed", "available", "difference"];

/// The open model, and what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The model.
    pub model: &'a ModelReport,
    /// SRAM of the target, where one is chosen.
    pub sram_bytes: Option<u64>,
    /// What has been planned for the model.
    pub plans: &'a [PlannedArena],
    /// Names and SRAM of boards, the smallest first.
    pub boards: &'a [(&'a str, u64)],
}

/// A plan of the open model in figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlannedArena {
    /// Which.
    pub choice: PlanChoice,
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Multiply-accumulates layer by layer.
    pub macs_layerwise: u64,
}

/// What one message means.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Explanation {
    /// What happened, in few words.
    pub title: String,
    /// Needed, available and the difference, of what the numbers are about.
    pub balances: Vec<Balance>,
    /// What happened and where, and what this model needs.
    pub sentences: Vec<String>,
    /// What to do.
    pub advice: Vec<String>,
    /// The operators of this model that it is about, by their number in the file.
    pub operators: Vec<u32>,
    /// Whether memory is short, so that another plan may help.
    pub is_about_memory: bool,
}

/// Needed against available.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Balance {
    /// What of.
    pub of: &'static str,
    /// What is needed.
    pub needed_bytes: Option<u64>,
    /// What is there.
    pub available_bytes: Option<u64>,
    /// By how much that is too little.
    pub difference_bytes: Option<u64>,
}

impl Balance {
    /// Needed, available and the difference; of two of them the third is known as well.
    fn of(of: &'static str, [needed, available, difference]: [Option<u64>; 3]) -> Self {
        let sum = || available?.checked_add(difference?);
        let rest = |less: Option<u64>| needed?.checked_sub(less?);
        Self {
            of,
            needed_bytes: needed.or_else(sum),
            available_bytes: available.or_else(|| rest(difference)),
            difference_bytes: difference.or_else(|| rest(available)),
        }
    }

    /// The three numbers as people read them, or why there is none.
    #[must_use]
    pub fn words(&self) -> [String; 3] {
        let mut words = [self.needed_bytes, self.available_bytes, self.difference_bytes]
            .map(|bytes| bytes.map_or_else(|| NOT_TOLD.to_owned(), kib_and_bytes));
        let overdrawn = self.difference_bytes.zip(self.needed_bytes);
        let overdrawn = overdrawn.and_then(|(difference, needed)| difference.checked_sub(needed));
        // Nothing was there, and less.
        if let Some(overdrawn) = overdrawn.filter(|&bytes| bytes > 0) {
            words[1] = format!("-{}", exact_bytes(overdrawn));
        }
        words
    }
}

/// Explains one message.
#[must_use]
pub fn explain(message: &Message, known: &Known<'_>) -> Explanation {
    match message {
        Message::Refused { step, requested, available, missing } => {
            arena::refused(*step, [Some(*requested), *available, *missing], known)
        }
        Message::AllocationFailed => arena::failed(known),
        Message::MissingOperator { operator, version } => {
            operators::missing(operator, *version, known.model)
        }
        Message::ResolverFull { places } => operators::resolver_full(*places, known.model),
        Message::OperatorFailed { operator, number, phase } => {
            operators::failed(operator, *number, *phase, known.model)
        }
        Message::SchemaVersion { found, supported } => {
            operators::schema(*found, *supported, known.model)
        }
        Message::TypesRefused { input, filter } => {
            operators::types(input, filter.as_deref(), known.model)
        }
        Message::Hybrid => operators::types("float32", Some("int8"), known.model),
        Message::Overflowed { region, over } => linker::overflowed(region, *over, known),
        Message::SectionTooLarge { section, region } => {
            linker::section(section.as_deref(), region, known)
        }
        Message::OutsideRegion { section, region, address } => {
            linker::outside(section.as_deref(), region, *address, known)
        }
        Message::Unplaced { bytes } => linker::unplaced(*bytes, known),
        Message::RegionTooSmall { region, needed, available } => {
            linker::too_small(region, *needed, *available, known)
        }
    }
}

/// What TensorFlow Lite Micro needs in all for a model: activations and what stays, as it rounds their sum.
fn whole_bytes(model: &ModelReport) -> u64 {
    let sum = || model.tflm_arena_bytes.saturating_add(model.tflm_persistent_estimate.bytes);
    model.tflm_arena().map_or_else(sum, |arena| arena.bytes())
}

/// The same as a sentence.
fn whole_words(model: &ModelReport) -> String {
    let only_start = model.tflm_arena().map_or(0, |arena| arena.only_start_bytes());
    let start = match only_start {
        0 => String::new(),
        more => format!(", and {} more while it starts", kib(more)),
    };
    format!(
        "This model needs {} for activations as TensorFlow Lite Micro places them, and about {} for \
         what stays{start}: about {} in all.",
        kib_and_bytes(model.tflm_arena_bytes),
        kib(model.tflm_persistent_estimate.bytes),
        kib(whole_bytes(model))
    )
}

/// Numbers of a message that went below zero.
fn below_zero(figures: &[Figure]) -> Option<String> {
    let figure = figures.iter().find(|figure| figure.signed() < 0)?;
    let magnitude = thousands(figure.signed().unsigned_abs());
    let printed = figure.printed();
    let printed = match u64::try_from(printed) {
        Ok(printed) => format!("{} is -{magnitude} printed without its sign", thousands(printed)),
        Err(_) => format!("-{magnitude} is no size"),
    };
    Some(format!(
        "{printed}: a size went below zero in the program, so this number says nothing about what \
         the model needs."
    ))
}

/// Which engine runs a plan, in as many words as its schedule needs: of patches [`NO_PATCHES`] tells.
fn engine_words(choice: PlanChoice, model: &ModelReport) -> String {
    let removed = removed(model);
    match choice.schedule {
        ScheduleChoice::Patched { .. } => String::new(),
        _ if removed > 0 => format!(
            " This takes another engine: TensorFlow Lite Micro runs the file as stored, and here \
             passes take {removed} of its operators out."
        ),
        ScheduleChoice::Layerwise if choice.in_place == InPlace::None => {
            let is_exact =
                choice.alignment == Alignment::Sixteen && choice.scratch == ScratchOf::Kernels;
            let more = match is_exact {
                true => "",
                false => ", aligned to 16 bytes and with its kernels' scratch, which may take more",
            };
            format!(" Such a plan can be saved inside the model for TensorFlow Lite Micro{more}.")
        }
        _ => " This takes another engine: TensorFlow Lite Micro itself runs whole layers in the \
              file's order, nothing in place."
            .to_owned(),
    }
}

/// How many operators of the file passes took out.
fn removed(model: &ModelReport) -> usize {
    model.operators.iter().filter(|one| one.removed_by.is_some()).count()
}

/// Whether TensorFlow Lite Micro can follow a plan: nothing taken out, the file's order, nothing in place.
fn is_of_tflm(choice: PlanChoice, model: &ModelReport) -> bool {
    choice.schedule == ScheduleChoice::Layerwise
        && choice.in_place == InPlace::None
        && removed(model) == 0
}

/// What planning otherwise brings: which of the plans that were made keeps its activations within
/// `room_bytes`, with the fewest multiply-accumulates and for the same engine where one does; else how
/// near the smallest comes. `condition` is what the room depends on, and may be empty.
fn other_plan(room_bytes: u64, condition: &str, known: &Known<'_>) -> Vec<String> {
    let model = known.model;
    if model.tflm_arena_bytes <= room_bytes {
        // As it is planned it fits there.
        return Vec::new();
    }
    let smaller = || known.plans.iter().filter(|plan| plan.arena_bytes < model.tflm_arena_bytes);
    let key = |plan: &&PlannedArena| (plan.macs, !is_of_tflm(plan.choice, model), plan.arena_bytes);
    let fitting = smaller().filter(|plan| plan.arena_bytes <= room_bytes).min_by_key(key);
    let mut advice = Vec::new();
    if let Some(plan) = fitting.or_else(|| smaller().min_by_key(|plan| plan.arena_bytes)) {
        let fits = match plan.arena_bytes.checked_sub(room_bytes) {
            None | Some(0) => {
                format!("which fits the {} that are left for activations", kib(room_bytes))
            }
            Some(over) => format!("the least so far, and still {} too much", kib(over)),
        };
        advice.push(format!(
            "Planned otherwise ({}) this model needs {} for activations, {fits}{condition}; MACs: {}.{}",
            super::accounting::plan_words(plan.choice),
            kib(plan.arena_bytes),
            super::more_work(plan.macs, plan.macs_layerwise),
            engine_words(plan.choice, model),
        ));
    } else if !model.stage_ends.is_empty() {
        advice.push(
            "No plan that was made here is smaller; patches may be: they are not searched yet."
                .to_owned(),
        );
    }
    advice.extend(no_patches(model));
    advice
}

/// What TensorFlow Lite Micro makes of patches, where this model can be computed in some.
fn no_patches(model: &ModelReport) -> Option<String> {
    (!model.stage_ends.is_empty()).then(|| NO_PATCHES.to_owned())
}

/// Whether the chosen target has that much SRAM; `whose` says who needs it.
fn target_words(needed_bytes: u64, whose: &str, known: &Known<'_>) -> String {
    let target = known.sram_bytes.map(|sram| {
        let fits = if needed_bytes <= sram { "has room" } else { "is too small" };
        let (needed, difference) = (kib(needed_bytes), difference(needed_bytes, sram));
        format!(
            "The target chosen here ({}) {fits} for the {needed} that {whose} ({difference}). ",
            kib(sram)
        )
    });
    target.unwrap_or_default()
}

/// Beside an arena: what no linker has counted yet.
const BESIDE_ARENA: &str = " Stack, system and the program's own variables come on top.";

/// Which target has that much SRAM.
fn board_with(needed_bytes: u64, known: &Known<'_>) -> String {
    let least = known.boards.iter().find(|(_, sram)| needed_bytes <= *sram);
    least.map_or_else(
        || "No board listed here has that much SRAM.".to_owned(),
        |(name, sram)| {
            let needed = kib(needed_bytes);
            format!("The smallest board listed here with {needed}: {name}, {}.", kib(*sram))
        },
    )
}

/// Whether the target has room for this model, and which one has.
fn board_for_model(known: &Known<'_>) -> String {
    let whole = whole_bytes(known.model);
    format!("{}{}{BESIDE_ARENA}", target_words(whole, OF_MODEL, known), board_with(whole, known))
}
