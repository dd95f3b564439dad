//! Fast kernels, written once for every kind of vector instructions.
//!
//! [`Vectors`] is a set of kernels on some [`Lanes`]; what it does not accelerate, it leaves to the
//! reference kernels. See `docs/performance.md` for the structure and the reasons.

mod add;
mod columns;
mod conv_2d;
mod dense;
mod depthwise;
mod ladder;
pub mod lanes;
mod matrix;
mod mul;
mod output_stage;
mod plain;
mod pointwise;
mod quantize;
mod recipe;
mod reduce;
mod strip;
mod winograd;

use super::{Call, Kernels, Reference, reference::softmax_by};
use crate::{operator::Operator, quant::QuantParams, tensor::Region};
use add::PackedAdd;
use conv_2d::PackedConv;
use dense::PackedDense;
use depthwise::PackedDepthwise;
use lanes::Lanes;
use mul::PackedMul;
use reduce::PackedMean;
use std::marker::PhantomData;
use winograd::PackedWinograd;

/// Whether whole runs of an operator compute 16 products where 36 are counted, by Winograd's F(2x2, 3x3): by its
/// shape; one whose sums might not fit is computed directly all the same.
#[must_use]
pub fn is_winograd(operator: &Operator) -> bool {
    matches!(operator, Operator::Conv2d(conv) if winograd::suits(conv))
}

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
    /// Regions of at least two rows and columns; the others directly.
    Winograd(Box<(PackedWinograd<L>, PackedConv<L>)>),
    Depthwise(PackedDepthwise<L>),
    Dense(PackedDense<L>),
    Add(PackedAdd),
    Mul(PackedMul),
    Mean(PackedMean),
    /// AVERAGE_POOL_2D and MAX_POOL_2D of so many channels.
    Pool(usize),
    Pad,
    Transpose,
    /// QUANTIZE from int8 to int8, ADD and MUL of a map and one constant, by the input's byte.
    Table(Box<plain::Table>),
    /// SOFTMAX, with the exponentials of all differences.
    Softmax(Box<[i32]>),
}

/// Memory that kernels work in; see [`Kernels::Workspace`].
#[derive(Debug)]
pub struct Workspace<L: Lanes> {
    /// Strips of maps, widened.
    bytes: Vec<u8>,
    /// Pairs of rows, interleaved.
    vectors: Vec<L::I16>,
    /// Sums of a cell's channels.
    numbers: Vec<i32>,
    /// Gathered inputs, or transformed tiles; and sums of these.
    transformed: Vec<u8>,
    products: Vec<L::I32>,
}

impl<L: Lanes> Kernels for Vectors<L> {
    type Prepared = Prepared<L>;
    type Workspace = Workspace<L>;

    const NAME: &'static str = L::NAME;

    fn prepare(operator: &Operator) -> Prepared<L> {
        let kernel = match operator {
            Operator::Conv2d(conv) => {
                PackedConv::new(conv).map(|direct| match PackedWinograd::new(conv) {
                    Some(winograd) => Kernel::Winograd(Box::new((winograd, direct))),
                    None => Kernel::Conv(direct),
                })
            }
            Operator::DepthwiseConv2d(conv) if conv.window.input.channels == 1 => {
                PackedConv::of_one_channel(conv).map(Kernel::Conv)
            }
            Operator::DepthwiseConv2d(conv) => PackedDepthwise::new(conv).map(Kernel::Depthwise),
            Operator::FullyConnected(dense) => PackedDense::new(dense).map(Kernel::Dense),
            Operator::Add(add) => PackedAdd::new(add).map(Kernel::Add),
            Operator::Mul(mul) => PackedMul::new::<L>(mul).map(Kernel::Mul),
            Operator::Mean(mean) => PackedMean::new(mean).map(Kernel::Mean),
            Operator::Pool(pool) => Some(Kernel::Pool(pool.window.output.channels)),
            Operator::Pad(_) => Some(Kernel::Pad),
            Operator::Transpose(_) => Some(Kernel::Transpose),
            Operator::Requantize(requantize) => {
                Some(Kernel::Table(Box::new(plain::requantize_table(requantize))))
            }
            Operator::Softmax(softmax) => Some(Kernel::Softmax(plain::exponentials(softmax))),
            Operator::Quantize(..) | Operator::Dequantize(..) | Operator::Alias => None,
        };
        let kernel = kernel
            .or_else(|| plain::binary_table(operator).map(|table| Kernel::Table(Box::new(table))));
        Prepared(kernel.unwrap_or(Kernel::Reference))
    }

    fn workspace(prepared: &[Prepared<L>]) -> Workspace<L> {
        let (mut bytes, mut vectors, mut numbers) = (0, 0, 0);
        let (mut transformed, mut products) = (0, 0);
        for prepared in prepared {
            match &prepared.0 {
                Kernel::Conv(conv) => {
                    bytes = bytes.max(conv.workspace_bytes());
                    transformed = transformed.max(conv.workspace_gathered());
                }
                Kernel::Winograd(both) => {
                    let (winograd, conv) = &**both;
                    bytes = bytes.max(conv.workspace_bytes()).max(winograd.workspace_bytes());
                    transformed = transformed.max(conv.workspace_gathered());
                    transformed = transformed.max(winograd.workspace_transformed());
                    products = products.max(winograd.workspace_products());
                }
                Kernel::Dense(dense) => bytes = bytes.max(dense.workspace_bytes()),
                Kernel::Depthwise(conv) => {
                    bytes = bytes.max(conv.workspace_bytes());
                    vectors = vectors.max(conv.workspace_vectors());
                }
                Kernel::Mul(mul) => vectors = vectors.max(mul.workspace_vectors()),
                Kernel::Pool(channels) => numbers = numbers.max(*channels),
                _ => {}
            }
        }
        Workspace {
            bytes: vec![0; bytes],
            vectors: vec![L::i16(&[0; 16]); vectors],
            numbers: vec![0; numbers],
            transformed: vec![0; transformed],
            products: vec![L::i32([0; 4]); products],
        }
    }

    fn in_place_scratch_bytes(operator: &Operator, input: Region) -> usize {
        Reference::in_place_scratch_bytes(operator, input)
    }

    fn quantize(reals: &[u8], params: QuantParams) -> Vec<u8> {
        quantize::quantize::<L>(reals, params)
    }

    fn run(
        operator: &Operator,
        prepared: &Prepared<L>,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        call: &Call<'_>,
    ) -> u64 {
        match (&prepared.0, operator, call.inputs) {
            (Kernel::Conv(conv), _, [input]) if !call.is_in_place() => {
                return conv.run(workspace, arena, input, call);
            }
            (Kernel::Winograd(both), _, [input]) if !call.is_in_place() => {
                let (winograd, conv) = &**both;
                return if winograd.suits(call) {
                    winograd.run(workspace, arena, input, call)
                } else {
                    conv.run(workspace, arena, input, call)
                };
            }
            (Kernel::Depthwise(conv), _, [input])
                if !call.is_in_place() || conv.runs_in_place(call, input) =>
            {
                return conv.run(workspace, arena, input, call);
            }
            (Kernel::Dense(dense), ..) => return dense.run(workspace, arena, call),
            (Kernel::Add(add), ..) => add.run::<L>(arena, call),
            (Kernel::Mul(mul), ..) => mul.run::<L>(workspace, arena, call),
            (Kernel::Mean(packed), Operator::Mean(mean), _) => packed.run::<L>(mean, arena, call),
            (Kernel::Pool(_), Operator::Pool(pool), _) => {
                reduce::pool::<L>(pool, workspace, arena, call);
            }
            (Kernel::Pad, Operator::Pad(pad), _) => plain::pad(pad, arena, call),
            (Kernel::Transpose, Operator::Transpose(transpose), _) => {
                plain::transpose(transpose, arena, call);
            }
            (Kernel::Softmax(exponentials), Operator::Softmax(softmax), _) => {
                let exponential =
                    |difference: i32| exponentials[difference.unsigned_abs() as usize & 255];
                softmax_by(softmax, arena, call, exponential);
            }
            (Kernel::Table(table), ..) => plain::look_up(table, arena, call),
            _ => return Reference::run(operator, &(), &mut (), arena, call),
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{lanes::Arrays, *};
    use crate::{
        operator::{Conv2d, Window},
        quant::Multiplier,
        tensor::Map,
    };

    fn conv(side: usize, stride: usize, [inputs, outputs]: [usize; 2]) -> Operator {
        let map = |channels| Map { height: 4, width: 4, channels };
        Operator::Conv2d(Conv2d {
            window: Window {
                input: map(inputs),
                output: map(outputs),
                kernel: [side; 2],
                stride: [stride; 2],
                dilation: [1; 2],
                padding_before: [side / 2; 2],
            },
            weights: vec![1; side * side * inputs * outputs].into(),
            bias: vec![0; outputs].into(),
            multipliers: vec![Multiplier::from_real(0.001).unwrap(); outputs].into(),
            input_zero_point: 0,
            output_zero_point: 0,
            clamp: (-128, 127),
        })
    }

    #[test]
    fn winograd_is_told_where_it_is_prepared() {
        let told =
            [[16, 16], [24, 32], [16, 8], [20, 16], [8, 16]].map(|channels| conv(3, 1, channels));
        let told =
            told.into_iter().chain([conv(3, 2, [16, 16]), conv(1, 1, [16, 16])]).map(|operator| {
                let Prepared(kernel) = Vectors::<Arrays>::prepare(&operator);
                assert_eq!(
                    is_winograd(&operator),
                    matches!(kernel, Kernel::Winograd(_)),
                    "{operator:?}"
                );
                is_winograd(&operator)
            });
        assert_eq!(told.collect::<Vec<_>>(), [true, true, false, false, false, false, false]);
    }
}
