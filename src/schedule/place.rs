//! From a schedule to a planner's problem.

use super::{BufferId, Schedule};
use crate::plan::{Buffer, Lifespan, Problem};

/// The schedule's buffers as a problem of plain data.
///
/// `alignment_bytes` is the least alignment of every buffer; wider elements keep their own. 1 asks
/// for nothing beyond that, 16 is what TensorFlow Lite Micro does.
#[must_use]
pub fn problem(schedule: &Schedule, alignment_bytes: usize) -> Problem {
    let buffers = schedule.buffers.iter().map(|buffer| Buffer {
        size_bytes: buffer.bytes as u64,
        alignment_bytes: buffer.alignment_bytes.max(alignment_bytes) as u64,
        lifespan: Lifespan { first: buffer.lifespan.start as u64, end: buffer.lifespan.end as u64 },
        takes_place_of: buffer.takes_place_of.map(BufferId::index),
    });
    Problem { buffers: buffers.collect(), capacity_bytes: None }
}
