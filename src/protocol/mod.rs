//! What the page and the worker say to each other.
//!
//! A message is a JSON header and byte attachments that are transferred, not copied. Every request
//! carries a [`JobId`], every response names the job that it answers, and the page drops answers
//! to jobs that it no longer waits for.

use crate::{
    preprocess::Preprocessing,
    report::{
        ActivationReport, CandidateReport, FrontReport, InputImage, ModelReport, Passes,
        PlanReport, Problem, ProfileReport, RunReport, ScheduleChoice, TimingReport,
    },
};
use serde::{Deserialize, Serialize};

/// The number of a request, counted up by the page.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct JobId(pub u32);

/// What the page asks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Read the model in attachment 0. Answered by [`Answer::Opened`].
    ///
    /// Fails with a problem and keeps the model that was open before.
    Open {
        /// Which passes to apply.
        passes: Passes,
    },
    /// Build the open model's graph anew with other passes. Answered by [`Answer::Opened`].
    SetPasses {
        /// Which passes to apply.
        passes: Passes,
    },
    /// Schedule and plan. Answered by [`Answer::Planned`].
    Plan {
        /// Which schedule.
        choice: ScheduleChoice,
    },
    /// Plan every stage end with every square grid up to `largest`. Answered by
    /// [`Answer::Candidates`], with progress.
    TrySquares {
        /// Where the input image is.
        input_image: InputImage,
        /// The largest grid, as patches a side.
        largest: u32,
    },
    /// Compare the layer-wise schedule and every stage end with every grid up to `largest`.
    /// Answered by [`Answer::Front`], with progress.
    FindFront {
        /// Where the input image is.
        input_image: InputImage,
        /// The largest grid, as patches a side.
        largest: u32,
    },
    /// Make the input from the picture in attachment 0 (RGBA, row by row). Answered by
    /// [`Answer::InputSet`].
    SetPicture {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// What happens between picture and tensor.
        preprocessing: Preprocessing,
    },
    /// Make the input from the last picture once more, with other choices. Answered by
    /// [`Answer::InputSet`].
    SetPreprocessing {
        /// What happens between picture and tensor.
        preprocessing: Preprocessing,
    },
    /// Fill the input from a seeded generator (for models whose input is no picture). Answered by
    /// [`Answer::InputSet`].
    SetNoise {
        /// The seed.
        seed: u32,
    },
    /// Take the attachments as the inputs, in the graph's order. Answered by [`Answer::InputSet`].
    SetInputs,
    /// Run one inference on the input. Answered by [`Answer::Ran`], with progress.
    Run {
        /// Which schedule.
        choice: ScheduleChoice,
    },
    /// Repeat the inference for the times of its operators. Answered by [`Answer::Profiled`].
    Profile {
        /// Which schedule.
        choice: ScheduleChoice,
    },
    /// Repeat the inference and nothing else for a while. Answered by [`Answer::Timed`].
    Time {
        /// Which schedule.
        choice: ScheduleChoice,
        /// For how long, in milliseconds; at least one sample is taken.
        for_ms: f64,
    },
    /// The output of an operator in the last run. Answered by [`Answer::Activation`].
    Activation {
        /// The operator (index in the file); `None` for the graph's input.
        operator: Option<u32>,
    },
    /// Stop a job between two steps. Answered by nothing; the job itself answers with
    /// [`Answer::Failed`] of kind `cancelled`.
    Cancel {
        /// The job to stop.
        job: JobId,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The worker has started and listens. Belongs to no job (job 0).
    Ready {
        /// Its kernel set.
        kernels: String,
    },
    /// A part of the job is done.
    Progress {
        /// Units done.
        done: u64,
        /// Units in all.
        of: u64,
    },
    /// The model is open.
    Opened {
        /// Its figures.
        model: Box<ModelReport>,
    },
    /// A schedule is planned.
    Planned {
        /// The plan.
        plan: Box<PlanReport>,
    },
    /// The candidates, in order of arena, then MACs.
    Candidates {
        /// All that could be planned.
        candidates: Vec<CandidateReport>,
    },
    /// The front of arena against multiply-accumulates.
    Front {
        /// The schedules on it.
        front: Box<FrontReport>,
    },
    /// The input is set. Attachment i holds the bytes of input i, behind a float boundary the
    /// quantized ones.
    InputSet {
        /// The first input tensor, described like any activation.
        input: Box<ActivationReport>,
    },
    /// An inference has run. Attachment i holds the bytes of output i.
    Ran {
        /// What it did.
        run: Box<RunReport>,
    },
    /// The times of operators.
    Profiled {
        /// The times.
        profile: Box<ProfileReport>,
    },
    /// The times of inferences.
    Timed {
        /// The times.
        timing: Box<TimingReport>,
    },
    /// An activation. Attachment 0 holds its bytes.
    Activation {
        /// What it is.
        activation: Box<ActivationReport>,
    },
    /// The job failed or was stopped.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// A request with its number.
///
/// Plain structs and enums by their names: flattened or tagged ones would be read into a tree of
/// values first, by code of a few ten kilobytes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ask {
    /// The job that this starts.
    pub job: JobId,
    /// What is asked.
    pub request: Request,
}

/// An answer with the number of its request.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Reply {
    /// The job that this answers; 0 for [`Answer::Ready`].
    pub job: JobId,
    /// The answer.
    pub answer: Answer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancel_names_both_jobs() {
        let ask = Ask { job: JobId(7), request: Request::Cancel { job: JobId(3) } };
        let header = serde_json::to_string(&ask).unwrap();
        assert_eq!(serde_json::from_str::<Ask>(&header).unwrap(), ask, "{header}");
    }
}
