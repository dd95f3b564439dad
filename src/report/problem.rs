//! An error as the user meets it: what happened, where, what to do.

use serde::{Deserialize, Serialize};

/// What sort of problem it is, which decides how the page shows it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The file is broken or no model.
    Malformed,
    /// The file is fine, but asks for what cannot be done here.
    Unsupported,
    /// The file asks for more than the limits allow.
    Limit,
    /// A control or argument has a value that makes no sense for this model.
    Choice,
    /// The user stopped it.
    Cancelled,
    /// The program is at fault.
    Internal,
    /// A file beside the page could not be fetched.
    Unreachable,
}

/// One problem, ready to be shown.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// Its sort.
    pub kind: ProblemKind,
    /// What happened and where, as one sentence.
    pub message: String,
    /// What to do about it, as one sentence.
    pub advice: String,
}
