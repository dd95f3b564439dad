//! What every set of kernels must pass: seeded random operators against a plainer formulation.
//!
//! [`check`] computes each operator whole, and, where it is spatial, region by region through views
//! that hold what the region needs, or a little more. Outputs must equal the oracle's, all other bytes of the
//! arena must stay as they were, and the MACs counted must be those that the geometry gives.

mod cases;
mod oracle;
mod random;

use super::{
    Call, Kernels, Reference, View,
    vector::{Vectors, lanes::Arrays},
};
use crate::{
    operator::{Add, Binary, Mul, Operand, Operator},
    tensor::{Map, Region, Span},
};
use random::Random;

/// Bytes between buffers, and what they hold.
const GUARD: [u8; 32] = [0xa5; 32];

/// Runs the whole suite on one set of kernels.
pub(super) fn check<K: Kernels>() {
    for (number, operator) in cases::all().iter().enumerate() {
        let mut random = Random::new(number as u64);
        let inputs: Vec<Vec<u8>> =
            inputs_of(operator).iter().map(|plane| plane.random(&mut random)).collect();
        let what = format!("{} case {number}: {operator:?}", K::NAME);
        let expected = check_whole::<K>(operator, &inputs, &what);
        if operator.is_spatial() {
            for region in regions(output_of(operator).map, &mut random) {
                for extent in [Extent::Region, Extent::Margin] {
                    check_region::<K>(operator, &inputs, &expected, (region, extent), &what);
                }
            }
        }
    }
}

/// Computes all of an operator's output from whole inputs; returns it and the MACs.
pub(super) fn whole<K: Kernels>(operator: &Operator, inputs: &[Vec<u8>]) -> (Vec<u8>, u64) {
    let output = output_of(operator);
    let region = output.map.region();
    let scene = Scene::new(operator, inputs, region, Extent::Region);
    let (arena, macs) = scene.run::<K>(operator, region);
    (arena[scene.output.offset..][..scene.output.bytes()].to_vec(), macs)
}

/// Map and element size of a tensor.
#[derive(Clone, Copy)]
struct Plane {
    map: Map,
    element_bytes: usize,
}

impl Plane {
    fn int8(map: Map) -> Self {
        Self { map, element_bytes: 1 }
    }

    fn flat(elements: usize) -> Self {
        Self::int8(Map { height: 1, width: 1, channels: elements })
    }

    fn float(map: Map) -> Self {
        Self { map, element_bytes: 4 }
    }

    fn random(self, random: &mut Random) -> Vec<u8> {
        let elements = self.map.elements();
        if self.element_bytes == 1 {
            return random.int8s(elements).iter().map(|value| value.cast_unsigned()).collect();
        }
        (0..elements).flat_map(|_| random.real(-40.0, 40.0).to_le_bytes()).collect()
    }

    fn view(self, offset: usize, region: Region) -> View {
        View { offset, map: self.map, region, element_bytes: self.element_bytes }
    }
}

fn inputs_of(operator: &Operator) -> Vec<Plane> {
    match operator {
        Operator::Conv2d(conv) => vec![Plane::int8(conv.window.input)],
        Operator::DepthwiseConv2d(conv) => vec![Plane::int8(conv.window.input)],
        Operator::Pad(pad) => vec![Plane::int8(pad.window.input)],
        Operator::Pool(pool) => vec![Plane::int8(pool.window.input)],
        Operator::Add(Add { binary, .. }) | Operator::Mul(Mul { binary, .. }) => {
            let activations = binary.operands.iter().filter_map(|operand| match operand {
                Operand::Activation(map) => Some(Plane::int8(*map)),
                Operand::Constant(..) => None,
            });
            activations.collect()
        }
        Operator::FullyConnected(dense) => vec![Plane::flat(dense.batches * dense.depth)],
        Operator::Softmax(softmax) => vec![Plane::flat(softmax.rows * softmax.depth)],
        Operator::Mean(mean) => vec![Plane::flat(mean.input_dims.iter().product())],
        Operator::Transpose(transpose) => {
            vec![Plane::flat(transpose.input_dims.iter().product())]
        }
        Operator::Quantize(_, map) => vec![Plane::float(*map)],
        Operator::Requantize(requantize) => vec![Plane::int8(requantize.map)],
        Operator::Dequantize(_, map) => vec![Plane::int8(*map)],
        Operator::Alias => Vec::new(),
    }
}

fn output_of(operator: &Operator) -> Plane {
    match operator {
        Operator::Conv2d(conv) => Plane::int8(conv.window.output),
        Operator::DepthwiseConv2d(conv) => Plane::int8(conv.window.output),
        Operator::Pad(pad) => Plane::int8(pad.window.output),
        Operator::Pool(pool) => Plane::int8(pool.window.output),
        Operator::Add(Add { binary: Binary { output, .. }, .. })
        | Operator::Mul(Mul { binary: Binary { output, .. }, .. }) => Plane::int8(*output),
        Operator::FullyConnected(dense) => Plane::flat(dense.batches * dense.outputs()),
        Operator::Mean(mean) => {
            Plane::flat(mean.input_dims.iter().product::<usize>() / mean.reduced_elements())
        }
        Operator::Quantize(_, map) => Plane::int8(*map),
        Operator::Dequantize(_, map) => Plane::float(*map),
        Operator::Softmax(_) | Operator::Transpose(_) | Operator::Requantize(_) => {
            inputs_of(operator)[0]
        }
        Operator::Alias => Plane::flat(0),
    }
}

/// An arena with the operator's buffers in it, guards between them.
struct Scene {
    arena: Vec<u8>,
    inputs: Vec<View>,
    output: View,
}

impl Scene {
    /// Lays what `region` needs of the inputs and an output buffer into an arena.
    fn new(operator: &Operator, contents: &[Vec<u8>], region: Region, extent: Extent) -> Self {
        let mut arena = GUARD.to_vec();
        let mut inputs = Vec::new();
        for (position, (plane, bytes)) in inputs_of(operator).iter().zip(contents).enumerate() {
            let needed = operator.need(position, region).unwrap_or(plane.map.region());
            let needed = extent.widened(needed, plane.map);
            let view = plane.view(arena.len(), needed);
            let all = plane.view(0, plane.map.region());
            if !needed.is_empty() {
                for y in needed.rows.indices() {
                    let row = all.cell(y, needed.columns.start)..all.cell(y, needed.columns.end);
                    arena.extend_from_slice(&bytes[row]);
                }
            }
            inputs.push(view);
            arena.extend_from_slice(&GUARD);
        }
        let plane = output_of(operator);
        let output = plane.view(arena.len(), extent.widened(region, plane.map));
        arena.resize(arena.len() + output.bytes(), 0x5a);
        arena.extend_from_slice(&GUARD);
        Self { arena, inputs, output }
    }

    /// The arena after the run, and the MACs.
    fn run<K: Kernels>(&self, operator: &Operator, region: Region) -> (Vec<u8>, u64) {
        let mut arena = self.arena.clone();
        let (inputs, output) = (&self.inputs[..], self.output);
        let call = Call { inputs, output, region, scratch: 0..0 };
        let prepared = [K::prepare(operator)];
        let mut workspace = K::workspace(&prepared);
        // Whatever another run has left in the workspace must not matter.
        let mut other: Vec<u8> = arena.iter().map(|byte| byte ^ 0x5a).collect();
        K::run(operator, &prepared[0], &mut workspace, &mut other, &call);
        let macs = K::run(operator, &prepared[0], &mut workspace, &mut arena, &call);
        (arena, macs)
    }
}

/// How much of the maps the buffers hold.
#[derive(Clone, Copy, Debug)]
enum Extent {
    /// No more than a region.
    Region,
    /// A cell more on each side, where there is one.
    Margin,
}

impl Extent {
    fn widened(self, region: Region, map: Map) -> Region {
        let margin = match self {
            Self::Region => return region,
            Self::Margin => 1,
        };
        let along = |span: Span, size: usize| {
            Span::new(span.start.saturating_sub(margin), size.min(span.end + margin))
        };
        Region { rows: along(region.rows, map.height), columns: along(region.columns, map.width) }
    }
}

/// Compares the whole output with the oracle's and returns it.
fn check_whole<K: Kernels>(operator: &Operator, inputs: &[Vec<u8>], what: &str) -> Vec<u8> {
    let (output, macs) = whole::<K>(operator, inputs);
    let expected = oracle::output(operator, inputs);
    if matches!(operator, Operator::Softmax(_)) {
        // The oracle is exact, the specification in fixed point.
        for (&value, &exact) in output.iter().zip(&expected) {
            assert!(value.cast_signed().abs_diff(exact.cast_signed()) <= 1, "{what}");
        }
        assert_eq!(output, whole::<Reference>(operator, inputs).0, "{what}");
    } else {
        assert_eq!(output, expected, "{what}");
    }
    let elements = output_of(operator).map.elements() as u64;
    assert_eq!(macs, operator.macs_per_output() * elements, "{what}");
    let region = output_of(operator).map.region();
    let scene = Scene::new(operator, inputs, region, Extent::Region);
    let (mut arena, _) = scene.run::<K>(operator, region);
    let buffer = scene.output.offset..scene.output.offset + scene.output.bytes();
    arena[buffer.clone()].copy_from_slice(&scene.arena[buffer]);
    assert_eq!(arena, scene.arena, "{what}: wrote outside the output");
    output
}

/// Computes one region and compares it with that part of the whole output.
fn check_region<K: Kernels>(
    operator: &Operator,
    inputs: &[Vec<u8>],
    expected: &[u8],
    (region, extent): (Region, Extent),
    what: &str,
) {
    let output = output_of(operator);
    let scene = Scene::new(operator, inputs, region, extent);
    let (arena, macs) = scene.run::<K>(operator, region);
    let mut expected_arena = scene.arena.clone();
    let all = output.view(0, output.map.region());
    let cell_bytes = output.map.channels * output.element_bytes;
    for y in region.rows.indices() {
        for x in region.columns.indices() {
            let cell = &expected[all.cell(y, x)..][..cell_bytes];
            expected_arena[scene.output.cell(y, x)..][..cell_bytes].copy_from_slice(cell);
        }
    }
    assert_eq!(arena, expected_arena, "{what}: {region:?} in buffers of {extent:?}");
    let elements = (region.cells() * output.map.channels) as u64;
    assert_eq!(macs, operator.macs_per_output() * elements, "{what}: {region:?}");
}

/// A grid of patches that covers the map, and some rectangles anywhere in it.
fn regions(map: Map, random: &mut Random) -> Vec<Region> {
    let cut = |size: usize, parts: usize| -> Vec<Span> {
        let edge = |part: usize| part * size / parts;
        (0..parts).map(|part| Span::new(edge(part), edge(part + 1))).collect()
    };
    let mut regions = Vec::new();
    for rows in cut(map.height, 2) {
        for columns in cut(map.width, 3) {
            regions.push(Region { rows, columns });
        }
    }
    for _ in 0..3 {
        let mut span = |size: usize| {
            let start = random.below(size);
            Span::new(start, start + 1 + random.below(size - start))
        };
        regions.push(Region { rows: span(map.height), columns: span(map.width) });
    }
    regions.retain(|region| !region.is_empty());
    regions
}

/// Compares an operator of extreme constants with the reference kernels.
fn check_extreme<K: Kernels>(seed: u64) {
    let mut random = Random::new(seed);
    let operator = cases::extreme(&mut random);
    let inputs: Vec<Vec<u8>> =
        inputs_of(&operator).iter().map(|plane| plane.random(&mut random)).collect();
    let found = whole::<K>(&operator, &inputs);
    assert!(found == whole::<Reference>(&operator, &inputs), "{}: {operator:?}", K::NAME);
}

#[cfg(not(target_arch = "wasm32"))]
proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]
    #[test]
    fn kernels_equal_the_reference_for_extreme_constants(seed: u64) {
        check_extreme::<super::Portable>(seed);
        check_extreme::<super::Native>(seed);
        check_extreme::<Vectors<Arrays<true>>>(seed);
    }
}

#[test]
fn reference_kernels_pass_the_suite() {
    check::<Reference>();
}

#[test]
fn portable_kernels_pass_the_suite() {
    check::<super::Portable>();
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn native_kernels_pass_the_suite() {
    check::<super::Native>();
}

/// In a browser, each on its own instructions.
#[cfg(target_arch = "wasm32")]
mod in_a_browser {
    use super::{check, check_extreme};
    use crate::kernels::{Kernels, Portable, Simd128};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    fn check_all<K: Kernels>() {
        check::<K>();
        (0..2_000).for_each(check_extreme::<K>);
    }

    #[wasm_bindgen_test]
    fn portable_kernels_pass_the_suite() {
        check_all::<Portable>();
    }

    #[wasm_bindgen_test]
    fn simd128_kernels_pass_the_suite() {
        check_all::<Simd128>();
    }

    #[cfg(feature = "relaxed-simd")]
    #[wasm_bindgen_test]
    fn relaxed_simd_kernels_pass_the_suite() {
        check_all::<crate::kernels::RelaxedSimd>();
    }
}

/// What relaxed SIMD computes where it multiplies and adds in one rounding.
#[test]
fn kernels_of_one_rounding_pass_the_suite() {
    check::<Vectors<Arrays<true>>>();
}
