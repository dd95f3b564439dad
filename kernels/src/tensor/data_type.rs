//! Element types, by the names that TensorFlow Lite's schema gives them.

use serde::{Deserialize, Serialize};

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the schema's and say all")]
pub enum DataType {
    Float32,
    Float16,
    Float64,
    Int4,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Bool,
    Complex64,
    Complex128,
    /// Strings, resources and variants: no fixed width, so no size in an arena.
    Opaque,
}

impl DataType {
    /// Bits of one element, or `None` where elements have no fixed width.
    #[must_use]
    pub const fn bits(self) -> Option<usize> {
        Some(match self {
            Self::Int4 => 4,
            Self::Int8 | Self::UInt8 | Self::Bool => 8,
            Self::Float16 | Self::Int16 | Self::UInt16 => 16,
            Self::Float32 | Self::Int32 | Self::UInt32 => 32,
            Self::Float64 | Self::Int64 | Self::UInt64 | Self::Complex64 => 64,
            Self::Complex128 => 128,
            Self::Opaque => return None,
        })
    }

    /// Bytes of `elements` elements, or `None` where that has no meaning or overflows.
    #[must_use]
    pub fn bytes(self, elements: usize) -> Option<usize> {
        Some(self.bits()?.checked_mul(elements)?.div_ceil(8))
    }

    /// The alignment that an element asks of an arena, in bytes.
    #[must_use]
    pub const fn alignment_bytes(self) -> usize {
        match self.bits() {
            Some(bits) if bits > 8 => bits / 8,
            _ => 1,
        }
    }

    /// The name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Float16 => "float16",
            Self::Float64 => "float64",
            Self::Int4 => "int4",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::UInt8 => "uint8",
            Self::UInt16 => "uint16",
            Self::UInt32 => "uint32",
            Self::UInt64 => "uint64",
            Self::Bool => "bool",
            Self::Complex64 => "complex64",
            Self::Complex128 => "complex128",
            Self::Opaque => "opaque",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_round_up_for_half_byte_elements() {
        assert_eq!(DataType::Int4.bytes(3), Some(2));
        assert_eq!(DataType::Int32.bytes(3), Some(12));
        assert_eq!(DataType::Opaque.bytes(3), None);
        assert_eq!(DataType::Int32.bytes(usize::MAX), None);
    }
}
