//! What would make the shown plan fit: the search for it, and the plan that is taken.

use super::{AppState, Attachment, Effect, FrontGoal, Job, Purpose};
use crate::{
    protocol::Request,
    report::{CandidateReport, FitGoal, FitQuestion, FitSearch, Problem},
};

impl AppState {
    /// The search for what would make the shown plan fit, where it was asked for.
    #[must_use]
    pub fn fit(&self) -> Option<&FitSearch> {
        let (choice, room_bytes) = (self.plan_choice()?, self.settings.left_bytes());
        let goal = self.fit_goal()?;
        let is_meant = |fit: &&FitSearch| {
            (fit.shown(), fit.room_bytes(), fit.goal()) == (choice, room_bytes, goal)
        };
        self.fit.as_ref().filter(is_meant)
    }

    /// What of the shown plan does not fit.
    #[must_use]
    pub fn fit_goal(&self) -> Option<FitGoal> {
        let (open, plan) = (self.model.as_ref()?, self.plan()?);
        let left_bytes = self.settings.left_bytes();
        if plan.arena_bytes > left_bytes {
            return Some(FitGoal::Arena);
        }
        let tflm = open.report.tflm_arena().filter(|arena| arena.bytes() > left_bytes);
        if let Some(arena) = tflm {
            return Some(FitGoal::Tflm(arena));
        }
        let flash = self.settings.target.flash_bytes();
        flash
            .is_some_and(|bytes| open.report.flash_needed_bytes() > bytes)
            .then_some(FitGoal::Flash)
    }

    /// What is still under way of it: the front first.
    #[must_use]
    pub fn fit_job(&self) -> Option<Job> {
        self.fit()?;
        self.job(|purpose| matches!(purpose, Purpose::Front(..)))
            .or_else(|| self.job(|purpose| purpose == Purpose::Fit))
    }

    /// Whether the search ended before all was known; [`super::Action::FindFit`] goes on with it.
    #[must_use]
    pub fn is_fit_left(&self) -> bool {
        self.fit_job().is_none() && self.fit().is_some_and(|fit| !fit.is_finished())
    }

    pub(super) fn find_fit(&mut self) -> Vec<Effect> {
        let (Some(open), Some(choice), Some(goal)) =
            (&self.model, self.plan_choice(), self.fit_goal())
        else {
            return Vec::new();
        };
        if self.fit_job().is_some() {
            return Vec::new();
        }
        if !self.is_fit_left() {
            self.fit = Some(FitSearch::new(&open.report, goal, choice, self.settings.left_bytes()));
        }
        self.forget(|purpose| purpose == Purpose::Fit);
        let mut effects = match goal {
            FitGoal::Arena => self.find_front(FrontGoal::See),
            FitGoal::Tflm(_) | FitGoal::Flash => Vec::new(),
        };
        effects.extend(self.ask_fit());
        effects
    }

    /// Asks for the next plan of the search, while it is about the shown one.
    fn ask_fit(&mut self) -> Option<Effect> {
        self.fit()?;
        let fit = self.fit.as_mut()?;
        let FitQuestion { choice, input } = fit.question()?;
        let progress = fit.progress();
        let effect = self.ask(Purpose::Fit, Request::TryPlan { choice, input }, Attachment::None);
        if let Some(job) = self.jobs.last_mut() {
            job.progress = Some(progress);
        }
        Some(effect)
    }

    pub(super) fn fit_tried(&mut self, answer: Result<CandidateReport, Problem>) -> Vec<Effect> {
        if let Some(fit) = &mut self.fit {
            fit.answer(answer);
        }
        self.ask_fit().into_iter().collect()
    }
}
