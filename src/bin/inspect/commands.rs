//! What each command does.

use crate::{
    accuracy::{Accuracy, Inputs},
    arguments::{Arguments, Command, KernelSet, ModelArguments, OwnBlock},
    compare::Comparison,
    drawing,
    explain::Explain,
    export::Export,
    failure::Failure,
    files,
    fit::Fit,
    rungs,
    search::{self, Search},
    sounds,
};
use clap::Parser as _;
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};
use tinyml_playground::{
    exec::Trace,
    graph::Passes,
    kernels::{Kernels, Native, Portable, Reference},
    model::Limits,
    plan::{self, ExactSearch, Progress},
    report::{ModelReport, RunReport},
    schedule::{PlanChoice, ScheduleChoice},
    session::{Capture, Planned, Recorder, Session},
    text,
};

/// The exit code of "all went well, and it does not fit".
const DOES_NOT_FIT: u8 = 3;

/// Nodes that the exact planner searches between two looks at the clock.
const SLICE_NODES: u64 = 1_000;

/// The most bytes that are read of a problem in CSV.
const PROBLEM_BYTES: usize = 16 << 20;

/// Reads the command line and runs it.
#[expect(clippy::print_stderr, reason = "this is the command line")]
pub(crate) fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Report { model, sram, block } => report(&model, sram, &block),
        Command::Patch { model, stage } => patch(&model, stage.choice()),
        Command::Compare { model, other, schedule_a, stage, schedule } => {
            let a = schedule_a.as_deref().map_or_else(|| Ok(PlanChoice::default()), search::read);
            let b = schedule.as_deref().map_or_else(|| Ok(stage.choice()), search::read);
            a.and_then(|a| Comparison { model, other, a, b: b? }.execute())
        }
        Command::Search { model, input_image, accounting, sram, max_macs_ratio, largest } => {
            let input_image = input_image.into();
            let accounting = accounting.choice(ScheduleChoice::Layerwise);
            Search { model, input_image, accounting, sram, max_macs_ratio, largest }.execute()
        }
        Command::Rungs { model, table, pictures, input_image, largest } => {
            let input_image = input_image.into();
            rungs::Comparison { model, table, pictures, input_image, largest }.execute()
        }
        Command::Paper { model, stage } => rungs::paper(&model, stage.choice()),
        Command::Run { model, input, output, stage, schedule, layers, repeat, kernels } => {
            schedule.as_deref().map_or_else(|| Ok(stage.choice()), search::read).and_then(
                |choice| Run { model, input, output, choice, layers, repeat }.execute_with(kernels),
            )
        }
        Command::Accuracy {
            model,
            inputs,
            through_pictures,
            through_sounds,
            labels,
            answers,
            kernels,
        } => {
            let inputs = match (through_pictures, through_sounds) {
                (true, _) => Inputs::Pictures(inputs),
                (_, true) => Inputs::Sounds(inputs),
                _ => Inputs::Tensors(inputs),
            };
            Accuracy { model, inputs, labels, answers }.execute_with(kernels)
        }
        Command::Explain { model, line, sram } => Explain { model, line, sram }.execute(),
        Command::Operators { model, stage, schedule } => schedule
            .as_deref()
            .map_or_else(|| Ok(stage.choice()), search::read)
            .and_then(|choice| operators(&model, choice)),
        Command::Fit { model, stage, sram, block } => {
            Fit { model, choice: stage.choice(), sram, block }.execute()
        }
        Command::Export { model, format, stage, schedule, output } => schedule
            .as_deref()
            .map_or_else(|| Ok(stage.choice()), search::read)
            .and_then(|choice| Export { model, format: format.into(), choice, output }.execute()),
        Command::Plan { problem, capacity, time_limit, json } => {
            place(&problem, capacity, time_limit, json)
        }
    };
    outcome.unwrap_or_else(|failure| {
        eprintln!("{failure}");
        ExitCode::FAILURE
    })
}

pub(crate) type Outcome = Result<ExitCode, Failure>;

pub(crate) fn open<K: Kernels>(arguments: &ModelArguments) -> Result<Session<K>, Failure> {
    open_file(&arguments.model, arguments.passes())
}

pub(crate) fn open_file<K: Kernels>(path: &Path, passes: Passes) -> Result<Session<K>, Failure> {
    let limits = Limits::default();
    let bytes = files::read(path, limits.file_bytes)?;
    Ok(Session::open(bytes.into(), passes, limits)?)
}

pub(crate) fn json_text(value: &Value) -> String {
    // A value without maps of other keys than strings can always be written.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

pub(crate) fn exit(fits: bool) -> ExitCode {
    if fits { ExitCode::SUCCESS } else { ExitCode::from(DOES_NOT_FIT) }
}

fn report(arguments: &ModelArguments, sram: Option<u64>, blocks: &[OwnBlock]) -> Outcome {
    let session = open::<Reference>(arguments)?;
    let planned = session.plan(ScheduleChoice::Layerwise)?;
    let (model, plan) = (session.report(), session.plan_report(&planned));
    let own_bytes = blocks.iter().fold(0u64, |sum, block| sum.saturating_add(block.bytes));
    let verdict = sram.map(|bytes| text::verdict_beside(plan.arena_bytes, own_bytes, bytes));
    let fits = verdict.as_ref().is_none_or(|verdict| verdict.fits);
    let text = if arguments.json {
        json_text(&report_json(model, sram, (blocks, fits)))
    } else {
        let sentence = verdict.map(|verdict| verdict.sentence + "\n\n").unwrap_or_default();
        sentence + &own_blocks(blocks) + &drawing::report(model, &plan)
    };
    files::print(&text, exit(fits))
}

/// The operators of a plan, as the page saves them.
fn operators(arguments: &ModelArguments, choice: PlanChoice) -> Outcome {
    let session = open::<Reference>(arguments)?;
    let planned = session.plan(choice)?;
    let (model, plan) = (session.report(), session.plan_report(&planned));
    let table = text::table::operators_table(model, &plan, None);
    let name = arguments.model.file_name().unwrap_or_default().to_string_lossy();
    let text = if arguments.json {
        table.json(&[
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("file_name", name.into_owned().into()),
            ("sha256", model.sha256.as_str().into()),
            ("plan", text::accounting::plan_words(plan.choice).into()),
            ("arena_bytes", plan.arena_bytes.into()),
        ])
    } else {
        table.csv()
    };
    files::print(&text, ExitCode::SUCCESS)
}

/// The blocks beside the arena, a line each.
fn own_blocks(blocks: &[OwnBlock]) -> String {
    let mut text = String::new();
    for OwnBlock { name, bytes } in blocks {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:>12}  {name}", text::kib(*bytes));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn report_json(
    model: &ModelReport,
    sram: Option<u64>,
    (blocks, fits): (&[OwnBlock], bool),
) -> Value {
    let mut value = serde_json::to_value(model).unwrap_or_default();
    if let (Some(fields), Some(sram)) = (value.as_object_mut(), sram) {
        fields.insert("sram_bytes".to_owned(), sram.into());
        fields.insert("fits".to_owned(), fits.into());
        let block = |block: &OwnBlock| json!({ "name": block.name, "bytes": block.bytes });
        fields.insert("blocks".to_owned(), blocks.iter().map(block).collect());
    }
    // Operators that passes took out have no live set: the list keeps those that run.
    if let Some(operators) = value.get_mut("operators").and_then(Value::as_array_mut) {
        operators.retain(|operator| operator["removed_by"].is_null());
    }
    value
}

fn patch(arguments: &ModelArguments, choice: PlanChoice) -> Outcome {
    let session = open::<Reference>(arguments)?;
    let planned = session.plan(choice)?;
    let plan = session.plan_report(&planned);
    let text = if arguments.json {
        json_text(&serde_json::to_value(&plan).unwrap_or_default())
    } else {
        drawing::patch(session.report(), &plan)
    };
    files::print(&text, ExitCode::SUCCESS)
}

/// The `run` command.
struct Run {
    model: ModelArguments,
    input: Vec<PathBuf>,
    output: Option<PathBuf>,
    choice: PlanChoice,
    layers: bool,
    repeat: u32,
}

impl Run {
    fn execute_with(self, kernels: KernelSet) -> Outcome {
        match kernels {
            KernelSet::Native => self.execute::<Native>(),
            KernelSet::Portable => self.execute::<Portable>(),
            KernelSet::Reference => self.execute::<Reference>(),
        }
    }

    fn execute<K: Kernels>(self) -> Outcome {
        let session = open::<K>(&self.model)?;
        let planned = session.plan(self.choice)?;
        session.check_runs()?;
        let inputs = self.read_inputs(&session)?;
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let mut arena = Session::<K>::arena(&planned)?;
        let start = Instant::now();
        let mut clock = || start.elapsed().as_secs_f64() * 1e3;
        if self.repeat > 1 {
            let mut unheard = Recorder::new(session.graph());
            session.run(&planned, &inputs, &mut arena, &mut unheard)?;
        }
        let mut recorder = Recorder::new(session.graph()).with_clock(&mut clock);
        if self.layers {
            recorder = recorder.with_captures(session.graph());
        }
        let mut trace = session.run(&planned, &inputs, &mut arena, &mut recorder)?;
        for _ in 1..self.repeat {
            trace = session.run(&planned, &inputs, &mut arena, &mut recorder)?;
        }
        if let Some(folder) = &self.output {
            write_outputs(&session, &trace, folder)?;
        }
        let report = session.run_report(&planned, &trace, &recorder);
        let captures = recorder.into_captures();
        let layers = self.layers.then(|| layer_hashes(&session, &captures));
        let text = if self.model.json {
            run_json(&report, layers)
        } else {
            self.text(&session, &planned, &report, &layers.unwrap_or_default())
        };
        files::print(&text, ExitCode::SUCCESS)
    }

    fn read_inputs<K: Kernels>(&self, session: &Session<K>) -> Result<Vec<Vec<u8>>, Failure> {
        let expected = session.graph().inputs.len();
        if self.input.len() != expected {
            let message = format!("{} input files, the model has {expected}.", self.input.len());
            return Err(Failure::new(message, "Give one file for each input, in order."));
        }
        // Room for the float tensor in front of an int8 one.
        let limit = Limits::default().tensor_bytes.saturating_mul(4);
        let read = |(position, path): (usize, &PathBuf)| {
            if sounds::is_sound(path) {
                return sounds::input(session, path);
            }
            Ok(session.input_from_bytes(position, &files::read(path, limit)?)?)
        };
        self.input.iter().enumerate().map(read).collect()
    }

    fn text<K: Kernels>(
        &self,
        session: &Session<K>,
        planned: &Planned,
        report: &RunReport,
        layers: &[Value],
    ) -> String {
        let mut text = drawing::run(session.report(), &session.plan_report(planned), report);
        for layer in layers {
            let field = |name: &str| layer[name].as_str().unwrap_or("incomplete").to_owned();
            let (kind, hash) = (drawing::kind(&field("kind")), field("output_sha256"));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "#{:<4} {kind:<20} {hash}", layer["index"]);
        }
        text
    }
}

fn run_json(report: &RunReport, layers: Option<Vec<Value>>) -> String {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    if let (Some(fields), Some(layers)) = (value.as_object_mut(), layers) {
        fields.insert("operators".to_owned(), layers.into());
    }
    json_text(&value)
}

/// Index, kind and hash of each operator's output; no hash where patches left cells out that
/// nobody needs.
fn layer_hashes<K: Kernels>(session: &Session<K>, captures: &[Option<Capture>]) -> Vec<Value> {
    let nodes = session.graph().nodes.iter().zip(captures);
    let layers = nodes.filter_map(|(node, capture)| {
        let capture = capture.as_ref()?;
        let hash = capture.is_complete().then(|| capture.sha256());
        let kind = &session.report().operators[node.index].kind;
        Some(json!({ "index": node.index, "kind": kind, "output_sha256": hash }))
    });
    layers.collect()
}

fn write_outputs<K: Kernels>(
    session: &Session<K>,
    trace: &Trace,
    folder: &Path,
) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    let write = |name: String, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| Failure::file(&path, &error))
    };
    for position in 0..trace.outputs.len() {
        write(format!("out{position}.bin"), &session.output_bytes(trace, position))?;
        if session.graph().float_outputs[position].is_some() {
            write(format!("out{position}_int8.bin"), &trace.outputs[position])?;
        }
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the summary goes beside the CSV, not into it")]
fn place(path: &Path, capacity: Option<u64>, time_limit_secs: f64, json: bool) -> Outcome {
    let mut named = plan::csv::read(&files::read(path, PROBLEM_BYTES)?)?;
    named.problem.capacity_bytes = capacity;
    let mut search = ExactSearch::new(named.problem.clone())
        .map_err(|error| Failure::new(format!("{error}."), "Check sizes and alignments."))?;
    let start = Instant::now();
    let in_time = || start.elapsed().as_secs_f64() < time_limit_secs;
    while search.progress() == Progress::Searching && in_time() {
        search.advance(SLICE_NODES);
    }
    let solution = search.best();
    let fits = capacity.is_none_or(|capacity| solution.height_bytes <= capacity);
    if json {
        let value = json!({
            "height": solution.height_bytes,
            "lower_bound": solution.lower_bound_bytes,
            "optimal": solution.is_optimal(),
            "offsets": solution.offsets,
            "nodes": search.nodes(),
            "ids": named.ids,
            "capacity": capacity,
            "fits": fits,
        });
        return files::print(&json_text(&value), exit(fits));
    }
    let proof = if solution.is_optimal() { "optimal" } else { "not proven optimal" };
    eprintln!(
        "height {}, lower bound {}: {proof}",
        text::thousands(solution.height_bytes),
        text::thousands(solution.lower_bound_bytes)
    );
    let csv = plan::csv::write(&named, solution);
    files::print(&String::from_utf8_lossy(&csv), exit(fits))
}
