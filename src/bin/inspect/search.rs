//! The `search` command, and schedules in files.

use crate::{
    arguments::ModelArguments,
    commands::{Outcome, exit, json_text, open},
    failure::Failure,
    files,
};
use serde_json::{Value, json};
use std::{fmt::Write as _, path::Path};
use tinyml_playground::{
    kernels::Reference,
    report::{CandidateReport, FrontReport, InputImage, PlanChoice, ScheduleChoice},
    session::FrontSearch,
    text::{front_sentence, kib, plan_words, thousands},
};

/// The most bytes that are read of a schedule.
const SCHEDULE_BYTES: usize = 1 << 20;

/// What a schedule may say.
const SCHEDULE_KEYS: [&str; 5] = ["kind", "stage_end", "rows", "columns", "input_image"];

/// What may stand beside a schedule.
const PLAN_KEYS: [&str; 5] = ["schedule", "in_place", "planner", "alignment", "scratch"];

/// Figures that `search` and `rungs` print beside a plan, which decide nothing.
const FIGURES: [&str; 9] = [
    "arena_bytes",
    "peak_bytes",
    "scratch_bytes",
    "lower_bound_bytes",
    "is_order_proven",
    "macs",
    "macs_ratio",
    "macs_layerwise",
    "rung",
];

/// Reads a schedule as `search --json` prints it: a point with its field `schedule`, or that alone.
///
/// Beside the schedule stands how it is planned (`in_place`, `planner`, `alignment`, `scratch`);
/// what is missing is strict. A key that is none of them is refused: it may be a known one mistyped.
pub(crate) fn read(path: &Path) -> Result<PlanChoice, Failure> {
    const ADVICE: &str = "Take the `schedule` of a point that `inspect search --json` prints.";
    let bytes = files::read(path, SCHEDULE_BYTES)?;
    let failed =
        |why: String| Failure::new(format!("{} holds no schedule: {why}.", path.display()), ADVICE);
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    let choice = match value.get("schedule") {
        Some(schedule) => {
            refuse_others(path, schedule, &[&SCHEDULE_KEYS])?;
            refuse_others(path, &value, &[&PLAN_KEYS, &FIGURES])?;
            serde_json::from_value(value)
        }
        None if value.get("kind").is_some() => {
            refuse_others(path, &value, &[&SCHEDULE_KEYS])?;
            serde_json::from_value::<ScheduleChoice>(value).map(PlanChoice::from)
        }
        None => return Err(failed("it has neither `schedule` nor `kind`".to_owned())),
    };
    choice.map_err(|error| failed(error.to_string()))
}

/// Refuses keys that are none of the known ones.
fn refuse_others(path: &Path, value: &Value, known: &[&[&str]]) -> Result<(), Failure> {
    let mut keys = value.as_object().into_iter().flat_map(|object| object.keys());
    let Some(other) = keys.find(|key| !known.concat().contains(&key.as_str())) else {
        return Ok(());
    };
    let message = format!("{} says `{other}`, which is no part of a schedule.", path.display());
    // The first list is what decides something.
    let names = known.first().copied().unwrap_or_default().join("`, `");
    Err(Failure::new(message, format!("Known are `{names}`.")))
}

/// The `search` command.
pub(crate) struct Search {
    pub(crate) model: ModelArguments,
    pub(crate) input_image: InputImage,
    pub(crate) accounting: PlanChoice,
    pub(crate) sram: Option<u64>,
    pub(crate) max_macs_ratio: Option<f64>,
    pub(crate) largest: u32,
}

impl Search {
    pub(crate) fn execute(self) -> Outcome {
        let session = open::<Reference>(&self.model)?;
        let mut search = FrontSearch::new(&session, self.input_image, self.largest)?
            .with_accounting(self.accounting);
        while search.step(&session)? {}
        let mut report = search.finish(&session);
        if let Some(most) = self.max_macs_ratio {
            let layerwise = report.macs_layerwise;
            report.front.retain(|point| ratio(point, layerwise) <= most);
        }
        let fitting = self.sram.map(|sram| report.fitting(sram));
        let fits = fitting.is_none_or(|fitting| fitting.is_some());
        let operators = &session.report().operators;
        let first = operators.iter().find(|operator| operator.removed_by.is_none());
        let first = first.map_or(0, |operator| operator.index);
        let text = if self.model.json { self.json(&report) } else { self.text(&report, first) };
        files::print(&text, exit(fits))
    }

    fn json(&self, report: &FrontReport) -> String {
        let point = |candidate: &CandidateReport| {
            let plan = self.accounting.with_schedule(candidate.choice);
            let mut value = serde_json::to_value(plan).unwrap_or_default();
            value["arena_bytes"] = candidate.arena_bytes.into();
            value["peak_bytes"] = candidate.peak_bytes.into();
            value["macs"] = candidate.macs.into();
            value["macs_ratio"] = ratio(candidate, report.macs_layerwise).into();
            value
        };
        let fitting = self.sram.and_then(|sram| report.fitting(sram));
        json_text(&json!({
            "tried": report.tried,
            "macs_layerwise": report.macs_layerwise,
            "least_peak_bytes": report.least_peak_bytes,
            "pareto": report.front.iter().map(point).collect::<Vec<_>>(),
            "smallest": report.smallest().map(point),
            "fitting": fitting.map(point),
            "sram_bytes": self.sram,
        }))
    }

    fn text(&self, report: &FrontReport, first_operator: u32) -> String {
        let mut text = format!(
            "{} schedules compared; {} of them have neither a smaller arena nor fewer MACs beside \
             them:\n\n{:>12} {:>14} {:>9}  schedule\n",
            thousands(report.tried),
            report.front.len(),
            "arena",
            "MACs",
            "more"
        );
        for point in &report.front {
            let more = (ratio(point, report.macs_layerwise) - 1.0) * 100.0;
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{:>12} {:>14} {:>8.1}%  {}",
                kib(point.arena_bytes),
                thousands(point.macs),
                more,
                plan_words(point.choice),
            );
        }
        let mut say = |name: &str, point: Option<&CandidateReport>| {
            let sentence = point.map_or("none".to_owned(), |p| {
                front_sentence(p, first_operator, report.macs_layerwise)
            });
            let _ = writeln!(text, "\n{name}: {sentence}");
        };
        say("Smallest", report.smallest());
        if let Some(sram) = self.sram {
            say(&format!("Cheapest that fits {}", kib(sram)), report.fitting(sram));
        }
        text
    }
}

fn ratio(candidate: &CandidateReport, layerwise: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let ratio = candidate.macs as f64 / layerwise.max(1) as f64;
    ratio
}
