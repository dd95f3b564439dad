//! Greedy placement: buffers in a fixed order, each at the lowest address free while it lives.

use super::{Buffer, height_bytes};
use std::collections::BTreeMap;

/// Largest first. Buffers of equal size are tried in several orders, since which of them comes
/// first often decides whether the lower bound is met; the lowest arena wins, the earlier order
/// at a tie.
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
    let mut orders: [Vec<usize>; 3] = std::array::from_fn(|_| (0..buffers.len()).collect());
    orders[0].sort_by_key(|&p| (size(p), first(p)));
    orders[1].sort_by_key(|&p| (size(p), duration(p), first(p)));
    orders[2].sort_by_key(|&p| (duration(p), size(p), first(p)));
    let placed = orders.map(|order| first_fit(buffers, &order));
    let best = placed.into_iter().min_by_key(|offsets| height_bytes(buffers, offsets));
    best.unwrap_or_default()
}

/// Places buffers in the given order, each at the lowest aligned address that no buffer placed
/// before holds while it lives.
fn first_fit(buffers: &[Buffer], order: &[usize]) -> Vec<u64> {
    let timeline = Timeline::new(buffers);
    let mut placed_at_moment: Vec<Vec<usize>> = vec![Vec::new(); timeline.moments];
    let mut offsets = vec![0; buffers.len()];
    // Which buffer last collected a neighbour, so that each is collected once.
    let mut collected_for = vec![usize::MAX; buffers.len()];
    let mut taken = Vec::new();
    for &position in order {
        let buffer = buffers[position];
        let moments = timeline.moments_of(buffer);
        if buffer.size_bytes == 0 || moments.is_empty() {
            continue;
        }
        taken.clear();
        for neighbours in &placed_at_moment[moments.clone()] {
            for &neighbour in neighbours {
                if collected_for[neighbour] != position {
                    collected_for[neighbour] = position;
                    let start = offsets[neighbour];
                    taken.push((start, start + buffers[neighbour].size_bytes));
                }
            }
        }
        taken.sort_unstable();
        offsets[position] = lowest_gap(&taken, buffer);
        for at_moment in &mut placed_at_moment[moments] {
            at_moment.push(position);
        }
    }
    offsets
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
    fn moments_of(&self, buffer: Buffer) -> std::ops::Range<usize> {
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
