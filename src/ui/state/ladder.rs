//! The ladder of planners, the accounting that a plan has, and the proof of a plan.

use super::{AppState, Attachment, Effect, PlanKind, Purpose};
use crate::{
    protocol::{Answer, Request},
    report::{
        InPlace, InputImage, PaperReport, Passes, PlanChoice, PlanReport, Planner, Rung,
        RungReport, ScheduleChoice, SearchReport,
    },
    text::{accounting::Preset, front::LARGEST_GRID, page},
    ui::shared::Shared,
};

/// How long the search for a proof may take.
pub const PROOF_SECONDS: u32 = 60;

/// The rungs of the open model.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundRungs {
    /// How the patched ones hold the input.
    pub input_image: InputImage,
    /// A plan for each.
    pub rungs: Shared<Vec<RungReport>>,
}

/// The paper's figures for a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaperShown {
    /// Which plan.
    pub choice: PlanChoice,
    /// The figures.
    pub report: PaperReport,
}

/// How far the proof of the shown plan is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proof {
    /// Which plan.
    pub choice: PlanChoice,
    /// How far the search has come.
    pub search: SearchReport,
}

impl AppState {
    /// Everything that the shown plan is asked for by.
    #[must_use]
    pub fn plan_choice(&self) -> Option<PlanChoice> {
        self.choice().map(|schedule| self.settings.accounting.with_schedule(schedule))
    }

    /// The rung that is shown, where it is one.
    #[must_use]
    pub fn rung(&self) -> Option<Rung> {
        let choice = self.plan_choice()?;
        let passes = self.settings.passes;
        let found = self.rungs.as_ref()?.rungs.iter();
        let mut shown = found.filter(|one| one.choice == choice && one.passes == passes);
        shown.next().map(|one| one.rung)
    }

    /// The proof of the shown plan, as far as it is.
    #[must_use]
    pub fn shown_proof(&self) -> Option<Proof> {
        self.proof.filter(|proof| Some(proof.choice) == self.plan_choice())
    }

    /// The paper's figures for the shown plan, where they are wanted.
    #[must_use]
    pub fn shown_paper(&self) -> Option<PaperReport> {
        let paper = self.paper.filter(|paper| Some(paper.choice) == self.plan_choice())?;
        self.settings.is_paper.then_some(paper.report)
    }

    pub(super) fn compare_rungs(&mut self) -> Vec<Effect> {
        let is_comparing = self.job(|purpose| matches!(purpose, Purpose::Rungs(_))).is_some();
        if is_comparing || self.model.is_none() {
            return Vec::new();
        }
        let input_image = self.settings.patches.input_image;
        let request = Request::CompareRungs { input_image, largest: LARGEST_GRID };
        vec![self.ask(Purpose::Rungs(input_image), request, Attachment::None)]
    }

    pub(super) fn rungs_found(&mut self, purpose: Purpose, rungs: Vec<RungReport>) {
        if let Purpose::Rungs(input_image) = purpose {
            self.rungs = Some(FoundRungs { input_image, rungs: Shared::new(rungs) });
        }
    }

    /// Shows the plan of a rung, with all that it assumes.
    pub(super) fn take_rung(&mut self, rung: Rung) -> Vec<Effect> {
        let found = self
            .rungs
            .as_ref()
            .and_then(|found| found.rungs.iter().find(|one| one.rung == rung).copied());
        let Some(RungReport { passes, choice, .. }) = found else { return Vec::new() };
        self.settings.is_paper = false;
        self.take_plan(choice, passes)
    }

    /// Shows this plan of the open model.
    pub(super) fn take_plan(&mut self, choice: PlanChoice, passes: Passes) -> Vec<Effect> {
        self.settings.apply(choice.schedule);
        self.settings.is_reordered = choice.schedule == ScheduleChoice::Reordered;
        self.settings.accounting = choice.with_schedule(ScheduleChoice::Layerwise);
        self.count(passes)
    }

    pub(super) fn set_accounting(&mut self, accounting: PlanChoice) -> Vec<Effect> {
        self.settings.accounting = accounting.with_schedule(ScheduleChoice::Layerwise);
        self.count(self.settings.passes)
    }

    pub(super) fn take_preset(&mut self, preset: Preset) -> Vec<Effect> {
        self.settings.accounting = preset.accounting();
        self.settings.is_paper = preset == Preset::Paper;
        let is_tflm = preset == Preset::Tflm;
        let was_other = self.settings.plan == PlanKind::Patched || self.settings.is_reordered;
        if is_tflm {
            self.settings.plan = PlanKind::Layerwise;
            self.settings.is_reordered = false;
        }
        let effects = self.count(preset.passes());
        self.plan_note = (is_tflm && was_other).then_some(page::LAYERWISE_BY_TFLM);
        effects
    }

    /// Counts with these passes from now on.
    fn count(&mut self, passes: Passes) -> Vec<Effect> {
        // What was found was found for the other accounting.
        self.candidates = None;
        self.plan_note = None;
        let before = self.settings.passes;
        self.settings.passes = passes;
        self.step = None;
        self.with_passes(before)
    }

    /// Asks for the paper's figures of the shown plan, where they are wanted and not there.
    pub(super) fn ask_paper(&mut self) -> Option<Effect> {
        let choice = self.plan_choice()?;
        let is_wanted = self.settings.is_paper && self.model.is_some() && !self.is_numbers_only();
        let is_there = self.shown_paper().is_some();
        let is_asked = self.job(|purpose| purpose == Purpose::Paper(choice)).is_some();
        if !is_wanted || is_there || is_asked {
            return None;
        }
        self.forget(|purpose| matches!(purpose, Purpose::Paper(_)));
        Some(self.ask(Purpose::Paper(choice), Request::CountAsPaper { choice }, Attachment::None))
    }

    pub(super) fn paper_counted(&mut self, purpose: Purpose, report: PaperReport) {
        if let Purpose::Paper(choice) = purpose {
            self.paper = Some(PaperShown { choice, report });
        }
    }

    pub(super) fn prove(&mut self) -> Vec<Effect> {
        let is_proving = self.job(|purpose| matches!(purpose, Purpose::Prove(_))).is_some();
        if is_proving || self.plan().is_none() {
            return Vec::new();
        }
        // Whatever planner it was: a plan that is searched for is the exact planner's.
        self.settings.accounting.planner = Planner::Exact;
        let Some(choice) = self.plan_choice() else { return Vec::new() };
        let mut effects = self.ask_plans();
        let request = Request::Prove { choice, seconds: PROOF_SECONDS };
        effects.push(self.ask(Purpose::Prove(choice), request, Attachment::None));
        effects
    }

    /// The search for a proof goes on, or has ended: the plan is the better one from now on.
    pub(super) fn proving(&mut self, purpose: Purpose, answer: Answer) {
        let Purpose::Prove(choice) = purpose else { return };
        let (Answer::ProofImproved { search, plan } | Answer::ProofEnded { search, plan }) = answer
        else {
            return;
        };
        self.proof = Some(Proof { choice, search });
        if let Some(plan) = plan {
            self.replace_plan(choice, *plan);
        }
    }

    fn replace_plan(&mut self, choice: PlanChoice, plan: PlanReport) {
        let shown = match PlanKind::of(choice.schedule) {
            PlanKind::Layerwise => &mut self.layerwise,
            PlanKind::Patched => &mut self.patched,
        };
        if let Some(old) = shown.as_ref().filter(|old| old.choice == choice) {
            if plan.arena_bytes > old.arena_bytes {
                return;
            }
            if plan.arena_bytes < old.arena_bytes {
                // It ran in an arena of another size.
                self.run_when_planned = self.pace_ms.is_some();
                match PlanKind::of(choice.schedule) {
                    PlanKind::Layerwise => self.layerwise_run = None,
                    PlanKind::Patched => self.patched_run = None,
                }
            }
            *shown = Some(Shared::new(plan));
        }
    }
}

/// Whether operators are in place, in the words of links.
#[must_use]
pub const fn in_place_key(in_place: InPlace) -> &'static str {
    match in_place {
        InPlace::None => "none",
        InPlace::Depthwise => "depthwise",
        InPlace::All => "all",
    }
}
