//! Figures opened up: the formula with the model's own numbers.

use super::{compact_shape, kib, thousands};
use crate::report::{ModelReport, OperatorReport, TflmPart, TflmPartKind, TflmPersistent};

/// The multiply-accumulates with their factors, where the operator is one that has them.
#[must_use]
pub fn macs_formula(model: &ModelReport, operator: &OperatorReport) -> Option<String> {
    if operator.macs == 0 {
        return None;
    }
    let output = compact_shape(&operator.output_shape);
    let input = operator
        .inputs
        .first()
        .and_then(|id| model.tensors.get(id.index()))
        .and_then(|tensor| tensor.shape.last().copied());
    let factors = match (operator.kind.as_str(), operator.kernel, input) {
        ("CONV_2D", Some([rows, columns]), Some(channels)) => {
            format!("{output} outputs · {rows}x{columns} kernel · {channels} channels")
        }
        ("DEPTHWISE_CONV_2D", Some([rows, columns]), _) => {
            format!("{output} outputs · {rows}x{columns} kernel")
        }
        ("FULLY_CONNECTED", _, Some(inputs)) => format!("{output} outputs · {inputs} inputs"),
        _ => return Some(format!("{} MACs", thousands(operator.macs))),
    };
    Some(format!("{factors} = {} MACs", thousands(operator.macs)))
}

/// The estimate of TensorFlow Lite Micro's persistent part with its numbers:
/// `about 170 tensors = 2,040 + … = 54,000 B with 32-bit pointers`.
#[must_use]
pub fn tflm_formula(estimate: &TflmPersistent) -> String {
    let counted = estimate.parts.iter().filter(|part| part.bytes > 0);
    let terms: Vec<String> = counted
        .map(|part| format!("{} = {}", tflm_part_words(part), thousands(part.bytes)))
        .collect();
    let unknown = match estimate.unknown_operators {
        0 => String::new(),
        1 => ", and 1 operator of a kind without figures here".to_owned(),
        more => format!(", and {more} operators of kinds without figures here"),
    };
    format!(
        "about {} = {} B with {}-bit pointers{unknown}",
        terms.join(" + "),
        thousands(estimate.bytes),
        estimate.pointer_bytes * 8
    )
}

/// What TensorFlow Lite Micro keeps beside the arena, as a sentence with its sum.
#[must_use]
pub fn tflm_sentence(estimate: &TflmPersistent) -> String {
    let start = match estimate.start_bytes {
        0 => String::new(),
        bytes => format!(" To start, its whole arena has at least {}.", kib(bytes)),
    };
    format!(
        "Not in it: what TensorFlow Lite Micro keeps for itself, estimated at {} ({}).{start}",
        kib(estimate.bytes),
        tflm_formula(estimate)
    )
}

fn tflm_part_words(part: &TflmPart) -> String {
    let (one, more) = match part.kind {
        TflmPartKind::Tensors => ("tensor", "tensors"),
        TflmPartKind::Nodes => ("operator", "operators"),
        TflmPartKind::Ends => ("input or output", "inputs and outputs"),
        TflmPartKind::Channels => ("channel's multiplier", "channels' multipliers"),
        TflmPartKind::Operators => ("operator's data", "operators' data"),
        TflmPartKind::Interpreter => return "the interpreter".to_owned(),
    };
    format!("{} {}", thousands(part.count), if part.count == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn the_persistent_part_is_told_as_an_estimate() {
        let mut estimate = sample::model().tflm_persistent_estimate;
        let formula = tflm_formula(&estimate);
        assert_eq!(
            formula,
            "about 7 tensors = 84 + 5 operators = 160 + the interpreter = 300 = 544 B with 32-bit \
             pointers"
        );
        let sentence = tflm_sentence(&estimate);
        let end = format!("({formula}). To start, its whole arena has at least 1000 B.");
        assert!(sentence.ends_with(&end), "{sentence}");
        estimate.unknown_operators = 2;
        assert!(tflm_formula(&estimate).ends_with("2 operators of kinds without figures here"));
    }

    #[test]
    fn macs_show_their_factors() {
        let model = sample::model();
        let words = macs_formula(&model, &model.operators[1]).unwrap();
        assert_eq!(words, "4x4x8 outputs · 3x3 kernel = 1,152 MACs");
    }
}
