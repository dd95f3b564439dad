//! Greedy placement: buffers in a fixed order, each at the lowest address free while it lives.

use super::{Buffer, height_bytes, lower_bound_bytes};
use std::{collections::BTreeMap, ops::Range};

/// Largest first. Buffers of equal size are tried in several orders, since which of them comes
/// first often decides whether the lower bound is met; the lowest arena wins, the earlier order
/// at a tie, and an arena that meets the lower bound ends the search.
///
/// Source: Pisarchyk & Lee 2020, "Efficient Memory Management for Deep Neural Net Inference";
/// TensorFlow Lite Micro's greedy memory planner.
pub(super) fn by_size(buffers: &[Buffer]) -> Vec<u64> {
    let size = |position: usize| std::cmp::Reverse(buffers[position].size_bytes);
    let first = |position: usize| buffers[position].lifespan.first;
    let duration = |position: usize| {
        let lifespan = buffers[position].lifespan;
        std::cmp::Reverse(lifespan.end.saturating_sub(lifespan.first))
    };
    let volume = |position: usize| {
        let (size, duration) = (buffers[position].size_bytes, duration(position).0);
        std::cmp::Reverse(u128::from(size) * u128::from(duration))
    };
    let bound = lower_bound_bytes(buffers);
    let orders: [&SortOrder<'_>; 4] = [
        &|order| order.sort_by_key(|&p| (size(p), first(p))),
        &|order| order.sort_by_key(|&p| (size(p), duration(p), first(p))),
        &|order| order.sort_by_key(|&p| (volume(p), size(p), first(p))),
        &|order| order.sort_by_key(|&p| (duration(p), size(p), first(p))),
    ];
    let mut best: Option<(u64, Vec<u64>)> = None;
    for sort in orders {
        let mut order: Vec<usize> = (0..buffers.len()).collect();
        sort(&mut order);
        let offsets = first_fit(buffers, &order);
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

/// Puts positions of buffers into the order in which they are placed.
type SortOrder<'a> = dyn Fn(&mut Vec<usize>) + 'a;

/// Buffers that live for at most this many moments are found by moment, the others by looking at
/// all of them: memory stays linear however many lifespans cross.
const SHORT_MOMENTS: usize = 64;

/// Places buffers in the given order, each at the lowest aligned address that no buffer placed
/// before holds while it lives.
fn first_fit(buffers: &[Buffer], order: &[usize]) -> Vec<u64> {
    let timeline = Timeline::new(buffers);
    let mut placed = Placed {
        buffers,
        offsets: vec![0; buffers.len()],
        short_at_moment: vec![Vec::new(); timeline.moments],
        short: Vec::new(),
        long: Vec::new(),
        collected_for: vec![usize::MAX; buffers.len()],
    };
    let mut taken = Vec::new();
    for &position in order {
        let moments = timeline.moments_of(buffers[position]);
        if buffers[position].size_bytes > 0 && !moments.is_empty() {
            placed.collect_taken(position, &moments, &mut taken);
            placed.offsets[position] = lowest_gap(&taken, buffers[position]);
            placed.add(position, moments);
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
    /// Collects the address ranges that are held while a buffer lives, sorted by start.
    fn collect_taken(
        &mut self,
        position: usize,
        moments: &Range<usize>,
        taken: &mut Vec<(u64, u64)>,
    ) {
        taken.clear();
        let lifespan = self.buffers[position].lifespan;
        let range = |neighbour: usize| {
            let start = self.offsets[neighbour];
            (start, start + self.buffers[neighbour].size_bytes)
        };
        let meets = |neighbour: usize| self.buffers[neighbour].lifespan.overlaps(lifespan);
        taken.extend(self.long.iter().copied().filter(|&n| meets(n)).map(range));
        if moments.len() > SHORT_MOMENTS {
            taken.extend(self.short.iter().copied().filter(|&n| meets(n)).map(range));
        } else {
            for &neighbour in self.short_at_moment[moments.clone()].iter().flatten() {
                if self.collected_for[neighbour] != position {
                    self.collected_for[neighbour] = position;
                    taken.push(range(neighbour));
                }
            }
        }
        // A stable sort takes the part that is in order already as it is.
        taken.sort();
    }

    fn add(&mut self, position: usize, moments: Range<usize>) {
        if moments.len() > SHORT_MOMENTS {
            let offset = self.offsets[position];
            let at = self.long.partition_point(|&other| self.offsets[other] <= offset);
            self.long.insert(at, position);
        } else {
            self.short.push(position);
            for at_moment in &mut self.short_at_moment[moments] {
                at_moment.push(position);
            }
        }
    }
}

/// The lowest aligned address where the buffer fits between ranges sorted by start.
fn lowest_gap(taken: &[(u64, u64)], buffer: Buffer) -> u64 {
    let mut candidate = 0u64;
    for &(start, end) in taken {
        if candidate + buffer.size_bytes <= start {
            break;
        }
        candidate = candidate.max(end.next_multiple_of(buffer.alignment_bytes));
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
        let mut moment_of_step: BTreeMap<u64, usize> =
            buffers.iter().map(|buffer| (buffer.lifespan.first, 0)).collect();
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
        Buffer { size_bytes, alignment_bytes, lifespan: Lifespan { first, end } }
    }

    #[test]
    fn each_takes_the_lowest_free_address() {
        let buffers =
            [buffer(0, 2, 10, 1), buffer(1, 3, 6, 1), buffer(2, 4, 3, 1), buffer(3, 4, 9, 1)];
        let offsets = first_fit(&buffers, &[0, 1, 2, 3]);
        assert_eq!(offsets, [0, 10, 0, 3]);
    }

    #[test]
    fn gaps_honour_alignment() {
        let buffers = [buffer(0, 1, 5, 1), buffer(0, 1, 4, 4), buffer(0, 1, 3, 1)];
        assert_eq!(first_fit(&buffers, &[0, 1, 2]), [0, 8, 5]);
    }

    #[test]
    fn distant_steps_cost_no_memory() {
        let buffers = [buffer(0, u64::MAX, 4, 1), buffer(1 << 60, u64::MAX, 4, 1)];
        assert_eq!(by_size(&buffers), [0, 4]);
    }
}
