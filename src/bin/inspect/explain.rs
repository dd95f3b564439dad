//! The `explain` command.

use crate::{
    arguments::ModelArguments,
    commands::{Outcome, json_text, open},
    failure::{Failure, plain},
    files,
};
use serde_json::json;
use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Read as _},
    path::Path,
    process::ExitCode,
};
use tinyml_playground::{
    error_line::{self, MAX_BYTES, Message},
    kernels::Reference,
    report::{InputImage, PlanChoice, Planner, ScheduleChoice},
    session::{FrontSearch, Session},
    text::explanation::{Explanation, FIGURES, KNOWN, Known, NOT_KNOWN, PlannedArena, explain},
    ui::boards::BOARDS,
};

/// The largest grid that is tried, as patches a side.
const LARGEST_GRID: u32 = 8;

/// The `explain` command.
pub(crate) struct Explain {
    pub(crate) model: ModelArguments,
    pub(crate) line: Vec<String>,
    pub(crate) sram: Option<u64>,
}

impl Explain {
    pub(crate) fn execute(self) -> Outcome {
        let text = if self.line.is_empty() { from_input()? } else { self.line.join("\n") };
        let messages = error_line::read(&text);
        if messages.is_empty() {
            return Err(Failure::new(NOT_KNOWN, KNOWN));
        }
        let session = open::<Reference>(&self.model)?;
        let first = self.explained(&messages, &session, &[]);
        let is_about_memory = first.iter().any(|one| one.is_about_memory);
        let explained = if is_about_memory {
            self.explained(&messages, &session, &planned(&session)?)
        } else {
            first
        };
        let text = if self.model.json {
            let each = messages.iter().zip(&explained);
            let each =
                each.map(|(message, told)| json!({ "message": message, "explanation": told }));
            json_text(&json!({ "explained": each.collect::<Vec<_>>() }))
        } else {
            explained.iter().map(in_words).collect::<Vec<_>>().join("\n")
        };
        files::print(&text, ExitCode::SUCCESS)
    }

    fn explained(
        &self,
        messages: &[Message],
        session: &Session<Reference>,
        plans: &[PlannedArena],
    ) -> Vec<Explanation> {
        let boards: Vec<(&str, u64)> =
            BOARDS.iter().map(|board| (board.name, board.sram_kib * 1024)).collect();
        let known =
            Known { model: session.report(), sram_bytes: self.sram, plans, boards: &boards };
        messages.iter().map(|message| explain(message, &known)).collect()
    }
}

/// What is piped in, as far as it is looked at.
fn from_input() -> Result<String, Failure> {
    let mut input = io::stdin();
    if input.is_terminal() {
        return Err(Failure::new(
            "There is no line to explain.",
            "Give --line TEXT, or pipe a log into this command.",
        ));
    }
    let mut bytes = Vec::new();
    let failed = |error| Failure::file(Path::new("standard input"), &error);
    input.by_ref().take(MAX_BYTES as u64).read_to_end(&mut bytes).map_err(failed)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The model planned anew: layer by layer, in another order, in patches.
fn planned(session: &Session<Reference>) -> Result<Vec<PlannedArena>, Failure> {
    let exact = PlanChoice::default().with_planner(Planner::Exact);
    let mut plans = Vec::new();
    let choices = [
        exact.with_schedule(ScheduleChoice::Layerwise),
        exact.with_schedule(ScheduleChoice::Reordered),
        // Aligned as TensorFlow Lite Micro does it, so that it can follow.
        PlanChoice::TFLM.with_planner(Planner::Exact),
    ];
    for choice in choices {
        let report = session.plan_report(&session.plan(choice)?);
        let (macs, macs_layerwise) = (report.macs, report.macs_layerwise);
        plans.push(PlannedArena { choice, arena_bytes: report.arena_bytes, macs, macs_layerwise });
    }
    let mut search = FrontSearch::new(session, InputImage::Resident, LARGEST_GRID)?;
    while search.step(session)? {}
    let front = search.finish(session);
    plans.extend(front.front.iter().map(|point| PlannedArena {
        choice: front.accounting.with_schedule(point.choice),
        arena_bytes: point.arena_bytes,
        macs: point.macs,
        macs_layerwise: front.macs_layerwise,
    }));
    Ok(plans)
}

fn in_words(explanation: &Explanation) -> String {
    let mut text = format!("{}\n", plain(&explanation.title));
    // Writing to a string cannot fail.
    for balance in &explanation.balances {
        let figures = FIGURES.iter().zip(balance.words());
        let figures = figures.map(|(name, figure)| format!("{name} {figure}"));
        let _ = writeln!(text, "  {}: {}", balance.of, figures.collect::<Vec<_>>().join(", "));
    }
    for sentence in &explanation.sentences {
        let _ = writeln!(text, "  {}", plain(sentence));
    }
    for advice in &explanation.advice {
        let _ = writeln!(text, "  - {}", plain(advice));
    }
    text
}
