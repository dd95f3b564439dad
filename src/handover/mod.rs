//! A plan as files for other programs: planners, trace viewers, C compilers, TensorFlow Lite Micro.
//!
//! Pure functions from a model, its graph, a schedule and its plan to bytes. `docs/hand-over.md`
//! says what each file holds, field by field. Names come from a hostile file: every format gets
//! them as plain ASCII without what it could mistake for syntax.
//!
//! Invariant: nothing is planned here for a file that says it holds *this* plan; only the offsets of
//! [`Format::Tflite`] may be planned anew, where the plan is not aligned as that format asks.

mod c_header;
mod label;
mod offline_plan;
mod rows;
mod tflm_setup;
mod trace;

pub use offline_plan::{
    OFFLINE_METADATA, OfflinePlan, OfflineRefusal, TFLM_ALIGNMENT_BYTES, offline_plan,
    offline_refusal,
};

use crate::{
    graph::Graph,
    model::{MetadataError, Model},
    plan::{self, Solution},
    schedule::{Planner, Schedule},
};
use serde::{Deserialize, Serialize};

/// A kind of file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// The plan as a problem of google/minimalloc with its solution, in CSV.
    Minimalloc,
    /// A trace that Perfetto and `chrome://tracing` open.
    Trace,
    /// A header for a C compiler: the arena's size, its parts and offsets.
    CHeader,
    /// A header for a C++ compiler, whatever the plan: what to give TensorFlow Lite Micro for the file.
    Tflm,
    /// The model with the plan inside, as TensorFlow Lite Micro takes it.
    Tflite,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Minimalloc, Self::Trace, Self::CHeader, Self::Tflm, Self::Tflite];

    /// Its name in commands and ids, as its JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minimalloc => "minimalloc",
            Self::Trace => "trace",
            Self::CHeader => "c-header",
            Self::Tflm => "tflm",
            Self::Tflite => "tflite",
        }
    }
}

/// What TensorFlow Lite Micro's arena takes for the file as stored, whoever plans it here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TflmArena {
    /// Activations, as its own planner places them.
    pub head_bytes: u64,
    /// What it keeps between runs, estimated for a 32-bit target.
    pub tail_bytes: u64,
    /// No smaller arena lets it start, whatever the activations; 0 where that is not known.
    pub start_bytes: u64,
    /// Operators of kinds for which nothing is counted in its tail.
    pub unknown_operators: u32,
}

impl TflmArena {
    /// What to allocate, a multiple of what it aligns the arena's ends to.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes_with(self.head_bytes)
    }

    /// The same where activations take so many bytes instead, of as many tensors.
    #[must_use]
    pub const fn bytes_with(&self, head_bytes: u64) -> u64 {
        let running = self.running_bytes_with(head_bytes);
        let start = rounded_up(self.start_bytes);
        if start > running { start } else { running }
    }

    /// What it keeps between runs, with what rounding the sum up adds.
    #[must_use]
    pub const fn kept_bytes(&self) -> u64 {
        self.running_bytes_with(self.head_bytes).saturating_sub(self.head_bytes)
    }

    /// What only its start needs beyond all that.
    #[must_use]
    pub const fn only_start_bytes(&self) -> u64 {
        self.bytes() - self.running_bytes_with(self.head_bytes)
    }

    /// What it takes once it has started, where activations take so many bytes.
    #[must_use]
    pub const fn running_bytes_with(&self, head_bytes: u64) -> u64 {
        rounded_up(head_bytes.saturating_add(self.tail_bytes))
    }
}

/// Up to the next multiple of the interpreter's alignment.
const fn rounded_up(bytes: u64) -> u64 {
    bytes.saturating_add(TFLM_ALIGNMENT_BYTES - 1) / TFLM_ALIGNMENT_BYTES * TFLM_ALIGNMENT_BYTES
}

/// What a file is made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What the model is called: its file's name without the ending. Any text.
    pub name: &'a str,
    /// The file.
    pub model: &'a Model,
    /// Its graph after passes.
    pub graph: &'a Graph,
    /// What is computed when.
    pub schedule: &'a Schedule,
    /// Where it lies.
    pub solution: &'a Solution,
    /// Who plans anew, where a format asks for another alignment.
    pub planner: Planner,
    /// How long each step took, where that was measured; as many as the schedule has steps.
    pub step_ms: Option<&'a [f64]>,
    /// What to allocate for TensorFlow Lite Micro, where that is known.
    pub tflm: Option<TflmArena>,
}

/// A file to hand over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HandOver {
    /// A name for it, of letters, digits, `-`, `_` and `.`.
    pub file_name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Bytes of the arena that it describes: of [`Format::Tflite`] rounded up to 16, of [`Format::Tflm`] what to
    /// allocate for it (0 where that is not known), else exact.
    pub arena_bytes: u64,
}

/// Why a plan cannot become a file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum HandOverError {
    /// The plan is none that TensorFlow Lite Micro can follow.
    #[error("TensorFlow Lite Micro cannot take this plan: {0}")]
    Offline(#[from] OfflineRefusal),
    /// The plan cannot be written into the model's file.
    #[error("the plan cannot be written into the model: {0}")]
    Metadata(#[from] MetadataError),
}

impl HandOverError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Offline(refusal) => refusal.advice(),
            Self::Metadata(error) => error.advice(),
        }
    }
}

/// Makes a file.
///
/// # Errors
/// [`HandOverError`] where the format cannot hold the plan; all formats but the last hold every plan.
pub fn hand_over(source: &Source<'_>, format: Format) -> Result<HandOver, HandOverError> {
    let stem = label::file_stem(source.name);
    let mut arena_bytes = source.solution.height_bytes;
    let (ending, media_type, bytes) = match format {
        Format::Minimalloc => (".plan.csv", "text/csv", minimalloc(source)),
        Format::Trace => (".trace.json", "application/json", trace::trace(source)),
        Format::CHeader => ("_arena.h", "text/x-c", c_header::c_header(source).into_bytes()),
        Format::Tflm => {
            arena_bytes = source.tflm.map_or(0, |arena| arena.bytes());
            ("_tflm.h", "text/x-c++", tflm_setup::tflm_setup(source).into_bytes())
        }
        Format::Tflite => {
            let plan = offline_plan(source)?;
            arena_bytes = plan.arena_bytes;
            let bytes = offline_plan::write(source.model, &plan)?;
            (".planned.tflite", "application/octet-stream", bytes)
        }
    };
    Ok(HandOver { file_name: format!("{stem}{ending}"), media_type, bytes, arena_bytes })
}

/// The plan in minimalloc's format.
fn minimalloc(source: &Source<'_>) -> Vec<u8> {
    let ids = rows::rows(source).into_iter().map(|row| row.id).collect();
    let problem = crate::schedule::problem(source.schedule);
    let named = plan::csv::NamedProblem { ids, problem };
    plan::csv::write(&named, source.solution)
}
