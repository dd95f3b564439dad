//! Numbers of a link in place of a model: shown like one, and everything that needs the file is off.

use super::{
    Action, AppState, Effect, ModelLink, OpenModel, PlanKind, Settings, Source, TableOf,
    history::History,
};
use crate::{
    text::numbers_only,
    ui::{
        kernel_set::Support,
        numbers::{self, Numbers},
        shared::Shared,
        url,
    },
};

/// A link with numbers that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedNumbers {
    /// The fragment of the address.
    pub fragment: String,
    /// Whether it is on the clipboard.
    pub is_copied: bool,
}

impl AppState {
    /// The state at first where a link carries numbers; without any it is [`AppState::boot`]'s.
    #[must_use]
    pub fn boot_link(
        settings: Settings,
        numbers: Option<&str>,
        support: Support,
    ) -> (Self, Vec<Effect>) {
        // A sample's own bytes are here: no numbers of a stranger are wanted.
        let is_own = matches!(settings.model, ModelLink::Own { .. });
        let Some(text) = numbers.filter(|_| is_own) else { return Self::boot(settings, support) };
        let (mut state, effects) = Self::boot(settings.clone(), support);
        match numbers::decode(text) {
            Ok(numbers) => {
                state.show_numbers(settings, numbers, text);
                (state, Vec::new())
            }
            Err(error) => {
                state.problem = Some(numbers_only::unread(&error.to_string()));
                (state, effects)
            }
        }
    }

    fn show_numbers(&mut self, mut settings: Settings, numbers: Numbers, text: &str) {
        let Numbers { file_name, model, mut plan } = numbers;
        settings.model = Self::link_to(Source::Numbers, &model.sha256);
        self.link = Some(settings.clone());
        // There is nothing to plan another one from.
        settings.kept = None;
        self.link_note = None;
        self.settings = settings;
        self.reading = None;
        let report = Shared::new(model);
        self.model = Some(OpenModel { report, source: Source::Numbers, file_name });
        plan.choice = self.plan_choice().unwrap_or(plan.choice);
        let plan = Some(Shared::new(plan));
        match self.settings.plan {
            PlanKind::Layerwise => self.layerwise = plan,
            PlanKind::Patched => self.patched = plan,
        }
        self.numbers = Some(text.to_owned());
    }

    /// Whether numbers of a link are shown, and no model is there.
    #[must_use]
    pub fn is_numbers_only(&self) -> bool {
        self.numbers.is_some()
    }

    /// The fragment that leads back to what is shown.
    #[must_use]
    pub fn fragment(&self) -> String {
        let Some(numbers) = &self.numbers else { return url::encode(&self.settings) };
        // What only the file brings back is not lost on the way.
        let kept = self.link.as_ref().and_then(|link| link.kept.clone());
        url::with_numbers(&Settings { kept, ..self.settings.clone() }, Some(numbers))
    }

    /// Refuses what needs the model's file while there is none.
    pub(super) fn refuse_without_file(&mut self, action: &Action) -> bool {
        let Some(open) = self.model.as_ref().filter(|_| self.is_numbers_only()) else {
            return false;
        };
        if action.needs_file() {
            self.problem = Some(numbers_only::needs_file(&open.file_name));
            return true;
        }
        false
    }

    /// A model opens in place of the numbers; another one than theirs has its own plans.
    pub(super) fn leave_numbers(&mut self, is_same: bool) -> bool {
        let was_shown = self.numbers.take().is_some();
        if was_shown && !is_same {
            self.settings = self.settings.clone().without_model();
        }
        if was_shown {
            // What was chosen before knew nothing of what the link keeps.
            self.history = History::default();
        }
        self.forget_shared_numbers();
        was_shown
    }

    /// Something else is shown than what the last link was made of.
    pub(super) fn forget_shared_numbers(&mut self) {
        (self.shared_numbers, self.copying) = (None, None);
    }

    /// Whether a link with numbers is of use: a file of the visitor's own is shown.
    #[must_use]
    pub fn can_share_numbers(&self) -> bool {
        matches!(self.settings.model, ModelLink::Own { .. }) && self.plan().is_some()
    }

    /// Makes the link and asks for it to be put on the clipboard.
    pub(super) fn share_numbers(&mut self) -> Vec<Effect> {
        let (Some(open), Some(plan)) = (&self.model, self.plan()) else { return Vec::new() };
        match numbers::encode(&open.file_name, &open.report, plan) {
            Ok(text) => {
                let fragment = url::with_numbers(&self.settings, Some(&text));
                self.copying = Some(fragment.clone());
                vec![Effect::Copy(fragment)]
            }
            Err(error) => {
                self.problem = Some(numbers_only::too_many(&error.to_string()));
                Vec::new()
            }
        }
    }
}

impl Action {
    /// Whether it can only be done with a model's file.
    fn needs_file(&self) -> bool {
        !matches!(
            self,
            Self::Replied { .. }
                | Self::ChooseFile { .. }
                | Self::ReadProgress { .. }
                | Self::ReadDone { .. }
                | Self::ReadFailed { .. }
                | Self::CancelRead
                | Self::OpenBundled(..)
                | Self::WorkerDied { .. }
                | Self::CancelTimedOut { .. }
                | Self::Cancel { .. }
                | Self::DismissProblem
                | Self::DismissLinkNote
                | Self::TryAgain
                | Self::SetTarget(_)
                | Self::Undo
                | Self::Redo
                | Self::AddBlock(_)
                | Self::RemoveBlock(_)
                | Self::SetLetters(_)
                | Self::SetTheme(_)
                | Self::NextTheme
                | Self::SetKernels(_)
                | Self::Select(_)
                | Self::SelectStep(_)
                | Self::Move(_)
                | Self::Place(_)
                | Self::SaveDrawing(_)
                | Self::SaveTable(TableOf::Operators, _)
                | Self::Print
                | Self::SaveReport
                | Self::ShareNumbers
                | Self::Copied { .. }
        )
    }
}
