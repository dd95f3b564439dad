//! What leaves the page as a file: pictures with their title, tables as CSV and JSON.

use super::{Action, AppState, Effect, SharedNumbers};
use crate::{
    text::{
        accounting,
        placement::saved_title,
        sheet,
        table::{
            Cell, Table, candidates_table, comparison_table, front_table, operators_table,
            rungs_table, table_name,
        },
    },
    ui::{
        charts::{DARK, LIGHT, titled},
        geometry::legend::Key,
        url,
    },
};

/// A drawing as the page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// What it shows, as a part of file names.
    pub name: &'static str,
    /// The drawing as SVG.
    pub svg: String,
    /// Its size in CSS pixels.
    pub size: (u32, u32),
    /// Whether its colours are dark.
    pub is_dark: bool,
    /// What is drawn, for its legend.
    pub keys: Vec<Key>,
    /// Whether it is to be saved as pixels.
    pub is_png: bool,
}

/// A table of the page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TableOf {
    /// The operators in the shown plan.
    Operators,
    /// What is kept, or layer by layer, against what is shown.
    Comparison,
    /// The square grids.
    Grids,
    /// The front.
    Front,
    /// The rungs of the ladder.
    Rungs,
}

impl TableOf {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Operators, Self::Comparison, Self::Grids, Self::Front, Self::Rungs];
}

/// How a table is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TableFile {
    /// Comma-separated values.
    Csv,
    /// JSON, with what the figures are of.
    Json,
}

impl AppState {
    /// Lets something leave the page.
    pub(super) fn leave(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::SaveDrawing(drawing) => self.save_drawing(&drawing),
            Action::SaveTable(of, file) => self.save_table(of, file),
            Action::Print => vec![Effect::Print],
            Action::SaveReport => vec![Effect::SaveReport],
            Action::ShareNumbers => self.share_numbers(),
            // The link that was asked for last, unless something else is shown by now.
            Action::Copied { fragment, is_copied } if self.copying.as_ref() == Some(&fragment) => {
                self.shared_numbers = Some(SharedNumbers { fragment, is_copied });
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Gives the visitor a drawing as a file.
    fn save_drawing(&self, drawing: &Drawing) -> Vec<Effect> {
        let Drawing { name, svg, size, is_dark, keys, is_png } = drawing;
        let (file_name, title) = match (&self.placement, &self.model, self.plan()) {
            (Some(open), ..) => {
                (open.file_name.as_str(), saved_title(&open.file_name, &open.search))
            }
            (None, Some(open), Some(plan)) => {
                let words = accounting::plan_words(plan.choice);
                let name = open.file_name.as_str();
                (name, sheet::picture_title(name, &words, plan.arena_bytes))
            }
            _ => return Vec::new(),
        };
        let palette = if *is_dark { &DARK } else { &LIGHT };
        let (svg, size) = titled(svg, (&title, keys), *size, palette);
        let ending = if *is_png { ".png" } else { ".svg" };
        let file_name = table_name(file_name, name, ending);
        vec![if *is_png {
            Effect::SavePng { file_name, svg, size }
        } else {
            let media_type = "image/svg+xml".to_owned();
            Effect::Save { file_name, media_type, bytes: svg.into_bytes() }
        }]
    }

    /// A table, where the page has it.
    #[must_use]
    pub fn table(&self, of: TableOf) -> Option<Table> {
        let model = &self.model.as_ref()?.report;
        let budget_bytes = self.settings.left_bytes();
        Some(match of {
            TableOf::Operators => {
                let run = self.run().filter(|_| self.is_run_of_plan());
                operators_table(model, self.plan()?, run.map(|run| &**run))
            }
            TableOf::Comparison => {
                let pair = self.pair()?;
                comparison_table([&pair.a.side(), &pair.b.side()])
            }
            TableOf::Grids => {
                let macs = self.layerwise.as_ref().map(|plan| plan.macs);
                candidates_table(self.candidates.as_ref()?, macs, budget_bytes)
            }
            TableOf::Front => front_table(self.front()?, budget_bytes),
            TableOf::Rungs => rungs_table(&self.rungs.as_ref()?.rungs, budget_bytes),
        })
    }

    /// Whether the page has a table.
    #[must_use]
    pub fn has_table(&self, of: TableOf) -> bool {
        match of {
            TableOf::Operators => self.plan().is_some(),
            TableOf::Comparison => self.pair().is_some(),
            TableOf::Grids => self.candidates.as_ref().is_some_and(|all| !all.is_empty()),
            TableOf::Front => self.front().is_some(),
            TableOf::Rungs => self.rungs.is_some(),
        }
    }

    /// Gives the visitor a table as a file.
    fn save_table(&self, of: TableOf, file: TableFile) -> Vec<Effect> {
        let (Some(open), Some(table)) = (&self.model, self.table(of)) else { return Vec::new() };
        let (ending, media_type, text) = match file {
            TableFile::Csv => (".csv", "text/csv", table.csv()),
            TableFile::Json => (".json", "application/json", table.json(&self.about(of))),
        };
        vec![Effect::Save {
            file_name: table_name(&open.file_name, table.name, ending),
            media_type: media_type.to_owned(),
            bytes: text.into_bytes(),
        }]
    }

    /// What a file says of itself: by what, of which model, in which plan, counted how.
    fn about(&self, of: TableOf) -> Vec<(&'static str, Cell)> {
        let mut about = vec![("version", Cell::from(env!("CARGO_PKG_VERSION")))];
        if let Some(open) = &self.model {
            about.push(("file_name", open.file_name.as_str().into()));
            about.push(("sha256", open.report.sha256.as_str().into()));
        }
        if let Some(plan) = self.plan() {
            about.push(("plan", accounting::plan_words(plan.choice).into()));
            about.push(("arena_bytes", plan.arena_bytes.into()));
        }
        about.push(("budget_bytes", self.settings.left_bytes().into()));
        if let Some(run) = self.run().filter(|_| of == TableOf::Operators && self.is_run_of_plan())
        {
            about.push(("times_of_kernels", run.kernels.as_str().into()));
        }
        about.push(("settings", url::encode(&self.settings).into()));
        about
    }
}
