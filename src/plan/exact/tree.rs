//! Can a height be reached? A search over canonical solutions, with its stack in the open so that
//! it can pause.
//!
//! Buffers are placed in order of non-decreasing offset, each at the lowest address that those
//! below it allow: any solution takes that form when its buffers drop as far as they can. Each
//! section of time has a floor (the end of what has been placed there) and a load (what has not).
//! When what is left falls apart in time, each group is searched on its own.

use super::sections::{Item, Sections};
use crate::order::{Key, sort_keys, sort_positions};
use std::collections::HashSet;

/// What is known of the height.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Answer {
    Unknown,
    /// It can be reached: see [`Tree::offsets`].
    Possible,
    /// No solution is that low.
    Impossible,
}

/// States that failed are remembered up to this number.
const MEMORY: usize = 2_000_000;

/// One search for one height, with one static order.
#[derive(Debug)]
pub(super) struct Tree {
    items: Vec<Item>,
    ranks: Vec<u32>,
    height_bytes: u64,
    floors: Vec<u64>,
    loads: Vec<u64>,
    /// Offsets by position in the problem.
    offsets: Vec<u64>,
    stack: Vec<Node>,
    /// Groups that the whole problem falls into, and that nobody has searched yet.
    waiting: Vec<Group>,
    /// How the group searched last ended, until its parent has heard of it.
    outcome: Option<bool>,
    failed: HashSet<u128>,
    nodes: u64,
    /// Items and sections looked at.
    work: u64,
    answer: Answer,
}

/// Buffers left to place whose lifespans hang together, none below `level`.
#[derive(Debug)]
struct Group {
    items: Vec<usize>,
    level_bytes: u64,
}

/// A group in search.
#[derive(Debug)]
struct Node {
    group: Group,
    key: u128,
    /// Where each candidate would lie: offset, rank, item; the next one to try.
    candidates: Vec<Key>,
    next: usize,
    /// What is placed now, with the floors that it covers.
    placed: Option<(usize, Vec<u64>)>,
    /// The groups that are left beside it and have not been searched.
    waiting: Vec<Group>,
}

impl Tree {
    pub(super) fn new(sections: &Sections, ranks: Vec<u32>, height_bytes: u64) -> Self {
        let mut tree = Self {
            items: sections.items.clone(),
            ranks,
            height_bytes,
            floors: vec![0; sections.loads.len()],
            loads: sections.loads.clone(),
            offsets: vec![0; sections.buffers],
            stack: Vec::new(),
            waiting: Vec::new(),
            outcome: Some(true),
            failed: HashSet::new(),
            nodes: 0,
            work: 0,
            answer: Answer::Unknown,
        };
        tree.waiting = tree.groups((0..tree.items.len()).collect(), 0);
        tree
    }

    pub(super) const fn nodes(&self) -> u64 {
        self.nodes
    }

    /// Items and sections looked at so far: what the time of a search goes with.
    pub(super) const fn work(&self) -> u64 {
        self.work
    }

    pub(super) fn is_done(&self) -> bool {
        self.answer != Answer::Unknown
    }

    /// The offsets found, by position in the problem.
    pub(super) fn offsets(&self) -> &[u64] {
        &self.offsets
    }

    /// Searches up to `nodes` nodes more, or until so much more work is done.
    pub(super) fn advance(&mut self, nodes: u64, work: u64) -> Answer {
        let (end, work_end) = (self.nodes + nodes, self.work.saturating_add(work));
        while self.answer == Answer::Unknown && self.nodes < end && self.work < work_end {
            self.step();
        }
        self.answer
    }

    fn step(&mut self) {
        let Some(node) = self.stack.last_mut() else {
            match (self.outcome.take(), self.waiting.pop()) {
                (Some(false), _) => self.answer = Answer::Impossible,
                (_, Some(group)) => self.enter(group),
                (_, None) => self.answer = Answer::Possible,
            }
            return;
        };
        match self.outcome.take() {
            Some(true) => match node.waiting.pop() {
                Some(group) => self.enter(group),
                None => self.leave(true),
            },
            Some(false) => {
                // Nothing else shares its sections: where it lies could not have mattered.
                let was_alone = self.lift();
                if was_alone { self.leave(false) } else { self.try_next() }
            }
            None => self.try_next(),
        }
    }

    /// Places the next candidate of the node on top, or gives the node up.
    fn try_next(&mut self) {
        let Some(node) = self.stack.last_mut() else { return };
        let Some(&(offset, _, item)) = node.candidates.get(node.next) else {
            self.leave(false);
            return;
        };
        node.next += 1;
        let rest = node.group.items.iter().copied().filter(|&other| other != item).collect();
        let Item { first, end, .. } = self.items[item];
        self.work += (node.group.items.len() + end - first) as u64;
        node.placed = Some((item, self.floors[first..end].to_vec()));
        for phase in &self.items[item].phases {
            self.floors[phase.first..phase.end].fill(offset + phase.size_bytes);
            for load in &mut self.loads[phase.first..phase.end] {
                *load -= phase.size_bytes;
            }
            self.offsets[phase.position] = offset;
        }
        let mut groups = self.groups(rest, offset);
        let first_group = groups.pop();
        if let Some(node) = self.stack.last_mut() {
            node.waiting = groups;
        }
        match first_group {
            Some(group) => self.enter(group),
            None => self.leave(true),
        }
    }

    /// Takes back what the node on top has placed; tells whether nothing else is left to place in
    /// its sections.
    fn lift(&mut self) -> bool {
        let placed = self.stack.last_mut().and_then(|node| node.placed.take());
        let Some((item, floors)) = placed else { return false };
        let Item { first, end, .. } = self.items[item];
        let alone = self.loads[first..end].iter().all(|&load| load == 0);
        self.floors[first..end].copy_from_slice(&floors);
        for phase in &self.items[item].phases {
            for load in &mut self.loads[phase.first..phase.end] {
                *load += phase.size_bytes;
            }
        }
        alone
    }

    /// Ends the node on top. Offsets of what it placed stay; floors go back, as other groups do not
    /// share its sections.
    fn leave(&mut self, solved: bool) {
        self.lift();
        if let Some(node) = self.stack.pop()
            && !solved
        {
            self.remember(node.key);
        }
        self.outcome = Some(solved);
    }

    fn remember(&mut self, key: u128) {
        if self.failed.len() < MEMORY {
            self.failed.insert(key);
        }
    }

    /// Begins the search of a group, or knows at once that it is vain.
    fn enter(&mut self, group: Group) {
        self.nodes += 1;
        self.work += group.items.len() as u64 + self.span(&group);
        let key = self.key(&group);
        if self.failed.contains(&key) {
            self.outcome = Some(false);
            return;
        }
        match self.candidates(&group) {
            Some(candidates) => {
                let (next, placed, waiting) = (0, None, Vec::new());
                self.stack.push(Node { group, key, candidates, next, placed, waiting });
            }
            None => {
                self.remember(key);
                self.outcome = Some(false);
            }
        }
    }

    /// Sections from the first in which an item of a group lives to the last.
    fn span(&self, group: &Group) -> u64 {
        // Items are sorted by their first section.
        let first = group.items.first().map_or(0, |&item| self.items[item].first);
        let end = group.items.iter().map(|&item| self.items[item].end).max();
        end.map_or(0, |end| end - first) as u64
    }

    /// The lowest offset of an item above what has been placed.
    fn offset(&self, item: &Item) -> u64 {
        let floor = self.floors[item.first..item.end].iter().copied().max().unwrap_or(0);
        floor.next_multiple_of(item.alignment_bytes)
    }

    /// The candidates that can be placed next, lowest first; `None` where no solution is left.
    fn candidates(&mut self, group: &Group) -> Option<Vec<Key>> {
        let at = |&item: &usize| (self.offset(&self.items[item]), self.ranks[item].into(), item);
        let mut all: Vec<_> = group.items.iter().map(at).collect();
        sort_keys(&mut all);
        // All that is left will lie at or above the lowest candidate.
        let first = all.partition_point(|&(offset, ..)| offset < group.level_bytes);
        let level = all.get(first)?.0;
        let lives = all.iter().map(|&(_, _, item)| self.items[item].end - self.items[item].first);
        self.work += (first * all.len() + lives.sum::<usize>()) as u64;
        let bounds = self.bounds(&all, first, level)?;
        if !self.loads_fit(&all, &bounds) {
            return None;
        }
        // A candidate above the place where another could lie whole leaves a hole that the other
        // could drop into: not canonical.
        let top =
            all.iter().map(|&(offset, _, item)| offset + self.items[item].size_bytes).min()?;
        let end = all.partition_point(|&(offset, ..)| offset < top);
        Some(all.get(first..end.max(first))?.to_vec())
    }

    /// The lowest offset that each item can still have, in the order of `all`.
    ///
    /// The first `unsupported` ones have their place below the level: they have to wait for
    /// something to stand on, and so lie at least one neighbour's size (the least that it ever has) higher.
    fn bounds(&self, all: &[Key], unsupported: usize, level: u64) -> Option<Vec<u64>> {
        let mut bounds: Vec<u64> = all.iter().map(|&(offset, ..)| offset.max(level)).collect();
        for waiting in 0..unsupported {
            let item = &self.items[all[waiting].2];
            let support = all.iter().enumerate().filter(|&(other, &(_, _, neighbour))| {
                let neighbour = &self.items[neighbour];
                other != waiting && neighbour.first < item.end && item.first < neighbour.end
            });
            let tops = support.map(|(_, &(offset, _, neighbour))| {
                offset.max(level) + self.items[neighbour].least_bytes
            });
            bounds[waiting] = tops.min()?;
        }
        let fits = all
            .iter()
            .zip(&bounds)
            .all(|(&(_, _, item), bound)| bound + self.items[item].size_bytes <= self.height_bytes);
        fits.then_some(bounds)
    }

    /// Whether, in every section, what is left fits above the lowest place that any of it can have.
    fn loads_fit(&self, all: &[Key], bounds: &[u64]) -> bool {
        let spans = all.iter().map(|&(_, _, item)| &self.items[item]);
        let first = spans.clone().map(|item| item.first).min().unwrap_or(0);
        let end = spans.clone().map(|item| item.end).max().unwrap_or(first);
        let mut lowest = vec![u64::MAX; end - first];
        for (item, &bound) in spans.zip(bounds) {
            for least in &mut lowest[item.first - first..item.end - first] {
                *least = (*least).min(bound);
            }
        }
        let mut sections = lowest.iter().zip(&self.loads[first..end]);
        sections.all(|(&least, &load)| least == u64::MAX || least + load <= self.height_bytes)
    }

    /// Items that hang together in time, as groups; the smallest is searched first.
    fn groups(&self, mut items: Vec<usize>, level_bytes: u64) -> Vec<Group> {
        let key = |item: usize| (self.items[item].first, item);
        sort_positions(&mut items, &|one, other| key(one).cmp(&key(other)));
        let mut groups: Vec<Group> = Vec::new();
        let mut end = 0;
        for item in items {
            let Item { first, end: item_end, .. } = self.items[item];
            match groups.last_mut() {
                Some(group) if first < end => group.items.push(item),
                _ => groups.push(Group { items: vec![item], level_bytes }),
            }
            end = end.max(item_end);
        }
        // They are taken from the back, and seldom are there more than two.
        let mut sorted: Vec<Group> = Vec::with_capacity(groups.len());
        for group in groups {
            let n_items = group.items.len();
            sorted.insert(sorted.partition_point(|other| other.items.len() >= n_items), group);
        }
        sorted
    }

    /// Names a state: what is left, the level, and the floors that can still matter. 128 bits, so
    /// that two states share a name only by a chance that nobody will see.
    fn key(&self, group: &Group) -> u128 {
        let mut key = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835u128;
        let mut add = |value: u64| {
            key = (key ^ u128::from(value)).wrapping_mul(0x2545_F491_4F6C_DD1D_A076_1D64_78BD_642F);
            key ^= key >> 61;
        };
        add(group.level_bytes);
        let mut covered = 0;
        for &item in &group.items {
            add(item as u64);
            let Item { first, end, .. } = self.items[item];
            // Items are sorted by their first section: each section is named once.
            for floor in &self.floors[first.max(covered)..end.max(covered)] {
                // Any floor below the level means the same: wait for support.
                add(if *floor < group.level_bytes { 0 } else { floor + 1 });
            }
            covered = covered.max(end);
        }
        key
    }
}
