//! Networks for the tests of the graph, written down operator by operator.

use super::Spine;
use crate::{
    report::{Family, HostPass, ModelReport, OperatorReport, PlanReport},
    tensor::TensorId,
    text::sample,
};

/// Operators that each write a tensor of their own; tensor 0 is the input.
#[derive(Default)]
pub(super) struct Net {
    operators: Vec<OperatorReport>,
}

impl Net {
    /// Another operator; returns the tensor that it writes.
    fn push(&mut self, kind: &str, family: Family, side: Option<u32>, inputs: &[u32]) -> u32 {
        let index = u32::try_from(self.operators.len()).unwrap();
        let mut one = sample::model().operators[0].clone();
        one.index = index;
        one.kind = kind.to_owned();
        one.family = family;
        one.kernel = side.map(|side| [side, side]);
        one.inputs = inputs.iter().map(|&id| TensorId(id)).collect();
        one.outputs = vec![TensorId(index + 1)];
        self.operators.push(one);
        index + 1
    }

    pub(super) fn conv(&mut self, input: u32, side: u32) -> u32 {
        self.push("CONV_2D", Family::Convolution, Some(side), &[input])
    }

    pub(super) fn depthwise(&mut self, input: u32) -> u32 {
        self.push("DEPTHWISE_CONV_2D", Family::Depthwise, Some(3), &[input])
    }

    pub(super) fn bottleneck(&mut self, input: u32) -> u32 {
        let wide = self.conv(input, 1);
        let deep = self.depthwise(wide);
        self.conv(deep, 1)
    }

    pub(super) fn add(&mut self, left: u32, right: u32) -> u32 {
        self.push("ADD", Family::ElementWise, None, &[left, right])
    }

    pub(super) fn pad(&mut self, input: u32) -> u32 {
        self.push("PAD", Family::Other, None, &[input])
    }

    pub(super) fn removed(&mut self, input: u32) {
        self.pad(input);
        self.operators.last_mut().unwrap().removed_by = Some(HostPass::FoldedPad);
    }

    pub(super) fn model(&self) -> ModelReport {
        let mut model = sample::model();
        let tensor = model.tensors[0].clone();
        model.tensors = vec![tensor; self.operators.len() + 1];
        model.operators.clone_from(&self.operators);
        model
    }

    /// Laid out in the file's order.
    pub(super) fn spine(&self) -> Spine {
        let plan = PlanReport { steps: Vec::new(), ..sample::plan() };
        Spine::new(&self.model(), &plan)
    }
}
