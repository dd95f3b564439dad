//! The set for WebAssembly's relaxed SIMD.
//!
//! So far its kernels are those of plain SIMD, and only its limit is measured with the relaxed dot
//! product: on processors without a dot product of bytes that saves loads, not arithmetic.

use super::{Call, Kernels, Simd128};
use crate::{operator::Operator, quant::QuantParams, tensor::Region};

/// The set for WebAssembly with relaxed SIMD.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RelaxedSimd;

impl Kernels for RelaxedSimd {
    type Prepared = <Simd128 as Kernels>::Prepared;
    type Workspace = <Simd128 as Kernels>::Workspace;

    const NAME: &'static str = "relaxed-simd";

    fn prepare(operator: &Operator) -> Self::Prepared {
        Simd128::prepare(operator)
    }

    fn workspace(prepared: &[Self::Prepared]) -> Self::Workspace {
        Simd128::workspace(prepared)
    }

    fn in_place_scratch_bytes(operator: &Operator, input: Region) -> usize {
        Simd128::in_place_scratch_bytes(operator, input)
    }

    fn quantize(reals: &[u8], params: QuantParams) -> Vec<u8> {
        Simd128::quantize(reals, params)
    }

    fn run(
        operator: &Operator,
        prepared: &Self::Prepared,
        workspace: &mut Self::Workspace,
        arena: &mut [u8],
        call: &Call<'_>,
    ) -> u64 {
        Simd128::run(operator, prepared, workspace, arena, call)
    }
}
