//! Bytes to [`Model`].
use super::{Limits, Model, ModelError};
use std::sync::Arc;

/// Reads a `.tflite` file.
///
/// # Errors
/// [`ModelError`] for anything that is not a well-formed model within the limits.
pub fn read(bytes: Arc<[u8]>, limits: &Limits) -> Result<Model, ModelError> {
    let _ = (bytes, limits);
    Err(ModelError::Empty)
}
