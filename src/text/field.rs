//! A cell of an activation and what it was computed from, in words.

use crate::{
    report::{ActivationReport, FieldError, FieldReport, PlanReport},
    tensor::{Region, Span},
};

/// Names the tiles for those who walk them.
pub const CELLS: &str = "Cells of the output";
/// How a cell is chosen.
pub const HINT: &str = "Point at a cell, or walk with the arrow keys (Page Up and Down: channels), to \
                        see its value and what of the input it was computed from.";
/// The accessible name of the input with what is read of it.
pub const PICTURE: &str = "The input, and what of it the cell was computed from";

/// A cell of an activation: row, column, channel.
pub type Cell = [u32; 3];

/// Value and place of a cell, what it reads, and who computes it.
#[must_use]
pub fn cell_words(
    report: &ActivationReport,
    value: i8,
    cell: Cell,
    field: Result<FieldReport, FieldError>,
    patches: Patches<'_>,
) -> String {
    let [row, column, channel] = cell;
    #[expect(clippy::cast_precision_loss, reason = "eight bits")]
    let real = (i32::from(value) - report.zero_point) as f32 * report.scale;
    let reads = match field {
        Ok(field) => reads(field),
        Err(FieldError::NotOfInput) => "It is not computed from the input.".to_owned(),
        Err(FieldError::Refused { operator }) => {
            format!("What it reads is not known: #{operator} cannot run here.")
        }
        Err(FieldError::NoCell) => String::new(),
    };
    let sign = if value < 0 { "−" } else { "" };
    let place = format!("Row {row}, column {column}, channel {channel}");
    let patches = patch_words(patches).unwrap_or_default();
    format!("{place}: {sign}{} (real {real:.4}). {reads}{patches}", value.unsigned_abs())
}

fn reads(field: FieldReport) -> String {
    let FieldReport { region: Region { rows, columns }, sides } = field;
    if rows.is_empty() || columns.is_empty() {
        return "It reads padding alone.".to_owned();
    }
    let [height, width] = sides;
    let (own_height, own_width) = (rows.len(), columns.len());
    let is_cut = [own_height as u64, own_width as u64] != sides;
    let without =
        if is_cut { format!(", of {height}x{width} without the border") } else { String::new() };
    let (rows, columns) = (range(rows), range(columns));
    format!("Reads input rows {rows}, columns {columns}: {own_height}x{own_width}{without}.")
}

fn range(span: Span) -> String {
    format!("{} to {}", span.start, span.end.saturating_sub(1))
}

/// The patches that compute the cell; the first with its part of the map.
fn patch_words(Patches { own, count }: Patches<'_>) -> Option<String> {
    let (&(first, Region { rows, columns }), others) = own.split_first()?;
    let more = match others.len() {
        0 => String::new(),
        others => format!(" {others} more compute it as halo."),
    };
    let (number, rows, columns) = (first + 1, range(rows), range(columns));
    Some(format!(
        " Patch {number} of {count} computes it with rows {rows}, columns {columns} of this map, \
         halo included.{more}"
    ))
}

/// The patches whose part of the operator's output holds the cell, from 0, with those parts.
#[must_use]
pub fn computing_patches(
    report: &ActivationReport,
    plan: &PlanReport,
    [row, column, _]: Cell,
) -> Vec<(u32, Region)> {
    let mut own = Vec::new();
    for step in plan.steps.iter().filter(|step| step.operator == report.operator) {
        let Region { rows, columns } = step.region;
        if let Some(patch) = step.patch
            && rows.holds(row as usize)
            && columns.holds(column as usize)
        {
            own.push((patch, step.region));
        }
    }
    own
}

/// The patches that compute a cell, of all.
#[derive(Clone, Copy, Debug)]
pub struct Patches<'a> {
    /// Those that do, with their parts of the map.
    pub own: &'a [(u32, Region)],
    /// How many there are.
    pub count: usize,
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::{report::receptive_field, text::sample};

    fn words(plan: &PlanReport, cell: Cell) -> String {
        let report = sample::activation(8, 8, 8);
        let at = [cell[0] as usize, cell[1] as usize];
        let own = computing_patches(&report, plan, cell);
        let patches = Patches { own: &own, count: plan.patch_inputs.len() };
        cell_words(&report, -126, cell, receptive_field(&sample::model(), 0, at), patches)
    }

    #[test]
    fn a_cell_tells_its_value_and_what_it_reads() {
        assert_eq!(
            words(&sample::plan(), [0, 3, 5]),
            "Row 0, column 3, channel 5: −126 (real 1.0000). Reads input rows 0 to 1, columns 2 to 4: \
             2x3, of 3x3 without the border."
        );
    }

    #[test]
    fn in_patches_it_tells_who_computes_it() {
        let told = words(&sample::patched_plan(2, 2), [0, 0, 0]);
        assert!(told.contains("Patch 1 of 4 computes it with rows 0 to "), "{told}");
    }
}
