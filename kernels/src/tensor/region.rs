//! Half-open ranges of rows and columns of a map.

use serde::{Deserialize, Serialize};

/// A half-open range `[start, end)` along one axis of a map. Empty when `start == end`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Span {
    /// First index inside.
    pub start: usize,
    /// First index past the end.
    pub end: usize,
}

impl Span {
    /// The range `[start, end)`; an `end` before `start` gives an empty range at `start`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The whole axis of `len` indices.
    #[must_use]
    pub const fn whole(len: usize) -> Self {
        Self { start: 0, end: len }
    }

    /// The indices it holds, in order.
    #[must_use]
    pub const fn indices(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// How many indices it holds.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `index` lies inside.
    #[must_use]
    pub const fn holds(self, index: usize) -> bool {
        self.start <= index && index < self.end
    }

    /// Whether every index of `other` lies inside.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.is_empty() || (self.start <= other.start && other.end <= self.end)
    }

    /// The smallest range that holds both; an empty one adds nothing.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        if self.is_empty() {
            other
        } else if other.is_empty() {
            self
        } else {
            Self { start: self.start.min(other.start), end: self.end.max(other.end) }
        }
    }
}

/// A rectangle of a map: rows and columns, all channels.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Region {
    /// The rows.
    pub rows: Span,
    /// The columns.
    pub columns: Span,
}

impl Region {
    /// All of a map of `height` rows and `width` columns.
    #[must_use]
    pub const fn whole(height: usize, width: usize) -> Self {
        Self { rows: Span::whole(height), columns: Span::whole(width) }
    }

    /// Cells (pixels) inside: rows times columns.
    #[must_use]
    pub const fn cells(self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Whether it holds no cell.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.rows.is_empty() || self.columns.is_empty()
    }

    /// Whether every cell of `other` lies inside.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.is_empty() || (self.rows.covers(other.rows) && self.columns.covers(other.columns))
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        if self.is_empty() {
            other
        } else if other.is_empty() {
            self
        } else {
            Self { rows: self.rows.hull(other.rows), columns: self.columns.hull(other.columns) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hull_ignores_empty_regions() {
        let a = Region { rows: Span::new(2, 4), columns: Span::new(1, 3) };
        let empty = Region { rows: Span::new(9, 9), columns: Span::new(0, 7) };
        assert_eq!(a.hull(empty), a);
        assert_eq!(empty.hull(a), a);
        let b = Region { rows: Span::new(0, 1), columns: Span::new(5, 6) };
        assert_eq!(a.hull(b), Region { rows: Span::new(0, 4), columns: Span::new(1, 6) });
    }

    #[test]
    fn covers_asks_for_every_cell() {
        let map = Region::whole(4, 4);
        assert!(map.covers(Region { rows: Span::new(0, 4), columns: Span::new(3, 4) }));
        assert!(!map.covers(Region { rows: Span::new(0, 5), columns: Span::new(3, 4) }));
        assert!(Region::default().covers(Region::default()));
    }
}
