//! The words of a link that carries numbers without the model.

use crate::report::{Problem, ProblemKind};

/// Copies the link of what is shown.
pub const COPY_LINK: &str = "Copy link";

/// It is on the clipboard.
pub const LINK_COPIED: &str = "Link copied";

/// It is not.
pub const LINK_REFUSED: &str = "Not allowed: copy the address";

/// Copies such a link.
pub const SHARE: &str = "Copy link with numbers";
/// What it is for.
pub const SHARE_ABOUT: &str = "The link with numbers shows this plan to others without your file: it \
    holds shapes, bytes and MACs, the file's name and hash, no weights.";

/// The link itself.
pub const LINK: &str = "The link with numbers";

/// How much of a hash is told.
const HASH_DIGITS: usize = 12;

/// The notice above everything; whether the link also keeps a plan to compare with.
#[must_use]
pub fn notice(file_name: &str, sha256: &str, keeps_plan: bool) -> String {
    let short: String = sha256.chars().take(HASH_DIGITS).collect();
    let kept = if keeps_plan {
        ", and to see the plan A that the link compares this one with"
    } else {
        ""
    };
    format!(
        "Numbers only, as the link tells them: nothing here was computed from a model. Open the file \
         {file_name} (sha256 {short}…) to run or plan anew{kept}."
    )
}

/// Why something does not happen, and what to do.
#[must_use]
pub fn needs_file(file_name: &str) -> Problem {
    Problem {
        kind: ProblemKind::Unsupported,
        message: "This needs the model, and the link carries numbers only.".to_owned(),
        advice: format!("Open the file {file_name}."),
    }
}

/// The link's numbers cannot be read.
#[must_use]
pub fn unread(why: &str) -> Problem {
    Problem {
        kind: ProblemKind::Malformed,
        message: format!("The numbers in this link cannot be read: {why}."),
        advice: "Ask for the link once more, whole; or for the report as a file.".to_owned(),
    }
}

/// The numbers do not fit into a link.
#[must_use]
pub fn too_many(why: &str) -> Problem {
    Problem {
        kind: ProblemKind::Limit,
        message: format!("No link was made: {why}."),
        advice: "Save the report (.html) instead, or show a plan of fewer patches.".to_owned(),
    }
}

/// What became of the link.
#[must_use]
pub fn shared(letters: usize, is_copied: bool) -> String {
    let where_to = if is_copied { "Copied" } else { "Not copied, this browser did not allow it" };
    format!("{where_to}: a link with {} letters behind its #.", super::thousands(letters as u64))
}
