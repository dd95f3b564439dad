//! Names of operators, shapes and families.

use crate::{
    report::{Family, ModelReport, OperatorReport, ProblemKind, QuantizationReport},
    tensor::TensorId,
};

/// A shape as people write it: `1x20x20x16`, `scalar`.
#[must_use]
pub fn shape(dims: &[usize]) -> String {
    if dims.is_empty() {
        return "scalar".to_owned();
    }
    let words: Vec<String> = dims.iter().map(usize::to_string).collect();
    words.join("x")
}

/// A shape without its batch of 1: `20x20x16`.
#[must_use]
pub fn compact_shape(dims: &[usize]) -> String {
    match dims {
        [1, rest @ ..] if !rest.is_empty() => shape(rest),
        _ => shape(dims),
    }
}

/// The type that most operators compute, and where the ends have another: `int8, float32 in and out`, as where
/// no pass leaves a float boundary to the host.
#[must_use]
pub fn data_types(model: &ModelReport) -> String {
    let type_of = |id: &TensorId| model.tensors.get(id.index()).map(|one| one.data_type.as_str());
    let Some(input) = model.inputs.first().and_then(type_of) else { return "no input".to_owned() };
    let mut made: Vec<(&str, usize)> = Vec::new();
    let outputs = model.operators.iter().filter_map(|one| one.outputs.first());
    for name in outputs.filter_map(type_of) {
        match made.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => made.push((name, 1)),
        }
    }
    let most = made.into_iter().reduce(|most, one| if one.1 > most.1 { one } else { most });
    let inner = most.map_or(input, |(name, _)| name);
    let output = model.outputs.first().and_then(type_of).unwrap_or(inner);
    match (input != inner, output != inner) {
        (false, false) => inner.to_owned(),
        (true, false) => format!("{inner}, {input} in"),
        (false, true) => format!("{inner}, {output} out"),
        (true, true) if input == output => format!("{inner}, {input} in and out"),
        (true, true) => format!("{inner}, {input} in, {output} out"),
    }
}

/// The number and the schema's name: `#4 DEPTHWISE_CONV_2D`.
#[must_use]
pub fn operator_label(operator: &OperatorReport) -> String {
    format!("#{} {}", operator.index, operator.kind)
}

/// A stage end in the list of choices: `#16 CONV_2D 12x12x16`.
#[must_use]
pub fn stage_label(operator: &OperatorReport) -> String {
    format!("{} {}", operator_label(operator), compact_shape(&operator.output_shape))
}

/// What it does, in a few words: `depthwise 3x3, stride 2`, `convolution 1x1`, `add`.
#[must_use]
pub fn operator_words(operator: &OperatorReport) -> String {
    let name = match operator.kind.as_str() {
        "CONV_2D" => "convolution".to_owned(),
        "DEPTHWISE_CONV_2D" => "depthwise".to_owned(),
        "TRANSPOSE_CONV" => "transposed convolution".to_owned(),
        "FULLY_CONNECTED" => "dense".to_owned(),
        "AVERAGE_POOL_2D" => "average pool".to_owned(),
        "MAX_POOL_2D" => "max pool".to_owned(),
        other => other.to_ascii_lowercase().replace('_', " "),
    };
    match kernel_words(operator) {
        Some(kernel) => format!("{name} {kernel}"),
        None => name,
    }
}

/// Kernel and stride: `3x3`, `3x3 stride 2`.
#[must_use]
pub fn kernel_words(operator: &OperatorReport) -> Option<String> {
    let [rows, columns] = operator.kernel?;
    let kernel = format!("{rows}x{columns}");
    Some(match operator.stride {
        None | Some([1, 1]) => kernel,
        Some([down, across]) if down == across => format!("{kernel} stride {down}"),
        Some([down, across]) => format!("{kernel} stride {down}x{across}"),
    })
}

/// A family's name in legends.
#[must_use]
pub const fn family_name(family: Family) -> &'static str {
    match family {
        Family::Convolution => "Convolution",
        Family::Depthwise => "Depthwise",
        Family::ElementWise => "Add, multiply",
        Family::Dense => "Dense, softmax",
        Family::Other => "Input, pool, other",
    }
}

/// The letter that stands for a family inside a block.
#[must_use]
pub const fn family_letter(family: Family) -> &'static str {
    match family {
        Family::Convolution => "C",
        Family::Depthwise => "D",
        Family::ElementWise => "+",
        Family::Dense => "F",
        Family::Other => "·",
    }
}

/// Scale and zero point: `scale 0.0235, zero point -128`.
#[must_use]
pub fn quantization_words(quantization: &QuantizationReport) -> String {
    let QuantizationReport { channels, scale, least_scale, greatest_scale, zero_point } =
        quantization;
    if *channels > 1 {
        format!(
            "{channels} scales, {least_scale:.3e} to {greatest_scale:.3e}, zero point {zero_point}"
        )
    } else {
        format!("scale {}, zero point {zero_point}", significant(*scale))
    }
}

/// A scale with four significant digits, without trailing zeros.
fn significant(value: f32) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if value.abs() < 1e-4 || value.abs() >= 1e5 {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The headline of a problem card.
#[must_use]
pub const fn problem_title(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Malformed => "This file cannot be read",
        ProblemKind::Unsupported => "This cannot be done here",
        ProblemKind::Limit => "This is larger than the limits allow",
        ProblemKind::Choice => "This choice does not suit the model",
        ProblemKind::Cancelled => "Stopped",
        ProblemKind::Internal => "Something in this page went wrong",
        ProblemKind::Unreachable => "This could not be loaded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn shapes_drop_the_batch() {
        assert_eq!(shape(&[1, 48, 48, 8]), "1x48x48x8");
        assert_eq!(compact_shape(&[1, 48, 48, 8]), "48x48x8");
        assert_eq!(compact_shape(&[1]), "1");
        assert_eq!(shape(&[]), "scalar");
    }

    #[test]
    fn operators_are_named_by_number_and_words() {
        let model = sample::model();
        assert_eq!(operator_words(&model.operators[1]), "depthwise 3x3 stride 2");
        assert_eq!(stage_label(&model.operators[1]), "#1 DEPTHWISE_CONV_2D 4x4x8");
    }

    #[test]
    fn a_model_is_of_the_type_that_it_computes_whatever_its_ends_are() {
        let mut model = sample::model();
        assert_eq!(data_types(&model), "int8");
        model.tensors[0].data_type = "float32".to_owned();
        assert_eq!(data_types(&model), "int8, float32 in");
        model.tensors[5].data_type = "float32".to_owned();
        assert_eq!(data_types(&model), "int8, float32 in and out");
        model.tensors[0].data_type = "uint8".to_owned();
        assert_eq!(data_types(&model), "int8, uint8 in, float32 out");
        model.tensors.iter_mut().for_each(|one| one.data_type = "float32".to_owned());
        assert_eq!(data_types(&model), "float32");
        model.inputs.clear();
        assert_eq!(data_types(&model), "no input");
    }

    #[test]
    fn scales_lose_trailing_zeros() {
        assert_eq!(significant(0.023_500), "0.0235");
        assert_eq!(significant(1.0), "1");
        assert_eq!(significant(0.000_001), "1.000e-6");
    }
}
