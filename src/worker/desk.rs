//! Requests in, answers out.

use super::placing;
use crate::{
    exec::ExecError,
    kernels::{Ceiling, Kernels},
    model::Limits,
    preprocess::Preprocessing,
    protocol::{Answer, JobId, Request},
    report::{HandOverFormat, InputImage, OperatorTime, Passes, PlanChoice, Planner},
    session::{
        Capture, Error, FrontSearch, Placement, Planned, Recorder, RungSearch, Session,
        SquareSearch,
    },
};
use std::sync::Arc;

/// Bytes that travel beside a message.
pub type Attachment = Vec<u8>;

/// An answer with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The answer.
    pub answer: Answer,
    /// Its attachments, as the protocol numbers them.
    pub attachments: Vec<Attachment>,
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        Self { answer, attachments: Vec::new() }
    }
}

/// What a desk needs of the world around it.
pub trait Outside {
    /// A clock in milliseconds.
    fn now_ms(&self) -> f64;

    /// Tells something of a job before its answer.
    fn tell(&self, job: JobId, response: Response);

    /// Whether somebody asked to stop a job.
    fn is_cancelled(&self, job: JobId) -> bool;

    /// Lets the world go on for a moment, so that a request to stop can arrive.
    fn pause(&self) -> impl Future<Output = ()>;
}

/// After how many milliseconds of work the world is let in.
pub(super) const PAUSE_AFTER_MS: f64 = 30.0;

/// So many plans are kept: both that are shown, and what they are compared with.
const MOST_PLANS: usize = 4;

/// Activations are kept for the page up to this many bytes in all.
const CAPTURE_LIMIT_BYTES: usize = 256 << 20;

/// A decoded picture: four bytes a pixel.
struct Picture {
    rgba: Vec<u8>,
    size: [u32; 2],
}

/// One open model and everything that was given or made for it, and buffers to place beside it.
pub struct Desk<K: Kernels> {
    pub(super) session: Option<Session<K>>,
    placement: Option<Placement>,
    /// The plans that were told last, or that a search has made of them: what runs is what is shown.
    plans: Vec<Planned>,
    picture: Option<Picture>,
    pub(super) inputs: Option<Vec<Vec<u8>>>,
    captures: Vec<Option<Capture>>,
    /// The times of each schedule that has run on this input.
    pub(super) run_times: Vec<RunTimes>,
    /// The clock's step and the machine's limit, as measured so far.
    pub(super) machine: Option<Machine>,
}

/// How long a run took, or the mean of several.
pub(super) struct RunTimes {
    pub(super) choice: PlanChoice,
    pub(super) total_ms: f64,
    pub(super) operators: Vec<OperatorTime>,
    /// Milliseconds of each step.
    pub(super) step_ms: Vec<f64>,
}

/// What times are measured by.
#[derive(Clone, Copy)]
pub(super) struct Machine {
    pub(super) clock_step_ms: f64,
    pub(super) limit_macs_per_ms: f64,
}

impl<K: Kernels> Default for Desk<K> {
    fn default() -> Self {
        Self {
            session: None,
            placement: None,
            plans: Vec::new(),
            picture: None,
            inputs: None,
            captures: Vec::new(),
            run_times: Vec::new(),
            machine: None,
        }
    }
}

impl<K: Kernels + Ceiling> Desk<K> {
    /// Answers one request; what fails is answered with its problem, and changes nothing.
    pub async fn answer(
        &mut self,
        job: JobId,
        request: Request,
        attachments: Vec<Attachment>,
        outside: &impl Outside,
    ) -> Response {
        if request == Request::SetInputs {
            let result = self.take_inputs(attachments);
            return result
                .unwrap_or_else(|error| Answer::Failed { problem: error.problem() }.into());
        }
        let attachment = attachments.into_iter().next().unwrap_or_default();
        let result = match request {
            Request::Open { passes } => self.open(attachment, passes),
            Request::SetPasses { passes } => self.set_passes(passes),
            Request::Plan { choice } => self.plan(choice),
            Request::TrySquares { accounting, input_image, largest } => {
                self.try_squares(job, accounting, (input_image, largest), outside).await
            }
            Request::TryPlan { choice, input } => self.try_plan(choice, input),
            Request::Prove { choice, seconds } => self.prove(job, choice, seconds, outside).await,
            Request::FindFront { accounting, input_image, largest } => {
                self.find_front(job, accounting, (input_image, largest), outside).await
            }
            Request::CompareRungs { input_image, largest } => {
                self.compare_rungs(job, input_image, largest, outside).await
            }
            Request::CountAsPaper { choice } => self.count_as_paper(choice),
            Request::SetPicture { width, height, preprocessing } => {
                self.set_picture(Picture { rgba: attachment, size: [width, height] }, preprocessing)
            }
            Request::SetPreprocessing { preprocessing } => self.set_preprocessing(preprocessing),
            Request::SetNoise { seed } => self.set_noise(seed),
            Request::Run { choice } => self.run(job, choice, outside).await,
            Request::Profile { choice } => self.profile(job, choice, outside).await,
            Request::Time { choice, for_ms } => self.time(job, choice, for_ms, outside).await,
            Request::Activation { operator } => self.activation(operator),
            Request::HandOver { format, choice, name } => self.hand_over(format, choice, &name),
            Request::OpenPlacement => self.open_placement(&attachment),
            Request::SearchPlacement { capacity_bytes, seconds } => {
                self.search_placement(job, capacity_bytes, seconds, outside).await
            }
            Request::SetInputs => self.take_inputs(vec![attachment]),
            // Told to the outside as it arrives; there is nothing left to do.
            Request::Cancel { .. } => Err(ExecError::Cancelled.into()),
        };
        result.unwrap_or_else(|error: Error| Answer::Failed { problem: error.problem() }.into())
    }

    pub(super) fn session(&self) -> Result<&Session<K>, Error> {
        self.session.as_ref().ok_or(Error::NoModel)
    }

    fn open(&mut self, bytes: Attachment, passes: Passes) -> Result<Response, Error> {
        let session = Session::open(Arc::from(bytes), passes, Limits::default())?;
        Ok(self.take(session))
    }

    fn open_placement(&mut self, text: &[u8]) -> Result<Response, Error> {
        let placement = self.placement.insert(Placement::open(text)?);
        placing::opened(placement)
    }

    async fn search_placement(
        &mut self,
        job: JobId,
        capacity_bytes: Option<u64>,
        seconds: u32,
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let placement = self.placement.as_mut().ok_or(Error::NoPlacement)?;
        placement.search().aim_within(capacity_bytes)?;
        placing::search(placement, seconds, job, outside).await
    }

    /// Another graph of the same model, with the inputs that are there.
    fn set_passes(&mut self, passes: Passes) -> Result<Response, Error> {
        let old = self.session()?;
        let session = old.with_passes(passes)?;
        let inputs = self.inputs.as_ref().and_then(|inputs| {
            let kept = inputs.iter().enumerate().map(|(position, bytes)| {
                session.input_from_bytes(position, &old.quantized_input(position, bytes))
            });
            // Where they do not fit, the page is told so and gives others.
            kept.collect::<Result<Vec<_>, _>>().ok()
        });
        let mut response = self.take(session);
        if let Answer::Opened { keeps_inputs, .. } = &mut response.answer {
            *keeps_inputs = inputs.is_some();
        }
        self.inputs = inputs;
        Ok(response)
    }

    /// Makes a session the open one. Inputs and activations belonged to the old graph.
    fn take(&mut self, session: Session<K>) -> Response {
        let model = Box::new(session.report().clone());
        let keeps_inputs = false;
        self.session = Some(session);
        self.plans = Vec::new();
        self.inputs = None;
        self.captures = Vec::new();
        self.run_times = Vec::new();
        Answer::Opened { model, keeps_inputs }.into()
    }

    fn plan(&mut self, choice: PlanChoice) -> Result<Response, Error> {
        let planned = self.planned(choice)?;
        let plan = Box::new(self.session()?.plan_report(&planned));
        self.keep_plan(planned);
        Ok(Answer::Planned { plan }.into())
    }

    fn try_plan(&self, choice: PlanChoice, input: Option<[u32; 2]>) -> Result<Response, Error> {
        let input = input.map(|sides| sides.map(|side| side as usize));
        let candidates = vec![self.session()?.try_plan(input, choice)?];
        Ok(Answer::Candidates { candidates }.into())
    }

    /// The plan for a choice: the very one that was told, where it is there still.
    pub(super) fn planned(&self, choice: PlanChoice) -> Result<Planned, Error> {
        match self.plans.iter().find(|told| told.choice == choice) {
            Some(told) => Ok(told.clone()),
            None => self.session()?.plan(choice),
        }
    }

    /// Keeps a plan in place of the one for the same choice, or of the oldest.
    fn keep_plan(&mut self, planned: Planned) {
        self.plans.retain(|earlier| earlier.choice != planned.choice);
        self.plans.truncate(MOST_PLANS - 1);
        self.plans.insert(0, planned);
    }

    async fn prove(
        &mut self,
        job: JobId,
        choice: PlanChoice,
        seconds: u32,
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let session = self.session.as_ref().ok_or(Error::NoModel)?;
        let planned = match self.plans.iter().find(|told| told.choice == choice) {
            Some(told) => told.clone(),
            // The search that follows makes it the exact planner's.
            None => {
                let quick = session.plan(choice.with_planner(Planner::Refined))?;
                Planned { choice, ..quick }
            }
        };
        let search = session.plan_search(&planned)?;
        let before = planned.solution.clone();
        let mut proving = placing::Proving { session, planned, search };
        let response = placing::search(&mut proving, seconds, job, outside).await;
        let best = proving.best();
        if best.solution.offsets != before.offsets {
            // What ran, ran in another plan.
            self.run_times.retain(|times| times.choice != choice);
        }
        self.keep_plan(best);
        response
    }

    async fn try_squares(
        &self,
        job: JobId,
        accounting: PlanChoice,
        (input_image, largest): (InputImage, u32),
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let session = self.session()?;
        let mut search =
            SquareSearch::new(session, input_image, largest)?.with_accounting(accounting);
        drive(job, outside, || {
            let goes_on = search.step(session)?;
            Ok(goes_on.then(|| (search.done(), search.len())))
        })
        .await?;
        Ok(Answer::Candidates { candidates: search.finish() }.into())
    }

    async fn find_front(
        &self,
        job: JobId,
        accounting: PlanChoice,
        (input_image, largest): (InputImage, u32),
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let session = self.session()?;
        let mut search =
            FrontSearch::new(session, input_image, largest)?.with_accounting(accounting);
        drive(job, outside, || {
            let goes_on = search.step(session)?;
            Ok(goes_on.then(|| (search.done(), search.len())))
        })
        .await?;
        Ok(Answer::Front { front: Box::new(search.finish(session)) }.into())
    }

    async fn compare_rungs(
        &self,
        job: JobId,
        input_image: InputImage,
        largest: u32,
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let session = self.session()?;
        let mut search = RungSearch::new(session, input_image, largest)?;
        drive(job, outside, || {
            let goes_on = search.step(session)?;
            Ok(goes_on.then(|| search.progress()))
        })
        .await?;
        Ok(Answer::Rungs { rungs: search.finish() }.into())
    }

    fn count_as_paper(&self, choice: PlanChoice) -> Result<Response, Error> {
        let session = self.session()?;
        let paper = session.paper_report(&session.schedule(choice)?);
        Ok(Answer::Paper { paper }.into())
    }

    fn set_picture(&mut self, picture: Picture, choices: Preprocessing) -> Result<Response, Error> {
        let input = self.session()?.input_from_picture(&picture.rgba, picture.size, choices)?;
        self.picture = Some(picture);
        self.set_inputs(vec![input])
    }

    fn set_preprocessing(&mut self, choices: Preprocessing) -> Result<Response, Error> {
        let Picture { rgba, size } = self.picture.as_ref().ok_or(Error::NoPicture)?;
        let input = self.session()?.input_from_picture(rgba, *size, choices)?;
        self.set_inputs(vec![input])
    }

    fn set_noise(&mut self, seed: u32) -> Result<Response, Error> {
        let session = self.session()?;
        // Only what can run has inputs of a size worth filling.
        session.check_runs()?;
        let inputs = session.inputs_from_noise(seed);
        self.set_inputs(inputs)
    }

    fn take_inputs(&mut self, attachments: Vec<Attachment>) -> Result<Response, Error> {
        let session = self.session()?;
        let given = attachments.iter().enumerate();
        let inputs = given.map(|(position, bytes)| session.input_from_bytes(position, bytes));
        let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
        session.check_inputs(&inputs)?;
        self.set_inputs(inputs)
    }

    fn set_inputs(&mut self, inputs: Vec<Vec<u8>>) -> Result<Response, Error> {
        let session = self.session()?;
        let first = inputs.first().ok_or(Error::NoInput)?;
        let input = Box::new(session.input_report(first)?);
        let met = inputs.iter().enumerate();
        let attachments = met.map(|(i, bytes)| session.quantized_input(i, bytes)).collect();
        self.inputs = Some(inputs);
        self.run_times = Vec::new();
        Ok(Response { answer: Answer::InputSet { input }, attachments })
    }

    async fn run(
        &mut self,
        job: JobId,
        choice: PlanChoice,
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let session = self.session.as_ref().ok_or(Error::NoModel)?;
        let inputs = self.inputs.as_ref().ok_or(Error::NoInput)?;
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let planned = self.planned(choice)?;
        let arena = Session::<K>::arena(&planned)?;
        let mut clock = || outside.now_ms();
        let mut recorder = Recorder::new(session.graph()).with_clock(&mut clock);
        let activations = session.graph().nodes.iter().filter_map(|node| node.outputs.first());
        let bytes = activations.map(|&id| session.graph().tensor(id).bytes);
        if bytes.fold(0, usize::saturating_add) <= CAPTURE_LIMIT_BYTES {
            recorder = recorder.with_captures(session.graph());
        }
        let mut execution = session.start(&planned, &inputs, arena)?;
        let steps = planned.schedule.steps.len();
        drive(job, outside, || {
            let goes_on = execution.step(&mut recorder)?;
            Ok(goes_on.then(|| (execution.steps_done(), steps)))
        })
        .await?;
        let trace = execution.finish();
        let run = Box::new(session.run_report(&planned, &trace, &recorder));
        let outputs = (0..trace.outputs.len()).map(|i| session.output_bytes(&trace, i));
        let attachments = outputs.collect();
        let (total_ms, operators) = (run.total_ms, run.operators.clone());
        self.keep(RunTimes { choice, total_ms, operators, step_ms: recorder.step_ms() });
        self.captures = recorder.into_captures();
        Ok(Response { answer: Answer::Ran { run }, attachments })
    }

    /// Keeps the times of a schedule in place of those that are there.
    pub(super) fn keep(&mut self, times: RunTimes) {
        self.run_times.retain(|earlier| earlier.choice != times.choice);
        self.run_times.push(times);
    }

    fn hand_over(
        &self,
        format: HandOverFormat,
        choice: PlanChoice,
        name: &str,
    ) -> Result<Response, Error> {
        let session = self.session()?;
        let planned = self.planned(choice)?;
        let run = self.run_times.iter().find(|times| times.choice == choice);
        let step_ms = run.map(|times| times.step_ms.as_slice());
        let file = session.hand_over(&planned, format, name, step_ms)?;
        let media_type = file.media_type.to_owned();
        let answer = Answer::HandedOver { file_name: file.file_name, media_type };
        Ok(Response { answer, attachments: vec![file.bytes] })
    }

    fn activation(&self, operator: Option<u32>) -> Result<Response, Error> {
        let session = self.session()?;
        let (activation, bytes) = match operator {
            None => {
                let input = self.inputs.as_ref().and_then(|inputs| inputs.first());
                let input = input.ok_or(Error::NoInput)?;
                (session.input_report(input)?, session.quantized_input(0, input))
            }
            Some(operator) => {
                let position = session.graph().position(operator as usize);
                let capture = position.and_then(|position| self.captures.get(position));
                let capture = capture.and_then(Option::as_ref);
                let capture = capture.ok_or(Error::NoActivation { operator })?;
                (session.activation_report(operator, capture)?, capture.bytes.clone())
            }
        };
        let answer = Answer::Activation { activation: Box::new(activation) };
        Ok(Response { answer, attachments: vec![bytes] })
    }
}

/// Works step by step until a step is the last; the others return how much is done, and of how much.
async fn drive(
    job: JobId,
    outside: &impl Outside,
    mut step: impl FnMut() -> Result<Option<(usize, usize)>, Error>,
) -> Result<(), Error> {
    let mut pause = Pause::new(outside);
    while let Some((done, of)) = step()? {
        pause.when_due(job, done as u64, of as u64).await?;
    }
    Ok(())
}

/// Lets the world in now and then, and sees whether it wants to stop.
pub(super) struct Pause<'a, O> {
    outside: &'a O,
    last_ms: f64,
}

impl<'a, O: Outside> Pause<'a, O> {
    pub(super) fn new(outside: &'a O) -> Self {
        Self { outside, last_ms: outside.now_ms() }
    }

    pub(super) fn now_ms(&self) -> f64 {
        self.outside.now_ms()
    }

    /// Tells the progress and pauses when enough time has passed.
    pub(super) async fn when_due(&mut self, job: JobId, done: u64, of: u64) -> Result<(), Error> {
        if self.outside.now_ms() - self.last_ms >= PAUSE_AFTER_MS {
            self.outside.tell(job, Answer::Progress { done, of }.into());
            self.outside.pause().await;
            self.last_ms = self.outside.now_ms();
        }
        if self.outside.is_cancelled(job) { Err(ExecError::Cancelled.into()) } else { Ok(()) }
    }
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
