//! Strips: some rows of a map, widened to int16, with the padding filled in.

use super::lanes::Lanes;
use crate::{
    kernels::View,
    tensor::{Region, Span},
};

/// Rows and columns of a map, in coordinates that count the padding: 0 is its first cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The first row and column.
    pub(super) start: [usize; 2],
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Cells of padding before the map.
    pub(super) before: [usize; 2],
    /// Of each `period` rows from the first on, as many as are read.
    pub(super) rows_read: [usize; 2],
}

impl Frame {
    /// Bytes of a row of int16.
    pub(super) const fn row_bytes(&self, channels: usize) -> usize {
        self.columns * channels * 2
    }

    /// Fills `strip` with the frame's part of what `view` holds, and with `zero_point` where the
    /// frame lies outside.
    pub(super) fn fill<L: Lanes>(
        &self,
        arena: &[u8],
        view: &View,
        zero_point: i32,
        strip: &mut [u8],
    ) {
        let channels = view.map.channels;
        #[expect(clippy::cast_possible_truncation, reason = "the zero point of an int8 tensor")]
        let padding = (zero_point as i16).to_le_bytes();
        let row_bytes = self.row_bytes(channels);
        let [read, period] = self.rows_read;
        for row in (0..self.rows).filter(|row| row % period < read) {
            let target = &mut strip[row * row_bytes..][..row_bytes];
            let Some((y, inside)) = self.inside(row, view.region) else {
                fill_padding(target, padding);
                continue;
            };
            let [first, last] = inside.map(|column| column * channels * 2);
            fill_padding(&mut target[..first], padding);
            fill_padding(&mut target[last..], padding);
            let source = view.cell(y, inside[0] + self.start[1] - self.before[1]);
            let cells = &arena[source..][..(inside[1] - inside[0]) * channels];
            L::inside(|| widen::<L>(cells, &mut target[first..last]));
        }
    }

    /// The cells that a row of the frame holds; `None` for padding alone.
    pub(super) fn cells<'a>(&self, row: usize, arena: &'a [u8], view: &View) -> Option<&'a [u8]> {
        let (y, inside) = self.inside(row, view.region)?;
        let source = view.cell(y, inside[0] + self.start[1] - self.before[1]);
        Some(&arena[source..][..(inside[1] - inside[0]) * view.map.channels])
    }

    /// The frame's columns that are held: all that lie in the map, but for those beyond what is
    /// needed.
    pub(super) fn columns_inside(&self, held: Span) -> Option<[usize; 2]> {
        let column = |at: usize| (self.before[1] + at).saturating_sub(self.start[1]);
        let (first, last) = (column(held.start), column(held.end).min(self.columns));
        (first < last).then_some([first, last])
    }

    /// The map's row that a row of the frame is, with the frame's columns that are held; `None` for
    /// padding alone.
    fn inside(&self, row: usize, held: Region) -> Option<(usize, [usize; 2])> {
        let y = (self.start[0] + row).checked_sub(self.before[0])?;
        let inside = self.columns_inside(held.columns)?;
        held.rows.holds(y).then_some((y, inside))
    }
}

fn fill_padding(target: &mut [u8], padding: [u8; 2]) {
    target.as_chunks_mut::<2>().0.fill(padding);
}

/// Writes int8 as int16; `target` is twice as long.
#[inline(always)]
fn widen<L: Lanes>(source: &[u8], target: &mut [u8]) {
    let (from, rest) = source.as_chunks::<16>();
    let (to, target_rest) = target.as_chunks_mut::<32>();
    for (from, to) in from.iter().zip(to) {
        let [low, high] = L::halves(L::i8(from));
        let (first, second) = to.split_at_mut(16);
        first.copy_from_slice(&L::i16_bytes(low));
        second.copy_from_slice(&L::i16_bytes(high));
    }
    for (&from, to) in rest.iter().zip(target_rest.as_chunks_mut::<2>().0) {
        *to = i16::from(from.cast_signed()).to_le_bytes();
    }
}
