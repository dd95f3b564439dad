//! Which steps of a plan are drawn: all of them, or one patch for all patches.

use crate::report::PlanReport;

/// Above so many blocks a plan is folded.
pub const MOST_BLOCKS: usize = 3000;
/// Below so many pixels a step, a plan is folded.
pub const LEAST_STEP_PX: f64 = 2.0;

/// How a patch plan is drawn.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum View {
    /// All patches while they fit, else the worst one.
    #[default]
    Fitting,
    /// All patches.
    Whole,
    /// The patch that needs most, and the tail.
    WorstPatch,
}

/// The steps that are drawn, one column each.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Their numbers, ascending.
    pub steps: Vec<u32>,
    /// The patch that stands for all, where it does.
    pub folded_to: Option<u32>,
    /// How many patches the plan has; 0 without a patch stage.
    pub n_patches: u32,
    /// Whether steps before or after these are left out.
    pub is_part: bool,
}

impl Timeline {
    /// Chooses the steps.
    #[must_use]
    pub fn new(plan: &PlanReport, view: View, width_px: f64) -> Self {
        let last_patch = plan.steps.iter().filter_map(|step| step.patch).max();
        let n_patches = last_patch.map_or(0, |last| last + 1);
        let n_steps = plan.steps.len();
        let is_crowded =
            plan.blocks.len() > MOST_BLOCKS || width_px / (n_steps.max(1) as f64) < LEAST_STEP_PX;
        let is_folded = n_patches > 1
            && match view {
                View::Fitting => is_crowded,
                View::Whole => plan.blocks.len() > MOST_BLOCKS,
                View::WorstPatch => true,
            };
        let folded_to = if is_folded { worst_patch(plan) } else { None };
        let is_drawn = |patch: Option<u32>| match (folded_to, patch) {
            (Some(worst), Some(patch)) => patch == worst,
            _ => true,
        };
        let steps = plan.steps.iter().enumerate().filter(|(_, step)| is_drawn(step.patch));
        let steps = steps.filter_map(|(index, _)| u32::try_from(index).ok()).collect();
        Self { steps, folded_to, n_patches, is_part: false }
    }

    /// The columns that the steps `[first, end)` fill, half-open; empty when none is drawn.
    #[must_use]
    pub fn columns(&self, first: u32, end: u32) -> (usize, usize) {
        let column = |bound: u32| self.steps.partition_point(|&step| step < bound);
        (column(first), column(end))
    }

    /// The column of a step, or of the step that stands for it in the patch that is drawn.
    #[must_use]
    pub fn column_of(&self, plan: &PlanReport, step: u32) -> Option<usize> {
        if let Ok(column) = self.steps.binary_search(&step) {
            return Some(column);
        }
        // No other patch stands for it.
        self.folded_to?;
        let meant = plan.steps.get(step as usize)?.operator;
        self.steps.iter().position(|&drawn| {
            plan.steps.get(drawn as usize).is_some_and(|one| one.operator == meant)
        })
    }
}

/// The patch within which most is live.
fn worst_patch(plan: &PlanReport) -> Option<u32> {
    let mut worst: Option<(u32, u64)> = None;
    for step in &plan.steps {
        if let Some(patch) = step.patch
            && worst.is_none_or(|(_, needed)| step.needed_bytes() > needed)
        {
            worst = Some((patch, step.needed_bytes()));
        }
    }
    worst.map(|(patch, _)| patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn crowded_plans_fold_to_the_worst_patch_and_the_tail() {
        let plan = sample::patched_plan(4, 4);
        let whole = Timeline::new(&plan, View::Fitting, 1000.0);
        assert_eq!((whole.steps.len(), whole.folded_to), (35, None));
        let folded = Timeline::new(&plan, View::Fitting, 40.0);
        assert_eq!(folded.steps, [30, 31, 32, 33, 34]);
        assert_eq!(folded.folded_to, Some(15));
        assert_eq!(folded.columns(0, 2), (0, 0), "blocks of other patches are not drawn");
        assert_eq!(folded.columns(30, 32), (0, 2));
        assert_eq!(folded.column_of(&plan, 3), Some(1), "the same operator stands for it");
    }

    #[test]
    fn plans_without_patches_are_never_folded() {
        let timeline = Timeline::new(&sample::plan(), View::WorstPatch, 1.0);
        assert_eq!((timeline.steps.len(), timeline.folded_to), (5, None));
    }
}
