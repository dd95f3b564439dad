//! From a schedule to a planner's problem.

use super::{Alignment, BufferId, Planner, Role, Schedule};
use crate::order::sorted_positions;
use crate::plan::{self, Buffer, Lifespan, PlanError, Problem, Solution};

/// The schedule's buffers as a problem of plain data.
///
/// The schedule's alignment is the least of every address, and sizes are rounded up to it, as the
/// engines do that have one; wider elements keep their own. See [`exact_problem`] for the bytes
/// alone.
#[must_use]
pub fn problem(schedule: &Schedule) -> Problem {
    aligned(schedule, schedule.alignment)
}

/// The same with the sizes that tensors have and no more: what is live, rather than what is taken.
#[must_use]
pub fn exact_problem(schedule: &Schedule) -> Problem {
    aligned(schedule, Alignment::Element)
}

/// The same of buffers with some roles; the others have no bytes.
#[must_use]
pub fn part_of(schedule: &Schedule, is_counted: fn(Role) -> bool) -> Problem {
    let mut problem = exact_problem(schedule);
    for (planned, buffer) in problem.buffers.iter_mut().zip(&schedule.buffers) {
        planned.size_bytes *= u64::from(is_counted(buffer.role));
    }
    problem
}

fn aligned(schedule: &Schedule, alignment: Alignment) -> Problem {
    let alignment_bytes = alignment.bytes();
    let buffers = schedule.buffers.iter().map(|buffer| Buffer {
        size_bytes: buffer.bytes.next_multiple_of(alignment_bytes) as u64,
        alignment_bytes: buffer.alignment_bytes.max(alignment_bytes) as u64,
        lifespan: Lifespan { first: buffer.lifespan.start as u64, end: buffer.lifespan.end as u64 },
        takes_place_of: buffer.takes_place_of.map(BufferId::index),
    });
    Problem { buffers: buffers.collect(), capacity_bytes: None }
}

/// Plans the arena of a schedule.
///
/// # Errors
/// [`PlanError`] for sizes beyond reason.
pub fn solve(schedule: &Schedule, planner: Planner) -> Result<Solution, PlanError> {
    let problem = problem(schedule);
    match planner {
        Planner::Tflm => in_order_of_tensors(schedule, problem),
        _ => plan::solve(&problem, planner.strategy()),
    }
}

/// Solves with the buffers in the order of their tensors, as TensorFlow Lite Micro lists them; that
/// engine has nothing in place, where the order is given.
fn in_order_of_tensors(schedule: &Schedule, problem: Problem) -> Result<Solution, PlanError> {
    let strategy = Planner::Tflm.strategy();
    if problem.buffers.iter().any(|buffer| buffer.takes_place_of.is_some()) {
        return plan::solve(&problem, strategy);
    }
    let tensor = |position: usize| schedule.buffers[position].tensor;
    let count = problem.buffers.len();
    let order = sorted_positions(count, &|one, other| tensor(one).cmp(&tensor(other)));
    let buffers = order.iter().map(|&position| problem.buffers[position]).collect();
    let solved = plan::solve(&Problem { buffers, ..problem }, strategy)?;
    let mut offsets = vec![0; order.len()];
    for (&position, offset) in order.iter().zip(&solved.offsets) {
        offsets[position] = *offset;
    }
    Ok(Solution { offsets, ..solved })
}
