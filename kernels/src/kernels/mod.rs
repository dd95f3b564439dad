//! Kernels: what computes an operator's output, in the arena and nowhere else.
//!
//! [`Kernels`] is the one trait behind which faster variants come; [`Reference`] is the
//! specification that all of them equal, byte for byte. A kernel sees its tensors as [`View`]s of
//! one arena, so a whole map and a patch of it are the same thing to it, and it allocates nothing
//! while it runs.
//!
//! Invariant: kernels know no graph, no schedule and no plan.

pub mod ceiling;
pub mod reference;
mod sets;
#[cfg(test)]
mod suite;
pub mod vector;
mod view;

pub use ceiling::Ceiling;
pub use reference::Reference;
#[cfg(not(target_arch = "wasm32"))]
pub use sets::Native;
pub use sets::Portable;
#[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
pub use sets::RelaxedSimd;
#[cfg(target_arch = "wasm32")]
pub use sets::Simd128;
pub use view::View;

use crate::{
    operator::Operator,
    quant::{self, QuantParams},
    tensor::Region,
};
use std::ops::Range;

/// Where one call finds its operands and what it computes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call<'a> {
    /// The activation inputs, in the operator's order; constants are in the operator itself.
    pub inputs: &'a [View],
    /// The buffer that takes the output.
    pub output: View,
    /// The part of the output's map to compute; inside `output.region`. Operators that are not
    /// spatial compute all of their output.
    pub region: Region,
    /// Where the scratch lies that the set asked for: empty unless the output takes the place of
    /// an input and [`Kernels::in_place_scratch_bytes`] is not 0.
    pub scratch: Range<usize>,
}

impl Call<'_> {
    /// Whether the output is written over the first input.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.inputs
            .first()
            .is_some_and(|input| input.offset == self.output.offset && !input.region.is_empty())
    }
}

/// A set of kernels: one implementation of every operator.
///
/// Sets differ in speed and in what they ask beside the arena, never in a byte of the result.
pub trait Kernels {
    /// What a set makes of an operator's constants, once for each model (packed weights).
    type Prepared;

    /// What a set works in beside the arena: widened strips of maps, rings of rows. Made once for
    /// each model, like packed weights, and like these no part of the arena: it is what speed on
    /// this machine costs, not what the network needs on a microcontroller. Its contents mean
    /// nothing between two calls.
    type Workspace;

    /// The set's name, as the command line and the page show it.
    const NAME: &'static str;

    /// Packs an operator's constants.
    fn prepare(operator: &Operator) -> Self::Prepared;

    /// The workspace for operators that were prepared, whichever regions of them are run.
    fn workspace(prepared: &[Self::Prepared]) -> Self::Workspace;

    /// Scratch that a depthwise convolution needs to write over its input, of which it reads
    /// `input`. Element-wise operators need none: they read each element before they write one at
    /// or behind it.
    fn in_place_scratch_bytes(operator: &Operator, input: Region) -> usize;

    /// Quantizes the little-endian bytes of float32 values, as [`quant::quantize`] does each; for
    /// inputs, before they come into the arena. Bytes behind the last whole value are left out.
    #[must_use]
    fn quantize(reals: &[u8], params: QuantParams) -> Vec<u8> {
        let (words, _) = reals.as_chunks::<4>();
        let each = words.iter().map(|word| quant::quantize(f32::from_le_bytes(*word), params));
        each.map(i8::cast_unsigned).collect()
    }

    /// Computes `call.region` of the operator's output and returns the multiply-accumulates done,
    /// counted in the loops (taps in the padding included).
    ///
    /// The caller has checked the operator against the views, and that each view lies in `arena`.
    fn run(
        operator: &Operator,
        prepared: &Self::Prepared,
        workspace: &mut Self::Workspace,
        arena: &mut [u8],
        call: &Call<'_>,
    ) -> u64;
}
