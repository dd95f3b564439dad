//! Which columns of a timeline are shown.

use super::timeline::Timeline;

/// So many columns are shown at least, where there are so many.
pub const LEAST_COLUMNS: usize = 4;

/// Columns that are shown, half-open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Zoom {
    first: usize,
    end: usize,
}

impl Zoom {
    /// All of so many columns.
    #[must_use]
    pub const fn whole(n_columns: usize) -> Self {
        Self { first: 0, end: n_columns }
    }

    /// From one column to another, in either order, both shown; a few more where those are too few.
    #[must_use]
    pub fn between(one: usize, other: usize, n_columns: usize) -> Self {
        let (first, last) = (one.min(other), one.max(other));
        let width = (last + 1).saturating_sub(first).max(LEAST_COLUMNS);
        Self::at(first, width, n_columns)
    }

    fn at(first: usize, width: usize, n_columns: usize) -> Self {
        let width = width.min(n_columns);
        let first = first.min(n_columns - width);
        Self { first, end: first + width }
    }

    /// The first column that is shown.
    #[must_use]
    pub const fn first(self) -> usize {
        self.first
    }

    /// How many columns are shown.
    #[must_use]
    pub const fn width(self) -> usize {
        self.end - self.first
    }

    /// Half as many columns, around `column` if it is shown, else around the middle.
    #[must_use]
    pub fn closer(self, column: Option<usize>, n_columns: usize) -> Self {
        let width = self.width().div_ceil(2).max(LEAST_COLUMNS);
        let middle = column.filter(|column| (self.first..self.end).contains(column));
        let middle = middle.unwrap_or(self.first + self.width() / 2);
        Self::at(middle.saturating_sub(width / 2), width, n_columns)
    }

    /// Twice as many columns around the same middle.
    #[must_use]
    pub fn wider(self, n_columns: usize) -> Self {
        let width = self.width() * 2;
        Self::at(self.first.saturating_sub(self.width() / 2), width, n_columns)
    }

    /// As many columns, moved as little as needed to show `column`.
    #[must_use]
    pub fn holding(self, column: usize, n_columns: usize) -> Self {
        let width = self.width();
        let first = self.first.min(column).max((column + 1).saturating_sub(width));
        Self::at(first, width, n_columns)
    }

    /// Whether all of so many columns are shown.
    #[must_use]
    pub const fn is_whole(self, n_columns: usize) -> bool {
        self.first == 0 && self.end >= n_columns
    }

    /// A timeline of the shown columns alone.
    #[must_use]
    pub fn of(self, timeline: &Timeline) -> Timeline {
        let steps = timeline.steps.get(self.first..self.end).unwrap_or(&timeline.steps);
        Timeline { steps: steps.to_vec(), is_part: steps.len() < timeline.steps.len(), ..*timeline }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn closer_keeps_the_column_and_wider_comes_back() {
        let whole = Zoom::whole(40);
        let closer = whole.closer(Some(10), 40);
        assert_eq!(closer, Zoom { first: 0, end: 20 });
        let closer = closer.closer(Some(10), 40);
        assert_eq!(closer, Zoom { first: 5, end: 15 });
        assert_eq!(closer.wider(40), Zoom { first: 0, end: 20 });
        assert!(closer.wider(40).wider(40).is_whole(40));
        assert_eq!(closer.holding(20, 40), Zoom { first: 11, end: 21 });
        assert_eq!(closer.holding(2, 40), Zoom { first: 2, end: 12 });
        assert_eq!(closer.holding(7, 40), closer);
    }

    proptest! {
        #[test]
        fn every_zoom_shows_columns_that_are_there(
            n_columns in 0usize..200, one in 0usize..200, other in 0usize..200,
            moves in proptest::collection::vec((0u8..3, 0usize..200), 0..20),
        ) {
            let last = n_columns.saturating_sub(1);
            let mut zoom = Zoom::between(one.min(last), other.min(last), n_columns);
            for (kind, column) in moves {
                let column = column.min(last);
                zoom = match kind {
                    0 => zoom.closer(Some(column), n_columns),
                    1 => zoom.wider(n_columns),
                    _ => zoom.holding(column, n_columns),
                };
                prop_assert!(zoom.first <= zoom.end && zoom.end <= n_columns);
                prop_assert!(zoom.width() >= LEAST_COLUMNS.min(n_columns));
                let holds = (zoom.first..zoom.end).contains(&column);
                prop_assert!(kind != 2 || n_columns == 0 || holds);
            }
        }
    }
}
