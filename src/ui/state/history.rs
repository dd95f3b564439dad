//! Undo and redo of what the visitor chose.

use super::{
    AppState, Attachment, ChosenPlan, Effect, OwnBlock, PatchSettings, PlanKind, Purpose, Settings,
    Target,
};
use crate::{
    protocol::Request,
    report::{Passes, PlanChoice},
};

/// So many steps are remembered.
const MOST_STEPS: usize = 100;

/// What of the settings can be taken back: all that decides figures. What is looked at cannot.
#[derive(Clone, Debug, PartialEq)]
struct Choices {
    target: Target,
    blocks: Vec<OwnBlock>,
    plan: PlanKind,
    patches: PatchSettings,
    passes: Passes,
    accounting: PlanChoice,
    is_reordered: bool,
    is_paper: bool,
    kept: Option<ChosenPlan>,
}

impl Choices {
    fn of(settings: &Settings) -> Self {
        Self {
            target: settings.target,
            blocks: settings.blocks.clone(),
            plan: settings.plan,
            patches: settings.patches,
            passes: settings.passes,
            accounting: settings.accounting,
            is_reordered: settings.is_reordered,
            is_paper: settings.is_paper,
            kept: settings.kept.clone(),
        }
    }

    fn put_into(self, settings: &mut Settings) {
        let Self {
            target,
            blocks,
            plan,
            patches,
            passes,
            accounting,
            is_reordered,
            is_paper,
            kept,
        } = self;
        let rest = settings.clone();
        *settings = Settings {
            target,
            blocks,
            plan,
            patches,
            passes,
            accounting,
            is_reordered,
            is_paper,
            kept,
            ..rest
        };
    }
}

/// Choices as they were, for the way back and forth again.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    past: Vec<Choices>,
    future: Vec<Choices>,
}

impl AppState {
    /// Whether there is something to take back.
    #[must_use]
    pub const fn can_undo(&self) -> bool {
        !self.history.past.is_empty()
    }

    /// Whether something was taken back.
    #[must_use]
    pub const fn can_redo(&self) -> bool {
        !self.history.future.is_empty()
    }

    /// Remembers what was chosen before an action, where it is about the same model.
    pub(super) fn remember(&mut self, before: &Settings) {
        if before.model != self.settings.model {
            self.history = History::default();
            return;
        }
        let (old, new) = (Choices::of(before), Choices::of(&self.settings));
        if old != new {
            self.history.future.clear();
            self.history.past.push(old);
            let excess = self.history.past.len().saturating_sub(MOST_STEPS);
            self.history.past.drain(..excess);
        }
    }

    /// Takes the last choice back.
    pub(super) fn undo(&mut self) -> Vec<Effect> {
        let Some(old) = self.history.past.pop() else { return Vec::new() };
        self.history.future.push(Choices::of(&self.settings));
        self.go_to(old)
    }

    /// Does again what was taken back.
    pub(super) fn redo(&mut self) -> Vec<Effect> {
        let Some(new) = self.history.future.pop() else { return Vec::new() };
        self.history.past.push(Choices::of(&self.settings));
        self.go_to(new)
    }

    fn go_to(&mut self, choices: Choices) -> Vec<Effect> {
        let passes = self.settings.passes;
        choices.put_into(&mut self.settings);
        self.step = None;
        self.plan_note = None;
        if self.is_numbers_only() {
            // Only what they are to fit into was chosen, and there is nobody to ask.
            return Vec::new();
        }
        self.with_passes(passes)
    }

    /// Asks for what the settings want now, after passes that were `before`: another graph, or
    /// other plans of this one.
    pub(super) fn with_passes(&mut self, before: Passes) -> Vec<Effect> {
        let passes = self.settings.passes;
        let is_on_its_way = self.job(|purpose| purpose == Purpose::Passes).is_some();
        if passes == before && !is_on_its_way {
            let mut effects = self.ask_plans();
            effects.extend(self.ask_activation());
            return effects;
        }
        // What is kept is asked for again once the graph is there that it is to be of.
        self.forget(|purpose| matches!(purpose, Purpose::Passes | Purpose::Kept(_)));
        if self.model.is_none() {
            return Vec::new();
        }
        vec![self.ask(Purpose::Passes, Request::SetPasses { passes }, Attachment::None)]
    }
}
