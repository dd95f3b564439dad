//! Sorting by keys of any kind, with one copy of the sort in the binary for all of them.
//!
//! The standard library's sort is compiled anew for every type and every key, some ten kilobytes
//! each; what a browser downloads holds it once. Where a sort is the time of an inner loop, the
//! standard library's own stays.

use std::cmp::Ordering;

/// Sorts `positions` by `compare`; equal ones keep their order.
pub fn sort_positions(positions: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    positions.sort_by(|&one, &other| compare(one, other));
}

/// The positions `0..count`, sorted by `compare`; equal ones keep their order.
#[must_use]
pub fn sorted_positions(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    sort_positions(&mut positions, compare);
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_positions_keep_their_order() {
        let keys = [3, 1, 3, 0, 1];
        assert_eq!(sorted_positions(5, &|a, b| keys[a].cmp(&keys[b])), [3, 1, 4, 0, 2]);
    }
}
