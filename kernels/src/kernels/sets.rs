//! The sets by name: [`Vectors`] on lanes of one kind each.
//!
//! Plain types, whose functions are compiled in this package and inlined into no other: generic ones
//! would be compiled where they are used, for size.

use super::{
    Call, Kernels,
    vector::{Prepared, Vectors, Workspace, lanes},
};
use crate::{operator::Operator, quant::QuantParams, tensor::Region};

macro_rules! set {
    ($about:literal, $name:ident, $lanes:ty) => {
        #[doc = $about]
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        pub struct $name;

        impl Kernels for $name {
            type Prepared = Prepared<$lanes>;
            type Workspace = Workspace<$lanes>;

            const NAME: &'static str = <$lanes as lanes::Lanes>::NAME;

            #[inline(never)]
            fn prepare(operator: &Operator) -> Self::Prepared {
                Vectors::prepare(operator)
            }

            #[inline(never)]
            fn workspace(prepared: &[Self::Prepared]) -> Self::Workspace {
                Vectors::workspace(prepared)
            }

            fn in_place_scratch_bytes(operator: &Operator, input: Region) -> usize {
                Vectors::<$lanes>::in_place_scratch_bytes(operator, input)
            }

            #[inline(never)]
            fn quantize(reals: &[u8], params: QuantParams) -> Vec<u8> {
                Vectors::<$lanes>::quantize(reals, params)
            }

            #[inline(never)]
            fn run(
                operator: &Operator,
                prepared: &Self::Prepared,
                workspace: &mut Self::Workspace,
                arena: &mut [u8],
                call: &Call<'_>,
            ) -> u64 {
                Vectors::run(operator, prepared, workspace, arena, call)
            }
        }
    };
}

set!("The set without vector instructions of its own: for every machine.", Portable, lanes::Arrays);
#[cfg(target_arch = "wasm32")]
set!("The set for WebAssembly with 128-bit SIMD.", Simd128, lanes::Simd128Lanes);
#[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
set!("The set for WebAssembly with relaxed SIMD.", RelaxedSimd, lanes::Simd128Lanes<true>);
#[cfg(not(target_arch = "wasm32"))]
set!("The set on the vectors of the machine at hand.", Native, lanes::NativeLanes);
