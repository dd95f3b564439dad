//! Figures as plain serialisable data: the only thing that the page and the command line read.
//!
//! Ids and numbers, no sentences (those are in `text`); every figure has the meaning that
//! `docs/glossary.md` gives it. Bytes are exact; times are milliseconds; MACs are single
//! multiply-accumulates.

mod build;
mod field;
mod fit;
mod model;
mod paper;
mod placement;
mod plan;
mod plan_build;
mod problem;
mod run;
mod rungs;
mod tflm;
mod timing;

pub use crate::{
    graph::{Passes, Removal as HostPass},
    handover::Format as HandOverFormat,
    schedule::{Alignment, InPlace, InputImage, PlanChoice, Planner, ScheduleChoice, ScratchOf},
};
pub use build::{ModelFacts, model_report};
pub use field::{FieldError, FieldReport, receptive_field};
pub use fit::{FitAnswer, FitGoal, FitQuestion, FitSearch, smaller_inputs};
pub use model::{
    Family, ModelReport, OperatorReport, OptionReport, QuantizationReport, Refusal, TensorReport,
    TensorRole,
};
pub use paper::{PaperPatches, PaperReport, PaperStep, paper_report};
pub use placement::{PlacementBuffer, PlacementPlan, PlacementReport, SearchReport, SearchStage};
pub use plan::{
    BlockReport, BlockRole, CandidateReport, FrontReport, OperatorNeed, PlanReport, StepReport,
    UnclippedReport,
};
pub use plan_build::plan_report;
pub use problem::{Problem, ProblemKind};
pub use run::{ActivationReport, OperatorTime, OutputReport, RunReport, ScoreReport};
pub use rungs::{Rung, RungReport};
pub use tflm::{TflmPart, TflmPartKind, TflmPersistent, tflm_persistent};
pub use timing::{ProfileReport, TimingReport};
