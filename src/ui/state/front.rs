//! The front of arena against multiply-accumulates: its search, and what is taken from it.

use super::{AppState, Attachment, Effect, Purpose};
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
    /// How the input is held.
    pub input_image: InputImage,
    /// The front.
    pub report: Shared<FrontReport>,
}

impl AppState {
    /// The front for the input as it is held now, once it is found.
    #[must_use]
    pub fn front(&self) -> Option<&Shared<FrontReport>> {
        let input_image = self.settings.patches.input_image;
        let found = self.fronts.iter().find(|front| front.input_image == input_image);
        found.map(|front| &front.report)
    }

    /// Takes from the front what is wanted, or looks for it first.
    pub(super) fn find_front(&mut self, goal: FrontGoal) -> Vec<Effect> {
        if let Some(front) = self.front().cloned() {
            return self.take_from(&front, goal);
        }
        let is_searching = self.job(|purpose| matches!(purpose, Purpose::Front(..))).is_some();
        let has_stages = self.model.as_ref().is_some_and(|one| !one.report.stage_ends.is_empty());
        if is_searching || !has_stages {
            return Vec::new();
        }
        let input_image = self.settings.patches.input_image;
        let request = Request::FindFront {
            accounting: PlanChoice::default(),
            input_image,
            largest: LARGEST_GRID,
        };
        vec![self.ask(Purpose::Front(input_image, goal), request, Attachment::None)]
    }

    pub(super) fn front_found(&mut self, purpose: Purpose, report: FrontReport) -> Vec<Effect> {
        let Purpose::Front(input_image, goal) = purpose else { return Vec::new() };
        let report = Shared::new(report);
        self.fronts.retain(|front| front.input_image != input_image);
        self.fronts.push(FoundFront { input_image, report: report.clone() });
        // Whoever holds the input otherwise by now wants another front.
        if self.settings.patches.input_image == input_image {
            self.take_from(&report, goal)
        } else {
            Vec::new()
        }
    }

    fn take_from(&mut self, front: &FrontReport, goal: FrontGoal) -> Vec<Effect> {
        let point = match goal {
            FrontGoal::See => None,
            FrontGoal::Fit => front.fitting(self.settings.target.sram_bytes()),
            FrontGoal::Smallest => front.smallest(),
        };
        let Some(&CandidateReport { choice, .. }) = point else { return Vec::new() };
        self.apply(choice);
        self.step = None;
        let mut effects = self.ask_plans();
        effects.extend(self.ask_activation());
        effects
    }
}
