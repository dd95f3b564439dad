//! The words of the graph of operators.

/// Its title.
pub const TITLE: &str = "Graph";
/// How it is walked.
pub const KEYS: &str = "Arrow keys up and down step through the operators, left folds a block, right \
                        unfolds it, Home and End jump, P goes to the peak, F folds or unfolds all \
                        blocks, / leads to the search.";
/// The search field.
pub const FIND: &str = "Find an operator";
/// In the empty search field.
pub const FIND_EXAMPLE: &str = "number, kind, shape, tensor";
/// What the search field takes.
pub const FIND_KEYS: &str = "Enter goes to the next operator found, Shift and Enter to the one before, \
                             Escape back to the graph.";
/// Folds all blocks.
pub const FOLD_ALL: &str = "Fold blocks";
/// Unfolds all blocks.
pub const UNFOLD_ALL: &str = "Unfold blocks";
/// Shows the list.
pub const SHOW: &str = "Show";
/// Hides it.
pub const HIDE: &str = "Hide";
/// Marks an operator that patches compute.
pub const IN_STAGE: &str = "▦";
/// What that mark means.
pub const IN_STAGE_WORDS: &str = "computed in patches";
/// A block whose two ways an ADD brings together.
pub const RESIDUAL: &str = "residual";
/// A block that widens, convolves each channel and narrows.
pub const BOTTLENECK: &str = "bottleneck";
/// A block of a depthwise and a 1x1 convolution.
pub const SEPARABLE: &str = "separable";

/// How much there is: `36 operators, 10 blocks`.
#[must_use]
pub fn size(n_operators: usize, n_blocks: usize) -> String {
    match n_blocks {
        0 => format!("{n_operators} operators"),
        1 => format!("{n_operators} operators, 1 block"),
        _ => format!("{n_operators} operators, {n_blocks} blocks"),
    }
}

/// What a search found, and which of it is selected, from 1: `2 of 12 found`.
#[must_use]
pub fn found(selected: Option<usize>, n_found: usize) -> String {
    match (selected, n_found) {
        (_, 0) => "none found".to_owned(),
        (Some(at), _) => format!("{} of {n_found} found", at + 1),
        (None, _) => format!("{n_found} found"),
    }
}

/// A block by its number from 1 and its first and last operator: `block 3: #5-#8`.
#[must_use]
pub fn block(number: usize, first: u32, last: u32) -> String {
    format!("block {number}: #{first}-#{last}")
}

/// Edges that find no lane: `3 more edges show with their operators.`
#[must_use]
pub fn more_edges(count: usize) -> String {
    format!("{count} more edges show when their operators are selected.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_words() {
        assert_eq!(size(3, 0), "3 operators");
        assert_eq!(size(9, 1), "9 operators, 1 block");
        assert_eq!(size(36, 10), "36 operators, 10 blocks");
        assert_eq!(found(None, 0), "none found");
        assert_eq!(found(Some(1), 12), "2 of 12 found");
        assert_eq!(found(None, 12), "12 found");
        assert_eq!(block(3, 5, 8), "block 3: #5-#8");
    }
}
