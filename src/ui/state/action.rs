//! What can happen to the page, and what the page then asks of the world.

use super::{
    Bundled, Drawing, FrontGoal, Live, OwnBlock, PlacementAction, PlanKind, TableFile, TableOf,
    Target, Theme,
};
use crate::{
    preprocess::Preprocessing,
    protocol::{Ask, JobId, Reply},
    report::{HandOverFormat, InputImage, Passes, PlanChoice, Problem, Rung, ScheduleChoice},
    text::accounting::Preset,
    ui::kernel_set::KernelSet,
};

/// Where a model's bytes come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Source {
    /// A model that comes with the page.
    Bundled(&'static Bundled),
    /// A file that the visitor chose, by the number under which the page keeps it.
    File(u32),
    /// Nowhere: numbers of a link are shown without them.
    Numbers,
}

/// Where the input comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum InputFrom {
    /// A picture that comes with the page.
    Sample(usize),
    /// The visitor's own picture.
    Own(String),
    /// What the visitor draws.
    Drawing,
    /// The visitor's camera.
    Camera,
    /// The visitor's microphone.
    Microphone,
    /// Seeded noise.
    Noise(u32),
}

impl InputFrom {
    /// Whether it is a picture.
    #[must_use]
    pub const fn is_picture(&self) -> bool {
        !matches!(self, Self::Noise(_))
    }
}

/// A way to move the selection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Move {
    /// One operator back.
    Previous,
    /// One operator on.
    Next,
    /// The first operator.
    First,
    /// The last operator.
    Last,
    /// The peak.
    Peak,
}

/// What happens: the visitor's doing and the world's answers.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names of fields say what they hold")]
pub enum Action {
    /// The visitor chose a file.
    ChooseFile { handle: u32, name: String, bytes: u64 },
    /// Open a model that comes with the page, and show it with this schedule.
    OpenBundled(&'static Bundled, Option<ScheduleChoice>),
    /// Label the answers with this text, a line each.
    SetLabels(String),
    /// A file of labels could not be read.
    LabelsUnread { why: String },
    /// The labels' problem has been read.
    DismissLabels,
    /// So much of the chosen model is read.
    ReadProgress { source: Source, done: u64, of: u64 },
    /// The chosen model is read.
    ReadDone { source: Source },
    /// The chosen model could not be read.
    ReadFailed { source: Source, why: String },
    /// The visitor no longer wants the file.
    CancelRead,
    /// The worker answers, with attachments.
    Replied { reply: Box<Reply>, attachments: Vec<Vec<u8>> },
    /// The worker died.
    WorkerDied { why: String },
    /// A cancelled job was given its time.
    CancelTimedOut { job: JobId },
    /// The visitor stops a job.
    Cancel { job: JobId },
    /// The visitor has read the problem.
    DismissProblem,
    /// The visitor has read the note about the link.
    DismissLinkNote,
    /// Another target.
    SetTarget(Target),
    /// Add a block of memory beside the arena.
    AddBlock(OwnBlock),
    /// Take the block at this place away.
    RemoveBlock(usize),
    /// Other passes.
    SetPasses(Passes),
    /// Other accounting: everything of it counts but the schedule.
    SetAccounting(PlanChoice),
    /// Count as somebody else does.
    TakePreset(Preset),
    /// Run operators in the order of least peak, or in the file's.
    SetReordered(bool),
    /// Plan on all rungs of the ladder.
    CompareRungs,
    /// Show the plan of a rung.
    TakeRung(Rung),
    /// Search for the proof that the shown plan is the smallest.
    Prove,
    /// Take the last choice back.
    Undo,
    /// Do again what was taken back.
    Redo,
    /// Whether keys of a single letter do something.
    SetLetters(bool),
    /// Show this plan.
    ShowPlan(PlanKind),
    /// Show the other plan.
    TogglePlan,
    /// End the patch stage there.
    SetStageEnd(u32),
    /// End the patch stage one choice earlier (-1) or later (1).
    MoveStageEnd(i32),
    /// So many rows and columns.
    SetGrid { rows: u32, columns: u32 },
    /// Hold the input so.
    SetInputImage(InputImage),
    /// Look for the best square grid and show it.
    TrySquares,
    /// Take that from the front of arena against multiply-accumulates; look for it first.
    FindFront(FrontGoal),
    /// Show this schedule.
    Apply(ScheduleChoice),
    /// Look for what would make the shown plan fit.
    FindFit,
    /// Show this plan, and count as it does.
    Take(PlanChoice),
    /// Select an operator.
    Select(u32),
    /// Select a step of the shown plan, and its operator.
    SelectStep(u32),
    /// Move the selection.
    Move(Move),
    /// Take a bundled picture.
    ChooseSample(usize),
    /// Take noise.
    ChooseNoise,
    /// A picture is decoded and kept.
    PictureDecoded { from: InputFrom, width: u32, height: u32 },
    /// A picture of those that follow each other is kept.
    Lively(Live),
    /// A picture could not be decoded.
    PictureFailed { why: String },
    /// A sound of the visitor's could not become the input.
    Unheard(Problem),
    /// A bundled picture could not be fetched.
    SampleUnread { sample: usize, why: String },
    /// Fetch once more what could not be fetched.
    TryAgain,
    /// Other preprocessing.
    SetPreprocessing(Preprocessing),
    /// Run the shown plan.
    Run,
    /// Run both plans that are compared on the same input.
    RunBoth,
    /// Keep the shown plan as A, or forget it where it is A already.
    KeepPlan,
    /// Show A, and keep what is shown.
    SwapKept,
    /// Show A.
    ShowKept,
    /// Keep no plan.
    ForgetKept,
    /// Save the shown plan as such a file.
    HandOver(HandOverFormat),
    /// Save a drawing.
    SaveDrawing(Box<Drawing>),
    /// Save a table.
    SaveTable(TableOf, TableFile),
    /// Print the sheet.
    Print,
    /// Save the report.
    SaveReport,
    /// Copy a link with the numbers of the shown plan.
    ShareNumbers,
    /// A link with this fragment was copied, or could not be.
    Copied { fragment: String, is_copied: bool },
    /// Buffers to place, without a model.
    Place(PlacementAction),
    /// Compare all sets of kernels.
    StartBenchmark,
    /// Stop comparing them.
    StopBenchmark,
    /// A worker of the benchmark answers.
    CrewReplied { set: KernelSet, reply: Box<Reply> },
    /// A worker of the benchmark died.
    CrewDied { set: KernelSet, why: String },
    /// Other colours.
    SetTheme(Theme),
    /// The next colours.
    NextTheme,
    /// Let this set of kernels compute; `None` for the best that runs.
    SetKernels(Option<KernelSet>),
}

/// What travels beside a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Attachment {
    /// Nothing.
    None,
    /// The model that was read last.
    Model,
    /// The picture that was decoded last.
    Picture,
    /// The file of buffers that was read last.
    Placement,
    /// The buffers that are open.
    OpenPlacement,
    /// The model that is open.
    OpenModel,
    /// All inputs.
    Inputs,
}

/// What the page asks of the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a request to the worker.
    Ask(Ask, Attachment),
    /// Start workers for a benchmark, one for each of these sets. They end with it.
    StartCrew(Vec<KernelSet>),
    /// Send a request to the benchmark's worker of a set.
    AskCrew(KernelSet, Ask, Attachment),
    /// Read a model's bytes.
    Read(Source),
    /// Stop reading.
    StopReading,
    /// Fetch and decode a bundled picture.
    LoadSample(usize),
    /// Hear no more of pictures that are being decoded.
    ForgetPictures,
    /// Come back with [`Action::CancelTimedOut`] after a while.
    WaitForCancel(JobId),
    /// Give the visitor a file.
    Save {
        /// A name for it.
        file_name: String,
        /// Its media type.
        media_type: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// Give the visitor a drawing as pixels, twice as many as it has CSS pixels each way.
    SavePng {
        /// A name for it.
        file_name: String,
        /// The drawing.
        svg: String,
        /// Its size in CSS pixels.
        size: (u32, u32),
    },
    /// Put the page's address with this fragment on the clipboard, and tell by [`Action::Copied`].
    Copy(String),
    /// Print the sheet of the shown plan.
    Print,
    /// Give the visitor the report of the shown plan.
    SaveReport,
    /// End the worker and start that of the kernel set that is to compute.
    RestartWorker,
}
