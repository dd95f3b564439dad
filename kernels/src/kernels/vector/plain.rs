//! What needs no vectors to be fast: copies and look-ups.

use super::add::for_each_run;
use crate::{
    kernels::{Call, Kernels, Reference, View, reference::exponential},
    operator::{Add, Mul, Operand, Operator, Pad, Requantize, Softmax, Transpose},
    tensor::{MAX_RANK, Map},
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

/// ADD or MUL of a map and one constant value as a table, by the input's byte; `None` for other
/// operands.
pub(super) fn binary_table(operator: &Operator) -> Option<Table> {
    let mut operator = operator.clone();
    let (Operator::Add(Add { binary, .. }) | Operator::Mul(Mul { binary, .. })) = &mut operator
    else {
        return None;
    };
    let every_byte = Map { height: 1, width: 1, channels: 256 };
    let output = binary.output;
    for operand in &mut binary.operands {
        match operand {
            Operand::Activation(map) if *map == output => *map = every_byte,
            Operand::Constant(map, _) if map.elements() == 1 => {}
            _ => return None,
        }
    }
    binary.output = every_byte;
    let constants = binary.operands.iter().filter(|o| matches!(o, Operand::Constant(..)));
    if constants.count() != 1 {
        return None;
    }
    let view =
        |offset| View { offset, map: every_byte, region: every_byte.region(), element_bytes: 1 };
    let mut arena: Vec<u8> = (0..=255).collect();
    arena.resize(512, 0);
    let call =
        Call { inputs: &[view(0)], output: view(256), region: every_byte.region(), scratch: 0..0 };
    Reference::run(&operator, &(), &mut (), &mut arena, &call);
    arena[256..].first_chunk().copied()
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

/// TRANSPOSE: walks the output in order, and the input by its steps. Axes that stay neighbours are
/// one, so that the last one is long.
pub(super) fn transpose(transpose: &Transpose, arena: &mut [u8], call: &Call<'_>) {
    let (mut sides, mut steps, mut rank) = ([1; MAX_RANK], [0; MAX_RANK], 0);
    for &axis in &transpose.permutation {
        let side = transpose.input_dims[axis];
        let step = transpose.input_dims[axis + 1..].iter().product::<usize>();
        if rank > 0 && steps[rank - 1] == side * step {
            sides[rank - 1] *= side;
            steps[rank - 1] = step;
        } else if rank < MAX_RANK {
            (sides[rank], steps[rank]) = (side, step);
            rank += 1;
        }
    }
    let last = rank.saturating_sub(1);
    let (run, step) = (sides[last], steps[last].max(1));
    let mut index = [0; MAX_RANK];
    let (mut source, output) = (call.inputs[0].offset, call.output.offset);
    for start in (0..sides.iter().product()).step_by(run.max(1)) {
        for element in 0..run {
            arena[output + start + element] = arena[source + element * step];
        }
        for place in (0..last).rev() {
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
