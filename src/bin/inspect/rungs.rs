//! The `rungs` and `paper` commands: plans side by side.

use crate::{
    arguments::ModelArguments,
    commands::{Outcome, exit, json_text, open, open_file},
    failure::{Failure, plain},
    files,
};
use serde_json::json;
use std::{
    fmt::Write as _,
    fs, iter,
    path::{Path, PathBuf},
};
use tinyml_playground::{
    kernels::Reference,
    report::{InputImage, PaperReport, PlanChoice, PlanReport, Rung, RungReport},
    session::{RungSearch, Session},
    text::{
        accounting::paper_to_arena, kib, percent_tenths, plan_words, rung_assumes, rung_name,
        thousands,
    },
    ui::charts::{LIGHT, arena_svg},
};

/// The `rungs` command.
pub(crate) struct Comparison {
    pub(crate) model: ModelArguments,
    pub(crate) table: Option<Vec<PathBuf>>,
    pub(crate) pictures: Option<PathBuf>,
    pub(crate) input_image: InputImage,
    pub(crate) largest: u32,
}

impl Comparison {
    pub(crate) fn execute(self) -> Outcome {
        if let Some(more) = &self.table {
            let rows = iter::once(&self.model.model).chain(more).map(|path| self.row(path));
            let rows: Vec<String> = rows.collect::<Result<_, Failure>>()?;
            return files::print(&(table_head() + &rows.concat()), exit(true));
        }
        let session = open::<Reference>(&self.model)?;
        let rungs = self.ladder(&session)?;
        if let Some(folder) = &self.pictures {
            self.draw(&session, &rungs, folder)?;
        }
        let text =
            if self.model.json { json_text(&json!({ "rungs": rungs })) } else { table(&rungs) };
        files::print(&text, exit(true))
    }

    fn ladder(&self, session: &Session<Reference>) -> Result<Vec<RungReport>, Failure> {
        let mut search = RungSearch::new(session, self.input_image, self.largest)?;
        while search.step(session)? {}
        Ok(search.finish())
    }

    /// A model's row of the table: each rung's arena, with a star where it is not proven to be the
    /// smallest of its schedule, or the schedule's order not to be the best.
    fn row(&self, path: &Path) -> Result<String, Failure> {
        let session = open_file::<Reference>(path, self.model.passes())?;
        let rungs = self.ladder(&session)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut row = format!("| {} |", plain(&name).replace('|', "\\|"));
        for rung in Rung::ALL {
            let cell = rungs.iter().find(|one| one.rung == rung).map_or("–".to_owned(), |one| {
                let star = if one.is_proven() { "" } else { "*" };
                format!("{}{star}", kib(one.arena_bytes))
            });
            // Writing to a string cannot fail.
            let _ = write!(row, " {cell} |");
        }
        Ok(row + "\n")
    }

    /// Writes the arena of each rung as `RUNG.svg`.
    fn draw(
        &self,
        session: &Session<Reference>,
        rungs: &[RungReport],
        folder: &Path,
    ) -> Result<(), Failure> {
        /// In CSS pixels.
        const SIZE: (u32, u32) = (720, 300);
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        for rung in rungs {
            let own = session.with_passes(rung.passes)?;
            let plan = own.plan_report(&own.plan(rung.choice)?);
            let svg = arena_svg(own.report(), &plan, 0, SIZE, &LIGHT);
            let name = serde_json::to_value(rung.rung).unwrap_or_default();
            let path = folder.join(format!("{}.svg", name.as_str().unwrap_or_default()));
            fs::write(&path, svg).map_err(|error| Failure::file(&path, &error))?;
        }
        Ok(())
    }
}

fn table_head() -> String {
    let names = Rung::ALL.map(|rung| format!(" {} |", rung_name(rung)));
    format!("| model |{}\n|---|{}\n", names.concat(), "---|".repeat(names.len()))
}

fn table(rungs: &[RungReport]) -> String {
    let mut text = format!("{:>12} {:>12} {:>8}  {:<26} plan\n", "arena", "bound", "MACs", "rung");
    for rung in rungs {
        let proven = match (rung.is_optimal(), rung.is_order_proven) {
            (_, Some(false)) => "  (order not proven)",
            (false, _) => "  (not proven)",
            (true, _) => "",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>12} {:>12} {:>8}  {:<26} {}{proven}",
            kib(rung.arena_bytes),
            kib(rung.lower_bound_bytes),
            more(rung.macs, rung.macs_layerwise),
            rung_name(rung.rung),
            plan_words(rung.choice.schedule),
        );
    }
    text.push('\n');
    for rung in rungs {
        let _ = writeln!(text, "{}: {}", rung_name(rung.rung), rung_assumes(rung.rung));
    }
    text
}

/// How much more than layer by layer: `+41.9 %`, or a dash where nothing multiplies.
fn more(macs: u64, base: u64) -> String {
    let sign = if base > 0 { "+" } else { "" };
    format!("{sign}{}", percent_tenths(macs.saturating_sub(base), base))
}

/// The `paper` command.
pub(crate) fn paper(arguments: &ModelArguments, choice: PlanChoice) -> Outcome {
    let session = open::<Reference>(arguments)?;
    let planned = session.plan(choice)?;
    let (paper, plan) = (session.paper_report(&planned.schedule), session.plan_report(&planned));
    let text = if arguments.json {
        json_text(&json!({ "paper": paper, "plan": plan }))
    } else {
        figures(&paper, &plan)
    };
    files::print(&text, exit(true))
}

fn figures(paper: &PaperReport, plan: &PlanReport) -> String {
    let mut text = String::from("As the MCUNetV2 paper counts:\n");
    let mut line = |words: &str, figure: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {words:<52} {figure}");
    };
    let operator = paper.layerwise_operator;
    line(&format!("layer by layer, at #{operator}"), kib(paper.layerwise_bytes));
    if let Some(patched) = paper.patched {
        let peak_bytes = patched.peak_bytes();
        line(&format!("patch stage, at #{}", patched.stage_operator), kib(patched.stage_bytes));
        match patched.tail_operator {
            Some(operator) => line(&format!("the rest, at #{operator}"), kib(patched.tail_bytes)),
            None => line("the rest", "none: the stage is the whole graph".to_owned()),
        }
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = paper.layerwise_bytes as f64 / peak_bytes.max(1) as f64;
        line("peak, and how much smaller", format!("{} ({ratio:.1}x)", kib(peak_bytes)));
    }
    if let Some(unclipped) = plan.unclipped {
        let base = unclipped.stage_macs_layerwise;
        line("recompute of the stage, halos not clipped", more(unclipped.stage_macs, base));
        line("recompute of the stage, halos clipped", more(unclipped.stage_macs_clipped, base));
        line("recompute in all, halos clipped", more(plan.macs, plan.macs_layerwise));
        let [rows, columns] = unclipped.input_side;
        line("input that a patch reads, not clipped", format!("{rows}x{columns}"));
    }
    line(
        "what really runs: arena",
        format!("{} ({} bytes)", kib(plan.arena_bytes), thousands(plan.arena_bytes)),
    );
    text + &paper_to_arena(paper, plan) + "\n"
}
