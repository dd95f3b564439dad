//! From reports to a link.

use super::{MOST_LETTERS, NumbersError, TYPES, VERSION, bytes::Writer, decode::live_bytes};
use crate::{
    report::{
        BlockReport, BlockRole, Family, HostPass, ModelReport, OperatorReport, PlanReport,
        TensorReport, TensorRole,
    },
    tensor::TensorId,
};

/// The value of the key `n` for a plan of a model.
///
/// # Errors
/// [`NumbersError::TooLong`] where it has more than [`MOST_LETTERS`].
pub fn encode(
    file_name: &str,
    model: &ModelReport,
    plan: &PlanReport,
) -> Result<String, NumbersError> {
    let mut writer = Writer::default();
    writer.byte(VERSION);
    writer.text(file_name);
    for place in 0..32 {
        let digits = model.sha256.get(place * 2..place * 2 + 2).unwrap_or("0");
        writer.byte(u8::from_str_radix(digits, 16).unwrap_or(0));
    }
    let figures = [
        model.file_bytes,
        model.flash_bytes,
        model.macs,
        plan.arena_bytes,
        plan.lower_bound_bytes,
        plan.macs,
        plan.macs_layerwise,
        model.tflm_arena_bytes,
        model.tflm_persistent_estimate.bytes,
        model.tflm_persistent_estimate.start_bytes,
    ];
    for figure in figures {
        writer.number(figure);
    }
    let kept = Kept::of(model);
    tensors(&mut writer, &kept);
    operators(&mut writer, model, &kept);
    blocks(&mut writer, plan, &kept);
    steps(&mut writer, plan);
    let text = writer.into_letters();
    if text.len() > MOST_LETTERS { Err(NumbersError::TooLong(text.len())) } else { Ok(text) }
}

/// The tensors that pictures need, in the order of their new numbers.
struct Kept<'a> {
    tensors: Vec<&'a TensorReport>,
    numbers: Vec<Option<usize>>,
}

impl<'a> Kept<'a> {
    fn of(model: &'a ModelReport) -> Self {
        let mut kept = Self { tensors: Vec::new(), numbers: vec![None; model.tensors.len()] };
        for (place, tensor) in model.tensors.iter().enumerate() {
            if tensor.role != TensorRole::Constant {
                kept.numbers[place] = Some(kept.tensors.len());
                kept.tensors.push(tensor);
            }
        }
        kept
    }

    fn number(&self, id: TensorId) -> Option<usize> {
        self.numbers.get(id.index()).copied().flatten()
    }

    /// The numbers of those that are kept.
    fn list(&self, writer: &mut Writer, ids: &[TensorId]) {
        let numbers: Vec<usize> = ids.iter().filter_map(|&id| self.number(id)).collect();
        writer.index(numbers.len());
        for number in numbers {
            writer.index(number);
        }
    }
}

fn dims(writer: &mut Writer, dims: &[usize]) {
    writer.index(dims.len());
    for &dim in dims {
        writer.index(dim);
    }
}

fn tensors(writer: &mut Writer, kept: &Kept<'_>) {
    writer.index(kept.tensors.len());
    for (place, tensor) in kept.tensors.iter().enumerate() {
        let known = TYPES.iter().position(|name| *name == tensor.data_type).unwrap_or(0);
        writer.index(known);
        // Its own number: no alias.
        writer.index(tensor.alias_of.and_then(|id| kept.number(id)).unwrap_or(place));
        dims(writer, &tensor.shape);
    }
}

fn operators(writer: &mut Writer, model: &ModelReport, kept: &Kept<'_>) {
    let mut kinds: Vec<&str> = Vec::new();
    for operator in &model.operators {
        if !kinds.contains(&operator.kind.as_str()) {
            kinds.push(&operator.kind);
        }
    }
    writer.index(kinds.len());
    for kind in &kinds {
        writer.text(kind);
    }
    writer.index(model.operators.len());
    for operator in &model.operators {
        writer.index(kinds.iter().position(|kind| *kind == operator.kind).unwrap_or(0));
        writer.byte(flags(operator));
        if let Some(kernel) = operator.kernel {
            for side in [kernel, operator.stride.unwrap_or([1, 1])].as_flattened() {
                writer.number(u64::from(*side));
            }
        }
        kept.list(writer, &operator.inputs);
        kept.list(writer, &operator.outputs);
        dims(writer, &operator.output_shape);
        for figure in [operator.macs, operator.live_bytes, operator.constant_bytes] {
            writer.number(figure);
        }
    }
}

fn flags(operator: &OperatorReport) -> u8 {
    let family = match operator.family {
        Family::Convolution => 0,
        Family::Depthwise => 1,
        Family::ElementWise => 2,
        Family::Dense => 3,
        Family::Other => 4,
    };
    let removed = match operator.removed_by {
        None => 0,
        Some(HostPass::FloatBoundary) => 8,
        Some(HostPass::FoldedPad) => 16,
    };
    family | removed | if operator.kernel.is_some() { 32 } else { 0 }
}

fn blocks(writer: &mut Writer, plan: &PlanReport, kept: &Kept<'_>) {
    writer.index(plan.blocks.len());
    let (mut first_step, mut patch) = (0, 0);
    for (place, block) in plan.blocks.iter().enumerate() {
        writer.byte(block_flags(block));
        // Scratch may name a tensor that is not kept: any will do, as it has no shape.
        writer.index(kept.number(block.tensor).unwrap_or(0));
        if let Some(operator) = block.operator {
            writer.number(u64::from(operator));
        }
        if let Some(number) = block.patch {
            writer.change(patch, u64::from(number));
            patch = u64::from(number);
        }
        if let Some(region) = block.region {
            for span in [region.rows, region.columns] {
                writer.index(span.start);
                writer.index(span.len());
            }
        }
        if let Some(under) = block.takes_place_of {
            writer.change(place as u64, u64::from(under));
        }
        writer.number(block.offset_bytes);
        writer.number(block.bytes);
        writer.change(first_step, u64::from(block.first_step));
        writer.number(u64::from(block.end_step.saturating_sub(block.first_step)));
        first_step = u64::from(block.first_step);
    }
}

fn block_flags(block: &BlockReport) -> u8 {
    let role = match block.role {
        BlockRole::Input => 0,
        BlockRole::Activation => 1,
        BlockRole::Window => 2,
        BlockRole::Split => 3,
        BlockRole::Output => 4,
        BlockRole::Scratch => 5,
    };
    let flag = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
    role | flag(block.operator.is_some(), 8)
        | flag(block.patch.is_some(), 16)
        | flag(block.region.is_some(), 32)
        | flag(block.takes_place_of.is_some(), 64)
}

fn steps(writer: &mut Writer, plan: &PlanReport) {
    writer.index(plan.steps.len());
    let live = live_bytes(&plan.blocks, plan.steps.len());
    let is_told = plan
        .steps
        .iter()
        .zip(&live)
        .all(|(step, live)| (step.live_bytes, step.scratch_bytes) == *live);
    // The blocks say what is live, where they say it all.
    writer.byte(u8::from(!is_told));
    let (mut operator, mut patch) = (0, 0);
    let mut macs: Vec<u64> = Vec::new();
    for step in &plan.steps {
        let next = step.operator.map_or(0, |index| u64::from(index) + 1);
        writer.change(operator, next);
        operator = next;
        let next = step.patch.map_or(0, |index| u64::from(index) + 1);
        writer.change(patch, next);
        patch = next;
        writer.change(*last_of(&mut macs, operator), step.macs);
        *last_of(&mut macs, operator) = step.macs;
        if !is_told {
            writer.number(step.live_bytes);
            writer.number(step.scratch_bytes);
        }
    }
}

/// The last figure of that operator.
pub(super) fn last_of(figures: &mut Vec<u64>, operator: u64) -> &mut u64 {
    let place = usize::try_from(operator).unwrap_or(0);
    if figures.len() <= place {
        figures.resize(place + 1, 0);
    }
    &mut figures[place]
}
