//! From a decoded picture to the bytes of an input tensor, every choice visible.

use serde::{Deserialize, Serialize};

/// How a picture of another aspect ratio meets the input's rectangle.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The centre is cut out.
    #[default]
    Crop,
    /// Squeezed.
    Stretch,
    /// All of it, with grey bars.
    Letterbox,
}

/// What a channel value of 0 to 255 becomes before it is quantized.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueRange {
    /// -1 to 1.
    #[default]
    MinusOneToOne,
    /// 0 to 1.
    ZeroToOne,
    /// 0 to 255.
    Bytes,
}

/// The order of the colour channels.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelOrder {
    /// Red first.
    #[default]
    Rgb,
    /// Blue first.
    Bgr,
}

/// All choices between a picture and the input tensor.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Preprocessing {
    /// How the picture meets the rectangle.
    pub fit: Fit,
    /// Which real values the channels become.
    pub range: ValueRange,
    /// The order of the channels (three-channel inputs).
    pub order: ChannelOrder,
}

/// stub
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("stub")]
pub struct PreprocessError;
/// stub
#[allow(missing_docs, reason = "stub")]
pub struct Target { pub height: u32, pub width: u32, pub channels: u32, pub params: crate::quant::QuantParams }
/// stub
pub fn picture_to_tensor(_: &[u8], _: u32, _: u32, _: &Target, _: Preprocessing) -> Result<Vec<i8>, PreprocessError> { Err(PreprocessError) }
