//! The order of operators with the least peak.
//!
//! On a chain there is one order. Where a graph branches, the peak depends on which branch goes
//! first; this searches all orders at once, by the set of operators that have run: what is live
//! depends on that set alone, so of two ways to it only the one with the lower peak is kept.
//!
//! Source: Ahn et al. 2020, "Ordering Chaos: Memory-Aware Scheduling of Irregularly Wired Neural
//! Networks for Edge Devices" (Serenity), section 3.1: dynamic programming over sets of operators.
//! Sets that do no better than the file's order are dropped at once (its adaptive soft budget, with
//! that order as the first budget).

use super::{InPlace, in_place::candidates};
use crate::{
    graph::{Graph, Node},
    tensor::TensorId,
};
use std::collections::BTreeMap;

/// How much is searched, in sets looked at (large graphs cost more for each).
const WORK: usize = 2_000_000;

/// The most operators that one set is continued with.
const WIDTH: usize = 64;

/// An order of the kept operators.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Order {
    /// Positions of the operators, in the order in which they run.
    pub positions: Vec<usize>,
    /// The greatest live set in this order, scratch not counted.
    pub peak_bytes: u64,
    /// The same in the file's order.
    pub stored_peak_bytes: u64,
    /// Whether no order has a lower peak: the search went over all of them.
    pub is_proven: bool,
}

/// The order of least peak, or the file's where none is found that beats it.
///
/// Bounded in time and memory: a graph with very many orders gets the best that was found, and
/// [`Order::is_proven`] says so. A graph with variables keeps the file's order, on which their
/// values may depend.
#[must_use]
pub fn least_peak_order(graph: &Graph, in_place: InPlace) -> Order {
    let network = Network::new(graph, in_place);
    let (stored_peak_bytes, is_least) = (network.stored_peak_bytes(), network.floor_bytes());
    let stored = |is_proven| Order {
        positions: (0..graph.nodes.len()).collect(),
        peak_bytes: stored_peak_bytes,
        stored_peak_bytes,
        is_proven,
    };
    if stored_peak_bytes <= is_least {
        return stored(true);
    }
    if graph.tensors.iter().any(|tensor| tensor.is_variable) {
        return stored(false);
    }
    let mut search =
        Search { network, limit_bytes: stored_peak_bytes, spent: 0, is_complete: true };
    match search.run() {
        Some((positions, peak_bytes)) => {
            Order { positions, peak_bytes, stored_peak_bytes, is_proven: search.is_complete }
        }
        None => stored(search.is_complete),
    }
}

/// Who reads and writes what.
struct Network<'a> {
    graph: &'a Graph,
    in_place: InPlace,
    /// The operators that read each storage.
    readers: Vec<Vec<usize>>,
    /// The operator that brings each storage to life.
    maker: Vec<Option<usize>>,
    /// The operator that writes each tensor.
    writer: Vec<Option<usize>>,
    /// For each operator those that read its outputs.
    followers: Vec<Vec<usize>>,
    /// Bytes of the graph's inputs, and of those that nobody reads.
    input_bytes: u64,
    unread_bytes: u64,
}

/// What running one operator does to memory.
#[derive(Clone, Copy)]
struct Effect {
    /// Bytes live while it runs.
    during_bytes: u64,
    /// Bytes live afterwards.
    after_bytes: u64,
}

impl<'a> Network<'a> {
    fn new(graph: &'a Graph, in_place: InPlace) -> Self {
        let mut network = Self {
            graph,
            in_place,
            readers: vec![Vec::new(); graph.tensors.len()],
            maker: vec![None; graph.tensors.len()],
            writer: vec![None; graph.tensors.len()],
            followers: vec![Vec::new(); graph.nodes.len()],
            input_bytes: 0,
            unread_bytes: 0,
        };
        let mut is_input = vec![false; graph.tensors.len()];
        for &input in &graph.inputs {
            is_input[graph.storage(input).index()] = true;
        }
        for (position, node) in graph.nodes.iter().enumerate() {
            for storage in storages(graph, &node.inputs) {
                network.readers[storage.index()].push(position);
            }
            let mut before: Vec<usize> =
                node.inputs.iter().filter_map(|id| network.writer[id.index()]).collect();
            before.sort_unstable();
            before.dedup();
            before.into_iter().for_each(|other| network.followers[other].push(position));
            for &output in &node.outputs {
                network.writer[output.index()] = Some(position);
                let storage = graph.storage(output);
                if !is_input[storage.index()] {
                    network.maker[storage.index()].get_or_insert(position);
                }
            }
        }
        for storage in storages(graph, &graph.inputs) {
            let bytes = network.bytes(storage);
            network.input_bytes += bytes;
            if network.readers[storage.index()].is_empty() && !graph.tensor(storage).is_output {
                network.unread_bytes += bytes;
            }
        }
        network
    }

    fn bytes(&self, storage: TensorId) -> u64 {
        self.graph.tensor(storage).bytes as u64
    }

    /// The tensors that an operator brings to life.
    fn made(&self, position: usize) -> impl Iterator<Item = TensorId> {
        let outputs = storages(self.graph, &self.graph.nodes[position].outputs);
        outputs.into_iter().filter(move |id| self.maker[id.index()] == Some(position))
    }

    /// Whether nobody needs a tensor once the operators in `done`, and `position`, have run.
    fn dies(&self, storage: TensorId, done: &Set, position: usize) -> bool {
        let readers = &self.readers[storage.index()];
        !self.graph.tensor(storage).is_output
            && readers.iter().all(|&reader| reader == position || done.holds(reader))
    }

    /// What running an operator does where `done` have run and `live_bytes` are live.
    fn effect(&self, done: &Set, live_bytes: u64, position: usize) -> Effect {
        let node = &self.graph.nodes[position];
        let made_bytes: u64 = self.made(position).map(|id| self.bytes(id)).sum();
        let inputs = storages(self.graph, &node.inputs);
        let unread = self.made(position).filter(|&id| self.dies(id, done, position));
        let dying = inputs.into_iter().filter(|&id| self.dies(id, done, position)).chain(unread);
        let mut dead_bytes: u64 = dying.map(|id| self.bytes(id)).sum();
        if done.is_empty() {
            dead_bytes += self.unread_bytes;
        }
        let new_bytes = if self.is_in_place(node, done, position) { 0 } else { made_bytes };
        Effect {
            during_bytes: live_bytes + new_bytes,
            after_bytes: (live_bytes + made_bytes).saturating_sub(dead_bytes),
        }
    }

    /// Whether everything that an operator reads has been written.
    fn is_ready(&self, position: usize, done: &Set) -> bool {
        let mut writers =
            self.graph.nodes[position].inputs.iter().map(|id| self.writer[id.index()]);
        writers.all(|writer| writer.is_none_or(|writer| done.holds(writer)))
    }

    /// Whether the operator's output is written over an input.
    fn is_in_place(&self, node: &Node, done: &Set, position: usize) -> bool {
        let mut taken = candidates(self.graph, node, self.in_place);
        taken.any(|input| self.dies(self.graph.storage(node.inputs[input]), done, position))
    }

    fn stored_peak_bytes(&self) -> u64 {
        let mut done = Set::of(self.graph.nodes.len());
        let (mut live_bytes, mut peak_bytes) = (self.input_bytes, 0);
        for position in 0..self.graph.nodes.len() {
            let effect = self.effect(&done, live_bytes, position);
            peak_bytes = peak_bytes.max(effect.during_bytes);
            live_bytes = effect.after_bytes;
            done.add(position);
        }
        peak_bytes
    }

    /// What the neediest operator holds by itself: no order has a lower peak.
    fn floor_bytes(&self) -> u64 {
        let each = self.graph.nodes.iter().enumerate().map(|(position, node)| {
            let inputs = storages(self.graph, &node.inputs);
            let read: u64 = inputs.iter().map(|&id| self.bytes(id)).sum();
            let may_overwrite = candidates(self.graph, node, self.in_place).next().is_some();
            let made: u64 = self.made(position).map(|id| self.bytes(id)).sum();
            read + if may_overwrite { 0 } else { made }
        });
        each.max().unwrap_or(0)
    }
}

/// The storages of tensors, constants left out, each once.
fn storages(graph: &Graph, ids: &[TensorId]) -> Vec<TensorId> {
    let live = ids.iter().filter(|&&id| !graph.tensor(id).is_constant);
    let mut storages: Vec<TensorId> = live.map(|&id| graph.storage(id)).collect();
    storages.sort_unstable();
    storages.dedup();
    storages
}

/// A set of operators, by position.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Set(Vec<u64>);

impl Set {
    fn of(operators: usize) -> Self {
        Self(vec![0; operators.div_ceil(64)])
    }

    fn holds(&self, position: usize) -> bool {
        self.0[position / 64] >> (position % 64) & 1 == 1
    }

    fn add(&mut self, position: usize) {
        self.0[position / 64] |= 1 << (position % 64);
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }
}

/// One way to have run a set of operators.
struct State {
    /// The operators that can run next.
    ready: Vec<usize>,
    live_bytes: u64,
    peak_bytes: u64,
    /// The state before, by its position in the level before, and the operator that led here.
    from: usize,
    operator: usize,
}

/// The states after equally many operators, by the set of them, the best first where it matters.
type Level = BTreeMap<Set, State>;

struct Search<'a> {
    network: Network<'a>,
    /// Peaks that reach this are of no use.
    limit_bytes: u64,
    spent: usize,
    /// Whether nothing was left out that could have been better.
    is_complete: bool,
}

impl Search<'_> {
    /// The order of least peak below the limit, with its peak.
    fn run(&mut self) -> Option<(Vec<usize>, u64)> {
        let operators = self.network.graph.nodes.len();
        let none = Set::of(operators);
        let ready = (0..operators).filter(|&at| self.network.is_ready(at, &none)).collect();
        let (live_bytes, from, operator) = (self.network.input_bytes, 0, 0);
        let first = State { ready, live_bytes, peak_bytes: 0, from, operator };
        let mut level = vec![(none, first)];
        // For each level the way to each of its states.
        let mut ways: Vec<Vec<(usize, usize)>> = Vec::with_capacity(operators);
        for _ in 0..operators {
            let next = self.next_level(&level, WORK / operators.max(1));
            level = next.into_iter().collect();
            level.sort_by_key(|(_, state)| (state.peak_bytes, state.live_bytes));
            ways.push(level.iter().map(|(_, state)| (state.from, state.operator)).collect());
            if level.is_empty() {
                return None;
            }
        }
        let peak_bytes = level.first()?.1.peak_bytes;
        let mut at = 0;
        let mut positions = Vec::with_capacity(operators);
        for way in ways.iter().rev() {
            let (from, operator) = way[at];
            positions.push(operator);
            at = from;
        }
        positions.reverse();
        Some((positions, peak_bytes))
    }

    /// Everything that one operator more leads to, as far as `share` of the work allows; the most
    /// promising states have their turn first.
    fn next_level(&mut self, level: &[(Set, State)], share: usize) -> Level {
        let mut next = Level::new();
        let end = self.spent + share.max(1);
        for (from, (done, state)) in level.iter().enumerate() {
            // One state always goes on, unless the whole search has taken far too long.
            if self.spent > end && from > 0 || self.spent > 4 * WORK {
                self.is_complete = false;
                break;
            }
            for (operator, effect) in self.moves(done, state) {
                self.add(
                    &mut next,
                    done,
                    state,
                    State {
                        ready: Vec::new(),
                        live_bytes: effect.after_bytes,
                        peak_bytes: state.peak_bytes.max(effect.during_bytes),
                        from,
                        operator,
                    },
                );
            }
        }
        next
    }

    /// The operators that a state can be continued with, below the limit.
    fn moves(&mut self, done: &Set, state: &State) -> Vec<(usize, Effect)> {
        self.spent += state.ready.len();
        let each = state
            .ready
            .iter()
            .map(|&operator| (operator, self.network.effect(done, state.live_bytes, operator)));
        let mut moves: Vec<_> =
            each.filter(|(_, effect)| effect.during_bytes < self.limit_bytes).collect();
        if moves.len() > WIDTH {
            moves.sort_by_key(|(_, effect)| (effect.after_bytes, effect.during_bytes));
            moves.truncate(WIDTH);
            self.is_complete = false;
        }
        moves
    }

    /// Adds a state to a level, unless its set was reached with a peak as low.
    fn add(&mut self, level: &mut Level, done: &Set, before: &State, mut state: State) {
        self.spent += 1 + (done.0.len() + before.ready.len()) / 16;
        let mut set = done.clone();
        set.add(state.operator);
        if level.get(&set).is_some_and(|known| known.peak_bytes <= state.peak_bytes) {
            return;
        }
        state.ready = before.ready.iter().copied().filter(|&at| at != state.operator).collect();
        let network = &self.network;
        let followers = network.followers[state.operator].iter().copied();
        state.ready.extend(followers.filter(|&at| network.is_ready(at, &set)));
        level.insert(set, state);
    }
}
