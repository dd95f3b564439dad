//! The command line's grammar.

use clap::{Args, Parser, Subcommand, ValueEnum, builder::RangedI64ValueParser};
use std::path::PathBuf;
use tinyml_playground::{
    graph::Passes,
    handover::Format,
    schedule::{Alignment, InPlace, InputImage, PlanChoice, Planner, ScheduleChoice, ScratchOf},
    session::MOST_PATCHES_A_SIDE,
};

/// What a schedule in a file says itself.
const SAID_BY_A_SCHEDULE: [&str; 6] =
    ["stage_end", "reorder", "in_place", "planner", "alignment", "scratch"];

/// Shows the memory that an int8 `.tflite` model needs, operator by operator, and runs it layer by
/// layer or in patches.
#[derive(Debug, Parser)]
#[command(name = "inspect", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The model's own figures: MACs, Flash, live bytes of every operator, peak, arena.
    Report {
        #[command(flatten)]
        model: ModelArguments,
        /// SRAM that is available, in bytes: answers whether it fits.
        #[arg(long, value_name = "BYTES")]
        sram: Option<u64>,
        /// A block of one's own in the same SRAM, such as a camera's frame or the stack; may be
        /// given several times.
        #[arg(long, value_name = "NAME=BYTES", value_parser = own_block, requires = "sram")]
        block: Vec<OwnBlock>,
    },
    /// The figures of one patch-based schedule.
    Patch {
        #[command(flatten)]
        model: ModelArguments,
        #[command(flatten)]
        stage: StageArguments,
    },
    /// Two plans side by side, A and B: of one model, or of two.
    Compare {
        #[command(flatten)]
        model: ModelArguments,
        /// The model of B; without it, that of A.
        other: Option<PathBuf>,
        /// A's schedule as `search --json` prints it, in a file; without it, strict and layer by layer.
        #[arg(long, value_name = "FILE")]
        schedule_a: Option<PathBuf>,
        #[command(flatten)]
        stage: OptionalStage,
        /// B's schedule as `search --json` prints it, in a file; it says how it is planned as well.
        #[arg(long, value_name = "FILE", conflicts_with_all = SAID_BY_A_SCHEDULE)]
        schedule: Option<PathBuf>,
    },
    /// Tries every stage end with every grid: the front of arena against MACs, the smallest arena,
    /// and the cheapest schedule that fits.
    Search {
        #[command(flatten)]
        model: ModelArguments,
        /// How the input is held.
        #[arg(long, value_enum, default_value = "resident")]
        input_image: Input,
        #[command(flatten)]
        accounting: AccountingArguments,
        /// SRAM that is available, in bytes: asks for the schedule of least MACs that fits.
        #[arg(long, value_name = "BYTES")]
        sram: Option<u64>,
        /// Leaves out schedules with more than this many times the layer-wise MACs.
        #[arg(long, value_name = "F", value_parser = ratio)]
        max_macs_ratio: Option<f64>,
        /// The largest grid, as patches a side.
        #[arg(long, value_name = "N", default_value_t = 8, value_parser = largest())]
        largest: u32,
    },
    /// One plan for each published idea of how to use memory, side by side.
    Rungs {
        #[command(flatten)]
        model: ModelArguments,
        /// More models, and a table in Markdown with a row for each.
        #[arg(long, num_args = 0.., value_name = "MODEL", conflicts_with_all = ["json", "pictures"])]
        table: Option<Vec<PathBuf>>,
        /// Writes a picture of each rung's arena into this folder.
        #[arg(long, value_name = "DIR")]
        pictures: Option<PathBuf>,
        /// How the input is held on the patched rungs.
        #[arg(long, value_enum, default_value = "resident")]
        input_image: Input,
        /// The largest grid on the patched rungs, as patches a side.
        #[arg(long, value_name = "N", default_value_t = 8, value_parser = largest())]
        largest: u32,
    },
    /// Peaks as the MCUNetV2 paper counts them, beside what really runs.
    Paper {
        #[command(flatten)]
        model: ModelArguments,
        #[command(flatten)]
        stage: StageArguments,
    },
    /// Runs one inference in an arena of exactly the planned bytes.
    Run {
        #[command(flatten)]
        model: ModelArguments,
        /// One raw little-endian file for each input tensor, in order; or a WAV file, of which the
        /// input of a network for spoken words is made as the page does.
        #[arg(long, num_args = 1.., required = true, value_name = "FILE")]
        input: Vec<PathBuf>,
        /// The folder that takes `out0.bin`, ... (and `out0_int8.bin` behind a float boundary).
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
        #[command(flatten)]
        stage: OptionalStage,
        /// A schedule as `search --json` prints it, in a file; it says how it is planned as well.
        #[arg(long, value_name = "FILE", conflicts_with_all = SAID_BY_A_SCHEDULE)]
        schedule: Option<PathBuf>,
        /// Also gives the SHA-256 of every operator's output.
        #[arg(long)]
        layers: bool,
        /// So many inferences, after one that is not counted; times are their means.
        #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        repeat: u32,
        /// The set of kernels that computes.
        #[arg(long, value_name = "NAME", default_value = "native")]
        kernels: KernelSet,
    },
    /// How often a classifier's first answer, and its first three, name what the inputs show.
    Accuracy {
        #[command(flatten)]
        model: ModelArguments,
        /// Raw int8 input tensors, one after the other; with --through-pictures their pictures, with
        /// --through-sounds a folder of WAV files.
        #[arg(long, value_name = "FILE")]
        inputs: PathBuf,
        /// Take the inputs as pictures of the input's size, a byte (0 to 255) for each channel of a
        /// pixel, and make the tensors of them as the page does.
        #[arg(long)]
        through_pictures: bool,
        /// Take the inputs as the WAV files of a folder, in the order of their names, and make the
        /// tensors of them as the page does.
        #[arg(long, conflicts_with = "through_pictures")]
        through_sounds: bool,
        /// A byte for each input: the position of the right answer, from 0.
        #[arg(long, value_name = "FILE")]
        labels: PathBuf,
        /// The file that takes the raw answers, one after the other.
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        /// The set of kernels that computes.
        #[arg(long, value_name = "NAME", default_value = "native")]
        kernels: KernelSet,
    },
    /// What an error line of TensorFlow Lite Micro or of a linker means for the model, and what to do.
    Explain {
        #[command(flatten)]
        model: ModelArguments,
        /// The line, or several; without it they are read from standard input.
        #[arg(long, value_name = "TEXT")]
        line: Vec<String>,
        /// SRAM of the target, in bytes.
        #[arg(long, value_name = "BYTES")]
        sram: Option<u64>,
    },
    /// Every operator of a plan as a table: CSV, or JSON with what it is of.
    Operators {
        #[command(flatten)]
        model: ModelArguments,
        #[command(flatten)]
        stage: OptionalStage,
        /// A schedule as `search --json` prints it, in a file; it says how it is planned as well.
        #[arg(long, value_name = "FILE", conflicts_with_all = SAID_BY_A_SCHEDULE)]
        schedule: Option<PathBuf>,
    },
    /// What would make a plan fit: other plans, a larger board, a smaller input, each planned anew.
    Fit {
        #[command(flatten)]
        model: ModelArguments,
        #[command(flatten)]
        stage: OptionalStage,
        /// SRAM that is available, in bytes.
        #[arg(long, value_name = "BYTES")]
        sram: u64,
        /// A block of one's own in the same SRAM; may be given several times.
        #[arg(long, value_name = "NAME=BYTES", value_parser = own_block)]
        block: Vec<OwnBlock>,
    },
    /// Makes a file of a plan for other programs: a planner's problem, a trace, a C header, or the
    /// model with the plan inside.
    Export {
        #[command(flatten)]
        model: ModelArguments,
        /// What to make.
        #[arg(long, value_enum)]
        format: ExportFormat,
        #[command(flatten)]
        stage: OptionalStage,
        /// A schedule as `search --json` prints it, in a file; it says how it is planned as well.
        #[arg(long, value_name = "FILE", conflicts_with_all = SAID_BY_A_SCHEDULE)]
        schedule: Option<PathBuf>,
        /// The file to write; standard output without it.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Places the buffers of a problem in minimalloc's CSV format.
    Plan {
        /// The problem.
        problem: PathBuf,
        /// Bytes available: the search ends when a plan keeps within them, and the exit tells.
        #[arg(long, value_name = "N")]
        capacity: Option<u64>,
        /// Seconds that the search for a better plan may take; 0 for the greedy plan.
        #[arg(long, value_name = "S", default_value_t = 10.0, value_parser = seconds)]
        time_limit: f64,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ModelArguments {
    /// The `.tflite` file.
    pub(crate) model: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Keeps QUANTIZE and DEQUANTIZE at a float boundary in the graph.
    #[arg(long)]
    keep_float_boundary: bool,
    /// Keeps every PAD as an operator of its own.
    #[arg(long)]
    keep_pad: bool,
}

impl ModelArguments {
    pub(crate) const fn passes(&self) -> Passes {
        Passes { float_boundary: !self.keep_float_boundary, fold_pad: !self.keep_pad }
    }
}

/// The files that a plan can become.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The plan in the CSV of google/minimalloc.
    Minimalloc,
    /// A trace for Perfetto and `chrome://tracing`.
    Trace,
    /// A header for a C compiler.
    CHeader,
    /// A C++ header with what to give TensorFlow Lite Micro for the file, whatever the plan.
    Tflm,
    /// The model with the plan inside, for TensorFlow Lite Micro: layer-wise plans of the file as
    /// stored.
    Tflite,
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Minimalloc => Self::Minimalloc,
            ExportFormat::Trace => Self::Trace,
            ExportFormat::CHeader => Self::CHeader,
            ExportFormat::Tflm => Self::Tflm,
            ExportFormat::Tflite => Self::Tflite,
        }
    }
}

/// The sets of kernels to choose from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KernelSet {
    /// Fast ones on this machine's vectors.
    Native,
    /// Fast ones for any machine: those of browsers without SIMD.
    Portable,
    /// The specification that all others equal, and slow.
    Reference,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Input {
    /// The whole input lies in the arena.
    Resident,
    /// Each patch's part is delivered when its turn comes; the source is not counted.
    Streamed,
}

/// How a plan is made and what it counts.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct AccountingArguments {
    /// Which operators may write over their input.
    #[arg(long, value_enum, default_value = "none")]
    in_place: Overwrite,
    /// How the arena is planned.
    #[arg(long, value_enum, default_value = "refined")]
    planner: Placement,
    /// The least alignment of every address.
    #[arg(long, value_enum, default_value = "element")]
    alignment: Least,
    /// Whose scratch is planned.
    #[arg(long, value_enum, default_value = "kernels")]
    scratch: Whose,
}

impl AccountingArguments {
    pub(crate) fn choice(self, schedule: ScheduleChoice) -> PlanChoice {
        PlanChoice {
            schedule,
            in_place: self.in_place.into(),
            planner: self.planner.into(),
            alignment: match self.alignment {
                Least::Element => Alignment::Element,
                Least::Sixteen => Alignment::Sixteen,
            },
            scratch: match self.scratch {
                Whose::Kernels => ScratchOf::Kernels,
                Whose::TinyEngine => ScratchOf::TinyEngine,
            },
        }
    }
}

/// How the arena is planned.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Placement {
    /// No byte twice.
    NoReuse,
    /// In turns from both ends of the arena.
    PingPong,
    /// TensorFlow Lite Micro's greedy planner.
    Tflm,
    /// TinyEngine's allocator.
    TinyEngine,
    /// Greedy in several orders, and a short exact search.
    Refined,
    /// Branch and bound.
    Exact,
}

impl From<Placement> for Planner {
    fn from(placement: Placement) -> Self {
        match placement {
            Placement::NoReuse => Self::NoReuse,
            Placement::PingPong => Self::PingPong,
            Placement::Tflm => Self::Tflm,
            Placement::TinyEngine => Self::TinyEngine,
            Placement::Refined => Self::Refined,
            Placement::Exact => Self::Exact,
        }
    }
}

/// The least alignment.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Least {
    /// The element's size.
    Element,
    /// 16 bytes.
    #[value(name = "16")]
    Sixteen,
}

/// Whose scratch is planned.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Whose {
    /// That of the kernels that run here.
    Kernels,
    /// That of TinyEngine's kernels: columns and a widened kernel.
    TinyEngine,
}

/// Which operators may write over their input.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Overwrite {
    /// None.
    None,
    /// Depthwise convolutions of multiplier 1.
    Depthwise,
    /// These, and ADD, MUL and QUANTIZE from int8 to int8.
    All,
}

impl From<Overwrite> for InPlace {
    fn from(overwrite: Overwrite) -> Self {
        match overwrite {
            Overwrite::None => Self::None,
            Overwrite::Depthwise => Self::Depthwise,
            Overwrite::All => Self::All,
        }
    }
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct StageArguments {
    /// The last operator of the patch stage, by its index in the file.
    #[arg(long, value_name = "OP")]
    stage_end: u32,
    /// Patches from top to bottom and from left to right, such as 4x4.
    #[arg(long, value_name = "RxC", value_parser = grid)]
    grid: (u32, u32),
    /// How the input is held.
    #[arg(long, value_enum, default_value = "resident")]
    input_image: Input,
    #[command(flatten)]
    accounting: AccountingArguments,
}

impl StageArguments {
    pub(crate) fn choice(self) -> PlanChoice {
        self.accounting.choice(choice(self.stage_end, self.grid, self.input_image))
    }
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct OptionalStage {
    /// Runs operators up to this one in patches.
    #[arg(long, value_name = "OP", requires = "grid")]
    stage_end: Option<u32>,
    /// Patches from top to bottom and from left to right, such as 4x4.
    #[arg(long, value_name = "RxC", value_parser = grid, requires = "stage_end")]
    grid: Option<(u32, u32)>,
    /// How the input is held.
    #[arg(long, value_enum, default_value = "resident", requires = "stage_end")]
    input_image: Input,
    /// Runs the operators in the order of least peak.
    #[arg(long, conflicts_with = "stage_end")]
    reorder: bool,
    #[command(flatten)]
    accounting: AccountingArguments,
}

impl OptionalStage {
    pub(crate) fn choice(self) -> PlanChoice {
        self.accounting.choice(match (self.stage_end, self.grid) {
            (Some(stage_end), Some(grid)) => choice(stage_end, grid, self.input_image),
            _ if self.reorder => ScheduleChoice::Reordered,
            _ => ScheduleChoice::Layerwise,
        })
    }
}

impl From<Input> for InputImage {
    fn from(input: Input) -> Self {
        match input {
            Input::Resident => Self::Resident,
            Input::Streamed => Self::Streamed,
        }
    }
}

fn choice(stage_end: u32, (rows, columns): (u32, u32), input: Input) -> ScheduleChoice {
    ScheduleChoice::Patched { stage_end, rows, columns, input_image: input.into() }
}

/// Reads how far a search over grids goes, as patches a side.
fn largest() -> RangedI64ValueParser<u32> {
    RangedI64ValueParser::new().range(1..=i64::from(MOST_PATCHES_A_SIDE))
}

/// Reads a ratio of at least 1.
fn ratio(text: &str) -> Result<f64, String> {
    let ratio = text.parse().ok().filter(|ratio: &f64| ratio.is_finite() && *ratio >= 1.0);
    ratio.ok_or_else(|| format!("`{text}` is no ratio of at least 1"))
}

/// Reads a number of seconds.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0);
    seconds.ok_or_else(|| format!("`{text}` is no number of seconds"))
}

/// A block of memory beside the arena.
#[derive(Clone, Debug)]
pub(crate) struct OwnBlock {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// Reads `camera frame=153600`.
fn own_block(text: &str) -> Result<OwnBlock, String> {
    const MOST_BYTES: u64 = 1 << 40;
    let wrong = || format!("`{text}` is no block: write its name and bytes, such as stack=4096");
    let (name, bytes) = text.rsplit_once('=').ok_or_else(wrong)?;
    let bytes = bytes.trim().parse().ok().filter(|bytes| (1..=MOST_BYTES).contains(bytes));
    let name = name.trim();
    if name.is_empty() || name.contains(char::is_control) {
        return Err(wrong());
    }
    Ok(OwnBlock { name: name.to_owned(), bytes: bytes.ok_or_else(wrong)? })
}

/// Reads `4x4`.
fn grid(text: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("`{text}` is no grid: write rows x columns, such as 4x4");
    let (rows, columns) = text.split_once(['x', 'X']).ok_or_else(wrong)?;
    let side = |part: &str| part.trim().parse::<u32>().map_err(|_number| wrong());
    Ok((side(rows)?, side(columns)?))
}
