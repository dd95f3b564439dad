//! Figures opened up: the formula with the model's own numbers.

use super::{compact_shape, kib, operator_words, thousands};
use crate::report::{
    BlockRole, ModelReport, OperatorReport, PlanReport, TensorReport, TensorRole, TflmPart,
    TflmPartKind, TflmPersistent,
};

/// A tensor that is live at an operator, and what it is to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LiveTensor {
    /// `input`, `output` or `kept for #9`.
    pub part: String,
    /// Its shape without the batch.
    pub shape: String,
    /// Its bytes.
    pub bytes: u64,
}

/// What is live at an operator, layer by layer: inputs first, then outputs, then what waits.
#[must_use]
pub fn live_tensors(model: &ModelReport, operator: &OperatorReport) -> Vec<LiveTensor> {
    let index = operator.index;
    if operator.removed_by.is_some() {
        return Vec::new();
    }
    let mut live: Vec<(u8, &TensorReport)> = model
        .tensors
        .iter()
        .filter(|tensor| tensor.role != TensorRole::Alias && tensor.role != TensorRole::Constant)
        .filter(|tensor| tensor.live.is_some_and(|[from, to]| from <= index && index < to))
        .map(|tensor| (part(model, operator, tensor), tensor))
        .collect();
    live.sort_by_key(|(part, tensor)| (*part, tensor.index));
    live.into_iter()
        .map(|(part, tensor)| LiveTensor {
            part: match part {
                0 => "input".to_owned(),
                1 => "output".to_owned(),
                _ => kept(model, operator, tensor),
            },
            shape: compact_shape(&tensor.shape),
            bytes: tensor.bytes,
        })
        .collect()
}

/// 0 for what the operator reads, 1 for what it writes, 2 for what only waits.
fn part(model: &ModelReport, operator: &OperatorReport, tensor: &TensorReport) -> u8 {
    let is = |id: &crate::tensor::TensorId| source(model, *id) == tensor.index;
    if operator.inputs.iter().any(is) {
        0
    } else if operator.outputs.iter().any(is) {
        1
    } else {
        2
    }
}

/// The tensor whose bytes these are, through chains of aliases.
fn source(model: &ModelReport, id: crate::tensor::TensorId) -> crate::tensor::TensorId {
    let mut current = id;
    for _ in 0..model.tensors.len() {
        match model.tensors.get(current.index()).and_then(|tensor| tensor.alias_of) {
            Some(next) if next != current => current = next,
            _ => break,
        }
    }
    current
}

fn kept(model: &ModelReport, operator: &OperatorReport, tensor: &TensorReport) -> String {
    let reader = model.operators.iter().find(|later| {
        later.index > operator.index
            && later.removed_by.is_none()
            && later.inputs.iter().any(|id| source(model, *id) == tensor.index)
    });
    match reader {
        Some(reader) => format!("kept for #{}", reader.index),
        None => "kept".to_owned(),
    }
}

/// The live set of an operator with its numbers:
/// `live at #4: input 48x48x48 = 110,592 + output 24x24x48 = 27,648 = 138,240 B`.
#[must_use]
pub fn live_formula(model: &ModelReport, operator: &OperatorReport) -> String {
    let live = live_tensors(model, operator);
    if live.is_empty() {
        return format!("live at #{}: nothing", operator.index);
    }
    let terms: Vec<String> = live
        .iter()
        .map(|tensor| format!("{} {} = {}", tensor.part, tensor.shape, thousands(tensor.bytes)))
        .collect();
    let total: u64 = live.iter().map(|tensor| tensor.bytes).sum();
    format!("live at #{}: {} = {} B", operator.index, terms.join(" + "), thousands(total))
}

/// The live set of a step of any plan with its numbers, from the blocks of the plan:
/// `live at step 37, patch 2: input 96x96x3 = 27,648 + … = 49,152 B`.
#[must_use]
pub fn step_formula(model: &ModelReport, plan: &PlanReport, step: u32) -> String {
    let live = plan.blocks.iter().filter(|block| block.first_step <= step && step < block.end_step);
    let mut total = 0;
    let mut terms = Vec::new();
    for block in live {
        let tensor = model.tensors.get(block.tensor.index());
        let dims = match (tensor, block.region) {
            (Some(tensor), Some(region)) => {
                let channels = tensor.shape.last().copied().unwrap_or(1);
                format!("{}x{}x{channels}", region.rows.len(), region.columns.len())
            }
            (Some(tensor), None) => compact_shape(&tensor.shape),
            (None, _) => String::new(),
        };
        let what = match (block.role, block.operator) {
            (BlockRole::Input, _) => "input".to_owned(),
            (BlockRole::Split, _) => "split tensor".to_owned(),
            (BlockRole::Window, Some(operator)) => format!("part of #{operator}"),
            (_, Some(operator)) => format!("output of #{operator}"),
            (_, None) => "tensor".to_owned(),
        };
        terms.push(format!("{what} {dims} = {}", thousands(block.bytes)));
        total += block.bytes;
    }
    let patch = plan.steps.get(step as usize).and_then(|step| step.patch);
    let patch = patch.map(|patch| format!(", patch {}", patch + 1)).unwrap_or_default();
    format!("live at step {step}{patch}: {} = {} B", terms.join(" + "), thousands(total))
}

/// Why this operator is the peak, or how far below it is.
#[must_use]
pub fn why_peak(model: &ModelReport, operator: &OperatorReport) -> String {
    let live = live_tensors(model, operator);
    // The first of equals: the operator's own input before what only waits.
    let Some(greatest) = live.iter().rev().max_by_key(|tensor| tensor.bytes) else {
        return "Nothing is live here: the host does this step.".to_owned();
    };
    if operator.index == model.peak_operator {
        let rest: u64 = live.iter().map(|tensor| tensor.bytes).sum::<u64>() - greatest.bytes;
        let is_own = ["input", "output"].iter().any(|own| greatest.part.starts_with(own));
        return format!(
            "This is the peak. {} {} of {} alone takes {}, and {} more must be there at the same \
             time. No arena without overlap can be smaller.",
            if is_own { "Its" } else { "What is" },
            greatest.part,
            greatest.shape,
            kib(greatest.bytes),
            kib(rest)
        );
    }
    let peak = model
        .operators
        .iter()
        .find(|candidate| candidate.index == model.peak_operator)
        .map_or_else(String::new, |peak| format!(" ({})", operator_words(peak)));
    format!(
        "Not the peak: {} less than operator #{}{peak}.",
        kib(model.peak_bytes.saturating_sub(operator.live_bytes)),
        model.peak_operator
    )
}

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
    format!(
        "Not in it: what TensorFlow Lite Micro keeps for itself, estimated at {} ({}).",
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
        assert!(sentence.ends_with(&format!("({formula}).")), "{sentence}");
        estimate.unknown_operators = 2;
        assert!(tflm_formula(&estimate).ends_with("2 operators of kinds without figures here"));
    }

    #[test]
    fn formula_adds_up_to_the_live_bytes() {
        let model = sample::model();
        let formula = live_formula(&model, &model.operators[1]);
        assert_eq!(formula, "live at #1: input 8x8x8 = 512 + output 4x4x8 = 128 = 640 B");
        for operator in &model.operators {
            let total: u64 = live_tensors(&model, operator).iter().map(|live| live.bytes).sum();
            assert_eq!(total, operator.live_bytes, "#{}", operator.index);
        }
    }

    #[test]
    fn a_step_of_a_patch_plan_names_its_parts() {
        let formula = step_formula(&sample::model(), &sample::patched_plan(2, 2), 3);
        assert_eq!(
            formula,
            "live at step 3, patch 2: part of #0 3x3x8 = 80 + split tensor 8x8x3 = 192 + split \
             tensor 4x4x8 = 128 = 400 B"
        );
    }

    #[test]
    fn aliases_are_their_source() {
        let model = sample::model();
        let dense = &model.operators[3];
        assert_eq!(live_tensors(&model, dense)[0].part, "input");
        assert_eq!(live_tensors(&model, dense)[0].shape, "4x4x8");
    }

    #[test]
    fn the_peak_is_explained() {
        let model = sample::model();
        assert!(why_peak(&model, &model.operators[0]).starts_with("This is the peak."));
        assert!(why_peak(&model, &model.operators[1]).contains("less than operator #0"));
    }

    #[test]
    fn macs_show_their_factors() {
        let model = sample::model();
        let words = macs_formula(&model, &model.operators[1]).unwrap();
        assert_eq!(words, "4x4x8 outputs · 3x3 kernel = 1,152 MACs");
    }
}
