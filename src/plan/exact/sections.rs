//! Time cut into sections between which nothing begins or ends.

use super::super::Buffer;
use std::cmp::Reverse;

/// A buffer that takes part in the search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Its position in the problem.
    pub(super) position: usize,
    /// The first section in which it lives.
    pub(super) first: usize,
    /// One past the last.
    pub(super) end: usize,
    pub(super) size_bytes: u64,
    pub(super) alignment_bytes: u64,
    /// Steps that it lives.
    duration: u64,
}

/// A problem in the form that the search works on.
#[derive(Clone, Debug)]
pub(super) struct Sections {
    /// The buffers of any size and life.
    pub(super) items: Vec<Item>,
    /// For each section the sum of the sizes that live in it.
    pub(super) loads: Vec<u64>,
    /// How many buffers the problem has, left out ones included.
    pub(super) buffers: usize,
}

impl Sections {
    pub(super) fn of(buffers: &[Buffer]) -> Self {
        let takes_part = |b: &&Buffer| b.size_bytes > 0 && !b.lifespan.is_empty();
        let mut steps: Vec<u64> = buffers
            .iter()
            .filter(takes_part)
            .flat_map(|buffer| [buffer.lifespan.first, buffer.lifespan.end])
            .collect();
        steps.sort_unstable();
        steps.dedup();
        let section = |step: u64| steps.partition_point(|&other| other < step);
        let mut items = Vec::new();
        let mut loads = vec![0; steps.len()];
        for (position, buffer) in buffers.iter().enumerate().filter(|(_, b)| takes_part(b)) {
            let item = Item {
                position,
                first: section(buffer.lifespan.first),
                end: section(buffer.lifespan.end),
                size_bytes: buffer.size_bytes,
                alignment_bytes: buffer.alignment_bytes,
                duration: buffer.lifespan.end - buffer.lifespan.first,
            };
            for load in &mut loads[item.first..item.end] {
                *load += item.size_bytes;
            }
            items.push(item);
        }
        Self { items, loads, buffers: buffers.len() }
    }

    /// Every height that a canonical solution can have is a multiple of this: the greatest common
    /// divisor of the sizes, or 1 where alignment leaves gaps.
    pub(super) fn granule_bytes(&self) -> u64 {
        if self.items.iter().any(|item| item.alignment_bytes > 1) {
            return 1;
        }
        self.items.iter().fold(0, |divisor, item| greatest_common(divisor, item.size_bytes)).max(1)
    }

    /// Static orders in which the search prefers buffers at equal offsets; each a list of ranks.
    pub(super) fn orders(&self) -> Vec<Vec<u32>> {
        let duration = |item: &Item| item.duration;
        let area = |item: &Item| u128::from(item.duration) * u128::from(item.size_bytes);
        let crowd = |item: &Item| self.loads[item.first..item.end].iter().copied().max();
        vec![
            self.ranks(|item| (area(item), u128::from(duration(item)), crowd(item))),
            self.ranks(|item| (u128::from(duration(item)), area(item), crowd(item))),
            self.ranks(|item| {
                let crowded = u128::from(crowd(item).unwrap_or(0));
                (crowded, u128::from(duration(item)), Some(item.size_bytes))
            }),
        ]
    }

    fn ranks<K: Ord>(&self, key: impl Fn(&Item) -> K) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by_key(|&item| Reverse(key(&self.items[item])));
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
