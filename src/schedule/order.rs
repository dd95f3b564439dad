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
use crate::order::{distinct, sorted_positions};
use crate::{graph::Graph, tensor::TensorId};
use std::collections::BTreeMap;

/// How much is searched, in sets looked at (large graphs and long lists of inputs cost more for
/// each).
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
struct Network {
    /// What each operator does.
    operators: Vec<Effects>,
    /// Bytes of each storage, and whether it stays to the end.
    bytes: Vec<u64>,
    is_kept: Vec<bool>,
    /// How many operators read each storage.
    readers: Vec<u32>,
    /// Bytes of the graph's inputs, and of those that nobody reads.
    input_bytes: u64,
    unread_bytes: u64,
}

/// What an operator reads and writes, by storage.
#[derive(Default)]
struct Effects {
    /// What it reads.
    reads: Vec<usize>,
    /// What it brings to life, beside what it reads.
    makes: Vec<usize>,
    made_bytes: u64,
    /// What its output may be written over, once nobody else reads that.
    may_take: Vec<usize>,
    /// The operators that write what it reads.
    before: Vec<usize>,
    /// The operators that read what it writes.
    followers: Vec<usize>,
}

/// What running one operator does to memory.
#[derive(Clone, Copy)]
struct Effect {
    /// Bytes live while it runs.
    during_bytes: u64,
    /// Bytes live afterwards.
    after_bytes: u64,
}

impl Network {
    fn new(graph: &Graph, in_place: InPlace) -> Self {
        let mut network = Self {
            operators: Vec::with_capacity(graph.nodes.len()),
            bytes: graph.tensors.iter().map(|tensor| tensor.bytes as u64).collect(),
            is_kept: graph.tensors.iter().map(|tensor| tensor.is_output).collect(),
            readers: vec![0; graph.tensors.len()],
            input_bytes: 0,
            unread_bytes: 0,
        };
        // What lives already: inputs, and what an earlier operator has made.
        let mut is_alive = vec![false; graph.tensors.len()];
        for &input in &graph.inputs {
            is_alive[graph.storage(input).index()] = true;
        }
        let mut writer = vec![None; graph.tensors.len()];
        for (position, node) in graph.nodes.iter().enumerate() {
            let reads = storages(graph, &node.inputs);
            reads.iter().for_each(|&storage| network.readers[storage] += 1);
            let before = distinct(node.inputs.iter().filter_map(|id| writer[id.index()]).collect());
            for &other in &before {
                let other: &mut Effects = &mut network.operators[other];
                other.followers.push(position);
            }
            node.outputs.iter().for_each(|output| writer[output.index()] = Some(position));
            let mut makes = storages(graph, &node.outputs);
            makes.retain(|&storage| !std::mem::replace(&mut is_alive[storage], true));
            let made_bytes = makes.iter().map(|&storage| network.bytes[storage]).sum();
            makes.retain(|storage| reads.binary_search(storage).is_err());
            let may_take = candidates(graph, node, in_place)
                .map(|input| graph.storage(node.inputs[input]).index())
                .collect();
            let followers = Vec::new();
            let effects = Effects { reads, makes, made_bytes, may_take, before, followers };
            network.operators.push(effects);
        }
        for storage in storages(graph, &graph.inputs) {
            network.input_bytes += network.bytes[storage];
            if network.readers[storage] == 0 && !network.is_kept[storage] {
                network.unread_bytes += network.bytes[storage];
            }
        }
        network
    }

    /// What running an operator does where `live_bytes` are live and `unread` operators have still
    /// to read each storage. `is_first` where nothing has run before.
    fn effect(&self, position: usize, unread: &[u32], live_bytes: u64, is_first: bool) -> Effect {
        let Effects { reads, makes, made_bytes, may_take, .. } = &self.operators[position];
        let dies = |&&storage: &&usize| unread[storage] == 1 && !self.is_kept[storage];
        let is_unread = |&&storage: &&usize| unread[storage] == 0 && !self.is_kept[storage];
        let dying = reads.iter().filter(dies).chain(makes.iter().filter(is_unread));
        let mut dead_bytes: u64 = dying.map(|&storage| self.bytes[storage]).sum();
        if is_first {
            dead_bytes += self.unread_bytes;
        }
        let is_in_place = may_take.iter().any(|storage| dies(&storage));
        Effect {
            during_bytes: live_bytes + if is_in_place { 0 } else { *made_bytes },
            after_bytes: (live_bytes + made_bytes).saturating_sub(dead_bytes),
        }
    }

    /// Takes an operator off what has still to be read.
    fn read(&self, position: usize, unread: &mut [u32]) {
        for &storage in &self.operators[position].reads {
            unread[storage] -= 1;
        }
    }

    /// What looking at an operator costs, in sets looked at.
    fn cost(&self, position: usize) -> usize {
        let Effects { reads, makes, may_take, .. } = &self.operators[position];
        1 + (reads.len() + makes.len() + may_take.len()) / 16
    }

    /// Whether everything that an operator reads has been written.
    fn is_ready(&self, position: usize, done: &Set) -> bool {
        self.operators[position].before.iter().all(|&writer| done.holds(writer))
    }

    fn stored_peak_bytes(&self) -> u64 {
        let mut unread = self.readers.clone();
        let (mut live_bytes, mut peak_bytes) = (self.input_bytes, 0);
        for position in 0..self.operators.len() {
            let effect = self.effect(position, &unread, live_bytes, position == 0);
            peak_bytes = peak_bytes.max(effect.during_bytes);
            live_bytes = effect.after_bytes;
            self.read(position, &mut unread);
        }
        peak_bytes
    }

    /// What the neediest operator holds by itself: no order has a lower peak.
    fn floor_bytes(&self) -> u64 {
        let each = self.operators.iter().map(|operator| {
            let read: u64 = operator.reads.iter().map(|&storage| self.bytes[storage]).sum();
            read + if operator.may_take.is_empty() { operator.made_bytes } else { 0 }
        });
        each.max().unwrap_or(0)
    }
}

/// The storages of tensors, constants left out, each once.
fn storages(graph: &Graph, ids: &[TensorId]) -> Vec<usize> {
    let live = ids.iter().filter(|&&id| !graph.tensor(id).is_constant);
    distinct(live.map(|&id| graph.storage(id).index()).collect())
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
}

/// One way to have run a set of operators.
struct State {
    /// The operators that can run next.
    ready: Vec<usize>,
    /// How many operators have still to read each storage.
    unread: Vec<u32>,
    live_bytes: u64,
    peak_bytes: u64,
    /// The state before, by its position in the level before, and the operator that led here.
    from: usize,
    operator: usize,
}

/// The states after equally many operators, by the set of them, the best first where it matters.
type Level = BTreeMap<Set, State>;

/// A level with the states of least peak first.
fn best_first(level: Level) -> Vec<(Set, State)> {
    let mut states: Vec<Option<(Set, State)>> = level.into_iter().map(Some).collect();
    let key =
        |at: usize| states[at].as_ref().map(|(_, state)| (state.peak_bytes, state.live_bytes));
    let order = sorted_positions(states.len(), &|one, other| key(one).cmp(&key(other)));
    order.into_iter().filter_map(|at| states[at].take()).collect()
}

struct Search {
    network: Network,
    /// Peaks that reach this are of no use.
    limit_bytes: u64,
    spent: usize,
    /// Whether nothing was left out that could have been better.
    is_complete: bool,
}

impl Search {
    /// The order of least peak below the limit, with its peak.
    fn run(&mut self) -> Option<(Vec<usize>, u64)> {
        let operators = self.network.operators.len();
        let none = Set::of(operators);
        let unread = self.network.readers.clone();
        let ready = (0..operators).filter(|&at| self.network.is_ready(at, &none)).collect();
        let (live_bytes, from, operator) = (self.network.input_bytes, 0, 0);
        let first = State { ready, unread, live_bytes, peak_bytes: 0, from, operator };
        let mut level = vec![(none, first)];
        // For each level the way to each of its states.
        let mut ways: Vec<Vec<(usize, usize)>> = Vec::with_capacity(operators);
        for step in 0..operators {
            let next = self.next_level(&level, step == 0, WORK / operators.max(1));
            level = best_first(next);
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
    fn next_level(&mut self, level: &[(Set, State)], is_first: bool, share: usize) -> Level {
        let mut next = Level::new();
        let end = self.spent + share.max(1);
        for (from, (done, state)) in level.iter().enumerate() {
            // One state always goes on, unless the whole search has taken far too long.
            if self.spent > end && from > 0 || self.spent > 4 * WORK {
                self.is_complete = false;
                break;
            }
            for (operator, effect) in self.moves(state, is_first) {
                self.add(
                    &mut next,
                    done,
                    state,
                    State {
                        ready: Vec::new(),
                        unread: Vec::new(),
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
    fn moves(&mut self, state: &State, is_first: bool) -> Vec<(usize, Effect)> {
        let network = &self.network;
        self.spent += state.ready.iter().map(|&operator| network.cost(operator)).sum::<usize>();
        let each = state.ready.iter().map(|&operator| {
            let State { unread, live_bytes, .. } = state;
            (operator, network.effect(operator, unread, *live_bytes, is_first))
        });
        let mut moves: Vec<_> =
            each.filter(|(_, effect)| effect.during_bytes < self.limit_bytes).collect();
        if moves.len() > WIDTH {
            let key = |at: usize| (moves[at].1.after_bytes, moves[at].1.during_bytes);
            let order = sorted_positions(moves.len(), &|one, other| key(one).cmp(&key(other)));
            moves = order.into_iter().take(WIDTH).map(|at| moves[at]).collect();
            self.is_complete = false;
        }
        moves
    }

    /// Adds a state to a level, unless its set was reached with a peak as low.
    fn add(&mut self, level: &mut Level, done: &Set, before: &State, mut state: State) {
        let network = &self.network;
        let followers = &network.operators[state.operator].followers;
        self.spent += 1 + (done.0.len() + before.ready.len() + before.unread.len()) / 16;
        let mut set = done.clone();
        set.add(state.operator);
        if level.get(&set).is_some_and(|known| known.peak_bytes <= state.peak_bytes) {
            return;
        }
        self.spent +=
            followers.iter().map(|&at| network.operators[at].before.len()).sum::<usize>() / 16;
        state.ready = before.ready.iter().copied().filter(|&at| at != state.operator).collect();
        state.ready.extend(followers.iter().copied().filter(|&at| network.is_ready(at, &set)));
        state.unread.clone_from(&before.unread);
        network.read(state.operator, &mut state.unread);
        level.insert(set, state);
    }
}
