//! What must be said of the link that the page began with.

use super::{
    AppState, BUNDLED, ChosenPlan, ModelLink, PlanKind, Settings, Source, Wanted, default_stage_end,
};
use crate::{text::link, ui::url::Misread};

impl AppState {
    /// Takes what of the link makes no sense.
    pub fn tell_misread(&mut self, misread: Vec<Misread>) {
        self.misread = misread;
    }

    /// What must be said of the link.
    #[must_use]
    pub fn link_notes(&self) -> Vec<String> {
        let absent = match &self.link_note {
            Some(ModelLink::Own { sha256 }) => {
                let kept = self.link.as_ref().and_then(|link| link.kept.as_ref());
                let is_other = |kept: &&ChosenPlan| Some(&kept.model) != self.link_note.as_ref();
                let own = kept.filter(is_other).and_then(|kept| match &kept.model {
                    ModelLink::Own { sha256 } if self.kept().is_none() => Some(&sha256[..]),
                    _ => None,
                });
                Some(link::needs_file(sha256, self.stand_in(), kept.map(|_| own)))
            }
            Some(ModelLink::Unknown { key }) => Some(link::unknown_sample(key, BUNDLED[0].key)),
            Some(ModelLink::Bundled(_)) | None => None,
        };
        let strayed = self.strayed_from.as_deref().map(link::another_file);
        let parts = self.misread.iter().map(|one| (&one.said[..], &one.instead[..]));
        let misread = (!self.misread.is_empty()).then(|| link::misread(parts));
        absent.into_iter().chain(strayed).chain(misread).collect()
    }

    /// The sample that is shown in place of a link's file.
    fn stand_in(&self) -> Option<&str> {
        let name = BUNDLED[0].file_name;
        let open = self.model.as_ref();
        open.is_none_or(|open| matches!(open.source, Source::Bundled(_))).then_some(name)
    }

    /// Whether numbers are shown whose link also keeps a plan, which only the file brings back.
    #[must_use]
    pub fn numbers_keep_plan(&self) -> bool {
        self.is_numbers_only() && self.link.as_ref().is_some_and(|link| link.kept.is_some())
    }

    pub(super) fn dismiss_link_notes(&mut self) {
        self.link_note = None;
        if self.strayed_from.take().is_some() {
            self.link = None;
        }
        self.misread.clear();
    }

    /// What the link says of the model that opens, if it is the one that the link was made with. Where
    /// the visitor opens another, that is told, and the link waits; the file of its plan A is shown until the
    /// other one is there. `is_same` is whether the model is the one that was shown.
    pub(super) fn follow_link(
        &mut self,
        source: Source,
        sha256: &str,
        is_same: bool,
    ) -> Option<Settings> {
        if !is_same {
            self.strayed_from = None;
        }
        let is = |model: &ModelLink| match model {
            ModelLink::Own { sha256: start } => sha256.starts_with(start.as_str()),
            ModelLink::Bundled(_) | ModelLink::Unknown { .. } => false,
        };
        let is_meant = self.link.as_ref().is_some_and(|link| is(&link.model));
        if !is_meant && matches!(source, Source::Bundled(_)) {
            return None;
        }
        let kept = self.link.as_ref().and_then(|link| link.kept.clone());
        if let Some(kept) = kept.filter(|kept| !is_meant && is(&kept.model)) {
            self.wanted = Some(Wanted::Kept(kept.choice, kept.passes));
            let model = Self::link_to(source, sha256);
            self.settings.kept = Some(ChosenPlan { model, ..kept });
            return None;
        }
        self.link_note = None;
        if !is_meant {
            // It waits for its own file.
            if let Some(Settings { model: ModelLink::Own { sha256 }, .. }) = &self.link {
                self.strayed_from = Some(sha256.clone());
            }
            return None;
        }
        let link = self.link.take()?;
        // Where the file of A came first, the settings are those of A, not what the link says of B.
        let is_own = matches!(self.settings.model, ModelLink::Own { .. });
        let is_after_a = is_own && !self.is_numbers_only();
        let chosen = link.chosen(link.model.clone()).filter(|_| is_after_a);
        self.wanted = chosen.map(|b| Wanted::Kept(b.choice, b.passes)).or(self.wanted.take());
        Some(link)
    }

    /// Tells what the link asks of the model that it does not have.
    pub(super) fn check_link(&mut self) {
        let Some(report) = self.model.as_ref().map(|open| open.report.clone()) else { return };
        let mut tell = |said: String, instead: String| self.misread.push(Misread { said, instead });
        let first = default_stage_end(&report);
        if let Some(end) = self.settings.patches.stage_end
            && let Some(first) = first
            && !report.stage_ends.contains(&end)
        {
            tell(format!("stage={end}"), link::stage(first));
        }
        if self.settings.plan == PlanKind::Patched && first.is_none() {
            tell("plan=patch".to_owned(), link::LAYERWISE.to_owned());
        }
        let is_there = |operator: &u32| (*operator as usize) < report.operators.len();
        if let Some(operator) = self.settings.selected.take_if(|operator| !is_there(operator)) {
            tell(format!("sel={operator}"), link::PEAK.to_owned());
        }
    }
}
