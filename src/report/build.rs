//! From model and graph to the model's figures.

use super::{
    Family, ModelReport, OperatorReport, OptionReport, Problem, ProblemKind, QuantizationReport,
    Refusal, TensorReport, TensorRole, tflm_persistent,
};
use crate::{
    graph::{self, Graph, GraphError, Liveness, Node, Passes, Removal},
    kernels::vector::is_winograd,
    model::{Model, Operator, Options, Padding, sha256_hex},
    operator as resolved, plan,
    quant::Activation,
    schedule::{self, Planner},
    tensor::TensorId,
};
use std::ops::Range;

/// A model with its graph: what a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct ModelFacts<'a> {
    /// The file.
    pub model: &'a Model,
    /// Its graph after the passes that are switched on.
    pub graph: &'a Graph,
}

/// Microcontrollers have 32-bit addresses.
const TARGET_POINTER_BYTES: u64 = 4;

/// Makes the figures of a model that no schedule changes.
///
/// # Errors
/// [`GraphError`] where the graph as stored (before passes) makes no sense.
pub fn model_report(facts: ModelFacts<'_>) -> Result<ModelReport, GraphError> {
    let ModelFacts { model, graph } = facts;
    let liveness = Liveness::of(graph);
    let live_bytes = liveness.live_bytes(graph);
    let peak_bytes = live_bytes.iter().copied().max().unwrap_or(0);
    let peak_position = live_bytes.iter().position(|&bytes| bytes == peak_bytes).unwrap_or(0);
    let peak_operator = graph.nodes.get(peak_position).map_or(0, |node| number(node.index));
    let stored = graph::build(model, Passes::NONE)?;
    let as_stored_peak_bytes =
        Liveness::of(&stored).live_bytes(&stored).into_iter().max().unwrap_or(0);
    let layerwise = schedule::layerwise(graph, &schedule::Options::default());
    let problem = schedule::problem(&layerwise);
    // Sizes within the reader's limits can always be planned.
    let solution = plan::solve(&problem, plan::Strategy::default()).unwrap_or_default();
    Ok(ModelReport {
        file_bytes: model.bytes.len() as u64,
        sha256: sha256_hex(&model.bytes),
        description: model.description.clone(),
        tensors: (0u32..)
            .take(model.tensors.len())
            .map(|id| tensor(facts, &liveness, id))
            .collect(),
        operators: operators(facts, &live_bytes),
        inputs: graph.inputs.clone(),
        outputs: graph.outputs.clone(),
        macs: saturating_sum(model.operators.iter().map(|operator| graph::macs(model, operator))),
        flash_bytes: graph::flash_bytes(model),
        as_stored_peak_bytes,
        peak_bytes,
        peak_operator,
        depthwise_in_place_peak_bytes: graph::depthwise_in_place_peak_bytes(graph),
        arena_bytes: solution.height_bytes,
        lower_bound_bytes: solution.lower_bound_bytes,
        tflm_arena_bytes: tflm_arena_bytes(&stored),
        tflm_persistent_estimate: tflm_persistent(model, TARGET_POINTER_BYTES),
        stage_ends: schedule::patch::stage_ends(graph).into_iter().map(number).collect(),
        refusal: graph.refusal().map(|refusal| Refusal {
            operator: Some(number(refusal.operator)),
            problem: refusal_problem(model, refusal.operator, &refusal.reason),
        }),
        warnings: model.warnings.iter().map(ToString::to_string).collect(),
    })
}

/// What TensorFlow Lite Micro's planner makes of the graph as stored.
fn tflm_arena_bytes(stored: &Graph) -> u64 {
    let alignment = schedule::PlanChoice::TFLM.alignment;
    let options = schedule::Options { alignment, ..schedule::Options::default() };
    let solution = schedule::solve(&schedule::layerwise(stored, &options), Planner::Tflm);
    solution.unwrap_or_default().height_bytes
}

/// Adds up figures that a hostile file may have made as large as they get.
fn saturating_sum(figures: impl Iterator<Item = u64>) -> u64 {
    figures.fold(0, u64::saturating_add)
}

/// A position in the file as the number that reports carry; files have far fewer.
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn refusal_problem(model: &Model, operator: usize, reason: &graph::Reason) -> Problem {
    let kind = model.operators.get(operator).map_or("", |operator| operator.kind.as_str());
    Problem {
        kind: ProblemKind::Unsupported,
        message: format!("Operator #{operator} ({kind}) cannot run here: {reason}."),
        advice: reason.advice().to_owned(),
    }
}

fn operators(facts: ModelFacts<'_>, live_bytes: &[u64]) -> Vec<OperatorReport> {
    let ModelFacts { model, graph } = facts;
    let mut removed = graph.removed.iter().peekable();
    let mut kept = graph.nodes.iter().zip(live_bytes).peekable();
    let each = model.operators.iter().enumerate().map(|(index, operator)| {
        let removed_by = removed.next_if(|(position, _)| *position == index).map(|(_, by)| *by);
        let node = kept.next_if(|(node, _)| node.index == index);
        operator_report(facts, index, operator, removed_by, node)
    });
    each.collect()
}

fn operator_report(
    facts: ModelFacts<'_>,
    index: usize,
    operator: &Operator,
    removed_by: Option<Removal>,
    node: Option<(&Node, &u64)>,
) -> OperatorReport {
    let model = facts.model;
    let window = node.and_then(|(node, _)| window(node));
    let pair = |sides: [usize; 2]| sides.map(number);
    let output = operator.outputs.first().map(|id| &model.tensors[id.index()].shape);
    // Constants keep their place; an activation behind a folded PAD is what that PAD read.
    let mut activations = node.map(|(node, _)| node.inputs.iter()).into_iter().flatten();
    let inputs = operator.inputs.iter().flatten().map(|&id| {
        let is_constant = model.tensors[id.index()].constant.is_some();
        if is_constant { id } else { activations.next().copied().unwrap_or(id) }
    });
    OperatorReport {
        index: number(index),
        kind: operator.kind.clone(),
        family: family(&operator.kind),
        removed_by,
        kernel: window.map(|window| pair(window.kernel)),
        stride: window.map(|window| pair(window.stride)),
        dilation: window.map(|window| pair(window.dilation)),
        padding: node
            .and_then(|(node, _)| geometry(node))
            .map(|window| pair(window.padding_before)),
        inputs: inputs.collect(),
        outputs: operator.outputs.clone(),
        output_shape: output.map(|shape| shape.dims().to_vec()).unwrap_or_default(),
        macs: graph::macs(model, operator),
        is_winograd: node
            .and_then(|(node, _)| node.operator.as_ref().ok())
            .is_some_and(is_winograd),
        live_bytes: node.map_or(0, |(_, bytes)| *bytes),
        constant_bytes: graph::constant_bytes(model, operator),
        options: options(operator, window),
        refusal: node.and_then(|(node, _)| {
            let reason = node.operator.as_ref().err()?;
            Some(refusal_problem(model, index, reason))
        }),
    }
}

/// The window that an operator slides over its map.
fn window(node: &Node) -> Option<&resolved::Window> {
    let is_border = matches!(node.operator, Ok(resolved::Operator::Pad(_)));
    geometry(node).filter(|_| !is_border)
}

/// The same, and that of a border.
fn geometry(node: &Node) -> Option<&resolved::Window> {
    match node.operator.as_ref().ok()? {
        resolved::Operator::Pad(pad) => Some(&pad.window),
        resolved::Operator::Conv2d(conv) => Some(&conv.window),
        resolved::Operator::DepthwiseConv2d(conv) => Some(&conv.window),
        resolved::Operator::Pool(pool) => Some(&pool.window),
        _ => None,
    }
}

fn family(kind: &str) -> Family {
    match kind {
        "CONV_2D" | "TRANSPOSE_CONV" | "CONV_3D" => Family::Convolution,
        "DEPTHWISE_CONV_2D" => Family::Depthwise,
        "ADD" | "MUL" | "SUB" | "DIV" | "MAXIMUM" | "MINIMUM" | "CONCATENATION" => {
            Family::ElementWise
        }
        "FULLY_CONNECTED" | "BATCH_MATMUL" | "SOFTMAX" | "LOGISTIC" => Family::Dense,
        _ => Family::Other,
    }
}

fn options(operator: &Operator, window: Option<&resolved::Window>) -> Vec<OptionReport> {
    let mut list = Vec::new();
    let mut add = |name: &str, value: String| {
        list.push(OptionReport { name: name.to_owned(), value });
    };
    let sides = |[vertical, horizontal]: [i32; 2]| format!("{vertical}x{horizontal}");
    let mut window_options = |padding: Padding, stride: [i32; 2], dilation: [i32; 2]| {
        add("padding", if padding == Padding::Same { "SAME" } else { "VALID" }.to_owned());
        if let Some([top, left]) = window.map(|window| window.padding_before) {
            add("cells of padding before", format!("{top} rows, {left} columns"));
        }
        add("stride", sides(stride));
        if dilation != [1, 1] {
            add("dilation", sides(dilation));
        }
    };
    let mut fused = None;
    match &operator.options {
        Options::Conv2d { padding, stride, dilation, activation } => {
            window_options(*padding, *stride, *dilation);
            fused = Some(*activation);
        }
        Options::DepthwiseConv2d { padding, stride, dilation, depth_multiplier, activation } => {
            window_options(*padding, *stride, *dilation);
            add("depth multiplier", depth_multiplier.to_string());
            fused = Some(*activation);
        }
        Options::Pool { padding, stride, kernel, activation } => {
            window_options(*padding, *stride, [1, 1]);
            add("kernel", sides(*kernel));
            fused = Some(*activation);
        }
        Options::FullyConnected { activation, .. }
        | Options::Add { activation }
        | Options::Mul { activation } => fused = Some(*activation),
        Options::Mean { keep_dims } => add("keep dimensions", yes_no(*keep_dims)),
        Options::Softmax { beta } => add("beta", beta.to_string()),
        Options::None => {}
    }
    if let Some(activation) = fused.filter(|&activation| activation != Activation::None) {
        add("fused activation", activation.name().to_owned());
    }
    add("version", operator.version.to_string());
    list
}

fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

fn tensor(facts: ModelFacts<'_>, liveness: &Liveness, id: u32) -> TensorReport {
    let ModelFacts { model, graph } = facts;
    let id = TensorId(id);
    let (stored, after) = (&model.tensors[id.index()], graph.tensor(id));
    let span = &liveness.0[id.index()];
    let role = match span {
        _ if after.is_constant => TensorRole::Constant,
        _ if after.storage != id => TensorRole::Alias,
        None => TensorRole::Absent,
        Some(_) if after.is_output => TensorRole::Output,
        Some(_) if after.is_input => TensorRole::Input,
        Some(_) => TensorRole::Activation,
    };
    TensorReport {
        index: id,
        name: stored.name.clone(),
        shape: stored.shape.dims().to_vec(),
        data_type: stored.data_type.name().to_owned(),
        bytes: stored.bytes as u64,
        role,
        alias_of: (after.storage != id).then_some(after.storage),
        live: span.as_ref().map(|span| in_file(graph, span)),
        quantization: stored.quantization.as_ref().and_then(quantization),
    }
}

/// Positions among the kept operators as positions in the file.
fn in_file(graph: &Graph, span: &Range<usize>) -> [u32; 2] {
    let index = |position: usize| graph.nodes.get(position).map(|node| node.index);
    let first = index(span.start).unwrap_or(0);
    // One past the last operator at which it is live, not the next kept one.
    let last = span.end.checked_sub(1).and_then(index).unwrap_or(first);
    [number(first), number(last + 1)]
}

fn quantization(stored: &crate::model::Quantization) -> Option<QuantizationReport> {
    let least = stored.scales.iter().copied().min_by(f32::total_cmp)?;
    let greatest = stored.scales.iter().copied().max_by(f32::total_cmp)?;
    Some(QuantizationReport {
        channels: number(stored.scales.len()),
        scale: *stored.scales.first()?,
        least_scale: least,
        greatest_scale: greatest,
        zero_point: stored.zero_points.first().copied().unwrap_or(0),
    })
}
