//! What needs no vectors to be fast: copies and look-ups.

use super::add::for_each_run;
use crate::{
    kernels::{Call, reference::exponential},
    operator::{Pad, Requantize, Softmax, Transpose},
    tensor::MAX_RANK,
};

/// The output of every int8 input.
pub(super) type Table = [u8; 256];

/// QUANTIZE from int8 to int8 as a table, by the input's byte.
pub(super) fn requantize_table(requantize: &Requantize) -> Table {
    std::array::from_fn(|byte| {
        #[expect(clippy::cast_possible_truncation, reason = "a byte")]
        let value = i32::from((byte as u8).cast_signed());
        let distance = value.wrapping_sub(requantize.input_zero_point);
        let output = requantize.multiplier.apply(distance);
        let output = output.wrapping_add(requantize.output_zero_point).clamp(-128, 127);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to int8")]
        let output = output as i8;
        output.cast_unsigned()
    })
}

/// Replaces each element of the call's region by the table's.
pub(super) fn look_up(table: &Table, arena: &mut [u8], call: &Call<'_>) {
    let [input] = call.inputs else { return };
    for_each_run(call, [input], |[from], to, len| {
        if from == to {
            for byte in &mut arena[to..to + len] {
                *byte = table[usize::from(*byte)];
            }
            return;
        }
        for at in 0..len {
            arena[to + at] = table[usize::from(arena[from + at])];
        }
    });
}

/// PAD: whole rows at once.
pub(super) fn pad(pad: &Pad, arena: &mut [u8], call: &Call<'_>) {
    let (window, channels) = (&pad.window, pad.window.output.channels);
    let (region, value) = (call.region, pad.value.cast_unsigned());
    let before = window.padding_before[1];
    let inside = |at: usize| at.clamp(region.columns.start, region.columns.end);
    let (start, end) = (inside(before), inside(before + window.input.width));
    for y in region.rows.indices() {
        let row = call.output.cell(y, region.columns.start);
        let len = region.columns.len() * channels;
        if window.taps_inside(0, y).is_empty() || start == end {
            arena[row..][..len].fill(value);
            continue;
        }
        let at = |x: usize| row + (x - region.columns.start) * channels;
        let source = call.inputs[0].cell(window.source(0, y, 0), start - before);
        arena.copy_within(source..source + (end - start) * channels, at(start));
        arena[row..at(start)].fill(value);
        arena[at(end)..row + len].fill(value);
    }
}

/// TRANSPOSE: walks the output in order, and the input by its steps.
pub(super) fn transpose(transpose: &Transpose, arena: &mut [u8], call: &Call<'_>) {
    let rank = transpose.permutation.len().min(MAX_RANK);
    let (mut sides, mut steps, mut index) = ([1; MAX_RANK], [0; MAX_RANK], [0; MAX_RANK]);
    for (place, &axis) in transpose.permutation.iter().enumerate().take(rank) {
        sides[place] = transpose.input_dims[axis];
        steps[place] = transpose.input_dims[axis + 1..].iter().product();
    }
    let elements: usize = transpose.input_dims.iter().product();
    let (mut source, output) = (call.inputs[0].offset, call.output.offset);
    for element in 0..elements {
        arena[output + element] = arena[source];
        for place in (0..rank).rev() {
            index[place] += 1;
            source += steps[place];
            if index[place] < sides[place] {
                break;
            }
            source -= sides[place] * steps[place];
            index[place] = 0;
        }
    }
}

/// The exponentials of all differences from a row's maximum, in Q0.31.
pub(super) fn exponentials(softmax: &Softmax) -> Box<[i32]> {
    (0..256).map(|below| exponential(softmax, -below)).collect()
}
