//! A tensor's bytes in the arena, seen as rows.

use crate::tensor::{Map, Region};

/// Where a region of a map lies in the arena: row by row, cells of `map.channels` elements.
///
/// One type serves every extent: a whole map is the region that is all of it, a patch a smaller
/// one. Coordinates are always those of the whole map, so padding, cropping of residual operands
/// and halos need no code of their own: what [`View::cell`] does not find lies in the padding.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct View {
    /// Arena address of the region's first byte.
    pub offset: usize,
    /// The map of which this is a part.
    pub map: Map,
    /// The part that is here.
    pub region: Region,
    /// Bytes of one element.
    pub element_bytes: usize,
}

impl View {
    /// Bytes that the region takes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.region.cells() * self.map.channels * self.element_bytes
    }

    /// Arena address of cell `(y, x)` of the map.
    ///
    /// The cell must lie in the region: kernels ask only for cells of the map, and of those an
    /// operator's need is always there.
    #[must_use]
    pub const fn cell(&self, y: usize, x: usize) -> usize {
        let row = y - self.region.rows.start;
        let column = x - self.region.columns.start;
        self.offset
            + (row * self.region.columns.len() + column) * self.map.channels * self.element_bytes
    }

    /// Arena address of row `y` of the map, from the region's first column on.
    #[must_use]
    pub const fn row(&self, y: usize) -> usize {
        self.cell(y, self.region.columns.start)
    }
}
