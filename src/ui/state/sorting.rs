//! The order of the rows of the table of operators.

use crate::order::sorted_positions;
use std::cmp::Ordering;

/// A column of the table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Column {
    /// The number in the file.
    Number,
    /// The kind.
    Kind,
    /// The shape of the output.
    Output,
    /// Bytes live.
    Live,
    /// Their share of the budget.
    OfBudget,
    /// Multiply-accumulates.
    Macs,
    /// The time of a run.
    Time,
    /// Multiply-accumulates in a time.
    Rate,
    /// Their share of the limit.
    OfLimit,
}

/// By what the rows are sorted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sorting {
    /// The column.
    pub column: Column,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

impl Sorting {
    /// What a press of a column's button leads to: one direction, the other, and back to the file's
    /// order. Figures begin with the greatest, all else with the least.
    #[must_use]
    pub fn pressed(now: Option<Self>, column: Column) -> Option<Self> {
        let begins = !matches!(column, Column::Number | Column::Kind | Column::Output);
        match now.filter(|now| now.column == column) {
            None => Some(Self { column, is_descending: begins }),
            Some(now) if now.is_descending == begins => {
                Some(Self { column, is_descending: !begins })
            }
            Some(_) => None,
        }
    }
}

/// The rows `0..keys.len()` by their keys; equal ones keep their order, those without a key come last.
#[must_use]
pub fn sorted(keys: &[Option<f64>], is_descending: bool) -> Vec<u32> {
    let rows = sorted_positions(keys.len(), &|left, right| match (keys[left], keys[right]) {
        (Some(left), Some(right)) if is_descending => right.total_cmp(&left),
        (Some(left), Some(right)) => left.total_cmp(&right),
        (left, right) => right.is_some().cmp(&left.is_some()),
    });
    rows.into_iter().filter_map(|row| u32::try_from(row).ok()).collect()
}

/// Names as keys: each its place among all that occur.
#[must_use]
pub fn name_keys<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<Option<f64>> {
    let mut distinct: Vec<&str> = Vec::new();
    for name in names.clone() {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    let place =
        |name: &str| distinct.iter().filter(|one| (**one).cmp(name) == Ordering::Less).count();
    names.map(|name| Some(place(name) as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_third_press_leads_back_to_the_file() {
        let mut now = None;
        let mut seen = Vec::new();
        for _ in 0..3 {
            now = Sorting::pressed(now, Column::Live);
            seen.push(now.map(|one| one.is_descending));
        }
        assert_eq!(seen, [Some(true), Some(false), None]);
        let by_kind = Sorting::pressed(now, Column::Kind);
        assert_eq!(by_kind.map(|one| one.is_descending), Some(false));
        let other = Sorting::pressed(by_kind, Column::Macs);
        assert_eq!(other.map(|one| (one.column, one.is_descending)), Some((Column::Macs, true)));
    }

    #[test]
    fn names_are_sorted_as_words_and_what_is_missing_comes_last() {
        let keys = name_keys(["DEPTHWISE", "ADD", "CONV", "ADD"].into_iter());
        assert_eq!(sorted(&keys, false), [1, 3, 2, 0]);
        let keys = [Some(2.0), None, Some(3.0), None];
        assert_eq!(sorted(&keys, false), [0, 2, 1, 3]);
        assert_eq!(sorted(&keys, true), [2, 0, 1, 3]);
    }

    proptest! {
        #[test]
        fn every_row_is_there_once_and_equal_ones_keep_their_order(
            keys in proptest::collection::vec(proptest::option::of(0u8..4), 0..40),
            is_descending in any::<bool>(),
        ) {
            let keys: Vec<Option<f64>> = keys.into_iter().map(|key| key.map(f64::from)).collect();
            let rows = sorted(&keys, is_descending);
            let mut all = rows.clone();
            all.sort_unstable();
            prop_assert!(all.iter().copied().eq((0..).take(keys.len())));
            for pair in rows.windows(2) {
                let [left, right] = [keys[pair[0] as usize], keys[pair[1] as usize]];
                prop_assert!(left != right || pair[0] < pair[1]);
            }
        }
    }
}
