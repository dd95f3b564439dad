//! The `compare` command.

use crate::{
    arguments::ModelArguments,
    commands::{Outcome, json_text, open, open_file},
    failure::{Failure, plain},
    files,
};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};
use tinyml_playground::{
    kernels::Reference,
    report::{ModelReport, Passes, PlanChoice, PlanReport},
    session::Session,
    text::{
        comparison::{Row, Side, curves_words, differences, names, outcome, rows},
        page::DIFFERENCE,
    },
};

/// The `compare` command.
pub(crate) struct Comparison {
    pub(crate) model: ModelArguments,
    /// The model of B, where it is another one.
    pub(crate) other: Option<PathBuf>,
    pub(crate) a: PlanChoice,
    pub(crate) b: PlanChoice,
}

/// A plan with its model.
struct Planned {
    file_name: String,
    model: ModelReport,
    plan: PlanReport,
}

impl Planned {
    fn new(path: &Path, session: &Session<Reference>, choice: PlanChoice) -> Result<Self, Failure> {
        let plan = session.plan_report(&session.plan(choice)?);
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { file_name, model: session.report().clone(), plan })
    }

    fn side(&self, passes: Passes) -> Side<'_> {
        let Self { file_name, model, plan } = self;
        Side { file_name, model, passes, plan, run: None, inputs: &[], answer: None }
    }
}

impl Comparison {
    pub(crate) fn execute(self) -> Outcome {
        let Self { model, other, a, b } = &self;
        let passes = model.passes();
        let session = open::<Reference>(model)?;
        let a = Planned::new(&model.model, &session, *a)?;
        let b = match other {
            Some(path) => Planned::new(path, &open_file::<Reference>(path, passes)?, *b)?,
            None => Planned::new(&model.model, &session, *b)?,
        };
        let (a, b) = (a.side(passes), b.side(passes));
        let text = if model.json { json_text(&in_json(&a, &b)) } else { in_words(&a, &b) };
        files::print(&text, ExitCode::SUCCESS)
    }
}

fn in_json(a: &Side<'_>, b: &Side<'_>) -> Value {
    let side = |side: &Side<'_>| {
        json!({
            "file": side.file_name,
            "sha256": side.model.sha256,
            "choice": side.plan.choice,
            "arena_bytes": side.plan.arena_bytes,
            "lower_bound_bytes": side.plan.lower_bound_bytes,
            "peak_operator": side.plan.neediest_operator(),
            "macs": side.plan.macs,
            "flash_bytes": side.model.flash_bytes,
            "file_bytes": side.model.file_bytes,
        })
    };
    json!({
        "a": side(a),
        "b": side(b),
        "differences": differences(a, b),
        "outcome": outcome(a, b),
    })
}

fn in_words(a: &Side<'_>, b: &Side<'_>) -> String {
    let [of_a, of_b] = names(a, b);
    let (of_a, of_b) = (plain(&of_a), plain(&of_b));
    let mut text = format!("A: {of_a}\nB: {of_b}\n{}\n\n", outcome(a, b));
    let cells = |name: &str, [one, other]: [&str; 2], change: &str| {
        format!("{name:<12}{one:>16}{other:>16}{change:>16}\n")
    };
    text.push_str(&cells("", ["A", "B"], DIFFERENCE));
    for Row { name, figures: [one, other], change, .. } in rows(a, b, None) {
        text.push_str(&cells(&name, [&one, &other], &change));
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{}", curves_words(a, b));
    text
}
