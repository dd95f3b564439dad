//! Greedy placement: buffers in a fixed order, each at the lowest address free while it lives.

use super::{
    Buffer,
    group::{Group, groups},
    height_bytes, lower_bound_bytes,
};
use crate::order::{Key, sort_keys, sorted_positions};
use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
    ops::Range,
};

/// Largest first. Buffers of equal size are tried in several orders, since which of them comes
/// first often decides whether the lower bound is met; the lowest arena wins, the earlier order
/// at a tie, and an arena that meets the lower bound ends the search.
///
/// Source: Pisarchyk & Lee 2020, "Efficient Memory Management for Deep Neural Net Inference";
/// TensorFlow Lite Micro's greedy memory planner.
pub(super) fn by_size(buffers: &[Buffer]) -> Vec<u64> {
    let groups = groups(buffers);
    let members = |group: usize| groups[group].members.iter().map(|&member| &buffers[member]);
    let duration_of = |buffer: &Buffer| buffer.lifespan.end.saturating_sub(buffer.lifespan.first);
    let size = |group: usize| Reverse(groups[group].size_bytes);
    let first = |group: usize| members(group).map(|b| b.lifespan.first).min();
    let duration =
        |group: usize| Reverse(members(group).map(duration_of).fold(0, u64::saturating_add));
    let volume = |group: usize| {
        let each = members(group).map(|b| u128::from(b.size_bytes) * u128::from(duration_of(b)));
        Reverse(each.sum::<u128>())
    };
    let bound = lower_bound_bytes(buffers);
    let orders: [&Order<'_>; 4] = [
        &|a, b| (size(a), first(a)).cmp(&(size(b), first(b))),
        &|a, b| (size(a), duration(a), first(a)).cmp(&(size(b), duration(b), first(b))),
        &|a, b| (volume(a), size(a), first(a)).cmp(&(volume(b), size(b), first(b))),
        &|a, b| (duration(a), size(a), first(a)).cmp(&(duration(b), size(b), first(b))),
    ];
    let mut best: Option<(u64, Vec<u64>)> = None;
    for compare in orders {
        let order = sorted_positions(groups.len(), compare);
        let offsets = first_fit(buffers, &groups, &order);
        let height = height_bytes(buffers, &offsets);
        if best.as_ref().is_none_or(|(least, _)| height < *least) {
            best = Some((height, offsets));
        }
        if height <= bound {
            break;
        }
    }
    best.map(|(_, offsets)| offsets).unwrap_or_default()
}

/// Largest first, the earlier in the problem first among equals.
pub(super) fn first_fit_by_size(buffers: &[Buffer]) -> Vec<u64> {
    let groups = groups(buffers);
    let size = |group: usize| Reverse(groups[group].size_bytes);
    let order = sorted_positions(groups.len(), &|one, other| size(one).cmp(&size(other)));
    first_fit(buffers, &groups, &order)
}

/// Which of two groups is placed first.
type Order<'a> = dyn Fn(usize, usize) -> Ordering + 'a;

/// Buffers that live for at most this many moments are found by moment, the others by looking at
/// all of them: memory stays linear however many lifespans cross.
const SHORT_MOMENTS: usize = 64;

/// Places groups in the given order, each at the lowest aligned address that no buffer placed
/// before holds while a member lives.
fn first_fit(buffers: &[Buffer], groups: &[Group], order: &[usize]) -> Vec<u64> {
    let timeline = Timeline::new(buffers);
    let mut placed = Placed {
        buffers,
        offsets: vec![0; buffers.len()],
        short_at_moment: vec![Vec::new(); timeline.moments],
        short: Vec::new(),
        long: Vec::new(),
        collected_for: vec![usize::MAX; buffers.len()],
    };
    let mut barred = Vec::new();
    for group in order.iter().map(|&group| &groups[group]) {
        barred.clear();
        for &member in &group.members {
            placed.collect_barred(member, &timeline.moments_of(buffers[member]), &mut barred);
        }
        // The long ones come in order already, which the sort makes use of.
        sort_keys(&mut barred);
        let offset = lowest_free(&barred, group.alignment_bytes);
        for &member in &group.members {
            placed.add(member, offset, timeline.moments_of(buffers[member]));
        }
    }
    placed.offsets
}

/// What has been placed so far.
struct Placed<'a> {
    buffers: &'a [Buffer],
    offsets: Vec<u64>,
    short_at_moment: Vec<Vec<usize>>,
    short: Vec<usize>,
    /// Sorted by offset.
    long: Vec<usize>,
    /// Which buffer last collected a neighbour, so that each is collected once.
    collected_for: Vec<usize>,
}

impl Placed<'_> {
    /// Collects the offsets at which a buffer would touch one that is placed and lives with it, as
    /// half-open ranges.
    fn collect_barred(&mut self, member: usize, moments: &Range<usize>, barred: &mut Vec<Key>) {
        let Buffer { size_bytes, lifespan, .. } = self.buffers[member];
        if size_bytes == 0 {
            return;
        }
        let range = |neighbour: usize| {
            let start = self.offsets[neighbour];
            let end = start + self.buffers[neighbour].size_bytes;
            (start.saturating_sub(size_bytes - 1), end, neighbour)
        };
        let meets = |neighbour: usize| self.buffers[neighbour].lifespan.overlaps(lifespan);
        barred.extend(self.long.iter().copied().filter(|&n| meets(n)).map(range));
        if moments.len() > SHORT_MOMENTS {
            barred.extend(self.short.iter().copied().filter(|&n| meets(n)).map(range));
            return;
        }
        for &neighbour in self.short_at_moment[moments.clone()].iter().flatten() {
            if self.collected_for[neighbour] != member {
                self.collected_for[neighbour] = member;
                barred.push(range(neighbour));
            }
        }
    }

    fn add(&mut self, member: usize, offset: u64, moments: Range<usize>) {
        self.offsets[member] = offset;
        if self.buffers[member].size_bytes == 0 || moments.is_empty() {
            return;
        }
        if moments.len() > SHORT_MOMENTS {
            let at = self.long.partition_point(|&other| self.offsets[other] <= offset);
            self.long.insert(at, member);
        } else {
            self.short.push(member);
            for at_moment in &mut self.short_at_moment[moments] {
                at_moment.push(member);
            }
        }
    }
}

/// The lowest aligned offset outside all barred ranges, which are sorted by start.
fn lowest_free(barred: &[Key], alignment_bytes: u64) -> u64 {
    let mut candidate = 0u64;
    for &(start, end, _) in barred {
        if candidate < start {
            break;
        }
        candidate = candidate.max(end.next_multiple_of(alignment_bytes));
    }
    candidate
}

/// Time with everything left out between which nothing begins: at most one moment for each buffer,
/// however far apart the steps of a problem are.
struct Timeline {
    moment_of_step: BTreeMap<u64, usize>,
    moments: usize,
}

impl Timeline {
    fn new(buffers: &[Buffer]) -> Self {
        let mut moment_of_step = BTreeMap::new();
        moment_of_step.extend(buffers.iter().map(|buffer| (buffer.lifespan.first, 0)));
        for (moment, entry) in moment_of_step.values_mut().enumerate() {
            *entry = moment;
        }
        Self { moments: moment_of_step.len(), moment_of_step }
    }

    /// The moments during which the buffer lives.
    fn moments_of(&self, buffer: Buffer) -> Range<usize> {
        let at_or_after = |step: u64| {
            self.moment_of_step.range(step..).next().map_or(self.moments, |(_, &moment)| moment)
        };
        let first = at_or_after(buffer.lifespan.first);
        first..at_or_after(buffer.lifespan.end).max(first)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Lifespan;
    use super::*;

    fn buffer(first: u64, end: u64, size_bytes: u64, alignment_bytes: u64) -> Buffer {
        let lifespan = Lifespan { first, end };
        Buffer { size_bytes, alignment_bytes, lifespan, takes_place_of: None }
    }

    fn in_order(buffers: &[Buffer]) -> Vec<u64> {
        let groups = groups(buffers);
        first_fit(buffers, &groups, &(0..groups.len()).collect::<Vec<_>>())
    }

    /// The second part of a chain is small, but the first has to fit below what lives with it.
    #[test]
    fn a_chain_has_one_offset_that_suits_all_its_members() {
        let buffers = [
            buffer(0, 4, 10, 1),
            buffer(0, 1, 8, 1),
            Buffer { takes_place_of: Some(1), ..buffer(1, 3, 2, 1) },
            buffer(1, 3, 5, 1),
        ];
        assert_eq!(in_order(&buffers), [0, 10, 10, 12]);
    }

    #[test]
    fn each_takes_the_lowest_free_address() {
        let buffers =
            [buffer(0, 2, 10, 1), buffer(1, 3, 6, 1), buffer(2, 4, 3, 1), buffer(3, 4, 9, 1)];
        assert_eq!(in_order(&buffers), [0, 10, 0, 3]);
    }

    #[test]
    fn gaps_honour_alignment() {
        let buffers = [buffer(0, 1, 5, 1), buffer(0, 1, 4, 4), buffer(0, 1, 3, 1)];
        assert_eq!(in_order(&buffers), [0, 8, 5]);
    }

    #[test]
    fn distant_steps_cost_no_memory() {
        let buffers = [buffer(0, u64::MAX, 4, 1), buffer(1 << 60, u64::MAX, 4, 1)];
        assert_eq!(by_size(&buffers), [0, 4]);
    }
}
