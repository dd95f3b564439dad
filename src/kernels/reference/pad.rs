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
