//! Checked shapes, and the map (height, width, channels) that a shape means to a kernel.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The dimensions of a tensor: each at least 1, their product within `u32`.
///
/// The empty list is a scalar of one element.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Shape(Vec<usize>);

/// Why a list of dimensions is no shape.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ShapeError {
    /// A dimension is -1: its size is decided when the model runs.
    #[error("dimension {axis} is open (-1)")]
    Open {
        /// Which dimension.
        axis: usize,
    },
    /// A dimension is zero or below -1.
    #[error("dimension {axis} is {value}")]
    NotPositive {
        /// Which dimension.
        axis: usize,
        /// What the file says.
        value: i32,
    },
    /// The product of the dimensions is greater than a 32-bit address space.
    #[error("the dimensions multiply to more than 4,294,967,295 elements")]
    TooLarge,
    /// More dimensions than any operator takes.
    #[error("{0} dimensions, more than 8")]
    TooManyDimensions(usize),
}

/// The most dimensions that a shape may have.
pub const MAX_RANK: usize = 8;

impl Shape {
    /// Checks the dimensions of a file.
    ///
    /// # Errors
    /// A dimension below 1, more than 8 of them, or a product beyond `u32`.
    pub fn try_from_dims(dims: &[i32]) -> Result<Self, ShapeError> {
        if dims.len() > MAX_RANK {
            return Err(ShapeError::TooManyDimensions(dims.len()));
        }
        let mut product = 1u32;
        let mut checked = Vec::with_capacity(dims.len());
        for (axis, &value) in dims.iter().enumerate() {
            let size = match u32::try_from(value) {
                Ok(size) if size > 0 => size,
                _ if value == -1 => return Err(ShapeError::Open { axis }),
                _ => return Err(ShapeError::NotPositive { axis, value }),
            };
            product = product.checked_mul(size).ok_or(ShapeError::TooLarge)?;
            checked.push(size as usize);
        }
        Ok(Self(checked))
    }

    /// The dimensions, outermost first.
    #[must_use]
    pub fn dims(&self) -> &[usize] {
        &self.0
    }

    /// How many dimensions.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// How many elements: the product of the dimensions.
    #[must_use]
    pub fn elements(&self) -> usize {
        self.0.iter().product()
    }

    /// Whether it is a map in the strict sense: four dimensions, batch 1.
    #[must_use]
    pub fn is_spatial(&self) -> bool {
        matches!(self.0[..], [1, _, _, _])
    }

    /// The shape as one NHWC map: dimensions aligned to the right, missing ones being 1.
    ///
    /// `[1, 49, 40, 8]` is 49 x 40 x 8, `[1, 64]` is 1 x 1 x 64. A batch other than 1, or more
    /// than four dimensions, gives the flat map 1 x 1 x elements: enough for what works element by
    /// element, and refused by what needs rows and columns (see [`Shape::is_spatial`]).
    #[must_use]
    pub fn map(&self) -> Map {
        match self.0[..] {
            [1, height, width, channels] | [height, width, channels] => {
                Map { height, width, channels }
            }
            [width, channels] => Map { height: 1, width, channels },
            _ => Map { height: 1, width: 1, channels: self.elements() },
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("scalar");
        }
        for (axis, size) in self.0.iter().enumerate() {
            if axis > 0 {
                f.write_str("x")?;
            }
            write!(f, "{size}")?;
        }
        Ok(())
    }
}

/// Height, width and channels of a map with batch 1, stored row by row with channels innermost.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Map {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels of one cell.
    pub channels: usize,
}

impl Map {
    /// Elements of the whole map.
    #[must_use]
    pub const fn elements(self) -> usize {
        self.height * self.width * self.channels
    }

    /// The region that is all of it.
    #[must_use]
    pub const fn region(self) -> super::Region {
        super::Region::whole(self.height, self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_of_a_file_are_checked_once() {
        assert_eq!(Shape::try_from_dims(&[1, -1]), Err(ShapeError::Open { axis: 1 }));
        assert_eq!(Shape::try_from_dims(&[0]), Err(ShapeError::NotPositive { axis: 0, value: 0 }));
        assert_eq!(Shape::try_from_dims(&[65536, 65536]), Err(ShapeError::TooLarge));
        assert_eq!(Shape::try_from_dims(&[1; 9]), Err(ShapeError::TooManyDimensions(9)));
        assert_eq!(Shape::try_from_dims(&[]).unwrap().elements(), 1);
    }

    #[test]
    fn missing_dimensions_are_one() {
        let shape = |dims: &[i32]| Shape::try_from_dims(dims).unwrap().map();
        assert_eq!(shape(&[1, 5, 4, 3]), Map { height: 5, width: 4, channels: 3 });
        assert_eq!(shape(&[1, 64]), Map { height: 1, width: 1, channels: 64 });
        assert_eq!(shape(&[2, 5, 4, 3]), Map { height: 1, width: 1, channels: 120 });
    }
}
