//! The front of arena against multiply-accumulates: its search, and what is taken from it.

use super::{AppState, Attachment, Effect, Job, Purpose};
use crate::{
    protocol::Request,
    report::{CandidateReport, FrontReport, InputImage, PlanChoice},
    text::front::LARGEST_GRID,
    ui::shared::Shared,
};

/// What the visitor wants of the front.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FrontGoal {
    /// To see it.
    See,
    /// The fewest multiply-accumulates that keep within the target.
    Fit,
    /// The smallest arena.
    Smallest,
}

/// The front of the open model, with the input held in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundFront {
    /// What its schedules have in common.
    pub accounting: PlanChoice,
    /// How the input is held.
    pub input_image: InputImage,
    /// The front.
    pub report: Shared<FrontReport>,
}

impl AppState {
    /// The front for the input as it is held now, once it is found.
    #[must_use]
    pub fn front(&self) -> Option<&Shared<FrontReport>> {
        let (accounting, input_image) = self.front_key();
        let is_meant =
            |one: &&FoundFront| (one.accounting, one.input_image) == (accounting, input_image);
        self.fronts.iter().find(is_meant).map(|front| &front.report)
    }

    fn front_key(&self) -> (PlanChoice, InputImage) {
        (self.settings.accounting, self.settings.patches.input_image)
    }

    /// Takes from the front what is wanted, or looks for it first.
    pub(super) fn find_front(&mut self, goal: FrontGoal) -> Vec<Effect> {
        if let Some(front) = self.front().cloned() {
            return self.take_from(&front, goal);
        }
        let is_front = |job: &Job| matches!(job.purpose, Purpose::Front(..)) && !job.cancelling;
        let is_searching = self.jobs.iter().any(is_front);
        let has_stages = self.model.as_ref().is_some_and(|one| !one.report.stage_ends.is_empty());
        if is_searching || !has_stages {
            return Vec::new();
        }
        let (accounting, input_image) = self.front_key();
        let request = Request::FindFront { accounting, input_image, largest: LARGEST_GRID };
        let purpose = Purpose::Front(accounting, input_image, goal);
        vec![self.ask(purpose, request, Attachment::None)]
    }

    pub(super) fn front_found(&mut self, purpose: Purpose, report: FrontReport) -> Vec<Effect> {
        let Purpose::Front(accounting, input_image, goal) = purpose else { return Vec::new() };
        let (report, key) = (Shared::new(report), (accounting, input_image));
        self.fronts.retain(|front| (front.accounting, front.input_image) != key);
        self.fronts.push(FoundFront { accounting, input_image, report: report.clone() });
        // Whoever counts otherwise by now wants another front.
        if self.front_key() == key { self.take_from(&report, goal) } else { Vec::new() }
    }

    fn take_from(&mut self, front: &FrontReport, goal: FrontGoal) -> Vec<Effect> {
        let point = match goal {
            FrontGoal::See => None,
            FrontGoal::Fit => front.fitting(self.settings.left_bytes()),
            FrontGoal::Smallest => front.smallest(),
        };
        let Some(&CandidateReport { choice, .. }) = point else { return Vec::new() };
        self.settings.apply(choice);
        self.step = None;
        let mut effects = self.ask_plans();
        effects.extend(self.ask_activation());
        effects
    }
}
