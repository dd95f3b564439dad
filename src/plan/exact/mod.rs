//! Exact placement by branch and bound, driven in slices.
//!
//! One search asks whether a height can be reached (`tree`); this one chooses the heights. It first
//! aims at the proven lower bound, which most networks meet; if that takes long it halves the gap
//! between bound and best, so that there is a better plan at any moment, and in the end it returns
//! to the bound until one of the two gives way. Several orders of the buffers are searched in turns,
//! since each finds quickly what another misses.
//!
//! Source: Moffitt 2023, "MiniMalloc: A Lightweight Memory Allocator for Hardware-Accelerated
//! Machine Learning": canonical solutions, dominance, section inference, several static orders. The
//! memory of failed states and the bound for unsupported buffers are additions.

mod sections;
mod tree;

use super::{PlanError, Problem, Solution, Strategy, height_bytes, solve};
use sections::Sections;
use tree::{Answer, Tree};

/// How far a search has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
    /// There is more to search.
    Searching,
    /// The best solution is proven to be the least possible.
    Proven,
    /// The best solution keeps within the problem's capacity; nothing better is looked for.
    Fits,
    /// The problem's capacity is proven to be too small.
    TooSmall,
}

/// Nodes that one order searches before the next has its turn.
const TURN_NODES: u64 = 2_000;

/// Nodes after which an aim between bound and best is given up for one that is easier.
const AIM_NODES: u64 = 1_500_000;

/// A search that its caller drives, so that it can show progress, stop, or keep to a time limit.
#[derive(Debug)]
pub struct ExactSearch {
    problem: Problem,
    sections: Sections,
    /// The orders in which the trees prefer buffers, as ranks.
    orders: Vec<Vec<u32>>,
    best: Solution,
    /// The height that is aimed at now, and a tree for each order.
    aim_bytes: u64,
    trees: Vec<Tree>,
    turn: usize,
    /// Nodes that are left of this turn.
    turn_nodes: u64,
    /// Nodes searched for this aim, and in all.
    aim_nodes: u64,
    nodes: u64,
    /// Buffers and sections of time looked at in all.
    work: u64,
    /// Whether easier aims are still worth trying before the bound is searched to the end.
    may_ease: bool,
    progress: Progress,
}

impl ExactSearch {
    /// Starts with the greedy solution. A problem with a capacity is only searched until a solution
    /// keeps within it.
    ///
    /// # Errors
    /// [`PlanError`] for sizes or alignments beyond reason.
    pub fn new(problem: Problem) -> Result<Self, PlanError> {
        let best = solve(&problem, Strategy::GreedyBySize)?;
        let sections = Sections::of(&problem.buffers);
        let orders = sections.orders();
        let mut search = Self {
            problem,
            sections,
            orders,
            best,
            aim_bytes: 0,
            trees: Vec::new(),
            turn: 0,
            turn_nodes: TURN_NODES,
            aim_nodes: 0,
            nodes: 0,
            work: 0,
            may_ease: true,
            progress: Progress::Searching,
        };
        let goal = search.problem.capacity_bytes.unwrap_or(0);
        search.aim_at(goal.max(search.best.lower_bound_bytes));
        search.judge();
        Ok(search)
    }

    /// Searches up to `nodes` nodes more. Where it pauses changes nothing of what it finds.
    pub fn advance(&mut self, nodes: u64) -> Progress {
        self.advance_within(nodes, u64::MAX)
    }

    /// The same with a second limit: buffers and sections of time that are looked at, since the time
    /// of a node grows with their number. The last node may go a little beyond it.
    pub(super) fn advance_within(&mut self, nodes: u64, work: u64) -> Progress {
        let end = self.nodes.saturating_add(nodes);
        let work_end = self.work.saturating_add(work);
        while self.progress == Progress::Searching && self.nodes < end && self.work < work_end {
            self.take_turn(end - self.nodes, work_end - self.work);
        }
        self.progress
    }

    /// The best solution so far. Its lower bound is what has been proven so far.
    #[must_use]
    pub const fn best(&self) -> &Solution {
        &self.best
    }

    /// Nodes searched so far.
    #[must_use]
    pub const fn nodes(&self) -> u64 {
        self.nodes
    }

    /// Where the search stands.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// Lets one order search for its turn, or for as much of it as fits.
    fn take_turn(&mut self, most_nodes: u64, most_work: u64) {
        let tree = &mut self.trees[self.turn];
        let (before, work_before) = (tree.nodes(), tree.work());
        let answer = tree.advance(self.turn_nodes.min(most_nodes), most_work);
        let searched = tree.nodes() - before;
        self.work += tree.work() - work_before;
        self.nodes += searched;
        self.aim_nodes += searched;
        self.turn_nodes = self.turn_nodes.saturating_sub(searched);
        match answer {
            Answer::Unknown if self.turn_nodes > 0 => {}
            Answer::Unknown => {
                self.turn = (self.turn + 1) % self.trees.len();
                self.turn_nodes = TURN_NODES;
                if self.may_ease && self.aim_nodes > AIM_NODES {
                    self.ease();
                }
            }
            Answer::Possible => self.take_solution(),
            Answer::Impossible => self.raise_bound(),
        }
    }

    /// A tree has reached its aim.
    fn take_solution(&mut self) {
        let mut offsets = self.trees[self.turn].offsets().to_vec();
        self.sections.complete(&mut offsets);
        let height_bytes = height_bytes(&self.problem.buffers, &offsets);
        if height_bytes < self.best.height_bytes {
            let lower_bound_bytes = self.best.lower_bound_bytes;
            self.best = Solution { offsets, height_bytes, lower_bound_bytes };
        }
        self.aim_at(self.best.lower_bound_bytes);
        self.judge();
    }

    /// The aim is proven to be out of reach.
    fn raise_bound(&mut self) {
        let granule = self.sections.granule_bytes();
        let next = (self.aim_bytes + 1).next_multiple_of(granule);
        self.best.lower_bound_bytes = next.min(self.best.height_bytes);
        if self.problem.capacity_bytes.is_some_and(|capacity| capacity < next) {
            self.progress = Progress::TooSmall;
            return;
        }
        self.aim_at(self.best.lower_bound_bytes);
        self.judge();
    }

    /// Aims half way to the best: likelier to be possible, and soon found if it is.
    fn ease(&mut self) {
        let granule = self.sections.granule_bytes();
        let half_way = self.aim_bytes.midpoint(self.best.height_bytes) / granule * granule;
        if self.problem.capacity_bytes.is_some() || half_way <= self.aim_bytes {
            // There is nothing easier left: search the bound to its end.
            self.may_ease = false;
            self.aim_at(self.problem.capacity_bytes.unwrap_or(0).max(self.best.lower_bound_bytes));
        } else {
            self.aim_at(half_way);
        }
    }

    fn aim_at(&mut self, height_bytes: u64) {
        if self.aim_bytes == height_bytes && !self.trees.is_empty() && !self.trees[0].is_done() {
            return;
        }
        self.aim_bytes = height_bytes;
        self.aim_nodes = 0;
        self.turn = 0;
        self.turn_nodes = TURN_NODES;
        let tree = |order: &Vec<u32>| Tree::new(&self.sections, order.clone(), height_bytes);
        self.trees = self.orders.iter().map(tree).collect();
        let size = self.sections.items.len() + self.sections.loads.len();
        self.work += (self.trees.len() * size) as u64;
    }

    fn judge(&mut self) {
        if self.best.is_optimal() {
            self.progress = Progress::Proven;
        } else if self.problem.capacity_bytes.is_some_and(|c| self.best.height_bytes <= c) {
            self.progress = Progress::Fits;
        }
    }
}
