//! The figures of an inference, and its activations.

use super::{Capture, Error, Planned, Recorder, Session};
use crate::{
    exec::Trace,
    kernels::Kernels,
    model::sha256_hex,
    order::sorted_positions,
    quant::dequantize,
    report::{ActivationReport, OperatorTime, OutputReport, RunReport, ScoreReport},
    tensor::{DataType, TensorId},
};

/// How many of the greatest outputs are listed.
const TOP: usize = 5;

pub(super) fn run_report<K: Kernels>(
    session: &Session<K>,
    planned: &Planned,
    trace: &Trace,
    recorder: &Recorder<'_>,
    kernels: &str,
) -> RunReport {
    RunReport {
        choice: planned.choice,
        kernels: kernels.to_owned(),
        arena_bytes: trace.arena_bytes as u64,
        macs: trace.macs,
        repeats: recorder.runs(),
        total_ms: recorder.total_ms(),
        operators: session.operator_times(recorder),
        outputs: (0..trace.outputs.len()).map(|i| session.output_report(trace, i)).collect(),
    }
}

impl<K: Kernels> Session<K> {
    /// What each kept operator took, as means over the inferences that were recorded.
    #[must_use]
    pub fn operator_times(&self, recorder: &Recorder<'_>) -> Vec<OperatorTime> {
        let runs = recorder.runs().max(1);
        let times = self.graph.nodes.iter().zip(&recorder.work).map(|(node, work)| OperatorTime {
            operator: u32::try_from(node.index).unwrap_or(u32::MAX),
            ms: work.ms / f64::from(runs),
            macs: work.macs / u64::from(runs),
            steps: work.steps / runs,
        });
        times.collect()
    }

    /// The bytes of output `position` as the file declares it: behind a float boundary the float32
    /// values, little-endian.
    #[must_use]
    pub fn output_bytes(&self, trace: &Trace, position: usize) -> Vec<u8> {
        let bytes = &trace.outputs[position];
        let params = self.graph.tensor(self.graph.outputs[position]).quantization;
        match (self.graph.float_outputs[position], params) {
            (Some(_), Some(params)) => {
                let real = bytes.iter().map(|byte| dequantize(byte.cast_signed(), params));
                real.flat_map(f32::to_le_bytes).collect()
            }
            _ => bytes.clone(),
        }
    }

    fn output_report(&self, trace: &Trace, position: usize) -> OutputReport {
        let stored = self.graph.outputs[position];
        let float = self.graph.float_outputs[position];
        let bytes = &trace.outputs[position];
        OutputReport {
            tensor: float.unwrap_or(stored),
            sha256: sha256_hex(&self.output_bytes(trace, position)),
            int8_sha256: float.is_some().then(|| sha256_hex(bytes)),
            top: self.top(stored, bytes),
        }
    }

    /// The greatest values of an int8 or float32 vector; none for maps and other types.
    fn top(&self, id: TensorId, bytes: &[u8]) -> Vec<ScoreReport> {
        let tensor = self.graph.tensor(id);
        let map = tensor.shape.map();
        if map.height * map.width != 1 {
            return Vec::new();
        }
        let real =
            |value: i8| tensor.quantization.map_or(f32::from(value), |p| dequantize(value, p));
        let values: Vec<(f32, Option<i8>)> = match tensor.data_type {
            DataType::Int8 => {
                let values = bytes.iter().map(|byte| byte.cast_signed());
                values.map(|value| (real(value), Some(value))).collect()
            }
            // A float boundary that passes have left in the graph.
            DataType::Float32 => {
                let (words, _) = bytes.as_chunks::<4>();
                words.iter().map(|&word| (f32::from_le_bytes(word), None)).collect()
            }
            _ => return Vec::new(),
        };
        let descending = |one: usize, other: usize| values[other].0.total_cmp(&values[one].0);
        let classes = sorted_positions(values.len(), &descending);
        let score = |class: usize| ScoreReport {
            class: u32::try_from(class).unwrap_or(u32::MAX),
            value: values[class].0,
            quantized: values[class].1,
        };
        classes.into_iter().take(TOP).map(score).collect()
    }

    /// An operator's output as run, described; the bytes are the capture's.
    ///
    /// # Errors
    /// [`Error::NoActivation`] where the operator is not in the graph, or its output is
    /// not int8.
    pub fn activation_report(
        &self,
        operator: u32,
        capture: &Capture,
    ) -> Result<ActivationReport, Error> {
        let position = self.graph.position(operator as usize);
        let node = position.map(|position| &self.graph.nodes[position]);
        let output = node.and_then(|node| node.outputs.first());
        let int8 = output.filter(|id| self.graph.tensor(**id).data_type == DataType::Int8);
        let &tensor = int8.ok_or(Error::NoActivation { operator })?;
        Ok(self.describe(Some(operator), tensor, &capture.bytes))
    }

    /// The graph's first input, described as the network's int8 operators meet it.
    ///
    /// # Errors
    /// [`Error::NoInput`] for a graph without inputs.
    pub fn input_report(&self, bytes: &[u8]) -> Result<ActivationReport, Error> {
        let &id = self.graph.inputs.first().ok_or(Error::NoInput)?;
        let id = self.kept_boundary(0).map_or(id, |(quantized, _)| quantized);
        Ok(self.describe(None, id, &self.quantized_input(0, bytes)))
    }

    fn describe(&self, operator: Option<u32>, id: TensorId, bytes: &[u8]) -> ActivationReport {
        let tensor = self.graph.tensor(id);
        let map = tensor.shape.map();
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        let values = || bytes.iter().map(|byte| byte.cast_signed());
        let mut histogram = [0; 16];
        for byte in bytes {
            // -128 is 0x80: flipping the sign bit puts the values in order.
            histogram[usize::from((byte ^ 0x80) >> 4)] += 1;
        }
        ActivationReport {
            operator,
            tensor: id,
            height: side(map.height),
            width: side(map.width),
            channels: side(map.channels),
            scale: tensor.quantization.map_or(1.0, |params| params.scale),
            zero_point: tensor.quantization.map_or(0, |params| params.zero_point),
            least: values().min().unwrap_or(0),
            greatest: values().max().unwrap_or(0),
            saturated: values().filter(|&value| value == -128 || value == 127).count() as u64,
            histogram,
            sha256: sha256_hex(bytes),
        }
    }
}
