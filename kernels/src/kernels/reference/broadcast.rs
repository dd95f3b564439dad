//! What ADD and MUL share: finding both operands of an output element, with broadcasting.

use super::Call;
use crate::{
    kernels::View,
    operator::{Binary, Operand},
    tensor::Map,
};

/// Writes `combine(left, right)` to every element of the call's region.
///
/// An operand's side of 1 is repeated along its axis. Each element is read before the element at
/// the same place is written, so the output may take an equally large operand's place.
pub(super) fn for_each_pair(
    binary: &Binary,
    arena: &mut [u8],
    call: &Call<'_>,
    combine: impl Fn([i32; 2]) -> u8,
) {
    let [left, right] = &binary.operands;
    let is_activation = matches!(left, Operand::Activation(_));
    let views = [call.inputs.first(), call.inputs.get(usize::from(is_activation))];
    for y in call.region.rows.indices() {
        for x in call.region.columns.indices() {
            let output = call.output.cell(y, x);
            for channel in 0..binary.output.channels {
                let at = [y, x, channel];
                let pair =
                    [element(left, views[0], arena, at), element(right, views[1], arena, at)];
                arena[output + channel] = combine(pair);
            }
        }
    }
}

/// The operand's value for the output element at `[y, x, channel]`.
fn element(operand: &Operand, view: Option<&View>, arena: &[u8], at: [usize; 3]) -> i32 {
    let [y, x, channel] = repeated(operand.map(), at);
    let value = match (operand, view) {
        (Operand::Constant(map, values), _) => values[(y * map.width + x) * map.channels + channel],
        (Operand::Activation(_), Some(view)) => arena[view.cell(y, x) + channel].cast_signed(),
        // The caller gives a view for each activation.
        (Operand::Activation(_), None) => 0,
    };
    i32::from(value)
}

/// The place in an operand's own map, where sides of 1 are repeated.
fn repeated(map: Map, [y, x, channel]: [usize; 3]) -> [usize; 3] {
    let along = |index: usize, side: usize| if side == 1 { 0 } else { index };
    [along(y, map.height), along(x, map.width), along(channel, map.channels)]
}
