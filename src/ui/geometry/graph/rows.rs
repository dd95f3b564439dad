//! The rows of the list that the spine is drawn as: heads of blocks and operators, folded or not.

use super::{Block, Spine};
use crate::ui::state::Move;
use std::ops::Range;

/// The height of an operator, and of a folded block.
pub const NODE_REM: f64 = 2.75;
/// The height of the head of a block that is not folded.
pub const HEAD_REM: f64 = 1.75;

/// Above so many operators all blocks are folded at first.
const MOST_UNFOLDED: usize = 400;

/// Which blocks are folded: all alike, with exceptions. A block is known by its first operator, so
/// that another plan of the model changes nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Folds {
    are_all: bool,
    others: Vec<u32>,
}

impl Folds {
    /// All blocks alike.
    #[must_use]
    pub const fn all(are_folded: bool) -> Self {
        Self { are_all: are_folded, others: Vec::new() }
    }

    /// As a model of so many operators begins.
    #[must_use]
    pub const fn at_first(n_operators: usize) -> Self {
        Self::all(n_operators > MOST_UNFOLDED)
    }

    /// Whether the block that begins with that operator is folded.
    #[must_use]
    pub fn is_folded(&self, first: u32) -> bool {
        self.are_all != self.others.contains(&first)
    }

    /// The same but for that block.
    #[must_use]
    pub fn with(&self, first: u32, is_folded: bool) -> Self {
        let mut next = self.clone();
        next.others.retain(|&other| other != first);
        if is_folded != self.are_all {
            next.others.push(first);
        }
        next
    }
}

/// One row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Row {
    /// The head of a block, and whether the block is folded.
    Head(usize, bool),
    /// The operator at a place of the spine.
    Node(usize),
}

/// All rows with their heights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// The upper edge of each row in rem, and after them the lower edge of the last.
    pub tops_rem: Vec<f64>,
    /// The row of each place of the spine: that of its block's head where that is folded.
    row_of: Vec<usize>,
    /// How many rows stand outside blocks, heads included, up to each row and with it.
    pub outer: Vec<usize>,
}

impl Rows {
    /// The rows of a spine.
    #[must_use]
    pub fn new(spine: &Spine, folds: &Folds) -> Self {
        let mut rows = Self::default();
        rows.tops_rem.push(0.0);
        let mut is_hidden = false;
        for (place, node) in spine.nodes.iter().enumerate() {
            let block = node.block.and_then(|index| Some((index, spine.blocks.get(index)?)));
            if let Some((index, block)) = block.filter(|(_, block)| block.first == place) {
                is_hidden = folds.is_folded(spine.first_operator(block));
                rows.push(Row::Head(index, is_hidden), true);
            }
            if block.is_none() || !is_hidden {
                rows.push(Row::Node(place), block.is_none());
            }
            rows.row_of.push(rows.rows.len() - 1);
        }
        rows
    }

    fn push(&mut self, row: Row, is_outer: bool) {
        let height = if matches!(row, Row::Head(_, false)) { HEAD_REM } else { NODE_REM };
        self.tops_rem.push(self.height_rem() + height);
        self.outer.push(self.outer.last().unwrap_or(&0) + usize::from(is_outer));
        self.rows.push(row);
    }

    /// The height of all rows.
    #[must_use]
    pub fn height_rem(&self) -> f64 {
        self.tops_rem.last().copied().unwrap_or(0.0)
    }

    /// The row that shows a place.
    #[must_use]
    pub fn row_of(&self, place: usize) -> usize {
        self.row_of.get(place).copied().unwrap_or(0)
    }

    /// The middle of the row that shows a place.
    #[must_use]
    pub fn middle_rem(&self, place: usize) -> f64 {
        let row = self.row_of(place);
        match self.tops_rem.get(row..row + 2) {
            Some([top, bottom]) => f64::midpoint(*top, *bottom),
            _ => 0.0,
        }
    }

    /// The operator that a key leads to from a place, row by row: of a folded block the one
    /// at which most is live.
    #[must_use]
    pub fn walk(&self, spine: &Spine, bytes: &[u64], place: usize, to: Move) -> Option<u32> {
        let stop = |row: &Row| match *row {
            Row::Head(_, false) => None,
            Row::Head(block, true) => Some(spine.neediest(spine.blocks.get(block)?, bytes)),
            Row::Node(place) => Some(spine.nodes.get(place)?.operator),
        };
        let at = *self.row_of.get(place)?;
        match to {
            Move::Previous => self.rows.get(..at)?.iter().rev().find_map(stop),
            Move::Next => self.rows.get(at + 1..)?.iter().find_map(stop),
            Move::First => self.rows.iter().find_map(stop),
            Move::Last => self.rows.iter().rev().find_map(stop),
            Move::Peak => None,
        }
    }
}

impl Spine {
    /// The number of a block's first operator.
    #[must_use]
    pub fn first_operator(&self, block: &Block) -> u32 {
        self.nodes.get(block.first).map_or(0, |node| node.operator)
    }

    /// The number of the first operator of the block around a place.
    #[must_use]
    pub fn block_start(&self, place: usize) -> Option<u32> {
        let block = self.blocks.get(self.nodes.get(place)?.block?)?;
        Some(self.first_operator(block))
    }

    /// The operator of a block at which most is live, the first of several.
    #[must_use]
    pub fn neediest(&self, block: &Block, bytes: &[u64]) -> u32 {
        let of = |operator: u32| bytes.get(operator as usize).copied().unwrap_or(0);
        let nodes = self.nodes.get(block.first..=block.last).unwrap_or_default();
        nodes.iter().fold(self.first_operator(block), |most, node| {
            if of(node.operator) > of(most) { node.operator } else { most }
        })
    }
}

/// The rows of which a scroller shows any part, by the upper edges of all rows and the lower edge of
/// the last, ascending.
#[must_use]
pub fn in_view(tops: &[f64], top: f64, height: f64) -> Range<usize> {
    let n_rows = tops.len().saturating_sub(1);
    let first = tops.partition_point(|&edge| edge <= top).saturating_sub(1);
    let end = tops.partition_point(|&edge| edge < top + height).min(n_rows);
    first.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::{super::nets::Net, *};

    /// A stem, a bottleneck (1 to 3) and a dense layer behind it.
    fn small() -> Spine {
        let mut net = Net::default();
        let stem = net.conv(0, 3);
        let thin = net.bottleneck(stem);
        net.conv(thin, 3);
        net.spine()
    }

    #[test]
    fn a_folded_block_is_one_row_in_place_of_its_operators() {
        let spine = small();
        let open = Rows::new(&spine, &Folds::at_first(5));
        use Row::{Head, Node};
        assert_eq!(open.rows, [Node(0), Head(0, false), Node(1), Node(2), Node(3), Node(4)]);
        assert!((open.height_rem() - (5.0 * NODE_REM + HEAD_REM)).abs() < 1e-9);
        assert_eq!(open.outer, [1, 2, 2, 2, 2, 3]);
        let folded = Rows::new(&spine, &Folds::all(true));
        assert_eq!(folded.rows, [Node(0), Head(0, true), Node(4)]);
        assert_eq!([0, 1, 2, 3, 4].map(|place| folded.row_of(place)), [0, 1, 1, 1, 2]);
        assert!((folded.middle_rem(2) - 1.5 * NODE_REM).abs() < 1e-9);
    }

    #[test]
    fn folds_are_all_alike_but_for_exceptions() {
        assert!(Folds::at_first(401).is_folded(7) && !Folds::at_first(400).is_folded(7));
        let one = Folds::all(true).with(3, false);
        assert!(!one.is_folded(3) && one.is_folded(4));
        assert_eq!(one.with(3, true), Folds::all(true));
        assert_eq!(one.with(3, false), one);
    }

    #[test]
    fn keys_walk_from_row_to_row() {
        let spine = small();
        let bytes = [1, 5, 9, 9, 1];
        let (open, folded) =
            (Rows::new(&spine, &Folds::all(false)), Rows::new(&spine, &Folds::all(true)));
        let walk = |rows: &Rows, from, to| rows.walk(&spine, &bytes, from, to);
        assert_eq!(walk(&open, 0, Move::Next), Some(1), "heads are passed");
        assert_eq!(walk(&open, 1, Move::Previous), Some(0));
        assert_eq!(walk(&folded, 0, Move::Next), Some(2), "the neediest of the block");
        assert_eq!(walk(&folded, 1, Move::Next), Some(4), "from any operator within");
        assert_eq!(walk(&folded, 4, Move::Next), None);
        assert_eq!((walk(&open, 2, Move::First), walk(&open, 2, Move::Last)), (Some(0), Some(4)));
        assert_eq!(walk(&open, 9, Move::Next), None, "no such operator");
    }

    #[test]
    fn the_rows_in_view_are_those_that_show() {
        let tops = [0.0, 10.0, 20.0, 30.0];
        assert_eq!(in_view(&tops, 0.0, 10.0), 0..1);
        assert_eq!(in_view(&tops, 5.0, 10.0), 0..2);
        assert_eq!(in_view(&tops, 10.0, 100.0), 1..3);
        assert_eq!(in_view(&tops, 99.0, 10.0), 3..3, "below all");
        assert_eq!(in_view(&tops, -5.0, 10.0), 0..1);
        assert_eq!(in_view(&[0.0], 0.0, 10.0), 0..0);
        assert_eq!(in_view(&[], 0.0, 10.0), 0..0);
    }
}
