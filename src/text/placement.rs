//! Buffers to place, without a model: verdict, figures and labels.

use super::{exact_bytes, kib, percent, thousands, verdict};
use crate::report::{PlacementBuffer, Problem, ProblemKind, SearchReport, SearchStage};

/// The longest file of buffers that is read.
pub const LARGEST_FILE_BYTES: u64 = 1 << 20;
/// The longest time that a search may be given.
pub const MOST_SECONDS: u32 = 3600;
/// Title of the card.
pub const TITLE: &str = "Buffers to place: address against time";
/// What the drawing shows.
pub const HINT: &str = "Each block is one buffer: wide = lives long, tall = many bytes.";
/// Leads back.
pub const CLOSE: &str = "Back to the model";
/// The field of the capacity.
pub const CAPACITY: &str = "Capacity, bytes";
/// In an empty field of the capacity.
pub const NO_CAPACITY: &str = "none";
/// The field of the time limit.
pub const SECONDS: &str = "Time limit, s";
/// Begins the search.
pub const SEARCH: &str = "Search for a better plan";
/// Goes on with it.
pub const SEARCH_ON: &str = "Search on";
/// While it runs.
pub const SEARCHING: &str = "Searching";
/// Saves the plan.
pub const SAVE: &str = "Save CSV with offsets";
/// Bytes of the best plan.
pub const HEIGHT: &str = "Best plan";
/// What is proven.
pub const BOUND: &str = "Proven lower bound";
/// Between the two.
pub const GAP: &str = "Gap";
/// Whether they meet.
pub const PROVEN: &str = "Proven smallest";
/// What was searched.
pub const NODES: &str = "Searched";
/// The name of a pasted file.
pub const PASTED: &str = "pasted.csv";
/// The accessible name of the drawing.
pub const CHART: &str = "Address against time";
/// How the drawing is walked.
pub const KEYS: &str =
    "Arrow keys walk the buffers in the order of their time, Home and End jump, Escape lets go.";
/// Before a buffer is chosen.
pub const POINT_HINT: &str = "Point at a block for its buffer, click to hold it.";
/// The table below.
pub const TABLE: &str = "The same, as a table";
/// Said of a file without rows.
pub const EMPTY: &str = "The file has no buffers.";
/// The time axis.
pub const TIME_AXIS: &str = "step";

/// A buffer's row in the table.
pub const COLUMNS: [&str; 5] = ["Buffer", "From step", "To before", "Bytes", "Offset"];

/// The capacity that a file's name says, as minimalloc's problems have it: `A.1048576.csv`.
#[must_use]
pub fn capacity_in(file_name: &str) -> Option<u64> {
    let stem = file_name.strip_suffix(".csv")?;
    let (_, digits) = stem.rsplit_once('.')?;
    digits.parse().ok().filter(|&bytes| bytes > 0)
}

/// Whether a pasted text is meant to be buffers: its first line names the columns.
#[must_use]
pub fn is_list(text: &str) -> bool {
    let head = text.trim_start().lines().next().unwrap_or_default();
    let has = |name: &str| head.split(',').any(|column| column.trim() == name);
    has("size") && (has("lower") || has("start") || has("begin"))
}

/// The first sentence: whether it fits, or how far plan and proof are apart.
#[must_use]
pub fn sentence(search: &SearchReport, capacity_bytes: Option<u64>) -> String {
    let SearchReport { arena_bytes, lower_bound_bytes, .. } = *search;
    match capacity_bytes {
        Some(capacity) if arena_bytes <= capacity || capacity < lower_bound_bytes => {
            let needed = if arena_bytes <= capacity { arena_bytes } else { lower_bound_bytes };
            verdict(needed, capacity).sentence
        }
        Some(capacity) => format!(
            "No plan within {} is found yet, and none is ruled out: the best needs {}.",
            kib(capacity),
            kib(arena_bytes)
        ),
        None if search.is_proven() => {
            format!("Needs {}: no plan is smaller.", kib(arena_bytes))
        }
        None => format!("Needs {} at most, {} at least.", kib(arena_bytes), kib(lower_bound_bytes)),
    }
}

/// Whether the sentence is good news, bad news, or neither yet.
#[must_use]
pub fn fits(search: &SearchReport, capacity_bytes: Option<u64>) -> Option<bool> {
    let capacity = capacity_bytes?;
    if search.arena_bytes <= capacity {
        Some(true)
    } else {
        (capacity < search.lower_bound_bytes).then_some(false)
    }
}

/// Where the search stands, for the capacity of now.
#[must_use]
pub fn stage(search: &SearchReport, capacity_bytes: Option<u64>) -> SearchStage {
    match (fits(search, capacity_bytes), search.stage) {
        (Some(false), _) => SearchStage::TooSmall,
        _ if search.is_proven() => SearchStage::Proven,
        (Some(true), _) => SearchStage::Fits,
        (None, stage @ (SearchStage::OutOfTime | SearchStage::Stopped)) => stage,
        (None, _) => SearchStage::Open,
    }
}

/// The same in words.
#[must_use]
pub const fn stage_words(stage: SearchStage) -> &'static str {
    match stage {
        SearchStage::Open => "A smaller plan may exist: this one does not meet the proven bound.",
        SearchStage::Proven => "Proven: plan and lower bound meet.",
        SearchStage::Fits => "It keeps within the capacity; clear the capacity to look for less.",
        SearchStage::TooSmall => "Proven: no plan keeps within the capacity.",
        SearchStage::OutOfTime => "The time was up: search on to go on from here.",
        SearchStage::Stopped => "Stopped: search on to go on from here.",
    }
}

/// Whether plan and bound meet.
#[must_use]
pub const fn proven(search: &SearchReport) -> &'static str {
    if search.is_proven() { "✓ yes" } else { "not yet" }
}

/// What lies between plan and bound: `7.5 KiB (12 %)`.
#[must_use]
pub fn gap(search: &SearchReport) -> String {
    let bytes = search.arena_bytes.saturating_sub(search.lower_bound_bytes);
    match bytes {
        0 => "none".to_owned(),
        _ => format!("{} ({})", kib(bytes), percent(bytes, search.lower_bound_bytes)),
    }
}

/// How much was searched, and for how long.
#[must_use]
pub fn nodes(search: &SearchReport) -> String {
    format!("{} nodes, {:.1} s", thousands(search.nodes), search.elapsed_ms / 1e3)
}

/// A buffer in a line.
#[must_use]
pub fn buffer_words(buffer: &PlacementBuffer, offset_bytes: u64) -> String {
    format!(
        "{}: {} at {}, live in steps {} to {}",
        buffer.id,
        exact_bytes(buffer.bytes),
        thousands(offset_bytes),
        thousands(buffer.first_step),
        thousands(buffer.end_step.saturating_sub(1)),
    )
}

/// The chip in the page's head.
#[must_use]
pub fn chip(buffers: usize) -> String {
    format!("{} buffers to place", thousands(buffers as u64))
}

/// The file to save.
#[must_use]
pub fn saved_name(file_name: &str) -> String {
    let stem = file_name.strip_suffix(".csv").unwrap_or(file_name);
    format!("{stem}.placed.csv")
}

/// A file that is too long to be read.
#[must_use]
pub fn too_long(file_name: &str, bytes: u64) -> Problem {
    Problem {
        kind: ProblemKind::Limit,
        message: format!(
            "{file_name} has {}; lists of buffers up to {} are read.",
            kib(bytes),
            kib(LARGEST_FILE_BYTES)
        ),
        advice: "Is this the right file?".to_owned(),
    }
}

/// The title of a picture of buffers that leaves the page.
#[must_use]
pub fn saved_title(file_name: &str, search: &SearchReport) -> String {
    let bound = kib(search.lower_bound_bytes);
    super::sheet::picture_title(file_name, &["lower bound ", &bound].concat(), search.arena_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(arena_bytes: u64, lower_bound_bytes: u64) -> SearchReport {
        let stage = SearchStage::Open;
        SearchReport { arena_bytes, lower_bound_bytes, nodes: 1, elapsed_ms: 1.0, stage }
    }

    #[test]
    fn the_capacity_is_read_from_the_name_where_it_stands_there() {
        assert_eq!(capacity_in("A.1048576.csv"), Some(1_048_576));
        assert_eq!(capacity_in("input.csv"), None);
        assert_eq!(capacity_in("v1.0.csv"), None);
        assert_eq!(capacity_in("a.99999999999999999999999.csv"), None);
    }

    #[test]
    fn a_list_is_known_by_its_columns() {
        assert!(is_list("id,lower,upper,size\n1,0,1,2\n"));
        assert!(is_list("\n size , start,end,id\n"));
        assert!(!is_list("dear all, the size of it\nlower,upper"));
        assert!(!is_list(""));
    }

    #[test]
    fn nothing_is_claimed_that_is_not_proven() {
        let words = |arena, bound, capacity| sentence(&search(arena, bound), capacity);
        assert_eq!(words(2048, 2048, None), "Needs 2.0 KiB: no plan is smaller.");
        assert_eq!(words(3072, 2048, None), "Needs 3.0 KiB at most, 2.0 KiB at least.");
        assert!(words(3072, 2048, Some(4096)).starts_with("Fits: 3.0 KiB needed"));
        assert!(words(3072, 2048, Some(2500)).starts_with("No plan within 2.4 KiB is found yet"));
        assert!(words(3072, 2048, Some(1024)).starts_with("Does not fit: 2.0 KiB needed"));
        assert_eq!(fits(&search(3072, 2048), Some(2500)), None);
        assert_eq!(fits(&search(3072, 2048), Some(1024)), Some(false));
        assert_eq!(stage(&search(3072, 2048), Some(1024)), SearchStage::TooSmall);
        assert_eq!(stage(&search(2048, 2048), Some(4096)), SearchStage::Proven);
        assert_eq!(stage(&search(3072, 2048), Some(4096)), SearchStage::Fits);
        assert_eq!(stage(&search(3072, 2048), None), SearchStage::Open);
        assert_eq!(gap(&search(3072, 2048)), "1.0 KiB (50 %)");
        assert_eq!(gap(&search(2048, 2048)), "none");
    }
}
