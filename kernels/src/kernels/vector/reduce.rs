//! MEAN over neighbouring axes, and AVERAGE_POOL_2D.

use super::{Workspace, lanes::Lanes};
use crate::{
    kernels::Call,
    operator::{Mean, Pool, PoolKind},
};

/// The most values of a mean whose outputs are tabulated by their sum: 16 KiB.
const MOST_TABULATED: usize = 64;

/// Columns that are summed up together.
const COLUMNS: usize = 16;

/// A mean over axes that are neighbours: the input is `outer` blocks of `reduced` rows of `inner`
/// elements, and each block's rows are added.
#[derive(Clone, Debug)]
pub(super) struct PackedMean {
    outer: usize,
    reduced: usize,
    inner: usize,
    /// The outputs of all sums that few values can have, from the least on.
    table: Option<Box<[u8]>>,
}

/// The pair (1, 1): a dot product with it adds both.
const ONES: [u8; 4] = [1, 0, 1, 0];

impl PackedMean {
    /// Describes a mean; `None` for one that is left to the reference kernel.
    pub(super) fn new(mean: &Mean) -> Option<Self> {
        let sides = || mean.input_dims.iter().zip(&mean.reduced).filter(|(side, _)| **side != 1);
        let first = sides().position(|(_, reduced)| *reduced);
        let first = first.unwrap_or(sides().count());
        let product = |from: usize, count: usize| {
            sides().skip(from).take(count).map(|(side, _)| *side).product::<usize>()
        };
        let count = sides().skip(first).take_while(|(_, reduced)| **reduced).count();
        let are_neighbours = sides().skip(first + count).all(|(_, reduced)| !reduced);
        are_neighbours.then(|| {
            let [outer, reduced] = [product(0, first), product(first, count)];
            let inner = product(first + count, usize::MAX);
            let mut packed = Self { outer, reduced, inner, table: None };
            // Not where making the table is more work than the mean.
            if reduced <= MOST_TABULATED && outer * inner >= MOST_TABULATED {
                let sums = packed.least_sum()..=packed.least_sum() + 255 * packed.count();
                packed.table = Some(sums.map(|sum| packed.output(mean, sum)).collect());
            }
            packed
        })
    }

    /// Computes all outputs.
    pub(super) fn run<L: Lanes>(&self, mean: &Mean, arena: &mut [u8], call: &Call<'_>) {
        let Some(input) = call.inputs.first() else { return };
        for block in 0..self.outer {
            let from = input.offset + block * self.reduced * self.inner;
            let to = call.output.offset + block * self.inner;
            match &self.table {
                Some(table) => self.block_by_table::<L>(table, arena, from, to),
                None => self.block::<L>(mean, arena, from, to),
            }
        }
    }

    /// The outputs of one block.
    fn block<L: Lanes>(&self, mean: &Mean, arena: &mut [u8], from: usize, to: usize) {
        let mut at = 0;
        while at < self.inner {
            let count = (self.inner - at).min(8);
            let rows = &arena[from + at..from + self.reduced * self.inner];
            let sums = match (self.inner, count) {
                (1, _) => [sum(rows); 8],
                (_, 8) => L::inside(|| columns::<L>(rows, self.inner)),
                _ => some_columns(rows, self.inner, count),
            };
            for (lane, &sum) in sums.iter().enumerate().take(count) {
                arena[to + at + lane] = self.output(mean, sum);
            }
            at += count;
        }
    }

    /// The outputs of one block, looked up.
    fn block_by_table<L: Lanes>(&self, table: &[u8], arena: &mut [u8], from: usize, to: usize) {
        let output = |sum: i32| table[(sum - self.least_sum()).unsigned_abs() as usize];
        let end = from + self.reduced * self.inner;
        if self.inner < COLUMNS {
            for at in 0..self.inner {
                let column = arena[from + at..end].iter().step_by(self.inner);
                let sum = column.fold(0, |sum, &value| sum + i32::from(value.cast_signed()));
                arena[to + at] = output(sum);
            }
            return;
        }
        for at in (0..self.inner).step_by(COLUMNS) {
            // The last columns begin early enough to be a whole block.
            let at = at.min(self.inner - COLUMNS);
            let rows = &arena[from + at..end];
            let sums = L::inside(|| few_values::<L>(rows, self.inner));
            let target = &mut arena[to + at..][..COLUMNS];
            for (target, sum) in target.iter_mut().zip(sums) {
                *target = output(sum.into());
            }
        }
    }

    /// How many values are added, for sums that wrap.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "wraps")]
    fn count(&self) -> i32 {
        self.reduced as i32
    }

    /// The least sum that few values can have.
    fn least_sum(&self) -> i32 {
        -128 * self.count()
    }

    /// The output for the sum of its inputs.
    fn output(&self, mean: &Mean, sum: i32) -> u8 {
        let sum = sum.wrapping_sub(mean.input_zero_point.wrapping_mul(self.count()));
        let output = mean.multiplier.apply(sum).wrapping_add(mean.output_zero_point);
        clamped(output, (i8::MIN, i8::MAX))
    }
}

/// The sums of the first sixteen columns of few rows of `width` values: they fit int16.
#[inline(always)]
fn few_values<L: Lanes>(rows: &[u8], width: usize) -> [i16; COLUMNS] {
    let zeros = [0; COLUMNS];
    let mut sums = [L::i16(&[0; 16]); 2];
    for row in rows.chunks(width) {
        let [low, high] = L::halves(L::i8(row.first_chunk().unwrap_or(&zeros)));
        sums = [L::add_i16(sums[0], low), L::add_i16(sums[1], high)];
    }
    let bytes = sums.map(L::i16_bytes);
    let words = bytes.as_flattened().as_chunks::<2>().0;
    std::array::from_fn(|column| i16::from_le_bytes(words[column]))
}

fn clamped(value: i32, (low, high): (i8, i8)) -> u8 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to int8")]
    let narrow = value.clamp(low.into(), high.into()) as i8;
    narrow.cast_unsigned()
}

/// The sum of all values.
fn sum(values: &[u8]) -> i32 {
    values.iter().fold(0, |sum, &value| sum + i32::from(value.cast_signed()))
}

/// The sums of the first few columns of rows of `width` values.
fn some_columns(rows: &[u8], width: usize, count: usize) -> [i32; 8] {
    let mut sums = [0; 8];
    for row in rows.chunks(width) {
        for (sum, &value) in sums.iter_mut().zip(row).take(count) {
            *sum += i32::from(value.cast_signed());
        }
    }
    sums
}

/// The sums of the first eight columns of rows of `width` values.
#[inline(always)]
fn columns<L: Lanes>(rows: &[u8], width: usize) -> [i32; 8] {
    let (ones, zeros) = (L::pairs(ONES), [0; 8]);
    let mut sums = [L::i32([0; 4]); 2];
    let mut rows = rows.chunks(width);
    while let Some(row) = rows.next() {
        let a = row.first_chunk().unwrap_or(&zeros);
        let b = rows.next().and_then(|row| row.first_chunk()).unwrap_or(&zeros);
        let [low, high] = L::interleaved(a, b);
        sums[0] = L::dot_add(sums[0], low, ones);
        sums[1] = L::dot_add(sums[1], high, ones);
    }
    let [low, high] = [L::i32_values(sums[0]), L::i32_values(sums[1])];
    [low[0], low[1], low[2], low[3], high[0], high[1], high[2], high[3]]
}

/// AVERAGE_POOL_2D and MAX_POOL_2D: a row of sums (or maxima) for each output cell.
pub(super) fn pool<L: Lanes>(
    pool: &Pool,
    workspace: &mut Workspace<L>,
    arena: &mut [u8],
    call: &Call<'_>,
) {
    let (window, Some(input)) = (&pool.window, call.inputs.first()) else { return };
    let channels = window.output.channels;
    let row = &mut workspace.numbers[..channels];
    for y in call.region.rows.indices() {
        let rows = window.taps_inside(0, y);
        for x in call.region.columns.indices() {
            let columns = window.taps_inside(1, x);
            let is_sum = pool.kind == PoolKind::Average;
            row.fill(if is_sum { 0 } else { i8::MIN.into() });
            for i in rows.indices() {
                for j in columns.indices() {
                    let cell = input.cell(window.source(0, y, i), window.source(1, x, j));
                    let values = &arena[cell..][..channels];
                    L::inside(|| gather(row, values, is_sum));
                }
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_possible_wrap,
                reason = "wraps"
            )]
            let cells = (rows.len() * columns.len()) as i32;
            let target = &mut arena[call.output.cell(y, x)..][..channels];
            for (target, &value) in target.iter_mut().zip(&*row) {
                let value = if is_sum { rounded_quotient(value, cells) } else { value };
                *target = clamped(value, pool.clamp);
            }
        }
    }
}

/// Adds a cell's values to the sums, or raises the maxima.
#[inline(always)]
fn gather(row: &mut [i32], values: &[u8], is_sum: bool) {
    if is_sum {
        for (sum, &value) in row.iter_mut().zip(values) {
            *sum = sum.wrapping_add(value.cast_signed().into());
        }
    } else {
        for (greatest, &value) in row.iter_mut().zip(values) {
            *greatest = (*greatest).max(value.cast_signed().into());
        }
    }
}

/// `sum / cells`, rounded half away from zero; 0 for a window without cells.
fn rounded_quotient(sum: i32, cells: i32) -> i32 {
    let half = cells / 2;
    let nudged = if sum > 0 { sum.wrapping_add(half) } else { sum.wrapping_sub(half) };
    nudged.checked_div(cells).unwrap_or(0)
}
