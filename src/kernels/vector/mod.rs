//! Fast kernels, written once for every kind of vector instructions.
//!
//! [`Vectors`] is a set of kernels on some [`Lanes`]; what it does not accelerate, it leaves to the
//! reference kernels. See `docs/performance.md` for the structure and the reasons.

mod conv_2d;
mod depthwise;
pub mod lanes;
mod matrix;
mod output_stage;
mod recipe;
mod strip;

use super::{Call, Kernels, Reference};
use crate::{operator::Operator, tensor::Region};
use conv_2d::PackedConv;
use depthwise::PackedDepthwise;
use lanes::Lanes;
use std::marker::PhantomData;

/// The set without vector instructions of its own: for every machine.
pub type Portable = Vectors<lanes::Arrays>;
/// The set for WebAssembly with 128-bit SIMD.
#[cfg(target_arch = "wasm32")]
pub type Simd128 = Vectors<lanes::Simd128Lanes>;
/// The set for WebAssembly with relaxed SIMD.
#[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
pub type RelaxedSimd = Vectors<lanes::Simd128Lanes>;

/// A set of kernels on vectors of one kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Vectors<L>(PhantomData<L>);

/// What a set makes of an operator.
#[derive(Clone, Debug)]
pub struct Prepared<L: Lanes>(Kernel<L>);

/// The kernel of an operator, with its constants packed.
#[derive(Clone, Debug)]
enum Kernel<L: Lanes> {
    /// The reference set's.
    Reference,
    Conv(PackedConv<L>),
    Depthwise(PackedDepthwise<L>),
}

/// Memory that kernels work in; see [`Kernels::Workspace`].
#[derive(Debug)]
pub struct Workspace<L: Lanes> {
    /// Strips of maps, widened.
    bytes: Vec<u8>,
    /// Pairs of rows, interleaved.
    vectors: Vec<L::I16>,
}

impl<L: Lanes> Kernels for Vectors<L> {
    type Prepared = Prepared<L>;
    type Workspace = Workspace<L>;

    const NAME: &'static str = L::NAME;

    fn prepare(operator: &Operator) -> Prepared<L> {
        let kernel = match operator {
            Operator::Conv2d(conv) => PackedConv::new(conv).map(Kernel::Conv),
            Operator::DepthwiseConv2d(conv) if conv.window.input.channels == 1 => {
                PackedConv::of_one_channel(conv).map(Kernel::Conv)
            }
            Operator::DepthwiseConv2d(conv) => PackedDepthwise::new(conv).map(Kernel::Depthwise),
            _ => None,
        };
        Prepared(kernel.unwrap_or(Kernel::Reference))
    }

    fn workspace(prepared: &[Prepared<L>]) -> Workspace<L> {
        let (mut bytes, mut vectors) = (0, 0);
        for prepared in prepared {
            match &prepared.0 {
                Kernel::Reference => {}
                Kernel::Conv(conv) => bytes = bytes.max(conv.workspace_bytes()),
                Kernel::Depthwise(conv) => vectors = vectors.max(conv.workspace_vectors()),
            }
        }
        Workspace { bytes: vec![0; bytes], vectors: vec![L::i16(&[0; 16]); vectors] }
    }

    fn in_place_scratch_bytes(operator: &Operator, input: Region) -> usize {
        Reference::in_place_scratch_bytes(operator, input)
    }

    fn run(
        operator: &Operator,
        prepared: &Prepared<L>,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        call: &Call<'_>,
    ) -> u64 {
        match (&prepared.0, call.inputs) {
            (Kernel::Conv(conv), [input]) if !call.is_in_place() => {
                conv.run(workspace, arena, input, call)
            }
            (Kernel::Depthwise(conv), [input])
                if !call.is_in_place() || conv.runs_in_place(call, input) =>
            {
                conv.run(workspace, arena, input, call)
            }
            _ => Reference::run(operator, &(), &mut (), arena, call),
        }
    }
}
