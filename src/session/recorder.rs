//! What is written down while an inference runs.

use crate::{
    exec::{Observer, StepOutput},
    graph::Graph,
    model::sha256_hex,
    schedule::Action,
};

/// A clock in milliseconds. The core has none of its own.
pub type Clock<'a> = &'a mut dyn FnMut() -> f64;

/// Times, counts and, where asked for, activations of one inference.
pub struct Recorder<'a> {
    clock: Option<Clock<'a>>,
    began_ms: f64,
    /// Inferences that it has seen begin.
    pub(super) runs: u32,
    /// For each kept operator: milliseconds, multiply-accumulates and steps so far.
    pub(super) work: Vec<Work>,
    /// For each kept operator its output as run; empty where none is captured.
    pub(super) captures: Vec<Option<Capture>>,
    /// For each step so far its milliseconds; none without a clock.
    step_ms: Vec<f64>,
    stop: Option<&'a dyn Fn() -> bool>,
}

/// The sums of one operator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Work {
    pub(super) ms: f64,
    pub(super) macs: u64,
    pub(super) steps: u32,
}

/// An operator's whole output, assembled from the regions that its steps computed.
///
/// This is the observer's copy, outside the arena.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Capture {
    /// The bytes of the whole tensor; 0 where no step computed anything.
    pub bytes: Vec<u8>,
    /// For each cell of the map, whether a step computed it.
    computed: Vec<bool>,
}

impl Capture {
    /// Whether every cell was computed: patches leave out what nobody needs.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.computed.iter().all(|&computed| computed)
    }

    /// SHA-256 of the bytes, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }
}

impl<'a> Recorder<'a> {
    /// Counts, without times or activations.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        let work = vec![Work::default(); graph.nodes.len()];
        let (captures, step_ms) = (Vec::new(), Vec::new());
        Self { clock: None, began_ms: 0.0, runs: 0, work, captures, step_ms, stop: None }
    }

    /// Also takes the time of each step.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock<'a>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Also keeps the output of every operator, for which it takes memory of its own.
    #[must_use]
    pub fn with_captures(mut self, graph: &Graph) -> Self {
        let capture = |node: &crate::graph::Node| {
            let tensor = graph.tensor(*node.outputs.first()?);
            let map = tensor.shape.map();
            Some(Capture {
                bytes: vec![0; tensor.bytes],
                computed: vec![false; map.height * map.width],
            })
        };
        self.captures = graph.nodes.iter().map(capture).collect();
        self
    }

    /// Asks `stop` after each step whether to stop.
    #[must_use]
    pub fn with_stop(mut self, stop: &'a dyn Fn() -> bool) -> Self {
        self.stop = Some(stop);
        self
    }

    /// The output of the kept operator at a position, where it was captured.
    #[must_use]
    pub fn capture(&self, position: usize) -> Option<&Capture> {
        self.captures.get(position)?.as_ref()
    }

    /// All captures, by position among the kept operators.
    #[must_use]
    pub fn into_captures(self) -> Vec<Option<Capture>> {
        self.captures
    }

    /// Milliseconds of each step, deliveries included, as means over the inferences; empty without a
    /// clock.
    #[must_use]
    pub fn step_ms(&self) -> Vec<f64> {
        let runs = f64::from(self.runs.max(1));
        self.step_ms.iter().map(|ms| ms / runs).collect()
    }

    /// Inferences that it has seen begin; times and counts are means over them.
    #[must_use]
    pub const fn runs(&self) -> u32 {
        self.runs
    }

    /// Time of all steps of one inference together.
    #[must_use]
    pub fn total_ms(&self) -> f64 {
        self.work.iter().map(|work| work.ms).sum::<f64>() / f64::from(self.runs.max(1))
    }

    fn now_ms(&mut self) -> f64 {
        self.clock.as_mut().map_or(0.0, |clock| clock())
    }
}

impl Observer for Recorder<'_> {
    fn begin(&mut self, step: usize) {
        self.runs += u32::from(step == 0);
        self.began_ms = self.now_ms();
    }

    fn end(&mut self, step: usize, output: &StepOutput<'_>) {
        let ended_ms = self.now_ms();
        if self.clock.is_some() {
            if step >= self.step_ms.len() {
                self.step_ms.resize(step + 1, 0.0);
            }
            self.step_ms[step] += ended_ms - self.began_ms;
        }
        let Action::Compute(position) = output.step.action else { return };
        let work = &mut self.work[position];
        work.ms += ended_ms - self.began_ms;
        work.macs += output.macs;
        work.steps += 1;
        if let Some(Some(capture)) = self.captures.get_mut(position) {
            output.copy_to_map(&mut capture.bytes);
            let (region, width) = (output.step.region, output.view.map.width);
            for y in region.rows.start..region.rows.end {
                let row = &mut capture.computed[y * width..][..width];
                row[region.columns.start..region.columns.end].fill(true);
            }
        }
    }

    fn keep_going(&mut self) -> bool {
        !self.stop.is_some_and(|stop| stop())
    }
}
