//! Buffers of a file, placed without a model; and the search for the best plan, which its caller
//! drives.

use super::{Error, Planned, Session};
use crate::{
    kernels::Kernels,
    plan::{ExactSearch, NamedProblem, PlanError, Problem, Progress, Solution, csv},
    report::{PlacementBuffer, PlacementPlan, PlacementReport, SearchReport, SearchStage},
    schedule,
};

/// The most bytes that are read of a file.
pub const MAX_PLACEMENT_BYTES: usize = 1 << 20;

/// The most buffers that are searched: with more, a single node of the search takes too long to be
/// stopped in time.
pub const MAX_PLACEMENT_BUFFERS: usize = 2_000;

/// A search for the best plan of some buffers. Other capacities may be asked for in turn; what is
/// found and proven stays.
#[derive(Debug)]
pub struct PlanSearch {
    search: ExactSearch,
    problem: Problem,
    best: Solution,
    /// Nodes of the searches for other capacities.
    earlier_nodes: u64,
}

impl PlanSearch {
    /// Starts with the greedy plan.
    ///
    /// # Errors
    /// [`PlanError`] for sizes or alignments beyond reason.
    pub fn new(problem: Problem) -> Result<Self, PlanError> {
        let search = ExactSearch::new(problem.clone())?;
        let best = search.best().clone();
        Ok(Self { search, problem, best, earlier_nodes: 0 })
    }

    /// The same with a plan that is known already.
    #[must_use]
    pub fn beginning_with(mut self, known: &Solution) -> Self {
        let bound = self.best.lower_bound_bytes.max(known.lower_bound_bytes);
        if known.height_bytes < self.best.height_bytes {
            self.best = known.clone();
        }
        self.best.lower_bound_bytes = bound;
        self
    }

    /// From now on looks for a plan within this capacity only, or without one for the smallest.
    ///
    /// # Errors
    /// None that [`PlanSearch::new`] would not have had.
    pub fn aim_within(&mut self, capacity_bytes: Option<u64>) -> Result<(), PlanError> {
        if self.problem.capacity_bytes != capacity_bytes {
            self.problem.capacity_bytes = capacity_bytes;
            self.earlier_nodes += self.search.nodes();
            self.search = ExactSearch::new(self.problem.clone())?;
        }
        Ok(())
    }

    /// Searches up to `nodes` nodes more; tells whether the best plan became smaller.
    pub fn advance(&mut self, nodes: u64) -> bool {
        if self.stage() != SearchStage::Open {
            return false;
        }
        self.search.advance(nodes);
        let found = self.search.best();
        let bound = self.best.lower_bound_bytes.max(found.lower_bound_bytes);
        let is_better = found.height_bytes < self.best.height_bytes;
        if is_better {
            self.best = found.clone();
        }
        self.best.lower_bound_bytes = bound;
        is_better
    }

    /// The best plan so far; its lower bound is what is proven so far.
    #[must_use]
    pub const fn best(&self) -> &Solution {
        &self.best
    }

    /// Where the search stands; never out of time or stopped, which its driver knows.
    #[must_use]
    pub fn stage(&self) -> SearchStage {
        let capacity = self.problem.capacity_bytes;
        if capacity.is_some_and(|capacity| capacity < self.best.lower_bound_bytes) {
            SearchStage::TooSmall
        } else if self.best.is_optimal() {
            SearchStage::Proven
        } else if capacity.is_some_and(|capacity| self.best.height_bytes <= capacity) {
            SearchStage::Fits
        } else {
            match self.search.progress() {
                Progress::Searching => SearchStage::Open,
                Progress::Proven => SearchStage::Proven,
                Progress::Fits => SearchStage::Fits,
                Progress::TooSmall => SearchStage::TooSmall,
            }
        }
    }

    /// How far the search has come, in a time that its driver measured.
    #[must_use]
    pub fn report(&self, elapsed_ms: f64) -> SearchReport {
        SearchReport {
            arena_bytes: self.best.height_bytes,
            lower_bound_bytes: self.best.lower_bound_bytes,
            nodes: self.earlier_nodes + self.search.nodes(),
            elapsed_ms,
            stage: self.stage(),
        }
    }
}

impl<K: Kernels> Session<K> {
    /// A search for the best plan of a schedule, from the plan that it has.
    ///
    /// # Errors
    /// [`Error::SearchSize`] with more than [`MAX_PLACEMENT_BUFFERS`].
    pub fn plan_search(&self, planned: &Planned) -> Result<PlanSearch, Error> {
        let buffers = planned.schedule.buffers.len();
        if buffers > MAX_PLACEMENT_BUFFERS {
            return Err(Error::SearchSize { buffers });
        }
        let search = PlanSearch::new(schedule::problem(&planned.schedule))?;
        Ok(search.beginning_with(&planned.solution))
    }
}

/// Buffers of a file in minimalloc's CSV format, with the search for their best plan.
#[derive(Debug)]
pub struct Placement {
    named: NamedProblem,
    search: PlanSearch,
}

impl Placement {
    /// Reads a file of up to [`MAX_PLACEMENT_BYTES`] and [`MAX_PLACEMENT_BUFFERS`].
    ///
    /// # Errors
    /// [`Error::Csv`], [`Error::PlacementSize`] and [`Error::Plan`].
    pub fn open(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_PLACEMENT_BYTES {
            return Err(Error::PlacementSize { bytes: text.len() });
        }
        let named = csv::read_up_to(text, MAX_PLACEMENT_BUFFERS)?;
        let search = PlanSearch::new(named.problem.clone())?;
        Ok(Self { named, search })
    }

    /// What the file holds.
    #[must_use]
    pub fn report(&self) -> PlacementReport {
        let buffers = self.named.ids.iter().zip(&self.named.problem.buffers);
        let buffers = buffers.map(|(id, buffer)| PlacementBuffer {
            id: id.clone(),
            bytes: buffer.size_bytes,
            alignment_bytes: buffer.alignment_bytes,
            first_step: buffer.lifespan.first,
            end_step: buffer.lifespan.end,
        });
        PlacementReport { buffers: buffers.collect() }
    }

    /// Where everything lies in the best plan so far.
    #[must_use]
    pub fn plan(&self) -> PlacementPlan {
        PlacementPlan { offsets_bytes: self.search.best().offsets.clone() }
    }

    /// The file's rows with the offsets of the best plan so far.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        csv::write(&self.named, self.search.best())
    }

    /// The search, to be driven.
    pub const fn search(&mut self) -> &mut PlanSearch {
        &mut self.search
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::validate;

    const CUT: &[u8] = include_bytes!("../../tests/problems/cut_60.csv");

    #[test]
    fn a_search_for_a_capacity_keeps_what_was_found_before() {
        let mut placement = Placement::open(CUT).unwrap();
        let greedy = placement.search().best().height_bytes;
        assert!(greedy > 65_536, "{greedy} leaves nothing to search");
        let search = placement.search();
        search.aim_within(Some(greedy)).unwrap();
        assert_eq!(search.stage(), SearchStage::Fits);
        search.aim_within(Some(65_535)).unwrap();
        assert_eq!(search.stage(), SearchStage::TooSmall, "less than is live at once");
        search.aim_within(None).unwrap();
        while search.stage() == SearchStage::Open {
            search.advance(10_000);
        }
        assert_eq!(search.report(1.0).arena_bytes, 65_536);
        assert!(search.report(1.0).is_proven());
        let nodes = search.report(1.0).nodes;
        search.aim_within(Some(70_000)).unwrap();
        assert_eq!(search.report(1.0).nodes, nodes);
        assert_eq!(search.stage(), SearchStage::Proven, "nothing better is to be found");
        let (problem, best) = (&placement.named.problem, placement.search.best());
        assert_eq!(validate(problem, best), Ok(()));
        // What is saved can be read again, offsets and all.
        let saved = placement.csv();
        assert_eq!(Placement::open(&saved).unwrap().report(), placement.report());
    }

    #[test]
    fn files_beyond_reason_are_refused_with_their_reason() {
        let kind = |text: &[u8]| Placement::open(text).unwrap_err().problem();
        assert!(kind(b"id,lower,upper\n").message.contains("no column `size`"));
        let mut long = b"id,lower,upper,size\n".to_vec();
        for row in 0..=MAX_PLACEMENT_BUFFERS {
            long.extend_from_slice(format!("{row},0,1,1\n").as_bytes());
        }
        assert!(kind(&long).message.contains("2000"), "{}", kind(&long).message);
        long.resize(MAX_PLACEMENT_BYTES + 1, b' ');
        assert!(kind(&long).message.contains("1048577 bytes"));
        let huge = format!("id,lower,upper,size\na,0,1,{}\n", u64::MAX);
        assert!(kind(huge.as_bytes()).message.contains("add up"));
        assert_eq!(Placement::open(b"id,lower,upper,size\n").unwrap().plan().offsets_bytes, [0; 0]);
    }
}
