//! Running every operator alone, in a model of its own: no plan, no pass and no patch can then
//! bring anything into disorder.

use super::{
    random::Random,
    runs::run_guarded,
    tflite_writer::{ModelSpec, OperatorSpec, build},
};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};
use tinyml_playground::{
    graph::Passes, kernels::Reference, model::Limits, report::ScheduleChoice, session::Session,
    tensor::DataType,
};

/// Bytes of tensors, by their index in the description.
pub type Bytes = BTreeMap<i32, Vec<u8>>;

/// Bytes for every input as the file declares it; float32 values of moderate size.
pub fn random_inputs(model: &ModelSpec, random: &mut Random) -> Bytes {
    let real = |random: &mut Random| (random.between(-600, 600) as f32 / 100.0).to_le_bytes();
    let each = model.inputs.iter().map(|&id| {
        let tensor = &model.tensors[id as usize];
        let elements: i32 = tensor.shape.iter().product();
        let bytes = match tensor.data_type {
            DataType::Float32 => (0..elements).flat_map(|_| real(random)).collect(),
            other => random.bytes(other.bytes(elements as usize).unwrap()),
        };
        (id, bytes)
    });
    each.collect()
}

/// The bytes of every tensor that the caller or an operator writes.
///
/// Panics where an operator that stands alone is refused.
pub fn run_alone(model: &ModelSpec, inputs: &Bytes) -> Bytes {
    let mut bytes = inputs.clone();
    for operator in &model.operators {
        let (alone, read) = cut_out(model, operator);
        let session =
            Session::<Reference>::open(Arc::from(build(&alone)), Passes::NONE, Limits::default());
        let session = session.unwrap();
        assert_eq!(session.report().refusal, None, "{operator:?}");
        let read: Vec<&[u8]> = read.iter().map(|id| bytes[id].as_slice()).collect();
        let mut run = run_guarded(&session, ScheduleChoice::Layerwise, &read);
        bytes.insert(operator.outputs[0], run.trace.outputs.remove(0));
    }
    bytes
}

/// A model of one operator, and the tensors of `model` that are its inputs.
fn cut_out(model: &ModelSpec, operator: &OperatorSpec) -> (ModelSpec, Vec<i32>) {
    let mut alone = ModelSpec::default();
    let (mut renamed, mut read) = (BTreeMap::from([(-1, -1)]), Vec::new());
    for &input in &operator.inputs {
        let Entry::Vacant(place) = renamed.entry(input) else { continue };
        let tensor = model.tensors[input as usize].clone();
        let is_constant = tensor.data.is_some();
        let id = *place.insert(alone.tensor(tensor));
        if !is_constant {
            alone.inputs.push(id);
            read.push(input);
        }
    }
    let output = alone.tensor(model.tensors[operator.outputs[0] as usize].clone());
    alone.outputs = vec![output];
    let inputs = operator.inputs.iter().map(|input| renamed[input]).collect();
    alone.operator(OperatorSpec { inputs, outputs: vec![output], ..operator.clone() });
    (alone, read)
}
