//! What can be saved, by name.

/// Beside the buttons that hold plans for other programs: what leaves as pictures, tables, documents.
pub const TOOLBAR: &str = "Pictures, tables, one sheet";
/// Prints the sheet.
pub const PRINT: &str = "Print one sheet";
/// Saves the report.
pub const REPORT: &str = "Report (.html)";
/// What the sheet and the report are for.
pub const ABOUT: &str = "The sheet is one page: verdict, figures, both pictures, the ten neediest \
    operators. The report is one file without scripts, with every operator and formula: attach it to an \
    issue.";

/// A picture or a table that can be saved.
pub const ARENA: &str = "Arena";
/// RAM per operator.
pub const BARS: &str = "RAM per operator";
/// The front.
pub const FRONT: &str = "Front";
/// The ladder.
pub const RUNGS: &str = "Planners";
/// The operators' table.
pub const OPERATORS: &str = "Operators";
/// The comparison.
pub const COMPARISON: &str = "Comparison";
/// The square grids.
pub const GRIDS: &str = "Grids";
/// The table of the front.
pub const FRONT_TABLE: &str = "Front, table";
/// The table of the ladder.
pub const RUNGS_TABLE: &str = "Planners, table";
/// Buffers to place.
pub const BUFFERS: &str = "Buffers";

/// What a button that shows only the kind of file says: `Save Arena as PNG`.
#[must_use]
pub fn save_as(what: &str, kind: &str) -> String {
    ["Save ", what, " as ", kind].concat()
}
