//! From a model to its graph: checks of order, passes, aliases, resolution.

use super::{
    Graph, GraphError, Node, Passes, Tensor,
    passes::{self, Changes, OfTensors},
    resolve,
};
use crate::{
    model::{self, Model},
    operator::Operator,
    quant::QuantParams,
    tensor::TensorId,
};

/// Which tensors of the file are the caller's.
pub(super) struct Caller {
    /// Those that it fills, by tensor.
    pub(super) fills: Vec<bool>,
    /// Those that it reads, by tensor.
    pub(super) reads: Vec<bool>,
}

impl Caller {
    fn of(model: &Model) -> Self {
        let marks = |list: &[TensorId]| {
            let mut marks = vec![false; model.tensors.len()];
            for id in list {
                marks[id.index()] = true;
            }
            marks
        };
        Self { fills: marks(&model.inputs), reads: marks(&model.outputs) }
    }
}

/// Builds the graph of a model.
///
/// # Errors
/// [`GraphError`] where the operators cannot be an order of execution. Operators that cannot run
/// here are no error: see [`Graph::refusal`].
pub fn build(model: &Model, passes: Passes) -> Result<Graph, GraphError> {
    let caller = Caller::of(model);
    check_order(model, &caller)?;
    let changes = passes::find(model, passes, &caller);
    let mut tensors: Vec<Tensor> = model.tensors.iter().zip(0..).map(tensor).collect();
    let mut nodes = Vec::with_capacity(model.operators.len());
    let mut removed = changes.removed.iter().peekable();
    for (index, operator) in model.operators.iter().enumerate() {
        if removed.next_if(|(position, _)| *position == index).is_some() {
            continue;
        }
        let resolved = resolve::resolve(model, &changes, operator);
        let node = node(model, &changes, index, operator, resolved);
        if let (Ok(Operator::Alias), &[input], &[output]) =
            (&node.operator, &node.inputs[..], &node.outputs[..])
        {
            tensors[output.index()].storage = tensors[input.index()].storage;
        }
        if let (true, Some(&Some(input)), &[output]) =
            (resolve::renames(&operator.kind), operator.inputs.first(), &operator.outputs[..])
            && tensors[input.index()].is_constant
        {
            // Refused to run, but never live: a constant under another shape is a constant.
            tensors[output.index()].is_constant = true;
        }
        nodes.push(node);
    }
    let (inputs, float_inputs) = boundary(&model.inputs, &changes.quantized_inputs);
    let (outputs, float_outputs) = boundary(&model.outputs, &changes.dequantized_outputs);
    for &id in &inputs {
        let storage = tensors[id.index()].storage;
        tensors[storage.index()].is_input = true;
    }
    for &id in &outputs {
        let storage = tensors[id.index()].storage;
        tensors[storage.index()].is_output = true;
    }
    let removed = changes.removed;
    Ok(Graph { tensors, nodes, inputs, outputs, float_inputs, float_outputs, removed })
}

fn tensor((tensor, id): (&model::Tensor, u32)) -> Tensor {
    Tensor {
        shape: tensor.shape.clone(),
        data_type: tensor.data_type,
        bytes: tensor.bytes,
        quantization: whole_quantization(tensor),
        is_constant: tensor.constant.is_some(),
        is_variable: tensor.is_variable,
        storage: TensorId(id),
        is_input: false,
        is_output: false,
    }
}

/// Scale and zero point of a tensor quantized as a whole, if they mean anything for int8.
pub(super) fn whole_quantization(tensor: &model::Tensor) -> Option<QuantParams> {
    let quantization = tensor.quantization.as_ref()?;
    let (&[scale], &[zero_point]) = (&quantization.scales[..], &quantization.zero_points[..])
    else {
        return None;
    };
    let zero_point = i32::from(i8::try_from(zero_point).ok()?);
    (scale.is_finite() && scale > 0.0).then_some(QuantParams { scale, zero_point })
}

fn node(
    model: &Model,
    changes: &Changes,
    index: usize,
    operator: &model::Operator,
    resolved: Result<Operator, super::Reason>,
) -> Node {
    let inputs = operator.inputs.iter().flatten().copied();
    let activations = inputs.filter(|id| model.tensors[id.index()].constant.is_none());
    let inputs = activations.map(|id| changes.folded.get(id).map_or(id, |(source, _)| *source));
    Node {
        index,
        operator: resolved,
        inputs: inputs.collect(),
        outputs: operator.outputs.clone(),
        macs: super::macs(model, operator),
    }
}

/// The graph's tensors in place of the file's, and the file's where they differ.
fn boundary(
    stored: &[TensorId],
    replaced: &OfTensors<TensorId>,
) -> (Vec<TensorId>, Vec<Option<TensorId>>) {
    let each = stored.iter().map(|id| match replaced.get(*id) {
        Some(quantized) => (*quantized, Some(*id)),
        None => (*id, None),
    });
    each.unzip()
}

/// Checks that the file's order of operators is an order of execution.
fn check_order(model: &Model, caller: &Caller) -> Result<(), GraphError> {
    if model.operators.is_empty() {
        return Err(GraphError::NoOperators);
    }
    for (list, what) in [(&model.inputs, "inputs"), (&model.outputs, "outputs")] {
        if list.is_empty() {
            return Err(GraphError::NoBoundary(what));
        }
    }
    for (list, what) in [(&model.inputs, "input"), (&model.outputs, "output")] {
        let is_constant = |id: &&TensorId| model.tensors[id.index()].constant.is_some();
        if let Some(id) = list.iter().find(is_constant) {
            return Err(GraphError::ConstantBoundary { what, tensor: id.0 });
        }
    }
    let writers = writers(model, caller)?;
    let is_given = |id: TensorId| {
        let tensor = &model.tensors[id.index()];
        tensor.constant.is_some() || tensor.is_variable || caller.fills[id.index()]
    };
    for (reader, operator) in model.operators.iter().enumerate() {
        for &id in operator.inputs.iter().flatten() {
            match writers[id.index()] {
                Some(writer) if writer < reader => {}
                _ if is_given(id) => {}
                Some(writer) => {
                    return Err(GraphError::ReadBeforeWrite { reader, tensor: id.0, writer });
                }
                None => return Err(GraphError::NeverWritten { reader, tensor: id.0 }),
            }
        }
    }
    let unwritten = |id: &&TensorId| writers[id.index()].is_none() && !is_given(**id);
    match model.outputs.iter().find(unwritten) {
        Some(id) => Err(GraphError::OutputNeverWritten { tensor: id.0 }),
        None => Ok(()),
    }
}

/// For each tensor the operator that writes it.
fn writers(model: &Model, caller: &Caller) -> Result<Vec<Option<usize>>, GraphError> {
    let mut writers = vec![None; model.tensors.len()];
    for (writer, operator) in model.operators.iter().enumerate() {
        for &id in &operator.outputs {
            let not_writable = |what| GraphError::NotWritable { writer, tensor: id.0, what };
            if model.tensors[id.index()].constant.is_some() {
                return Err(not_writable("a constant"));
            }
            if caller.fills[id.index()] {
                return Err(not_writable("an input of the model"));
            }
            if let Some(first) = writers[id.index()].replace(writer) {
                return Err(GraphError::WrittenTwice { tensor: id.0, first, second: writer });
            }
        }
    }
    Ok(writers)
}
