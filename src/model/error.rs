//! Why a file cannot be read.

use super::content::Content;
use crate::tensor::{ShapeError, TensorId};
use std::fmt;

/// Why bytes are no model that can be read here, where, and what to do ([`ModelError::advice`]).
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is too short for a header.
    #[error("this is not a .tflite file: it has only {bytes} bytes")]
    TooShort {
        /// Its length.
        bytes: usize,
        /// What it looks like instead.
        content: Content,
    },
    /// The identifier is not TensorFlow Lite's.
    #[error(
        "this is not a .tflite file: bytes 4 to 7 read `{}`, expected `TFL3`",
        Printable(found)
    )]
    NotTflite {
        /// The bytes in the identifier's place.
        found: [u8; 4],
        /// What the file looks like instead.
        content: Content,
    },
    /// Something lies past the file's end.
    #[error(
        "the file ends at byte {} but the model refers to byte {} ({place})",
        Grouped(*file_bytes as u64),
        Grouped(*refers_to)
    )]
    OutOfBounds {
        /// Who refers to it.
        place: Place,
        /// The first byte past what is referred to.
        refers_to: u64,
        /// The file's length.
        file_bytes: usize,
    },
    /// A table's list of fields makes no sense.
    #[error("the table at byte {} has a broken list of fields ({place})", Grouped(*position))]
    Vtable {
        /// Who refers to the table, or which of its fields is wrong.
        place: Place,
        /// Where the table lies.
        position: u64,
    },
    /// The file holds no network.
    #[error("the model has no subgraph ({place})")]
    NoSubgraph {
        /// Where it should be.
        place: Place,
    },
    /// An operator names a kind that the file does not list.
    #[error("operator {operator} is of kind {index}, but the file lists {count} kinds ({place})")]
    OpcodeIndex {
        /// Which operator.
        operator: u32,
        /// The index that it gives.
        index: u32,
        /// How many there are.
        count: u32,
        /// Where.
        place: Place,
    },
    /// A list of tensors names one that does not exist.
    #[error("{owner} refers to tensor {index}, but the model has {count} tensors ({place})")]
    TensorIndex {
        /// Whose list it is.
        owner: Owner,
        /// The index that it gives.
        index: i32,
        /// How many there are.
        count: usize,
        /// Where.
        place: Place,
    },
    /// A tensor names a buffer that does not exist.
    #[error("{tensor} has its data in buffer {index}, but the file has {count} buffers ({place})")]
    BufferIndex {
        /// Which tensor.
        tensor: TensorLabel,
        /// The index that it gives.
        index: u32,
        /// How many there are.
        count: u32,
        /// Where.
        place: Place,
    },
    /// A constant has more or fewer bytes than its shape and type say.
    #[error(
        "{tensor} needs {} bytes by its shape and type, but the file holds {} for it",
        Grouped(*expected_bytes as u64),
        Grouped(*found_bytes as u64)
    )]
    ConstantLength {
        /// Which tensor.
        tensor: TensorLabel,
        /// What shape and type say.
        expected_bytes: usize,
        /// What the buffer holds.
        found_bytes: usize,
    },
    /// Scales and zero points do not pair up.
    #[error("{tensor} has {scales} scales but {zero_points} zero points")]
    ZeroPoints {
        /// Which tensor.
        tensor: TensorLabel,
        /// How many scales.
        scales: usize,
        /// How many zero points.
        zero_points: usize,
    },
    /// An option has a number that the schema does not define.
    #[error(
        "operator {operator} has the value {value}, which the schema does not define ({place})"
    )]
    OptionValue {
        /// Which operator.
        operator: u32,
        /// The number.
        value: i8,
        /// Where.
        place: Place,
    },
    /// An operator carries the options of another kind.
    #[error("operator {operator} ({kind}) carries options of type {found}, expected {expected}")]
    OptionsType {
        /// Which operator.
        operator: u32,
        /// The kind's name.
        kind: &'static str,
        /// `BuiltinOptions` number in the file.
        found: u8,
        /// `BuiltinOptions` number of the kind.
        expected: u8,
    },
    /// The dimensions of a tensor are no shape.
    #[error("{tensor}: {error}")]
    Shape {
        /// Which tensor.
        tensor: TensorLabel,
        /// What is wrong with them.
        error: ShapeError,
    },
    /// A tensor's elements are of a type that is not known here.
    #[error("{tensor} has elements of type number {number}, which is not known here ({place})")]
    ElementType {
        /// Which tensor.
        tensor: TensorLabel,
        /// `TensorType` number in the file.
        number: i8,
        /// Where.
        place: Place,
    },
    /// The file is larger than the limit.
    #[error(
        "the file has {} bytes, more than the limit of {}",
        Grouped(*bytes as u64),
        Grouped(*limit_bytes as u64)
    )]
    FileTooLarge {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// More tensors than the limit.
    #[error(
        "the model has {} tensors, more than the limit of {}",
        Grouped(u64::from(*count)),
        Grouped(*limit as u64)
    )]
    TooManyTensors {
        /// How many.
        count: u32,
        /// The limit.
        limit: usize,
    },
    /// More operators than the limit.
    #[error(
        "the model has {} operators, more than the limit of {}",
        Grouped(u64::from(*count)),
        Grouped(*limit as u64)
    )]
    TooManyOperators {
        /// How many.
        count: u32,
        /// The limit.
        limit: usize,
    },
    /// A tensor is larger than the limit.
    #[error(
        "{tensor} has {} bytes, more than the limit of {}",
        Grouped(*bytes),
        Grouped(*limit_bytes as u64)
    )]
    TensorTooLarge {
        /// Which tensor.
        tensor: TensorLabel,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit_bytes: usize,
    },
    /// Lists and names overlap so much that copying them would multiply the file.
    #[error(
        "the model's lists and names add up to more than {} bytes ({place})",
        Grouped(*limit_bytes as u64)
    )]
    Overlap {
        /// Where it became too much.
        place: Place,
        /// The limit.
        limit_bytes: usize,
    },
}

/// Whether a file is broken, beyond this program, or too large.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ErrorSort {
    /// The file is broken or no model.
    Malformed,
    /// The file is fine, but says what cannot be read here.
    Unsupported,
    /// The file asks for more than the limits allow.
    Limit,
}

impl ModelError {
    /// What sort of problem it is.
    #[must_use]
    pub fn sort(&self) -> ErrorSort {
        match self {
            Self::Shape { error, .. } => match error {
                ShapeError::TooLarge => ErrorSort::Limit,
                ShapeError::NotPositive { value, .. } if *value < 0 => ErrorSort::Malformed,
                _ => ErrorSort::Unsupported,
            },
            Self::ElementType { .. } => ErrorSort::Unsupported,
            Self::FileTooLarge { .. }
            | Self::TooManyTensors { .. }
            | Self::TooManyOperators { .. }
            | Self::TensorTooLarge { .. }
            | Self::Overlap { .. } => ErrorSort::Limit,
            _ => ErrorSort::Malformed,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "Choose a .tflite file; if it was downloaded, download it again.",
            Self::TooShort { content, .. } | Self::NotTflite { content, .. } => content.advice(),
            Self::OutOfBounds { .. } => {
                "Download it again: the file is probably cut short or damaged."
            }
            Self::ConstantLength { .. }
            | Self::Vtable { .. }
            | Self::OpcodeIndex { .. }
            | Self::TensorIndex { .. }
            | Self::BufferIndex { .. }
            | Self::ZeroPoints { .. }
            | Self::OptionValue { .. }
            | Self::OptionsType { .. } => {
                "Download or convert it again: the file contradicts itself, so it is damaged or \
                 its converter is at fault."
            }
            Self::NoSubgraph { .. } => "Convert the model again: this file describes no network.",
            Self::Shape { error, .. } => shape_advice(*error),
            Self::ElementType { .. } => {
                "Convert the model with full int8 quantization and the stable element types."
            }
            Self::FileTooLarge { .. }
            | Self::TooManyTensors { .. }
            | Self::TooManyOperators { .. }
            | Self::TensorTooLarge { .. } => {
                "Choose a smaller model: this playground is for networks on microcontrollers."
            }
            Self::Overlap { .. } => {
                "Do not trust this file: no converter writes one whose parts overlap like this."
            }
        }
    }
}

fn shape_advice(error: ShapeError) -> &'static str {
    match error {
        ShapeError::Open { .. } => {
            "Convert the model again with a fixed input shape (batch 1), so that memory can be \
             planned."
        }
        ShapeError::NotPositive { .. } => {
            "Convert the model again with fixed shapes: every dimension has to be 1 or more."
        }
        ShapeError::TooLarge => {
            "Choose a smaller model: this playground is for networks on microcontrollers."
        }
        ShapeError::TooManyDimensions(_) => {
            "Reshape the tensor to at most 8 dimensions and convert the model again."
        }
    }
}

/// Where in the file: a field by the schema's name, and the byte of the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// Table and field ("Tensor.shape").
    pub field: &'static str,
    /// The offset in the file: of the reference where one is followed, else of the table.
    pub at: u64,
}

impl Place {
    pub(super) const fn new(field: &'static str, at: u64) -> Self {
        Self { field, at }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.field, Grouped(self.at))
    }
}

/// A tensor in a message: its number, and its name where it has one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TensorLabel {
    /// Its index in the file.
    pub id: TensorId,
    /// Its name, shortened to [`TensorLabel::NAME_CHARS`].
    pub name: String,
}

impl TensorLabel {
    /// How much of a name a message shows.
    pub const NAME_CHARS: usize = 80;

    pub(super) fn new(id: TensorId, name: &str) -> Self {
        Self { id, name: name.chars().take(Self::NAME_CHARS).collect() }
    }
}

impl fmt::Display for TensorLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tensor {}", self.id.0)?;
        if self.name.is_empty() {
            return Ok(());
        }
        // Escaped: a name must not steer the terminal that prints it.
        write!(f, " `{}`", self.name.escape_debug())
    }
}

/// Whose list of tensors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Owner {
    /// The inputs and outputs of the whole network.
    Subgraph,
    /// An operator, by its number.
    Operator(u32),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subgraph => f.write_str("the network"),
            Self::Operator(number) => write!(f, "operator {number}"),
        }
    }
}

/// Bytes as ASCII, with dots for what cannot be printed.
struct Printable<'a>(&'a [u8]);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed = |&byte: &u8| if matches!(byte, b' '..=b'~') { char::from(byte) } else { '.' };
        f.write_str(&self.0.iter().map(printed).collect::<String>())
    }
}

/// A number with commas between groups of three digits.
struct Grouped(u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
        f.write_str(&String::from_utf8_lossy(&groups.join(&b',')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: &ModelError, sort: ErrorSort, message: &str) {
        assert_eq!(error.to_string(), message);
        assert_eq!(error.sort(), sort);
        let advice = error.advice();
        assert!(advice.starts_with(|first: char| first.is_ascii_uppercase()), "{advice}");
        assert!(advice.ends_with('.'), "{advice}");
    }

    #[test]
    fn messages_say_what_and_where() {
        let place = Place::new("Tensor.shape", 1_234);
        check(
            &ModelError::OutOfBounds { place, refers_to: 318_040, file_bytes: 301_112 },
            ErrorSort::Malformed,
            "the file ends at byte 301,112 but the model refers to byte 318,040 (Tensor.shape at \
             byte 1,234)",
        );
        check(
            &ModelError::NotTflite { found: *b"\x14\0a`", content: Content::Zip },
            ErrorSort::Malformed,
            "this is not a .tflite file: bytes 4 to 7 read `..a``, expected `TFL3`",
        );
        let tensor = TensorLabel::new(TensorId(3), "in\u{1b}[31m");
        check(
            &ModelError::Shape { tensor, error: ShapeError::Open { axis: 0 } },
            ErrorSort::Unsupported,
            "tensor 3 `in\\u{1b}[31m`: dimension 0 is open (-1)",
        );
        let tensor = TensorLabel::new(TensorId(0), "");
        check(
            &ModelError::TensorTooLarge { tensor, bytes: 4_294_967_295, limit_bytes: 100 },
            ErrorSort::Limit,
            "tensor 0 has 4,294,967,295 bytes, more than the limit of 100",
        );
    }
}
