//! What a cell of an operator's output is computed from: its receptive field in the input.
//!
//! The regions are those of the patch schedules, by the same window arithmetic; here of one cell, and
//! for every operator that has rows and columns, also where patches cannot go.

use super::{ModelReport, OperatorReport};
use crate::{
    operator::Window,
    tensor::{Map, Region, Span, TensorId},
};

/// What one cell reads of the graph's first input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FieldReport {
    /// The rows and columns, clipped to the input's map.
    pub region: Region,
    /// How many there would be if no border cut them: the kernels' reach.
    pub sides: [u64; 2],
}

/// Why there is no receptive field to tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldError {
    /// The operator has no output with that cell, or is not in the graph.
    NoCell,
    /// An operator on the way cannot run here, so what it reads is not known.
    Refused {
        /// The operator, by its index in the file.
        operator: u32,
    },
    /// The cell is not computed from the first input.
    NotOfInput,
}

/// What is read of one tensor: clipped to its map, and with no border.
#[derive(Clone, Copy, Debug, Default)]
struct Need {
    clipped: Region,
    /// Half-open rows and columns that may lie outside the map.
    free: Option<[[i64; 2]; 2]>,
}

impl Need {
    fn of(region: Region) -> Self {
        let side = |span: Span| [wide(span.start), wide(span.end)];
        Self { clipped: region, free: Some([side(region.rows), side(region.columns)]) }
    }

    fn hull(self, other: Self) -> Self {
        let free = match (self.free, other.free) {
            (Some(one), Some(two)) => Some([0, 1].map(|axis: usize| {
                [one[axis][0].min(two[axis][0]), one[axis][1].max(two[axis][1])]
            })),
            (one, two) => one.or(two),
        };
        Self { clipped: self.clipped.hull(other.clipped), free }
    }

    /// What a window reads for these outputs.
    fn through(self, window: &Window) -> Self {
        let along = |axis: usize, [start, end]: [i64; 2]| {
            let [stride, kernel, dilation, before] =
                [window.stride, window.kernel, window.dilation, window.padding_before]
                    .map(|sides| wide(sides[axis]));
            // Files may stack windows until no number holds their reach.
            let first = |at: i64| at.saturating_mul(stride).saturating_sub(before);
            let reach = (kernel - 1).saturating_mul(dilation).saturating_add(1);
            [first(start), first(end.saturating_sub(1)).saturating_add(reach)]
        };
        let free = self.free.map(|[rows, columns]| [along(0, rows), along(1, columns)]);
        Self { clipped: window.need(self.clipped), free }
    }
}

/// The receptive field of the cell at a row and a column of an operator's output, all channels.
///
/// # Errors
/// [`FieldError`] where there is no such cell, or its way back is not known.
pub fn receptive_field(
    model: &ModelReport,
    operator: u32,
    [row, column]: [usize; 2],
) -> Result<FieldReport, FieldError> {
    let last = operator as usize;
    let before = model.operators.get(..=last).ok_or(FieldError::NoCell)?;
    let output = before[last].outputs.first().filter(|_| before[last].removed_by.is_none());
    let &output = output.ok_or(FieldError::NoCell)?;
    let map = map_of(model, output);
    if row >= map.height || column >= map.width {
        return Err(FieldError::NoCell);
    }
    let mut needs = vec![Need::default(); model.tensors.len()];
    let cell = |at: usize| Span::new(at, at + 1);
    needs[output.index()] = Need::of(Region { rows: cell(row), columns: cell(column) });
    for one in before.iter().rev().filter(|one| one.removed_by.is_none()) {
        let Some(&output) = one.outputs.first() else { continue };
        let wanted = needs[output.index()];
        if wanted.free.is_none() {
            continue;
        }
        if one.refusal.is_some() {
            return Err(FieldError::Refused { operator: one.index });
        }
        for &input in &one.inputs {
            let need = need_of_input(one, wanted, map_of(model, input), map_of(model, output));
            needs[input.index()] = needs[input.index()].hull(need);
        }
    }
    let input = model.inputs.first().map(|id| needs[id.index()]);
    let found = input.and_then(|need| Some((need.clipped, need.free?)));
    let (region, free) = found.ok_or(FieldError::NotOfInput)?;
    Ok(FieldReport { region, sides: free.map(|[start, end]| end.abs_diff(start)) })
}

/// What an operator reads of an input for the wanted part of its output.
fn need_of_input(operator: &OperatorReport, wanted: Need, input: Map, output: Map) -> Need {
    let pair = |sides: Option<[u32; 2]>, usual| {
        sides.map_or([usual; 2], |sides| sides.map(|side| side as usize))
    };
    if operator.padding.is_some() {
        return wanted.through(&Window {
            input,
            output,
            kernel: pair(operator.kernel, 1),
            stride: pair(operator.stride, 1),
            dilation: pair(operator.dilation, 1),
            padding_before: pair(operator.padding, 0),
        });
    }
    match operator.kind.as_str() {
        // A side of 1 is repeated along that axis.
        "ADD" | "MUL" | "QUANTIZE" | "DEQUANTIZE" | "SOFTMAX" => {
            let mut need = wanted;
            let free = need.free.iter_mut().flatten();
            let spans = [&mut need.clipped.rows, &mut need.clipped.columns];
            for ((span, free), side) in spans.into_iter().zip(free).zip([input.height, input.width])
            {
                if side == 1 && !span.is_empty() {
                    (*span, *free) = (Span::whole(1), [0, 1]);
                }
            }
            need
        }
        _ => Need::of(input.region()),
    }
}

/// A tensor's shape as one map, as kernels see it.
fn map_of(model: &ModelReport, id: TensorId) -> Map {
    let shape = model.tensors.get(id.index()).map_or(&[][..], |tensor| &tensor.shape);
    match *shape {
        [1, height, width, channels] | [height, width, channels] => Map { height, width, channels },
        [width, channels] => Map { height: 1, width, channels },
        _ => Map { height: 1, width: 1, channels: shape.iter().product() },
    }
}

fn wide(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn a_corner_reads_less_than_the_kernels_reach() {
        // 3x3 with padding 1, then 3x3 with stride 2: 1 -> 3 -> 5 cells.
        let model = sample::model();
        let field = receptive_field(&model, 1, [0, 2]).unwrap();
        assert_eq!(field.region, Region { rows: Span::new(0, 4), columns: Span::new(3, 8) });
        assert_eq!(field.sides, [5, 5]);
    }

    #[test]
    fn behind_a_dense_layer_all_of_the_input_is_read() {
        let field = receptive_field(&sample::model(), 3, [0, 0]).unwrap();
        assert_eq!(field.region, Region::whole(8, 8));
    }

    #[test]
    fn there_is_no_field_without_a_cell_or_a_way() {
        let mut model = sample::model();
        assert_eq!(receptive_field(&model, 0, [8, 0]), Err(FieldError::NoCell));
        assert_eq!(receptive_field(&model, 9, [0, 0]), Err(FieldError::NoCell));
        model.operators[0].inputs.clear();
        assert_eq!(receptive_field(&model, 0, [0, 0]), Err(FieldError::NotOfInput));
        model.operators[0].refusal = Some(crate::report::Problem {
            kind: crate::report::ProblemKind::Unsupported,
            message: String::new(),
            advice: String::new(),
        });
        let refused = Err(FieldError::Refused { operator: 0 });
        assert_eq!(receptive_field(&model, 1, [0, 0]), refused);
    }
}
