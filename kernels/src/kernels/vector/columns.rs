//! Columns of a row of the map, channels side by side: taken out of it and put into it.

use super::{lanes::Lanes, output_stage::LANES};

/// Interleaves eight channels of each column of two rows: where those begin in each row, and how far they
/// are apart.
#[inline(always)]
pub(super) fn interleave_columns<'a, L: Lanes>(
    targets: impl Iterator<Item = (&'a mut L::I16, &'a mut L::I16)>,
    [a, b]: [&[u8]; 2],
    [mut at, mut other_at]: [usize; 2],
    steps: [usize; 2],
) {
    for (first, second) in targets {
        let (Some(one), Some(other)) = (a.get(at..), b.get(other_at..)) else { return };
        let (Some(one), Some(other)) = (one.first_chunk(), other.first_chunk()) else { return };
        [*first, *second] = L::interleaved(one, other);
        at += steps[0];
        other_at += steps[1];
    }
}

/// Writes `N` channels of each cell, which lie `channels` apart.
#[inline(always)]
pub(super) fn write_cells<L: Lanes, const N: usize>(
    cells: &[[u8; 16]],
    target: &mut [u8],
    channels: usize,
) {
    for (cell, target) in cells.iter().zip(target.chunks_mut(channels)) {
        let bytes = L::i8_bytes(L::i8(cell));
        if let (Some(target), Some(bytes)) = (target.first_chunk_mut::<N>(), bytes.first_chunk()) {
            *target = *bytes;
        }
    }
}

/// Writes four channels of each of four columns.
#[inline(always)]
pub(super) fn write_columns(
    bytes: &[u8; 16],
    address: usize,
    cell_bytes: usize,
    target: &mut [u8],
) {
    let line = &mut target[address..][..3 * cell_bytes + LANES];
    let quads = bytes.as_chunks::<4>().0;
    line[..LANES].copy_from_slice(&quads[0]);
    line[cell_bytes..][..LANES].copy_from_slice(&quads[1]);
    line[2 * cell_bytes..][..LANES].copy_from_slice(&quads[2]);
    line[3 * cell_bytes..][..LANES].copy_from_slice(&quads[3]);
}
