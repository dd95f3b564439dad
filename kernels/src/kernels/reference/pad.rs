//! PAD.

use super::Call;
use crate::operator::Pad;

/// Copies the cells that lie in the input's map and fills the others with the border's value.
///
/// Source: TensorFlow Lite `reference/pad.h`.
pub(super) fn pad(pad: &Pad, arena: &mut [u8], call: &Call<'_>) {
    let (window, channels) = (&pad.window, pad.window.output.channels);
    for y in call.region.rows.indices() {
        for x in call.region.columns.indices() {
            let output = call.output.cell(y, x);
            if window.taps_inside(0, y).is_empty() || window.taps_inside(1, x).is_empty() {
                arena[output..][..channels].fill(pad.value.cast_unsigned());
            } else {
                let input = call.inputs[0].cell(window.source(0, y, 0), window.source(1, x, 0));
                arena.copy_within(input..input + channels, output);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::{Operator, Window},
        tensor::Map,
    };

    #[test]
    fn borders_hold_the_value() {
        let pad = Operator::Pad(Pad {
            window: Window {
                input: Map { height: 1, width: 2, channels: 2 },
                output: Map { height: 2, width: 4, channels: 2 },
                kernel: [1, 1],
                stride: [1, 1],
                dilation: [1, 1],
                padding_before: [1, 1],
            },
            value: 9,
        });
        let (output, _) = whole::<Reference>(&pad, &[vec![1, 2, 3, 4]]);
        assert_eq!(output, [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 4, 9, 9]);
    }
}
