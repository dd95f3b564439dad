//! The `fit` command.

use crate::{
    arguments::{ModelArguments, OwnBlock},
    commands::{Outcome, exit, json_text, open},
    failure::plain,
    files,
};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tinyml_playground::{
    kernels::Reference,
    report::{
        FitGoal, FitQuestion, FitSearch, FrontReport, InputImage, PlanChoice, ScheduleChoice,
    },
    session::{FrontSearch, Session},
    text::{
        self,
        fit::{Misfit, Way, WayWords, ways},
        front::LARGEST_GRID,
    },
    ui::boards::rooms,
};

/// The `fit` command.
pub(crate) struct Fit {
    pub(crate) model: ModelArguments,
    pub(crate) choice: PlanChoice,
    pub(crate) sram: u64,
    pub(crate) block: Vec<OwnBlock>,
}

impl Fit {
    pub(crate) fn execute(self) -> Outcome {
        let session = open::<Reference>(&self.model)?;
        let planned = session.plan(self.choice)?;
        let arena_bytes = planned.solution.height_bytes;
        let own_bytes = self.block.iter().fold(0u64, |sum, block| sum.saturating_add(block.bytes));
        let verdict = text::verdict_beside(arena_bytes, own_bytes, self.sram);
        let (found, notes) = if verdict.fits {
            (Vec::new(), Vec::new())
        } else {
            let room_bytes = self.sram.saturating_sub(own_bytes);
            let search = searched(&session, self.choice, room_bytes)?;
            let front = front(&session, self.choice)?;
            ways(&Misfit {
                model: session.report(),
                arena_bytes,
                own_bytes,
                sram_bytes: self.sram,
                flash_bytes: None,
                search: &search,
                front: front.as_ref(),
                boards: &rooms(),
            })
        };
        let text = if self.model.json {
            json_text(&json!({
                "arena_bytes": arena_bytes,
                "sram_bytes": self.sram,
                "own_bytes": own_bytes,
                "fits": verdict.fits,
                "ways": found.iter().map(way_json).collect::<Vec<_>>(),
                "notes": notes,
            }))
        } else {
            let mut text = verdict.sentence + "\n";
            // Writing to a string cannot fail.
            for WayWords { words, .. } in &found {
                let _ = writeln!(text, "  - {}", plain(words));
            }
            for note in &notes {
                let _ = writeln!(text, "  {}", plain(note));
            }
            text
        };
        files::print(&text, exit(verdict.fits))
    }
}

/// The search to its end.
fn searched(
    session: &Session<Reference>,
    shown: PlanChoice,
    room_bytes: u64,
) -> Result<FitSearch, crate::failure::Failure> {
    let mut search = FitSearch::new(session.report(), FitGoal::Arena, shown, room_bytes);
    while let Some(FitQuestion { choice, input }) = search.question() {
        let sides = input.map(|sides| sides.map(|side| side as usize));
        search.answer(session.try_plan(sides, choice).map_err(|error| error.problem()));
    }
    Ok(search)
}

/// All grids compared, where the model can run in patches.
fn front(
    session: &Session<Reference>,
    shown: PlanChoice,
) -> Result<Option<FrontReport>, crate::failure::Failure> {
    if session.report().stage_ends.is_empty() {
        return Ok(None);
    }
    let input_image = match shown.schedule {
        ScheduleChoice::Patched { input_image, .. } => input_image,
        _ => InputImage::Resident,
    };
    let accounting = shown.with_schedule(ScheduleChoice::Layerwise);
    let mut search =
        FrontSearch::new(session, input_image, LARGEST_GRID)?.with_accounting(accounting);
    while search.step(session)? {}
    Ok(Some(search.finish(session)))
}

fn way_json(one: &WayWords) -> Value {
    let (kind, what) = match one.way {
        Way::Plan(choice) => ("plan", serde_json::to_value(choice).unwrap_or_default()),
        Way::Board(name) => ("board", name.into()),
        Way::Input(sides) => ("input", json!(sides)),
    };
    json!({ "way": kind, kind: what, "arena_bytes": one.arena_bytes, "words": one.words })
}
