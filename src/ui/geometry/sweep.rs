//! A patch stage over the input: what each patch reads of it, and which steps are its own.

use crate::{
    report::PlanReport,
    tensor::{Region, Span},
};

/// A patch's part of the input map.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    /// What it reads, halo included.
    pub read: Region,
    /// Its fair share: the parts of all patches that share no cell and leave none.
    pub share: Region,
}

/// The parts of all patches of a map of so many rows and columns, row by row; none layer by layer.
#[must_use]
pub fn parts(plan: &PlanReport, [height, width]: [usize; 2], grid: [u32; 2]) -> Vec<Part> {
    let [rows, columns] = grid.map(|side| side.max(1) as usize);
    let share = |index: usize, parts: usize, len: usize| {
        Span::new(index * len / parts, (index + 1) * len / parts)
    };
    let part = |(patch, &read): (usize, &Region)| {
        let (row, column) = (patch / columns, patch % columns);
        let share =
            Region { rows: share(row, rows, height), columns: share(column, columns, width) };
        Part { read, share }
    };
    plan.patch_inputs.iter().enumerate().map(part).collect()
}

/// The patch that a step belongs to.
#[must_use]
pub fn patch_of(plan: &PlanReport, step: Option<u32>) -> Option<u32> {
    plan.steps.get(step? as usize)?.patch
}

/// The step of a patch that computes an operator, or its first where it computes none of that.
#[must_use]
pub fn step_of(plan: &PlanReport, patch: u32, operator: u32) -> Option<u32> {
    let own = || (0u32..).zip(&plan.steps).filter(|(_, step)| step.patch == Some(patch));
    let computes = own().find(|(_, step)| step.operator == Some(operator));
    computes.or_else(|| own().next()).map(|(step, _)| step)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn shares_tile_the_map_and_lie_in_what_is_read() {
        let plan = sample::patched_plan(2, 3);
        let parts = parts(&plan, [8, 8], [2, 3]);
        assert_eq!(parts.len(), 6);
        assert_eq!(parts.iter().map(|part| part.share.cells()).sum::<usize>(), 64);
        assert!(parts.iter().all(|part| part.read.covers(part.share)));
        assert_eq!(parts[4].share.columns, Span::new(2, 5));
        assert_eq!(parts[4].read.columns, Span::new(1, 6));
    }

    #[test]
    fn a_layerwise_plan_has_no_parts() {
        assert!(parts(&sample::plan(), [8, 8], [1, 1]).is_empty());
        assert_eq!(patch_of(&sample::plan(), Some(0)), None);
    }

    #[test]
    fn steps_are_found_by_patch_and_operator() {
        let plan = sample::patched_plan(2, 2);
        let step = step_of(&plan, 2, 1).unwrap();
        let found = &plan.steps[step as usize];
        assert_eq!((found.patch, found.operator), (Some(2), Some(1)));
        assert_eq!(patch_of(&plan, Some(step)), Some(2));
        // An operator behind the stage: the patch's first step.
        assert_eq!(step_of(&plan, 3, 99), step_of(&plan, 3, 0));
        assert_eq!(step_of(&plan, 4, 0), None);
    }
}
