//! Shapes, element types and regions of maps: what every other floor says of a tensor.
//!
//! Nothing here knows a file format, an operator or an arena. Sizes come from hostile files, so a
//! [`Shape`] is checked once, when it is made; after that its products cannot overflow.

mod data_type;
mod region;
mod shape;

pub use data_type::DataType;
pub use region::{Region, Span};
pub use shape::{MAX_RANK, Map, Shape, ShapeError};

use serde::{Deserialize, Serialize};

/// A tensor's index in the model file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct TensorId(pub u32);

impl TensorId {
    /// The index as a position in a list of tensors.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
