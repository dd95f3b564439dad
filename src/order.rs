//! Sorting, with two copies of the sort in the binary for everything that is sorted.
//!
//! The standard library's sort is compiled anew for every type and every key, some five kilobytes
//! each; what a browser downloads holds one for positions by any comparison, and one for numbers.

use std::cmp::Ordering;

/// What is sorted by two numbers, the position being told by the last.
pub type Key = (u64, u64, usize);

/// Sorts keys. What is in order already, or in a few runs, takes little time.
pub fn sort_keys(keys: &mut [Key]) {
    keys.sort();
}

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

/// `positions` from the least to the greatest, each once.
#[must_use]
pub fn distinct(mut positions: Vec<usize>) -> Vec<usize> {
    sort_positions(&mut positions, &|one, other| one.cmp(&other));
    positions.dedup();
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

    #[test]
    fn keys_are_sorted_by_the_first_number_then_the_next() {
        let mut keys = [(2, 0, 0), (1, 5, 1), (1, 4, 9), (1, 4, 2)];
        sort_keys(&mut keys);
        assert_eq!(keys, [(1, 4, 2), (1, 4, 9), (1, 5, 1), (2, 0, 0)]);
    }

    #[test]
    fn distinct_positions_come_in_order_and_once() {
        assert_eq!(distinct(vec![7, 0, 7, 3, 0]), [0, 3, 7]);
    }
}
