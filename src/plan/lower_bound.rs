//! How much is live when.

use super::{Buffer, Lifespan};
use crate::order::sort_keys;

/// At equal steps, what ends comes before what begins.
const ENDS: u64 = 0;
const BEGINS: u64 = 1;

/// The greatest sum of sizes live at one step: no arena is smaller.
#[must_use]
pub fn lower_bound_bytes(buffers: &[Buffer]) -> u64 {
    let mut changes = Vec::with_capacity(buffers.len() * 2);
    for (position, buffer) in buffers.iter().enumerate() {
        if !buffer.lifespan.is_empty() {
            changes.push((buffer.lifespan.first, BEGINS, position));
            changes.push((buffer.lifespan.end, ENDS, position));
        }
    }
    sort_keys(&mut changes);
    let (mut live, mut greatest) = (0u64, 0u64);
    for (_, change, position) in changes {
        let size_bytes = buffers[position].size_bytes;
        if change == BEGINS {
            live += size_bytes;
            greatest = greatest.max(live);
        } else {
            live -= size_bytes;
        }
    }
    greatest
}

/// The sum of sizes live at each of the first `steps` steps.
#[must_use]
pub fn live_bytes(buffers: &[Buffer], steps: usize) -> Vec<u64> {
    // Differences between neighbouring steps; wrapping sums come out right in the end.
    let mut differences = vec![0u64; steps + 1];
    let position = |step: u64| usize::try_from(step).map_or(steps, |step| step.min(steps));
    for &Buffer { size_bytes, lifespan, .. } in buffers {
        let Lifespan { first, end } = lifespan;
        if !lifespan.is_empty() {
            let (first, end) = (position(first), position(end));
            differences[first] = differences[first].wrapping_add(size_bytes);
            differences[end] = differences[end].wrapping_sub(size_bytes);
        }
    }
    let mut live = 0u64;
    differences[..steps]
        .iter()
        .map(|&difference| {
            live = live.wrapping_add(difference);
            live
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bound_and_live_sums_agree() {
        let buffers =
            [(0, 2, 5), (1, 3, 7), (2, 4, 11), (3, 3, 100)].map(|(first, end, size)| Buffer {
                size_bytes: size,
                alignment_bytes: 1,
                lifespan: Lifespan { first, end },
                takes_place_of: None,
            });
        assert_eq!(live_bytes(&buffers, 4), [5, 12, 18, 11]);
        assert_eq!(lower_bound_bytes(&buffers), 18);
    }
}
