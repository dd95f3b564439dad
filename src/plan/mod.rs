//! Placing buffers in an arena: pure data in, addresses out.
//!
//! A problem is buffers with sizes, alignments and half-open lifespans; a solution gives each an
//! offset, so that no two that live at the same time share a byte. Nothing here knows networks,
//! tensors or kernels: problems of `minimalloc` are solved by the same code ([`csv`]).
//!
//! Invariant: imports std and crates only.
//!
//! Vocabulary after Moffitt 2023, "MiniMalloc: A Lightweight Memory Allocator for
//! Hardware-Accelerated Machine Learning", and TensorFlow Lite Micro's memory planner.

mod baseline;
pub mod csv;
mod exact;
mod greedy;
mod group;
mod lower_bound;
mod validate;

pub use csv::NamedProblem;
pub use exact::{ExactSearch, Progress};
pub use lower_bound::{live_bytes, lower_bound_bytes};
pub use validate::{Violation, validate};

/// A half-open range of steps `[first, end)`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Lifespan {
    /// The first step at which the buffer is live.
    pub first: u64,
    /// The first step at which it is dead again.
    pub end: u64,
}

impl Lifespan {
    /// Whether both are live at some step.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.first < other.end && other.first < self.end && !self.is_empty() && !other.is_empty()
    }

    /// Whether it holds no step.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.first
    }
}

/// One thing to place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Buffer {
    /// How many bytes it takes; 0 is allowed.
    pub size_bytes: u64,
    /// Its offset is a multiple of this; at least 1.
    pub alignment_bytes: u64,
    /// When it is live.
    pub lifespan: Lifespan,
    /// The buffer, earlier in the list, whose place this one takes: it has that one's offset, and
    /// begins to live when that one has died (or later).
    pub takes_place_of: Option<usize>,
}

/// Buffers to place, and the space there is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Problem {
    /// The buffers; a solution's offsets are in this order.
    pub buffers: Vec<Buffer>,
    /// Bytes available, where that is known; planning itself only minimises.
    pub capacity_bytes: Option<u64>,
}

/// Where everything lies.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Solution {
    /// The offset of each buffer, in bytes from the arena's start.
    pub offsets: Vec<u64>,
    /// Bytes of the arena: the greatest `offset + size`.
    pub height_bytes: u64,
    /// No solution is smaller: the greatest sum of live sizes, or more where a search has proven it.
    pub lower_bound_bytes: u64,
}

impl Solution {
    /// Whether the height is proven to be the least possible: it meets the lower bound.
    #[must_use]
    pub const fn is_optimal(&self) -> bool {
        self.height_bytes == self.lower_bound_bytes
    }
}

/// How to search.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Strategy {
    /// No byte twice: the sum of all sizes.
    NoReuse,
    /// In turns from both ends of the arena; what finds no end free lies above.
    PingPong,
    /// Largest buffer first, of equal ones the earlier in the list, each at the lowest address that
    /// is free while it lives: one order, as TensorFlow Lite Micro and TinyEngine have it.
    FirstFit,
    /// Largest buffer first, each at the lowest address that is free while it lives; the best of
    /// a few orders among buffers of equal size.
    GreedyBySize,
    /// The greedy plan, and where it misses the lower bound the exact search for a little while,
    /// which closes most gaps: most often some milliseconds, at most some tens of them.
    ///
    /// With more than [`MOST_SEARCHED_BUFFERS`] it is the greedy plan.
    #[default]
    Refined,
    /// Branch and bound until the least height is proven, this many nodes are searched, or about a
    /// second's work is done; see [`ExactSearch`] to drive it in slices without a limit.
    ///
    /// With more than [`MOST_SEARCHED_BUFFERS`] it is the greedy plan.
    Exact {
        /// Nodes to search at most; the time of a node grows with the buffers, from a microsecond to
        /// some milliseconds.
        nodes: u64,
    },
}

/// With more buffers than these, [`solve`] does not search behind the greedy plan: a single node
/// takes too long.
pub const MOST_SEARCHED_BUFFERS: usize = 2_000;

/// The greatest total size that is planned: far above any arena, far below `u64`'s end.
pub const MAX_TOTAL_BYTES: u64 = 1 << 50;

/// The greatest alignment that is planned.
pub const MAX_ALIGNMENT_BYTES: u64 = 1 << 20;

/// Why a problem cannot be planned.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// The sizes add up to more than [`MAX_TOTAL_BYTES`].
    #[error("the buffers add up to more than {MAX_TOTAL_BYTES} bytes")]
    TooLarge,
    /// A buffer is to take the place of one that does not stand before it.
    #[error(
        "buffer {buffer} is to take the place of buffer {other}, which does not come before it"
    )]
    Place {
        /// Its position in the problem.
        buffer: usize,
        /// The other's.
        other: usize,
    },
    /// An alignment is 0, or greater than any buffer could need.
    #[error("buffer {buffer} asks for an alignment of {alignment_bytes} bytes")]
    Alignment {
        /// Its position in the problem.
        buffer: usize,
        /// What it asks for.
        alignment_bytes: u64,
    },
}

/// Places every buffer.
///
/// # Errors
/// [`PlanError`] for sizes or alignments beyond reason; never for want of space.
pub fn solve(problem: &Problem, strategy: Strategy) -> Result<Solution, PlanError> {
    check(problem)?;
    let offsets = match strategy {
        Strategy::NoReuse => baseline::no_reuse(&problem.buffers),
        Strategy::PingPong => baseline::ping_pong(&problem.buffers),
        Strategy::FirstFit => greedy::first_fit_by_size(&problem.buffers),
        Strategy::GreedyBySize => greedy::by_size(&problem.buffers),
        Strategy::Refined => return refined(problem),
        Strategy::Exact { nodes } => return exact(problem, nodes),
    };
    Ok(Solution {
        height_bytes: height_bytes(&problem.buffers, &offsets),
        lower_bound_bytes: lower_bound_bytes(&problem.buffers),
        offsets,
    })
}

fn refined(problem: &Problem) -> Result<Solution, PlanError> {
    /// Enough to go down once without turning back, and to turn back a few times.
    const SPARE_NODES: u64 = 2_000;
    /// Some tens of milliseconds.
    const WORK: u64 = 8_000_000;
    searched(problem, problem.buffers.len() as u64 + SPARE_NODES, WORK)
}

fn exact(problem: &Problem, nodes: u64) -> Result<Solution, PlanError> {
    /// About a second.
    const WORK: u64 = 300_000_000;
    searched(problem, nodes, WORK)
}

/// The greedy plan, and where it misses the lower bound the best that a search finds within this
/// many nodes and this much work.
fn searched(problem: &Problem, nodes: u64, work: u64) -> Result<Solution, PlanError> {
    let greedy = solve(problem, Strategy::GreedyBySize)?;
    if greedy.is_optimal() || problem.buffers.len() > MOST_SEARCHED_BUFFERS {
        return Ok(greedy);
    }
    // A capacity would end the search at the first plan within it.
    let mut search = ExactSearch::new(Problem { capacity_bytes: None, ..problem.clone() })?;
    search.advance_within(nodes, work);
    Ok(search.best().clone())
}

fn check(problem: &Problem) -> Result<(), PlanError> {
    let mut total_bytes = 0u64;
    for (position, buffer) in problem.buffers.iter().enumerate() {
        let alignment_bytes = buffer.alignment_bytes;
        if alignment_bytes == 0 || alignment_bytes > MAX_ALIGNMENT_BYTES {
            return Err(PlanError::Alignment { buffer: position, alignment_bytes });
        }
        if let Some(other) = buffer.takes_place_of.filter(|&other| other >= position) {
            return Err(PlanError::Place { buffer: position, other });
        }
        total_bytes = total_bytes.saturating_add(buffer.size_bytes);
    }
    if total_bytes > MAX_TOTAL_BYTES { Err(PlanError::TooLarge) } else { Ok(()) }
}

/// The greatest `offset + size` of buffers that have any size.
fn height_bytes(buffers: &[Buffer], offsets: &[u64]) -> u64 {
    let ends = buffers.iter().zip(offsets).filter(|(buffer, _)| buffer.size_bytes > 0);
    ends.map(|(buffer, offset)| offset + buffer.size_bytes).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(first: u64, end: u64, size_bytes: u64) -> Buffer {
        let lifespan = Lifespan { first, end };
        Buffer { size_bytes, alignment_bytes: 1, lifespan, takes_place_of: None }
    }

    #[test]
    fn lifespans_that_touch_do_not_overlap() {
        let a = Lifespan { first: 0, end: 2 };
        assert!(!a.overlaps(Lifespan { first: 2, end: 3 }));
        assert!(a.overlaps(Lifespan { first: 1, end: 3 }));
        assert!(a.overlaps(a), "identical lifespans overlap");
        assert!(!a.overlaps(Lifespan { first: 1, end: 1 }), "an empty one never does");
    }

    #[test]
    fn a_chain_takes_its_greatest_pair() {
        let sizes = [64u64, 32, 16, 48, 8];
        let buffers: Vec<_> =
            sizes.iter().zip(0..).map(|(&size, step)| buffer(step, step + 2, size)).collect();
        let problem = Problem { buffers, capacity_bytes: None };
        let solution = solve(&problem, Strategy::default()).unwrap();
        assert_eq!(solution.height_bytes, 96);
        assert!(solution.is_optimal());
        assert_eq!(validate(&problem, &solution), Ok(()));
    }

    #[test]
    fn absurd_problems_are_refused() {
        let solve =
            |buffers| solve(&Problem { buffers, capacity_bytes: None }, Strategy::default());
        assert_eq!(solve(vec![buffer(0, 1, u64::MAX); 2]), Err(PlanError::TooLarge));
        let unaligned = Buffer { alignment_bytes: 0, ..buffer(0, 1, 1) };
        let error = PlanError::Alignment { buffer: 0, alignment_bytes: 0 };
        assert_eq!(solve(vec![unaligned]), Err(error));
        assert_eq!(solve(vec![]).unwrap().height_bytes, 0);
    }
}
