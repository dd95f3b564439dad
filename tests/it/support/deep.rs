//! Models of any number of blocks: a convolution, then inverted residuals, all on small maps.

use super::tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, kind};
use tinyml_playground::{model::Padding, quant::Activation};

const SIDE: i32 = 8;
const CHANNELS: i32 = 4;

/// A model of `1 + 4 * n_blocks` operators. Block 0 is operators 1 to 4. Maps are called after who
/// writes them: `stem`, `expand 0`, `deepen 0`, `project 0`, `sum 0`, `expand 1`, ...
pub fn inverted_residuals(n_blocks: usize) -> ModelSpec {
    let mut model = ModelSpec::default();
    let channels = CHANNELS as usize;
    let scales = vec![0.01; channels];
    let weights = |shape: &[i32], dimension| {
        let n_elements: i32 = shape.iter().product();
        let data: Vec<i8> = (0..n_elements).map(|at| (at % 7 - 3) as i8).collect();
        TensorSpec::int8("weights", shape).per_channel(&scales, dimension).int8_data(&data)
    };
    let pointwise = model.tensor(weights(&[CHANNELS, 1, 1, CHANNELS], 0));
    let square = model.tensor(weights(&[CHANNELS, 3, 3, CHANNELS], 0));
    let deep = model.tensor(weights(&[1, 3, 3, CHANNELS], 3));
    let bias = model.tensor(TensorSpec::int32("bias", &[CHANNELS]).int32_data(&vec![5; channels]));
    let conv = |model: &mut ModelSpec, input, weights, name: &str| {
        let output = map(model, name);
        let options = OptionsSpec::Conv2d {
            padding: Padding::Same,
            stride: [1; 2],
            dilation: [1; 2],
            activation: Activation::None,
        };
        let inputs = [input, weights, bias];
        model.operator(OperatorSpec::new(kind::CONV_2D, options, &inputs, &[output]));
        output
    };
    let input = map(&mut model, "input");
    let mut last = conv(&mut model, input, square, "stem");
    for block in 0..n_blocks {
        let wide = conv(&mut model, last, pointwise, &format!("expand {block}"));
        let deepened = map(&mut model, &format!("deepen {block}"));
        let options = OptionsSpec::DepthwiseConv2d {
            padding: Padding::Same,
            stride: [1; 2],
            dilation: [1; 2],
            depth_multiplier: 1,
            activation: Activation::None,
        };
        let inputs = [wide, deep, bias];
        model.operator(OperatorSpec::new(kind::DEPTHWISE_CONV_2D, options, &inputs, &[deepened]));
        let thin = conv(&mut model, deepened, pointwise, &format!("project {block}"));
        let sum = map(&mut model, &format!("sum {block}"));
        let options = OptionsSpec::Add { activation: Activation::None };
        model.operator(OperatorSpec::new(kind::ADD, options, &[last, thin], &[sum]));
        last = sum;
    }
    (model.inputs, model.outputs) = (vec![input], vec![last]);
    model
}

fn map(model: &mut ModelSpec, name: &str) -> i32 {
    model.tensor(TensorSpec::int8(name, &[1, SIDE, SIDE, CHANNELS]).quantized(0.05, 0))
}
