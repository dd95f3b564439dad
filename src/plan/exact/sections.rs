//! Time cut into sections between which nothing begins or ends.

use super::super::{Buffer, group::groups};
use crate::order::{self, sort_keys, sorted_positions};

/// A group of buffers with one offset that takes part in the search.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What lives when: sections and bytes, in order.
    pub(super) phases: Vec<Phase>,
    /// The first section in which it lives.
    pub(super) first: usize,
    /// One past the last.
    pub(super) end: usize,
    /// The greatest size of a phase.
    pub(super) size_bytes: u64,
    /// The least size of a phase.
    pub(super) least_bytes: u64,
    pub(super) alignment_bytes: u64,
    /// Steps that it lives.
    duration: u64,
}

/// A while in which an item has one size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    /// Its position in the problem.
    pub(super) position: usize,
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) size_bytes: u64,
}

/// By what an order goes.
type Key = (u128, u128, Option<u64>);

/// A problem in the form that the search works on.
#[derive(Clone, Debug)]
pub(super) struct Sections {
    /// The groups of any size and life.
    pub(super) items: Vec<Item>,
    /// For each section the sum of the sizes that live in it.
    pub(super) loads: Vec<u64>,
    /// How many buffers the problem has, left out ones included.
    pub(super) buffers: usize,
    /// The groups of more than one member, each with a member that lives.
    groups: Vec<(Vec<usize>, usize)>,
}

impl Sections {
    pub(super) fn of(buffers: &[Buffer]) -> Self {
        let takes_part = |b: &&Buffer| b.size_bytes > 0 && !b.lifespan.is_empty();
        let mut keys: Vec<order::Key> = buffers
            .iter()
            .filter(takes_part)
            .flat_map(|buffer| [(buffer.lifespan.first, 0, 0), (buffer.lifespan.end, 0, 0)])
            .collect();
        sort_keys(&mut keys);
        let mut steps: Vec<u64> = keys.into_iter().map(|(step, ..)| step).collect();
        steps.dedup();
        let section = |step: u64| steps.partition_point(|&other| other < step);
        let (mut items, mut chains) = (Vec::new(), Vec::new());
        let mut loads = vec![0; steps.len()];
        for group in groups(buffers) {
            let members = group.members.iter().map(|&position| (position, &buffers[position]));
            let phases: Vec<Phase> = members
                .filter(|(_, buffer)| takes_part(buffer))
                .map(|(position, buffer)| Phase {
                    position,
                    first: section(buffer.lifespan.first),
                    end: section(buffer.lifespan.end),
                    size_bytes: buffer.size_bytes,
                })
                .collect();
            let (Some(first), Some(last)) = (phases.first(), phases.last()) else { continue };
            for phase in &phases {
                for load in &mut loads[phase.first..phase.end] {
                    *load += phase.size_bytes;
                }
            }
            if group.members.len() > 1 {
                chains.push((group.members.clone(), first.position));
            }
            let spans = phases.iter().map(|phase| buffers[phase.position].lifespan);
            items.push(Item {
                first: first.first,
                end: last.end,
                size_bytes: phases.iter().map(|phase| phase.size_bytes).max().unwrap_or(0),
                least_bytes: phases.iter().map(|phase| phase.size_bytes).min().unwrap_or(0),
                alignment_bytes: group.alignment_bytes,
                duration: spans.map(|span| span.end - span.first).sum(),
                phases,
            });
        }
        Self { items, loads, buffers: buffers.len(), groups: chains }
    }

    /// Gives members of a group that never live the offset of those that do.
    pub(super) fn complete(&self, offsets: &mut [u64]) {
        for (members, lives) in &self.groups {
            let offset = offsets[*lives];
            for &member in members {
                offsets[member] = offset;
            }
        }
    }

    /// Every height that a canonical solution can have is a multiple of this: the greatest common
    /// divisor of the sizes, or 1 where alignment leaves gaps.
    pub(super) fn granule_bytes(&self) -> u64 {
        if self.items.iter().any(|item| item.alignment_bytes > 1) {
            return 1;
        }
        let sizes = self.items.iter().flat_map(|item| &item.phases).map(|phase| phase.size_bytes);
        sizes.fold(0, greatest_common).max(1)
    }

    /// Static orders in which the search prefers buffers at equal offsets; each a list of ranks.
    pub(super) fn orders(&self) -> Vec<Vec<u32>> {
        let duration = |item: &Item| item.duration;
        let area = |item: &Item| u128::from(item.duration) * u128::from(item.size_bytes);
        let crowd = |item: &Item| self.loads[item.first..item.end].iter().copied().max();
        // Asked for at every comparison, and as long as a lifespan to find.
        let crowds: Vec<Option<u64>> = self.items.iter().map(crowd).collect();
        vec![
            self.ranks(&|at, item| (area(item), u128::from(duration(item)), crowds[at])),
            self.ranks(&|at, item| (u128::from(duration(item)), area(item), crowds[at])),
            self.ranks(&|at, item| {
                let crowded = u128::from(crowds[at].unwrap_or(0));
                (crowded, u128::from(duration(item)), Some(item.size_bytes))
            }),
        ]
    }

    /// The rank of each item; the greatest key comes first.
    fn ranks(&self, key: &dyn Fn(usize, &Item) -> Key) -> Vec<u32> {
        let key = |item: usize| key(item, &self.items[item]);
        let order = sorted_positions(self.items.len(), &|one, other| key(other).cmp(&key(one)));
        let mut ranks = vec![0; order.len()];
        for (rank, item) in (0..).zip(order) {
            ranks[item] = rank;
        }
        ranks
    }
}

fn greatest_common(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
