//! What has been planned for the open model so far.

use super::AppState;
use crate::{report::PlanReport, text::explanation::PlannedArena};

impl AppState {
    /// Every plan that is known, in figures: the shown ones, candidates, fronts and rungs.
    #[must_use]
    pub fn planned_arenas(&self) -> Vec<PlannedArena> {
        let shown = [&self.layerwise, &self.patched].into_iter().flatten();
        let mut plans: Vec<PlannedArena> = shown.map(|plan| of_report(plan)).collect();
        let macs_layerwise = self.model.as_ref().map_or(0, |open| open.report.macs);
        let accounting = self.settings.accounting;
        let candidates = self.candidates.iter().map(|found| (accounting, &found[..]));
        let fronts = self.fronts.iter().map(|found| (found.accounting, &found.report.front[..]));
        for (accounting, found) in candidates.chain(fronts) {
            plans.extend(found.iter().map(|one| PlannedArena {
                choice: accounting.with_schedule(one.choice),
                arena_bytes: one.arena_bytes,
                macs: one.macs,
                macs_layerwise,
            }));
        }
        let rungs = self.rungs.iter().flat_map(|found| found.rungs.iter());
        plans.extend(rungs.map(|rung| PlannedArena {
            choice: rung.choice,
            arena_bytes: rung.arena_bytes,
            macs: rung.macs,
            macs_layerwise: rung.macs_layerwise,
        }));
        plans
    }
}

fn of_report(plan: &PlanReport) -> PlannedArena {
    PlannedArena {
        choice: plan.choice,
        arena_bytes: plan.arena_bytes,
        macs: plan.macs,
        macs_layerwise: plan.macs_layerwise,
    }
}
