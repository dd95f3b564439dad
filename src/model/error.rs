//! Why a file cannot be read.

/// Why bytes are no model that can be read here, where, and what to do.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
}
