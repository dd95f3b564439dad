//! What would make a plan fit: which questions to ask of the planner, and what the answers come to.
//!
//! Whoever drives the search plans each [`FitQuestion`] and tells the figures, so that it can show
//! progress and stop between two of them.

use super::{CandidateReport, ModelReport, Problem};
use crate::handover::TflmArena;
use crate::schedule::{InPlace, PlanChoice, Planner, ScheduleChoice};

/// No more sizes of the input are tried.
const MOST_SIZES: u64 = 16;

/// A plan to try.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FitQuestion {
    /// How it is planned.
    pub choice: PlanChoice,
    /// Height and width of a smaller input; `None` for the model's own.
    pub input: Option<[u32; 2]>,
}

/// A plan that was tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FitAnswer {
    /// What was asked; its schedule is the one that was planned.
    pub question: FitQuestion,
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Multiply-accumulates.
    pub macs: u64,
}

/// What does not fit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FitGoal {
    /// The arena of the shown plan.
    Arena,
    /// The arena fits, but not TensorFlow Lite Micro's, with what it keeps beside its activations.
    Tflm(TflmArena),
    /// Nothing but the file, in the Flash: no plan helps.
    Flash,
}

impl FitGoal {
    /// What a plan that was tried needs: its arena, or what TensorFlow Lite Micro needs for it.
    #[must_use]
    pub const fn needed_bytes(self, answer: &FitAnswer) -> u64 {
        match self {
            Self::Tflm(arena) => arena.bytes_with(answer.arena_bytes),
            Self::Arena | Self::Flash => answer.arena_bytes,
        }
    }
}

/// A search for plans that keep within a room: first the open model planned otherwise, then for
/// smaller inputs, the largest first, until each kind of schedule has one that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct FitSearch {
    shown: PlanChoice,
    goal: FitGoal,
    room_bytes: u64,
    questions: Vec<FitQuestion>,
    next: usize,
    found: Vec<FitAnswer>,
    refusal: Option<Problem>,
}

impl FitSearch {
    /// What to try for `goal`, where `shown` is planned and `room_bytes` are left for an arena.
    #[must_use]
    pub fn new(model: &ModelReport, goal: FitGoal, shown: PlanChoice, room_bytes: u64) -> Self {
        let questions = match goal {
            FitGoal::Arena => questions(model, shown),
            FitGoal::Tflm(_) => {
                let sized = |sides| FitQuestion { choice: PlanChoice::TFLM, input: Some(sides) };
                smaller_inputs(model).into_iter().map(sized).collect()
            }
            FitGoal::Flash => Vec::new(),
        };
        Self { shown, goal, room_bytes, questions, next: 0, found: Vec::new(), refusal: None }
    }

    /// What does not fit.
    #[must_use]
    pub const fn goal(&self) -> FitGoal {
        self.goal
    }

    /// The plan that does not fit.
    #[must_use]
    pub const fn shown(&self) -> PlanChoice {
        self.shown
    }

    /// What an arena may take.
    #[must_use]
    pub const fn room_bytes(&self) -> u64 {
        self.room_bytes
    }

    /// How many questions are done with, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.next as u64, self.questions.len() as u64)
    }

    /// The next plan to try; `None` once all is known.
    pub fn question(&mut self) -> Option<FitQuestion> {
        while let Some(&question) = self.questions.get(self.next) {
            if !self.is_settled(question) {
                return Some(question);
            }
            self.next += 1;
        }
        None
    }

    /// Whether all is known: [`FitSearch::question`] has no more.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.questions.iter().skip(self.next).all(|&question| self.is_settled(question))
    }

    /// Whether a question need not be asked any more: of smaller inputs, once one fits or none is taken.
    fn is_settled(&self, question: FitQuestion) -> bool {
        let is_known = || self.refusal.is_some() || self.fitting_input(question.choice).is_some();
        question.input.is_some() && is_known()
    }

    /// Takes the answer to the last question. A size that is refused ends the search for sizes.
    pub fn answer(&mut self, answer: Result<CandidateReport, Problem>) {
        let Some(&question) = self.questions.get(self.next) else { return };
        self.next += 1;
        match answer {
            Ok(CandidateReport { choice, arena_bytes, macs, .. }) => {
                let choice = question.choice.with_schedule(choice);
                let question = FitQuestion { choice, ..question };
                self.found.push(FitAnswer { question, arena_bytes, macs });
            }
            // In patches a smaller map may not do; layer by layer it says why.
            Err(_) if question.input.is_none() || is_patched(question.choice.schedule) => {}
            Err(problem) => self.refusal = Some(problem),
        }
    }

    /// The first of the other plans that fits: the nearest to the shown one.
    #[must_use]
    pub fn other_plan(&self) -> Option<&FitAnswer> {
        let own = self.found.iter().filter(|one| one.question.input.is_none());
        own.into_iter().find(|one| self.fits(one))
    }

    /// For each kind of schedule the largest smaller input that fits.
    #[must_use]
    pub fn inputs(&self) -> Vec<&FitAnswer> {
        let resized = self.found.iter().filter(|one| one.question.input.is_some());
        resized.filter(|one| self.fits(one)).collect()
    }

    /// The smallest arena of all that was tried.
    #[must_use]
    pub fn least(&self) -> Option<&FitAnswer> {
        self.found.iter().min_by_key(|one| one.arena_bytes)
    }

    /// Why the model takes no smaller input.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Problem> {
        self.refusal.as_ref()
    }

    fn fits(&self, answer: &FitAnswer) -> bool {
        self.goal.needed_bytes(answer) <= self.room_bytes
    }

    fn fitting_input(&self, choice: PlanChoice) -> Option<&FitAnswer> {
        let is_alike = |one: &&&FitAnswer| {
            is_patched(one.question.choice.schedule) == is_patched(choice.schedule)
        };
        self.inputs().iter().find(is_alike).copied()
    }
}

/// The shown plan otherwise, then for smaller inputs.
fn questions(model: &ModelReport, shown: PlanChoice) -> Vec<FitQuestion> {
    let own = |choice| FitQuestion { choice, input: None };
    let mut questions: Vec<FitQuestion> = others(shown).into_iter().map(own).collect();
    for sides in smaller_inputs(model) {
        let schedules = [whole_layers(shown.schedule), shown.schedule];
        let n_kinds = 1 + usize::from(is_patched(shown.schedule));
        questions.extend(schedules.into_iter().take(n_kinds).map(|schedule| FitQuestion {
            choice: shown.with_schedule(schedule),
            input: Some(sides),
        }));
    }
    questions
}

/// The same plan otherwise, the nearest first: by the planner that finds the smallest arenas, in
/// another order, with operators in place.
fn others(shown: PlanChoice) -> Vec<PlanChoice> {
    let planner = match shown.planner {
        Planner::Exact => Planner::Exact,
        _ => Planner::Refined,
    };
    let mut choices = Vec::new();
    for in_place in [shown.in_place, InPlace::All] {
        for schedule in [shown.schedule, whole_layers(shown.schedule), ScheduleChoice::Reordered] {
            let choice = PlanChoice { schedule, in_place, planner, ..shown };
            if choice != shown && !choices.contains(&choice) {
                choices.push(choice);
            }
        }
    }
    choices
}

const fn is_patched(schedule: ScheduleChoice) -> bool {
    matches!(schedule, ScheduleChoice::Patched { .. })
}

/// The schedule of whole layers beside a schedule.
const fn whole_layers(schedule: ScheduleChoice) -> ScheduleChoice {
    if is_patched(schedule) { ScheduleChoice::Layerwise } else { schedule }
}

/// Smaller sizes for a model's input, height and width, the largest first, in steps of the network's
/// total stride so that maps are cut evenly; at most sixteen. None for inputs that are no maps.
#[must_use]
pub fn smaller_inputs(model: &ModelReport) -> Vec<[u32; 2]> {
    let input = model.inputs.first().and_then(|id| model.tensors.get(id.index()));
    let Some(&[1, height, width, _]) = input.map(|tensor| &tensor.shape[..]) else {
        return Vec::new();
    };
    // In 64 bits, which hold the product of any side and any stride.
    let [long, short] = [height.max(width), height.min(width)].map(|side| side as u64);
    let unit = total_stride(model);
    let step = unit * long.div_ceil(unit * MOST_SIZES).max(1);
    let sides = (1..long.div_ceil(step)).rev().map(|steps| steps * step);
    let sized = |side: u64| {
        // The other side in proportion, to the nearest unit.
        let units = (short * side + long * unit / 2) / (long * unit);
        let other = (units * unit).clamp(1, short);
        let pair = if height >= width { [side, other] } else { [other, side] };
        pair.map(|side| u32::try_from(side).unwrap_or(u32::MAX))
    };
    sides.map(sized).collect()
}

/// The product of the strides on the way to the coarsest map that still has rows and columns.
fn total_stride(model: &ModelReport) -> u64 {
    let mut strides = vec![1u64; model.tensors.len()];
    for operator in model.operators.iter().filter(|one| one.removed_by.is_none()) {
        let is_map =
            matches!(operator.output_shape[..], [1, height, width, _] if height * width > 1);
        let own = operator.stride.filter(|_| is_map).map_or(1, |[rows, columns]| rows.max(columns));
        let before = operator.inputs.iter().filter_map(|id| strides.get(id.index())).max();
        let product = before.copied().unwrap_or(1).saturating_mul(u64::from(own)).min(1 << 15);
        for output in &operator.outputs {
            if let Some(stride) = strides.get_mut(output.index()) {
                *stride = product;
            }
        }
    }
    strides.into_iter().max().unwrap_or(1)
}
