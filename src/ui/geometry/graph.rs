//! The operators as a spine from top to bottom: their order, blocks, and the edges beside the spine.

mod blocks;
mod edges;
#[cfg(test)]
mod nets;
mod rows;

pub use blocks::{Block, BlockShape};
pub use edges::{Edge, MOST_LANES};
pub use rows::{Folds, HEAD_REM, NODE_REM, Row, Rows, in_view};

use crate::report::{ModelReport, PlanReport};

/// An operator at its place on the spine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Its number in the file.
    pub operator: u32,
    /// Whether patches compute it.
    pub is_in_stage: bool,
    /// The node before it whose output it reads, with nothing but removed operators between: there
    /// the spine goes on.
    pub before: Option<usize>,
    /// The nodes that it reads, ascending.
    pub reads: Vec<usize>,
    /// The nodes that read it, ascending.
    pub readers: Vec<usize>,
    /// The block that it belongs to.
    pub block: Option<usize>,
}

/// Everything about the graph that neither folding nor selection changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spine {
    /// The operators in the order of the plan's steps; those without a step stay after the one
    /// before them in the file.
    pub nodes: Vec<Node>,
    /// Blocks from top to bottom, none over another.
    pub blocks: Vec<Block>,
    /// What is read further down than by the next operator.
    pub edges: Vec<Edge>,
    /// How many lanes the edges take beside the spine, at most [`MOST_LANES`].
    pub n_lanes: usize,
    /// The place of each operator on the spine, by number.
    places: Vec<usize>,
}

impl Spine {
    /// Lays the operators of a model out in a plan's order.
    #[must_use]
    pub fn new(model: &ModelReport, plan: &PlanReport) -> Self {
        let (order, is_in_stage) = order(model, plan);
        let mut places = vec![0; order.len()];
        for (place, &operator) in order.iter().enumerate() {
            places[operator] = place;
        }
        let nodes = order.iter().map(|&operator| Node {
            operator: model.operators[operator].index,
            is_in_stage: is_in_stage[operator],
            ..Node::default()
        });
        let mut spine = Self { nodes: nodes.collect(), places, ..Self::default() };
        spine.wire(model);
        spine.blocks = blocks::find(model, &spine.nodes);
        for (index, block) in spine.blocks.iter().enumerate() {
            for node in &mut spine.nodes[block.first..=block.last] {
                node.block = Some(index);
            }
        }
        (spine.edges, spine.n_lanes) = edges::beside(&spine.nodes);
        spine
    }

    /// The place of an operator.
    #[must_use]
    pub fn place(&self, operator: u32) -> Option<usize> {
        self.places.get(operator as usize).copied()
    }

    /// The operators from top to bottom.
    #[must_use]
    pub fn order(&self) -> Vec<u32> {
        self.nodes.iter().map(|node| node.operator).collect()
    }

    /// Who reads whose output, through removed operators as if they were not there.
    fn wire(&mut self, model: &ModelReport) {
        let mut writers: Vec<Option<usize>> = vec![None; model.tensors.len()];
        for (place, node) in self.nodes.iter().enumerate() {
            let operator = &model.operators[node.operator as usize];
            for id in operator.outputs.iter().filter(|_| operator.removed_by.is_none()) {
                if let Some(writer) = writers.get_mut(id.index()) {
                    *writer = Some(place);
                }
            }
        }
        let mut kept_before = None;
        for place in 0..self.nodes.len() {
            let operator = &model.operators[self.nodes[place].operator as usize];
            if operator.removed_by.is_some() {
                continue;
            }
            let mut reads: Vec<usize> = Vec::new();
            for id in &operator.inputs {
                // Of a file that says nonsense, only what comes earlier.
                let writer = writers.get(id.index()).copied().flatten();
                let Some(writer) = writer.filter(|writer| *writer < place) else { continue };
                if let Err(at) = reads.binary_search(&writer) {
                    reads.insert(at, writer);
                }
            }
            for &writer in &reads {
                self.nodes[writer].readers.push(place);
            }
            let node = &mut self.nodes[place];
            node.before = kept_before.filter(|before| reads.contains(before));
            node.reads = reads;
            kept_before = Some(place);
        }
    }
}

/// The operators from top to bottom, and of each by number whether patches compute it.
fn order(model: &ModelReport, plan: &PlanReport) -> (Vec<usize>, Vec<bool>) {
    let n_operators = model.operators.len();
    let mut is_in_stage = vec![false; n_operators];
    let mut is_placed = vec![false; n_operators];
    let mut order = Vec::with_capacity(n_operators);
    // What a pass took out has no step: it follows the one before it in the file.
    let mut place = |from: usize, order: &mut Vec<usize>| {
        let mut next = from;
        while next < n_operators
            && !is_placed[next]
            && (next == from || model.operators[next].removed_by.is_some())
        {
            is_placed[next] = true;
            order.push(next);
            next += 1;
        }
    };
    if model.operators.first().is_some_and(|one| one.removed_by.is_some()) {
        place(0, &mut order);
    }
    for step in &plan.steps {
        let Some(operator) = step.operator.map(|operator| operator as usize) else { continue };
        let Some(staged) = is_in_stage.get_mut(operator) else { continue };
        *staged |= step.patch.is_some();
        place(operator, &mut order);
    }
    // Whatever else there is, so that every operator has a place.
    for operator in 0..n_operators {
        place(operator, &mut order);
    }
    (order, is_in_stage)
}

#[cfg(test)]
mod tests {
    use super::{nets::Net, *};
    use crate::{report::StepReport, tensor::Region, text::sample};

    fn steps(plan: &mut PlanReport, operators: &[(u32, Option<u32>)]) {
        let step = |&(operator, patch): &(u32, Option<u32>)| StepReport {
            operator: Some(operator),
            patch,
            region: Region::whole(1, 1),
            macs: 0,
            live_bytes: 1,
            scratch_bytes: 0,
        };
        plan.steps = operators.iter().map(step).collect();
    }

    #[test]
    fn the_order_is_that_of_the_steps_and_every_operator_has_one_place() {
        let mut net = Net::default();
        let [a, b, c] = [net.conv(0, 3), net.conv(0, 3), net.conv(0, 3)];
        net.add(a, b);
        net.removed(c);
        let (model, mut plan) = (net.model(), sample::plan());
        steps(&mut plan, &[(2, None), (0, Some(0)), (0, Some(1)), (1, None), (3, None)]);
        let spine = Spine::new(&model, &plan);
        let order: Vec<u32> = spine.nodes.iter().map(|node| node.operator).collect();
        assert_eq!(order, [2, 0, 1, 3, 4], "the removed one stays behind the one before it");
        let staged: Vec<bool> = spine.nodes.iter().map(|node| node.is_in_stage).collect();
        assert_eq!(staged, [false, true, false, false, false]);
        for (place, node) in spine.nodes.iter().enumerate() {
            assert_eq!(spine.place(node.operator), Some(place));
        }
        assert_eq!(spine.place(5), None);
        assert_eq!(spine.nodes[3].reads, [1, 2]);
        assert_eq!(spine.nodes[3].before, Some(2), "the spine goes on to what is read");
        assert_eq!(spine.nodes[2].before, None, "the one above is not read");
    }

    #[test]
    fn what_was_removed_does_not_break_the_spine() {
        let mut net = Net::default();
        let a = net.conv(0, 3);
        net.removed(a);
        net.conv(a, 3);
        let mut plan = sample::plan();
        steps(&mut plan, &[(0, None), (2, None)]);
        let spine = Spine::new(&net.model(), &plan);
        assert_eq!(spine.nodes[2].before, Some(0));
        assert!(spine.nodes[1].reads.is_empty() && spine.edges.is_empty());
    }

    #[test]
    fn reports_that_do_not_fit_together_are_laid_out_all_the_same() {
        let mut plan = sample::plan();
        steps(&mut plan, &[(7, None), (4, None), (4, Some(2))]);
        let spine = Spine::new(&sample::model(), &plan);
        let mut order: Vec<u32> = spine.nodes.iter().map(|node| node.operator).collect();
        assert_eq!(order[0], 4);
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3, 4]);
    }
}
