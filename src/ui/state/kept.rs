//! The plan that is kept as A, and what it is compared with.

use super::{
    Action, AppState, Attachment, ChosenPlan, Effect, ModelLink, OpenModel, PlanKind, Purpose,
    Source, Wanted, WorkerState, replies::timed,
};
use crate::{
    protocol::Request,
    report::{Passes, PlanChoice, PlanReport, ProfileReport, RunReport},
    text::{comparison::Side, phrases},
    ui::shared::Shared,
};

/// So many plans that were kept stay known, for the way back.
const MOST_KNOWN: usize = 8;

/// A run with what it ran on.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOn {
    /// The run.
    pub report: Shared<RunReport>,
    /// The bytes of its inputs.
    pub inputs: Shared<Vec<Vec<u8>>>,
    /// Its first answer, where the model tells classes.
    pub answer: Option<String>,
}

/// One of two plans that are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its model.
    pub open: OpenModel,
    /// Its model in links.
    pub link: ModelLink,
    /// What is counted.
    pub passes: Passes,
    /// The plan.
    pub plan: Shared<PlanReport>,
    /// Its last run.
    pub run: Option<RunOn>,
}

impl Compared {
    fn is(&self, chosen: &ChosenPlan) -> bool {
        let ChosenPlan { model, passes, choice } = chosen;
        (&self.link, self.passes, self.plan.choice) == (model, *passes, *choice)
    }

    /// The same for sentences.
    #[must_use]
    pub fn side(&self) -> Side<'_> {
        Side {
            file_name: &self.open.file_name,
            model: &self.open.report,
            passes: self.passes,
            plan: &self.plan,
            run: self.run.as_ref().map(|run| &*run.report),
            inputs: self.run.as_ref().map_or(&[], |run| &run.inputs),
            answer: self.run.as_ref().and_then(|run| run.answer.as_deref()),
        }
    }
}

/// Two plans beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The one that is kept; where none is, the layer-wise one.
    pub a: Compared,
    /// The shown one.
    pub b: Compared,
}

impl Pair {
    /// Whether one graph serves both, so that both can run now.
    #[must_use]
    pub fn is_of_one_graph(&self) -> bool {
        self.a.link == self.b.link && self.a.passes == self.b.passes
    }
}

impl AppState {
    /// What the shown plan is asked for by.
    fn shown_plan(&self) -> Option<ChosenPlan> {
        self.model.as_ref()?;
        let model = self.settings.model.clone();
        Some(ChosenPlan { model, passes: self.settings.passes, choice: self.plan_choice()? })
    }

    /// Whether the shown plan is the one that is kept.
    #[must_use]
    pub fn is_kept_shown(&self) -> bool {
        self.settings.kept.is_some() && self.settings.kept == self.shown_plan()
    }

    /// The plan that is kept with its figures, once they are known.
    #[must_use]
    pub fn kept(&self) -> Option<&Compared> {
        let kept = self.settings.kept.as_ref()?;
        self.kept.iter().find(|known| known.is(kept))
    }

    /// Why the plan that is kept cannot be made.
    #[must_use]
    pub fn kept_problem(&self) -> Option<&str> {
        let (of, problem) = self.kept_problem.as_ref()?;
        (self.settings.kept.as_ref() == Some(of)).then_some(problem.message.as_str())
    }

    /// Whether the plan that is kept is of the graph that is open.
    #[must_use]
    pub fn is_kept_of_graph(&self) -> bool {
        let kept = self.settings.kept.as_ref();
        kept.is_some_and(|kept| self.is_of_model(kept) && kept.passes == self.settings.passes)
    }

    fn is_of_model(&self, kept: &ChosenPlan) -> bool {
        self.model.is_some() && kept.model == self.settings.model
    }

    /// The plans that are compared: what is kept with what is shown, or, where nothing is kept, layer
    /// by layer with patches. `None` while one of them is not there.
    #[must_use]
    pub fn pair(&self) -> Option<Pair> {
        let b = self.compared(self.settings.plan)?;
        let a = match &self.settings.kept {
            Some(_) if self.is_kept_shown() => return None,
            Some(_) => self.kept()?.clone(),
            None if self.settings.plan == PlanKind::Patched => {
                self.compared(PlanKind::Layerwise)?
            }
            None => return None,
        };
        Some(Pair { a, b })
    }

    /// The plan of that kind, as it is asked for now, with its run.
    fn compared(&self, kind: PlanKind) -> Option<Compared> {
        let (schedule, plan, run) = match kind {
            PlanKind::Layerwise => {
                (Some(self.layerwise_choice()), &self.layerwise, &self.layerwise_run)
            }
            PlanKind::Patched => (self.patched_choice(), &self.patched, &self.patched_run),
        };
        let choice = self.settings.accounting.with_schedule(schedule?);
        let plan = plan.as_ref().filter(|plan| plan.choice == choice)?.clone();
        if self.job(|purpose| purpose == Purpose::Passes).is_some() {
            // It is of the graph before.
            return None;
        }
        Some(Compared {
            open: self.model.clone()?,
            link: self.settings.model.clone(),
            passes: self.settings.passes,
            run: run
                .as_ref()
                .filter(|run| run.choice == choice)
                .map(|run| self.run_on(run.clone())),
            plan,
        })
    }

    /// A run of the open model, on what is its input now.
    fn run_on(&self, report: Shared<RunReport>) -> RunOn {
        let first = report.outputs.first().and_then(|output| output.top.first());
        let open = self.model.as_ref().filter(|open| open.report.tells_classes());
        let answer = first.zip(open).map(|(score, open)| {
            let label = self.labels().and_then(|labels| labels.get(score.class as usize));
            let name = label.filter(|label| !label.is_empty()).cloned();
            let name = name.unwrap_or_else(|| phrases::output(&open.report, score.class));
            format!("{name} ({:.2})", score.value)
        });
        RunOn { report, inputs: self.inputs.clone(), answer }
    }

    pub(super) fn keeping(&mut self, action: &Action) -> Vec<Effect> {
        match action {
            Action::KeepPlan if !self.is_kept_shown() => {
                if self.compared(self.settings.plan).is_some() {
                    self.settings.kept = self.shown_plan();
                }
            }
            Action::SwapKept => {
                let Some(old) = self.settings.kept.clone().filter(|_| self.can_show_kept()) else {
                    return Vec::new();
                };
                if self.is_kept_shown() || self.compared(self.settings.plan).is_none() {
                    return Vec::new();
                }
                let source = self.kept_source();
                self.settings.kept = self.shown_plan();
                self.note_kept();
                return self.go_to_plan(old, source);
            }
            Action::ShowKept => {
                let source = self.kept_source();
                if let Some(kept) = self.settings.kept.clone() {
                    return self.go_to_plan(kept, source);
                }
            }
            _ => self.settings.kept = None,
        }
        Vec::new()
    }

    /// Shows that plan, with its model where that is another one.
    fn go_to_plan(&mut self, plan: ChosenPlan, source: Option<(Source, String)>) -> Vec<Effect> {
        if self.is_of_model(&plan) {
            return self.take_plan(plan.choice, plan.passes);
        }
        let Some((source, file_name)) = source else { return Vec::new() };
        let wanted = Wanted::Kept(plan.choice, plan.passes);
        self.open_again(source, file_name, Some(wanted))
    }

    /// Whether the plan that is kept can be shown: its model is open, or at hand.
    #[must_use]
    pub fn can_show_kept(&self) -> bool {
        let kept = self.settings.kept.as_ref();
        kept.is_some_and(|kept| self.is_of_model(kept)) || self.kept_source().is_some()
    }

    /// Where the bytes of its model are.
    fn kept_source(&self) -> Option<(Source, String)> {
        if let ModelLink::Bundled(bundled) = self.settings.kept.as_ref()?.model {
            return Some((Source::Bundled(bundled), bundled.file_name.to_owned()));
        }
        let open = &self.kept()?.open;
        Some((open.source, open.file_name.clone()))
    }

    /// Whether a file may be opened again, as the model of a plan that is or was kept.
    #[must_use]
    pub fn may_open_again(&self, handle: u32) -> bool {
        self.kept.iter().any(|known| known.open.source == Source::File(handle))
    }

    /// Remembers the figures of the plan that is kept while it is the shown one.
    pub(super) fn note_kept(&mut self) {
        if self.is_kept_shown()
            && let Some(shown) = self.compared(self.settings.plan)
        {
            self.know(shown);
        }
    }

    /// Remembers a plan; of one that is known, its run as well, unless that was in another arena.
    fn know(&mut self, mut plan: Compared) {
        let is_same = |known: &Compared| {
            (&known.link, known.passes, known.plan.choice)
                == (&plan.link, plan.passes, plan.plan.choice)
        };
        let Some(place) = self.kept.iter().position(is_same) else {
            self.kept.push(plan);
            let excess = self.kept.len().saturating_sub(MOST_KNOWN);
            self.kept.drain(..excess);
            return;
        };
        let known = &mut self.kept[place];
        if plan.run.is_none() {
            let arena_bytes = plan.plan.arena_bytes;
            plan.run = known.run.take().filter(|run| run.report.arena_bytes == arena_bytes);
        }
        *known = plan;
    }

    /// Asks for the figures of the plan that is kept, where they are not known and the open graph has
    /// them.
    pub(super) fn ask_kept(&mut self) -> Option<Effect> {
        let choice = self.settings.kept.as_ref()?.choice;
        let is_busy = |purpose| matches!(purpose, Purpose::Passes | Purpose::Open);
        let is_asked = self.job(|purpose| purpose == Purpose::Kept(choice)).is_some();
        let is_stopped = self.worker == WorkerState::Stopped;
        // A worker that begins anew has no model until that is read.
        let has_no_model = self.out_of_step || self.reading.is_some() || is_stopped;
        let waits = is_asked || has_no_model || self.job(is_busy).is_some();
        let is_known = self.kept().is_some() || self.kept_problem().is_some();
        if waits || is_known || self.is_kept_shown() || !self.is_kept_of_graph() {
            return None;
        }
        self.forget(|purpose| matches!(purpose, Purpose::Kept(_)));
        Some(self.ask(Purpose::Kept(choice), Request::Plan { choice }, Attachment::None))
    }

    pub(super) fn kept_planned(&mut self, plan: PlanReport) {
        if let Some(open) = self.model.clone() {
            let (link, passes) = (self.settings.model.clone(), self.settings.passes);
            self.know(Compared { open, link, passes, plan: Shared::new(plan), run: None });
        }
    }

    /// The plan that is kept, where one of the open graph ran or is to run.
    fn kept_of_graph(&mut self, choice: PlanChoice) -> Option<&mut Compared> {
        let kept = self.settings.kept.clone().filter(|kept| kept.choice == choice)?;
        if !self.is_kept_of_graph() {
            return None;
        }
        self.kept.iter_mut().find(|known| known.is(&kept))
    }

    pub(super) fn kept_ran(&mut self, run: &RunReport) {
        if self.kept_of_graph(run.choice).is_none() {
            return;
        }
        let run_on = self.run_on(Shared::new(run.clone()));
        if let Some(kept) = self.kept_of_graph(run.choice) {
            kept.run = Some(run_on);
        }
    }

    pub(super) fn kept_profiled(&mut self, profile: &ProfileReport) {
        let kept = self.kept_of_graph(profile.choice);
        if let Some(run) = kept.and_then(|kept| kept.run.as_mut()) {
            run.report = timed(&run.report, profile);
        }
    }

    /// What is kept, where it ran on this input and its times are those of a first run.
    pub(super) fn cold_kept_run(&self) -> Option<PlanChoice> {
        let kept = self.kept().filter(|_| self.is_kept_of_graph())?;
        let run = kept.run.as_ref()?;
        (run.inputs == self.inputs && run.report.repeats == 1).then_some(kept.plan.choice)
    }

    /// Runs both plans that are compared, where one graph serves both; else the shown one.
    pub(super) fn run_both(&mut self) -> Vec<Effect> {
        let shown = self.plan_choice();
        let accounting = self.settings.accounting;
        let other = match &self.settings.kept {
            Some(kept) => self.is_kept_of_graph().then_some(kept.choice),
            None if self.settings.plan == PlanKind::Patched => {
                Some(accounting.with_schedule(self.layerwise_choice()))
            }
            None => None,
        };
        // The shown plan last: its activations are the ones to look at.
        let mut choices: Vec<PlanChoice> = other.into_iter().chain(shown).collect();
        choices.dedup();
        self.run_choices(&choices)
    }
}
