//! A second pair of eyes: re-checks any solution, sharing no code but the sort with those that
//! make them.

use super::{Problem, Solution};
use crate::order::sort_keys;

/// What is wrong with a solution.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Violation {
    /// The solution has more or fewer offsets than the problem has buffers.
    #[error("{offsets} offsets for {buffers} buffers")]
    Count {
        /// Buffers of the problem.
        buffers: usize,
        /// Offsets of the solution.
        offsets: usize,
    },
    /// An offset is no multiple of its buffer's alignment.
    #[error("buffer {0} is not aligned")]
    Alignment(usize),
    /// A buffer ends above the height.
    #[error("buffer {0} ends above the arena's height")]
    Height(usize),
    /// No buffer reaches the height: the arena is larger than needed.
    #[error("no buffer reaches the arena's height")]
    Slack,
    /// A buffer does not lie where the one lies whose place it takes.
    #[error("buffer {0} does not take the place that it should")]
    Place(usize),
    /// Two buffers share bytes while both live.
    #[error("buffers {0} and {1} share bytes while both are live")]
    Overlap(usize, usize),
}

/// Checks that no two buffers share a byte while both live, that offsets are aligned, and that the
/// height is exactly that of the highest buffer.
///
/// # Errors
/// The first [`Violation`] found.
pub fn validate(problem: &Problem, solution: &Solution) -> Result<(), Violation> {
    let (buffers, offsets) = (&problem.buffers, &solution.offsets);
    if buffers.len() != offsets.len() {
        return Err(Violation::Count { buffers: buffers.len(), offsets: offsets.len() });
    }
    let mut reached = 0;
    for (position, (buffer, &offset)) in buffers.iter().zip(offsets).enumerate() {
        if !offset.is_multiple_of(buffer.alignment_bytes.max(1)) {
            return Err(Violation::Alignment(position));
        }
        if buffer.takes_place_of.is_some_and(|other| offsets.get(other) != Some(&offset)) {
            return Err(Violation::Place(position));
        }
        let end = offset.saturating_add(buffer.size_bytes);
        if buffer.size_bytes > 0 {
            if end > solution.height_bytes {
                return Err(Violation::Height(position));
            }
            reached = reached.max(end);
        }
    }
    if reached != solution.height_bytes {
        return Err(Violation::Slack);
    }
    sweep(problem, offsets)
}

/// Walks through time with the set of live address ranges, which must never touch.
fn sweep(problem: &Problem, offsets: &[u64]) -> Result<(), Violation> {
    let buffers = &problem.buffers;
    let mut events = Vec::new();
    for (position, buffer) in buffers.iter().enumerate() {
        if buffer.size_bytes > 0 && !buffer.lifespan.is_empty() {
            events.push((buffer.lifespan.end, 0, position));
            events.push((buffer.lifespan.first, 1, position));
        }
    }
    // At equal steps, what ends comes before what begins.
    sort_keys(&mut events);
    // Start address -> (end address, buffer) of what is live.
    let mut live = std::collections::BTreeMap::new();
    for (_, begins, position) in events {
        let start = offsets[position];
        let end = start + buffers[position].size_bytes;
        if begins == 0 {
            live.remove(&start);
            continue;
        }
        let below = live.range(..end).next_back();
        if let Some((_, &(other_end, other))) = below
            && other_end > start
        {
            return Err(Violation::Overlap(other, position));
        }
        live.insert(start, (end, position));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Buffer, Lifespan};
    use super::*;

    fn problem() -> Problem {
        let buffer = |first, end, size_bytes, alignment_bytes| Buffer {
            size_bytes,
            alignment_bytes,
            lifespan: Lifespan { first, end },
            takes_place_of: None,
        };
        let last = Buffer { takes_place_of: Some(0), ..buffer(2, 4, 8, 1) };
        let buffers = vec![buffer(0, 2, 8, 1), buffer(1, 3, 8, 4), last];
        Problem { buffers, capacity_bytes: None }
    }

    #[track_caller]
    fn check(offsets: &[u64], height_bytes: u64, expected: Result<(), Violation>) {
        let offsets = offsets.to_vec();
        let solution = Solution { offsets, height_bytes, lower_bound_bytes: 16 };
        assert_eq!(validate(&problem(), &solution), expected);
    }

    #[test]
    fn every_violation_has_its_name() {
        check(&[0, 8, 0], 16, Ok(()));
        check(&[0, 8], 16, Err(Violation::Count { buffers: 3, offsets: 2 }));
        check(&[0, 9, 0], 17, Err(Violation::Alignment(1)));
        check(&[0, 8, 0], 15, Err(Violation::Height(1)));
        check(&[0, 8, 0], 17, Err(Violation::Slack));
        check(&[0, 4, 0], 12, Err(Violation::Overlap(0, 1)));
        check(&[0, 8, 15], 23, Err(Violation::Place(2)));
        check(&[3, 0, 3], 11, Err(Violation::Overlap(0, 1)));
    }
}
