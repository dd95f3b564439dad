//! From a link to reports.

use super::{
    MOST_LETTERS, Numbers, NumbersError, TYPES, VERSION,
    bytes::{Reader, from_letters},
    encode::last_of,
};
use crate::{
    report::{
        BlockReport, BlockRole, Family, HostPass, ModelReport, OperatorReport, PlanChoice,
        PlanReport, StepReport, TensorReport, TensorRole, TflmPersistent,
    },
    tensor::{Region, Span, TensorId},
};
use std::fmt::Write;

/// The numbers that the key `n` of a link carries.
///
/// # Errors
/// [`NumbersError`] where it carries none.
pub fn decode(text: &str) -> Result<Numbers, NumbersError> {
    if text.len() > MOST_LETTERS {
        return Err(NumbersError::TooLong(text.len()));
    }
    let bytes = from_letters(text)?;
    let mut reader = Reader(&bytes);
    let version = reader.byte()?;
    let mut figures = [0; 10];
    // The first version did not tell what TensorFlow Lite Micro takes, the second not what its start does.
    let n_figures = match version {
        1 => 7,
        2 => 9,
        VERSION => figures.len(),
        _ => return Err(NumbersError::Version(version)),
    };
    let file_name = reader.text()?;
    let mut sha256 = String::with_capacity(64);
    for byte in reader.bytes(32)? {
        // Writing to a string cannot fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    for figure in &mut figures[..n_figures] {
        *figure = reader.number()?;
    }
    let [
        file_bytes,
        flash_bytes,
        macs,
        arena_bytes,
        lower_bound_bytes,
        plan_macs,
        macs_layerwise,
        head,
        tail,
        start,
    ] = figures;
    let tensors = tensors(&mut reader)?;
    let operators = operators(&mut reader, tensors.len())?;
    let blocks = blocks(&mut reader, (tensors.len(), operators.len()))?;
    let steps = steps(&mut reader, &blocks, operators.len())?;
    let mut model = model(tensors, operators);
    model.sha256 = sha256;
    let kept = TflmPersistent { bytes: tail, start_bytes: start, ..TflmPersistent::default() };
    (model.tflm_arena_bytes, model.tflm_persistent_estimate) = (head, kept);
    (model.file_bytes, model.flash_bytes, model.macs) = (file_bytes, flash_bytes, macs);
    let mut plan = plan(blocks, steps);
    (plan.arena_bytes, plan.lower_bound_bytes) = (arena_bytes, lower_bound_bytes);
    (plan.macs, plan.macs_layerwise) = (plan_macs, macs_layerwise);
    Ok(Numbers { file_name, model, plan })
}

/// The model as far as it is told.
fn model(tensors: Vec<TensorReport>, operators: Vec<OperatorReport>) -> ModelReport {
    let peak_bytes = operators.iter().map(|one| one.live_bytes).max().unwrap_or(0);
    let peak = operators.iter().find(|one| one.live_bytes == peak_bytes);
    ModelReport {
        file_bytes: 0,
        sha256: String::new(),
        description: String::new(),
        inputs: inputs(&tensors, &operators),
        outputs: Vec::new(),
        macs: 0,
        flash_bytes: 0,
        as_stored_peak_bytes: peak_bytes,
        peak_bytes,
        peak_operator: peak.map_or(0, |one| one.index),
        depthwise_in_place_peak_bytes: peak_bytes,
        arena_bytes: 0,
        lower_bound_bytes: 0,
        tflm_arena_bytes: 0,
        tflm_persistent_estimate: TflmPersistent::default(),
        stage_ends: Vec::new(),
        refusal: None,
        warnings: Vec::new(),
        tensors,
        operators,
    }
}

/// The first tensor that the kept operators read and none writes.
fn inputs(tensors: &[TensorReport], operators: &[OperatorReport]) -> Vec<TensorId> {
    let is_written = |id: &TensorId| {
        operators.iter().any(|one| one.removed_by.is_none() && one.outputs.contains(id))
    };
    let mut read = operators.iter().filter(|one| one.removed_by.is_none()).take(1);
    let read = read.next().map(|one| one.inputs.as_slice()).unwrap_or_default();
    read.iter()
        .copied()
        .filter(|id| id.index() < tensors.len() && !is_written(id))
        .take(1)
        .collect()
}

/// The plan as far as it is told.
fn plan(blocks: Vec<BlockReport>, steps: Vec<StepReport>) -> PlanReport {
    let mut plan = PlanReport {
        choice: PlanChoice::default(),
        is_order_proven: None,
        scratch_bytes: steps.iter().map(|step| step.scratch_bytes).max().unwrap_or(0),
        arena_bytes: 0,
        lower_bound_bytes: 0,
        peak_bytes: steps.iter().map(|step| step.live_bytes).max().unwrap_or(0),
        peak_step: 0,
        peak_operator: 0,
        stage_peak_bytes: None,
        tail_peak_bytes: None,
        macs: 0,
        macs_layerwise: 0,
        unclipped: None,
        delivered_bytes: 0,
        patch_inputs: Vec::new(),
        offline_refusal: None,
        blocks,
        steps,
    };
    plan.peak_step = plan.neediest_step(|_| true).unwrap_or(0);
    plan.peak_operator = plan.neediest_operator().unwrap_or(0);
    plan
}

fn dims(reader: &mut Reader<'_>) -> Result<Vec<usize>, NumbersError> {
    let count = reader.count()?;
    (0..count).map(|_| Ok(reader.small()? as usize)).collect()
}

fn list(reader: &mut Reader<'_>, n_tensors: usize) -> Result<Vec<TensorId>, NumbersError> {
    let count = reader.count()?;
    (0..count).map(|_| Ok(id(reader.below(n_tensors)?))).collect()
}

/// Links have far fewer tensors than 2^32.
fn id(index: usize) -> TensorId {
    TensorId(u32::try_from(index).unwrap_or(u32::MAX))
}

fn tensors(reader: &mut Reader<'_>) -> Result<Vec<TensorReport>, NumbersError> {
    let count = reader.count()?;
    let mut tensors = Vec::with_capacity(count);
    for place in 0..count {
        let data_type = TYPES[reader.below(TYPES.len())?].to_owned();
        let alias = reader.below(count)?;
        let is_alias = alias != place;
        tensors.push(TensorReport {
            index: id(place),
            name: String::new(),
            shape: dims(reader)?,
            data_type,
            bytes: 0,
            role: if is_alias { TensorRole::Alias } else { TensorRole::Activation },
            alias_of: is_alias.then(|| id(alias)),
            live: None,
            quantization: None,
        });
    }
    // The file's order says nothing about which is earlier; but an alias names whose bytes they are.
    let names_alias = |one: &TensorReport| {
        one.alias_of
            .is_some_and(|id| tensors.get(id.index()).is_none_or(|of| of.alias_of.is_some()))
    };
    if tensors.iter().any(names_alias) { Err(NumbersError::Alias) } else { Ok(tensors) }
}

fn operators(
    reader: &mut Reader<'_>,
    n_tensors: usize,
) -> Result<Vec<OperatorReport>, NumbersError> {
    let n_kinds = reader.count()?;
    let kinds: Vec<String> = (0..n_kinds).map(|_| reader.text()).collect::<Result<_, _>>()?;
    let count = reader.count()?;
    let mut operators = Vec::with_capacity(count);
    for index in 0..count {
        let kind = kinds[reader.below(n_kinds)?].clone();
        let flags = reader.byte()?;
        let mut sides = [0; 4];
        let has_window = flags & 32 != 0;
        if has_window {
            for side in &mut sides {
                *side = reader.small()?;
            }
        }
        let [rows, columns, down, across] = sides;
        operators.push(OperatorReport {
            index: u32::try_from(index).ok().ok_or(NumbersError::Range)?,
            kind,
            family: match flags & 7 {
                0 => Family::Convolution,
                1 => Family::Depthwise,
                2 => Family::ElementWise,
                3 => Family::Dense,
                4 => Family::Other,
                _ => return Err(NumbersError::Range),
            },
            removed_by: match flags & 24 {
                0 => None,
                8 => Some(HostPass::FloatBoundary),
                16 => Some(HostPass::FoldedPad),
                _ => return Err(NumbersError::Range),
            },
            kernel: has_window.then_some([rows, columns]),
            stride: has_window.then_some([down, across]),
            dilation: None,
            padding: None,
            inputs: list(reader, n_tensors)?,
            outputs: list(reader, n_tensors)?,
            output_shape: dims(reader)?,
            macs: reader.number()?,
            is_winograd: false,
            live_bytes: reader.number()?,
            constant_bytes: reader.number()?,
            options: Vec::new(),
            refusal: None,
        });
    }
    Ok(operators)
}

fn blocks(
    reader: &mut Reader<'_>,
    (n_tensors, n_operators): (usize, usize),
) -> Result<Vec<BlockReport>, NumbersError> {
    let count = reader.count()?;
    let mut blocks = Vec::with_capacity(count);
    let (mut first_step, mut patch) = (0, 0);
    for place in 0..count {
        let flags = reader.byte()?;
        let tensor = id(reader.below(n_tensors)?);
        let has = |bit: u8| flags & bit != 0;
        let narrow = |number: u64| u32::try_from(number).ok().ok_or(NumbersError::Range);
        let operator = if has(8) { Some(narrow(reader.below(n_operators)? as u64)?) } else { None };
        if has(16) {
            patch = reader.changed(patch)?;
        }
        let region = if has(32) {
            Some(Region { rows: span(reader)?, columns: span(reader)? })
        } else {
            None
        };
        let under = if has(64) { Some(narrow(reader.changed(place as u64)?)?) } else { None };
        if under.is_some_and(|under| under as usize >= count) {
            return Err(NumbersError::Range);
        }
        let (offset_bytes, bytes) = (reader.number()?, reader.number()?);
        first_step = reader.changed(first_step)?;
        blocks.push(BlockReport {
            tensor,
            operator,
            role: match flags & 7 {
                0 => BlockRole::Input,
                1 => BlockRole::Activation,
                2 => BlockRole::Window,
                3 => BlockRole::Split,
                4 => BlockRole::Output,
                5 => BlockRole::Scratch,
                _ => return Err(NumbersError::Range),
            },
            // A patch's number is counted on from by one.
            patch: if has(16) { Some(narrow(patch + 1)? - 1) } else { None },
            region,
            offset_bytes,
            bytes,
            first_step: narrow(first_step)?,
            end_step: narrow(first_step + reader.number()?)?,
            takes_place_of: under,
        });
    }
    Ok(blocks)
}

fn span(reader: &mut Reader<'_>) -> Result<Span, NumbersError> {
    let (start, length) = (reader.small()?, reader.small()?);
    let end = start.checked_add(length).ok_or(NumbersError::Range)?;
    Ok(Span::new(start as usize, end as usize))
}

fn steps(
    reader: &mut Reader<'_>,
    blocks: &[BlockReport],
    n_operators: usize,
) -> Result<Vec<StepReport>, NumbersError> {
    let count = reader.count()?;
    let is_told = reader.byte()? == 0;
    let live = if is_told { live_bytes(blocks, count) } else { Vec::new() };
    let (mut operator, mut patch) = (0, 0);
    let mut macs: Vec<u64> = Vec::new();
    let mut steps = Vec::with_capacity(count);
    for place in 0..count {
        operator = reader.changed(operator)?;
        if operator > n_operators as u64 {
            return Err(NumbersError::Range);
        }
        patch = reader.changed(patch)?;
        let narrow = |number: u64| u32::try_from(number).ok().ok_or(NumbersError::Range);
        let counted = reader.changed(*last_of(&mut macs, operator))?;
        *last_of(&mut macs, operator) = counted;
        let (live_bytes, scratch_bytes) = match live.get(place) {
            Some(live) => *live,
            None => (reader.number()?, reader.number()?),
        };
        steps.push(StepReport {
            operator: narrow(operator)?.checked_sub(1),
            patch: narrow(patch)?.checked_sub(1),
            region: Region::whole(1, 1),
            macs: counted,
            live_bytes,
            scratch_bytes,
        });
    }
    // A block outlives no step.
    if blocks.iter().any(|block| block.end_step as usize > count) {
        return Err(NumbersError::Range);
    }
    Ok(steps)
}

/// What is live at each of `n_steps` steps by the blocks: bytes of tensors, and of scratch.
pub(super) fn live_bytes(blocks: &[BlockReport], n_steps: usize) -> Vec<(u64, u64)> {
    // What begins and what ends before a step, then summed from the first on.
    let mut live = vec![[0u64; 4]; n_steps + 1];
    for block in blocks {
        let is_scratch = usize::from(block.role == BlockRole::Scratch) * 2;
        let (first, end) = (block.first_step as usize, block.end_step as usize);
        if first < end && end <= n_steps {
            live[first][is_scratch] += block.bytes;
            live[end][is_scratch + 1] += block.bytes;
        }
    }
    let mut sums = (0, 0);
    let steps = live.iter().take(n_steps).map(|[begins, ends, scratch, scratch_ends]| {
        sums.0 = sums.0 + begins - ends;
        sums.1 = sums.1 + scratch - scratch_ends;
        sums
    });
    steps.collect()
}
