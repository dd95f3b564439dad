//! What the page and the worker say to each other.
//!
//! A message is a header in postcard's format and byte attachments, all of which are transferred, not
//! copied: page and worker are built together, so nothing needs to name its fields. Every request
//! carries a [`JobId`], every response names the job that it answers, and the page drops answers
//! to jobs that it no longer waits for.

use crate::{
    preprocess::Preprocessing,
    report::{
        ActivationReport, CandidateReport, FrontReport, HandOverFormat, InputImage, ModelReport,
        PaperReport, Passes, PlacementPlan, PlacementReport, PlanChoice, PlanReport, Problem,
        ProfileReport, RunReport, RungReport, SearchReport, TimingReport,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

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
    /// Build the open model's graph anew with other passes. Answered by [`Answer::Opened`]. The
    /// inputs stay where they can: the network meets the same bytes.
    SetPasses {
        /// Which passes to apply.
        passes: Passes,
    },
    /// Schedule and plan. Answered by [`Answer::Planned`].
    Plan {
        /// Which schedule, and how it is planned.
        choice: PlanChoice,
    },
    /// Plan every stage end with every square grid up to `largest`. Answered by
    /// [`Answer::Candidates`], with progress.
    TrySquares {
        /// What all of them have in common: everything but the schedule counts.
        accounting: PlanChoice,
        /// Where the input image is.
        input_image: InputImage,
        /// The largest grid, as patches a side.
        largest: u32,
    },
    /// Plan for the figures alone. Answered by [`Answer::Candidates`] with one.
    TryPlan {
        /// Which schedule, and how it is planned. A grid that is too fine for a smaller input becomes
        /// the finest possible.
        choice: PlanChoice,
        /// The model for an input of this height and width instead of its own.
        input: Option<[u32; 2]>,
    },
    /// Compare the layer-wise schedule and every stage end with every grid up to `largest`.
    /// Answered by [`Answer::Front`], with progress.
    FindFront {
        /// What all of them have in common: everything but the schedule counts.
        accounting: PlanChoice,
        /// Where the input image is.
        input_image: InputImage,
        /// The largest grid, as patches a side.
        largest: u32,
    },
    /// Plan the open model on every rung of the ladder. Answered by [`Answer::Rungs`], with progress.
    CompareRungs {
        /// Where the input image is on the patched rungs.
        input_image: InputImage,
        /// The largest grid on the patched rungs, as patches a side.
        largest: u32,
    },
    /// The peaks of a schedule as the MCUNetV2 paper counts them. Answered by [`Answer::Paper`].
    CountAsPaper {
        /// Which schedule. How it is planned and what runs in place do not matter: the count lets
        /// every depthwise convolution of multiplier 1 run in place.
        choice: PlanChoice,
    },
    /// Search on for the smallest arena of a plan until it is proven. Answered by
    /// [`Answer::ProofEnded`], also when it is stopped, and before that by
    /// [`Answer::ProofImproved`]. The best plan found is the one that this choice has from then on.
    Prove {
        /// Which schedule, and how it is planned.
        choice: PlanChoice,
        /// How long to search at most.
        seconds: u32,
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
    /// Take the attachments as the inputs, in the graph's order; at a float boundary quantized or
    /// float32. Answered by [`Answer::InputSet`].
    SetInputs,
    /// Run one inference on the input. Answered by [`Answer::Ran`], with progress.
    Run {
        /// Which schedule, and how it is planned.
        choice: PlanChoice,
    },
    /// Repeat the inference for the times of its operators. Answered by [`Answer::Profiled`].
    Profile {
        /// Which schedule, and how it is planned.
        choice: PlanChoice,
    },
    /// Repeat the inference and nothing else for a while. Answered by [`Answer::Timed`].
    Time {
        /// Which schedule, and how it is planned.
        choice: PlanChoice,
        /// For how long, in milliseconds; at least one sample is taken.
        for_ms: f64,
    },
    /// The output of an operator in the last run. Answered by [`Answer::Activation`].
    Activation {
        /// The operator (index in the file); `None` for the graph's input.
        operator: Option<u32>,
    },
    /// Make a file of a plan for another program. Answered by [`Answer::HandedOver`].
    HandOver {
        /// Which kind of file.
        format: HandOverFormat,
        /// Which schedule, and how it is planned.
        choice: PlanChoice,
        /// What the model is called: its file's name without the ending.
        name: String,
    },
    /// Read the buffers in attachment 0 (minimalloc's CSV) and place them. The open model stays.
    /// Answered by [`Answer::PlacementOpened`].
    OpenPlacement,
    /// Search on for a better plan of these buffers. Answered by [`Answer::PlacementSearched`],
    /// also when it is stopped, and before that by [`Answer::PlacementImproved`].
    SearchPlacement {
        /// Look for a plan within this capacity only, else for the smallest.
        capacity_bytes: Option<u64>,
        /// How long to search at most.
        seconds: u32,
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
        /// Whether the inputs of the graph before it are its own: see [`Request::SetPasses`].
        keeps_inputs: bool,
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
    /// The rungs of the ladder, from the bottom.
    Rungs {
        /// A plan for each.
        rungs: Vec<RungReport>,
    },
    /// Peaks as the MCUNetV2 paper counts them.
    Paper {
        /// The figures.
        paper: PaperReport,
    },
    /// The search for a proof goes on.
    ProofImproved {
        /// How far it has come.
        search: SearchReport,
        /// The best plan, where it is new.
        plan: Option<Box<PlanReport>>,
    },
    /// The search for a proof has ended.
    ProofEnded {
        /// How far it has come.
        search: SearchReport,
        /// The best plan.
        plan: Option<Box<PlanReport>>,
    },
    /// The input is set. Attachment i holds the bytes of input i, at a float boundary the quantized
    /// ones, whether passes have taken it out or not.
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
    /// A plan as a file. Attachment 0 holds its bytes.
    HandedOver {
        /// A name for the file.
        file_name: String,
        /// Its media type.
        media_type: String,
    },
    /// The buffers are read and placed. Attachment 0 is their CSV with offsets.
    PlacementOpened {
        /// The buffers.
        placement: Box<PlacementReport>,
        /// Where they lie.
        plan: PlacementPlan,
        /// The state before any search.
        search: SearchReport,
    },
    /// The search goes on. With a new best plan, attachment 0 is its CSV.
    PlacementImproved {
        /// How far it has come.
        search: SearchReport,
        /// The best plan, where it is new.
        plan: Option<PlacementPlan>,
    },
    /// The search has ended. With a new best plan, attachment 0 is its CSV.
    PlacementSearched {
        /// How far it has come.
        search: SearchReport,
        /// The best plan, where it is new.
        plan: Option<PlacementPlan>,
    },
    /// The job failed or was stopped.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// The header of a message as bytes.
///
/// # Errors
/// Where a value cannot be written, which none of these types holds.
pub fn write(message: &impl Serialize) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_allocvec(message)
}

/// Reads a header.
///
/// # Errors
/// Where the bytes are no such message.
pub fn read<T: DeserializeOwned>(header: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(header)
}

/// A request with its number.
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
    use crate::{report::ProblemKind, text::sample};

    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: &T) {
        let header = write(message).unwrap();
        assert_eq!(read::<T>(&header).as_ref(), Ok(message));
        // Whatever is cut off is no message.
        for length in 0..header.len() {
            assert!(read::<T>(&header[..length]).is_err(), "{length} of {}", header.len());
        }
    }

    #[test]
    fn requests_and_answers_arrive_as_they_were_sent() {
        check(&Ask { job: JobId(7), request: Request::Cancel { job: JobId(3) } });
        let choice = sample::patched_plan(3, 2).choice;
        check(&Ask { job: JobId(8), request: Request::Time { choice, for_ms: 250.5 } });
        let plan = Box::new(sample::patched_plan(2, 2));
        let (model, keeps_inputs) = (Box::new(sample::model()), true);
        let problem =
            Problem { kind: ProblemKind::Choice, message: "§".to_owned(), advice: String::new() };
        let answers = [
            Answer::Opened { model, keeps_inputs },
            Answer::Planned { plan },
            Answer::Front { front: Box::new(sample::front()) },
            Answer::Rungs { rungs: sample::rungs() },
            Answer::Ran { run: Box::new(sample::run()) },
            Answer::Profiled { profile: Box::new(sample::profile()) },
            Answer::Timed { timing: Box::new(sample::timing(choice, &[0.25, 0.5])) },
            Answer::Failed { problem },
        ];
        for answer in answers {
            check(&Reply { job: JobId(u32::MAX), answer });
        }
    }
}
