//! From a decoded picture to the bytes of an input tensor, every choice visible.
//!
//! A picture is composited over white, fitted into the input's rectangle, turned to grey where the
//! input has one channel, inverted where asked for, mapped to real values and quantized. Up to the last two steps the
//! arithmetic is exact (integers, and one division), so every machine makes the same tensor.

mod drawing;
mod resample;
pub mod sound;

use crate::quant::{QuantParams, dequantize, quantize};
use resample::{Colours, Picture, resample};
use serde::{Deserialize, Serialize};

/// How a picture of another aspect ratio meets the input's rectangle.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The greatest centred part of the input's aspect ratio.
    #[default]
    Crop,
    /// Squeezed.
    Stretch,
    /// All of it, centred, with bars of grey (128).
    Letterbox,
    /// Light strokes on black, normalised as the digits of MNIST are: their bounding box is scaled,
    /// the aspect ratio kept, until its longer side is `box_px`; their centre of mass comes to lie in
    /// the middle; around them is black.
    Drawing {
        /// The longer side of the strokes' bounding box, in pixels of the input.
        box_px: u32,
    },
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

impl ValueRange {
    /// The range that the int8 values of an input span, going by its scale and zero point.
    #[must_use]
    pub fn fitting(scale: f64, zero_point: i64) -> Self {
        let real = |value: i64| value.saturating_sub(zero_point) as f64 * scale;
        let (least, greatest) = (real(-128), real(127));
        if greatest.max(-least) > 16.0 {
            Self::Bytes
        } else if least < -0.25 * greatest.abs() {
            Self::MinusOneToOne
        } else {
            Self::ZeroToOne
        }
    }
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
    /// Whether light and dark change places, bars included: a level becomes 255 minus it.
    pub is_inverted: bool,
}

/// The input tensor that a picture is to become.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Target {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// 1 (grey) or 3 (colours).
    pub channels: usize,
    /// Scale and zero point.
    pub params: QuantParams,
}

/// Why a picture cannot become an input tensor.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PreprocessError {
    /// The picture has no row or no column.
    #[error("the picture is empty")]
    EmptyPicture,
    /// The bytes are not four for each pixel.
    #[error("{bytes} bytes for a picture of {pixels} pixels, which takes four for each")]
    WrongLength {
        /// Width times height.
        pixels: u64,
        /// How many bytes there are.
        bytes: usize,
    },
    /// The tensor has no row or no column.
    #[error("the input tensor is empty")]
    EmptyTarget,
    /// The tensor is neither grey nor coloured.
    #[error("an input of {0} channels; pictures have 1 or 3")]
    Channels(usize),
}

/// The input tensor that a picture becomes: `height * width * channels` values, row by row.
///
/// `rgba` holds red, green, blue and opacity of each pixel, row by row; what is transparent shows
/// white. Shrinking averages the area that an output pixel covers, enlarging interpolates linearly
/// between pixel centres, each axis by itself. Grey is the luma of Rec. 601: 0.299 red, 0.587
/// green, 0.114 blue. The result is not rounded to bytes on the way: it is rounded once, when it is
/// quantized.
///
/// # Errors
/// The lengths disagree, a side is 0, or the target has other than 1 or 3 channels.
pub fn picture_to_tensor(
    rgba: &[u8],
    width: u32,
    height: u32,
    target: &Target,
    choices: Preprocessing,
) -> Result<Vec<i8>, PreprocessError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(PreprocessError::EmptyPicture);
    }
    let (quads, rest) = rgba.as_chunks::<4>();
    if quads.len() as u64 != pixels || !rest.is_empty() {
        return Err(PreprocessError::WrongLength { pixels, bytes: rgba.len() });
    }
    if target.height == 0 || target.width == 0 {
        return Err(PreprocessError::EmptyTarget);
    }
    let colours = match target.channels {
        1 => Colours::Grey,
        3 => Colours::Rgb,
        other => return Err(PreprocessError::Channels(other)),
    };
    let picture = Picture { pixels: quads, size: [height as usize, width as usize] };
    let levels = resample(&picture, [target.height, target.width], choices.fit, colours);
    let mut tensor = Vec::with_capacity(levels.len() * target.channels);
    for cell in levels {
        let mut cell = cell.map(|level| {
            let level = if choices.is_inverted { 255.0 - level } else { level };
            quantize(real_of(level, choices.range), target.params)
        });
        if choices.order == ChannelOrder::Bgr {
            cell.reverse();
        }
        tensor.extend_from_slice(&cell[..target.channels]);
    }
    Ok(tensor)
}

/// The picture that an input tensor holds, as the network sees it: opaque pixels of red, green,
/// blue and opacity. Levels are rounded half away from zero and clamped to a byte.
///
/// It has as many pixels as `tensor` has whole cells of 1 or 3 channels, and none for other counts.
#[must_use]
pub fn tensor_to_rgba(tensor: &[i8], target: &Target, choices: Preprocessing) -> Vec<u8> {
    let byte_of = |value: i8| byte_of(dequantize(value, target.params), choices.range);
    match target.channels {
        1 => tensor.iter().map(|&grey| byte_of(grey)).flat_map(|y| [y, y, y, 255]).collect(),
        3 => {
            let cells = tensor.as_chunks::<3>().0.iter().map(|cell| cell.map(byte_of));
            let pixels = cells.map(|[first, green, last]| match choices.order {
                ChannelOrder::Rgb => [first, green, last, 255],
                ChannelOrder::Bgr => [last, green, first, 255],
            });
            pixels.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// The real value of a level of 0 to 255.
fn real_of(level: f32, range: ValueRange) -> f32 {
    match range {
        ValueRange::MinusOneToOne => level / 127.5 - 1.0,
        ValueRange::ZeroToOne => level / 255.0,
        ValueRange::Bytes => level,
    }
}

/// The level nearest to a real value.
fn byte_of(real: f32, range: ValueRange) -> u8 {
    let level = match range {
        ValueRange::MinusOneToOne => (real + 1.0) * 127.5,
        ValueRange::ZeroToOne => real * 255.0,
        ValueRange::Bytes => real,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates at the ends of a byte"
    )]
    let byte = level.round() as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 4] = [255, 0, 0, 255];
    const GREEN: [u8; 4] = [0, 255, 0, 255];
    const BLUE: [u8; 4] = [0, 0, 255, 255];

    /// Bytes minus 128: a tensor that shows levels as they are.
    fn target(height: usize, width: usize, channels: usize) -> Target {
        let params = QuantParams { scale: 1.0, zero_point: -128 };
        Target { height, width, channels, params }
    }

    fn bytes(fit: Fit) -> Preprocessing {
        Preprocessing { fit, range: ValueRange::Bytes, ..Preprocessing::default() }
    }

    #[track_caller]
    fn levels(pixels: &[[u8; 4]], width: u32, target: &Target, fit: Fit) -> Vec<u8> {
        let height = u32::try_from(pixels.len()).unwrap() / width;
        let tensor =
            picture_to_tensor(pixels.as_flattened(), width, height, target, bytes(fit)).unwrap();
        tensor.iter().map(|&value| u8::try_from(i16::from(value) + 128).unwrap()).collect()
    }

    #[test]
    fn ranges_follow_from_scale_and_zero_point() {
        assert_eq!(ValueRange::fitting(2.0 / 255.0, -1), ValueRange::MinusOneToOne);
        assert_eq!(ValueRange::fitting(0.0186, -14), ValueRange::MinusOneToOne, "standardized");
        assert_eq!(ValueRange::fitting(1.0 / 255.0, -128), ValueRange::ZeroToOne);
        assert_eq!(ValueRange::fitting(1.0, -128), ValueRange::Bytes);
        assert_eq!(ValueRange::fitting(1.0, 0), ValueRange::Bytes);
    }

    #[test]
    fn solid_colours_stay_whatever_the_size() {
        let colour = [200, 3, 117, 255];
        for (height, width) in [(1, 1), (3, 5), (7, 4), (2, 9)] {
            for fit in [Fit::Crop, Fit::Stretch] {
                let result = levels(&[colour; 12], 4, &target(height, width, 3), fit);
                assert_eq!(result, [200, 3, 117].repeat(height * width));
            }
        }
    }

    #[test]
    fn a_picture_of_the_right_size_is_kept() {
        let pixels: Vec<[u8; 4]> = (0..12).map(|n| [n * 20, n, 255 - n, 255]).collect();
        let expected: Vec<u8> = pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        for fit in [Fit::Crop, Fit::Stretch, Fit::Letterbox] {
            assert_eq!(levels(&pixels, 4, &target(3, 4, 3), fit), expected);
        }
    }

    #[test]
    fn four_pixels_become_their_mean() {
        let pixels = [[10, 0, 255, 255], [20, 0, 255, 255], [30, 0, 0, 255], [42, 1, 0, 255]];
        // 25.5 and 127.5 round up, 0.25 down.
        assert_eq!(levels(&pixels, 2, &target(1, 1, 3), Fit::Stretch), [26, 0, 128]);
    }

    #[test]
    fn parts_of_pixels_count_by_their_area() {
        let pixels = [[0, 0, 0, 255], [90, 90, 90, 255], [255, 255, 255, 255]];
        // Two outputs of one and a half pixels each: 30 and 200.
        assert_eq!(levels(&pixels, 3, &target(1, 2, 1), Fit::Stretch), [30, 200]);
    }

    #[test]
    fn enlarging_interpolates_between_centres() {
        let pixels = [[0, 0, 0, 255], [200, 200, 200, 255]];
        assert_eq!(levels(&pixels, 2, &target(1, 4, 1), Fit::Stretch), [0, 50, 150, 200]);
    }

    #[test]
    fn the_centre_is_cut_out() {
        let result = levels(&[RED, GREEN, GREEN, BLUE], 4, &target(1, 2, 3), Fit::Crop);
        assert_eq!(result, [0, 255, 0, 0, 255, 0]);
        let result = levels(&[RED, GREEN, BLUE], 1, &target(2, 2, 3), Fit::Crop);
        assert_eq!(result, [0, 255, 0].repeat(4));
    }

    #[test]
    fn letterboxes_have_grey_bars() {
        let result = levels(&[RED, RED], 2, &target(4, 4, 3), Fit::Letterbox);
        let (bar, row) = ([128; 12].to_vec(), [255, 0, 0].repeat(4));
        assert_eq!(result, [bar.clone(), row.clone(), row, bar].concat());
        let result = levels(&[GREEN; 9], 1, &target(3, 3, 1), Fit::Letterbox);
        assert_eq!(result, [128, 150, 128].repeat(3));
    }

    #[test]
    fn transparency_shows_white() {
        let pixels = [[0, 0, 0, 0], [255, 0, 0, 51]];
        let expected = [255, 255, 255, 255, 204, 204];
        assert_eq!(levels(&pixels, 2, &target(1, 2, 3), Fit::Stretch), expected);
    }

    #[test]
    fn grey_is_luma() {
        let pixels = [RED, GREEN, BLUE, [255; 4]];
        assert_eq!(levels(&pixels, 4, &target(1, 4, 1), Fit::Stretch), [76, 150, 29, 255]);
    }

    #[test]
    fn range_and_order_are_choices() {
        let params = QuantParams { scale: 1.0 / 127.0, zero_point: 0 };
        let target = Target { height: 1, width: 1, channels: 3, params };
        let of = |range, order| {
            let choices = Preprocessing { range, order, ..Preprocessing::default() };
            picture_to_tensor(&[255, 0, 51, 255], 1, 1, &target, choices).unwrap()
        };
        assert_eq!(of(ValueRange::MinusOneToOne, ChannelOrder::Rgb), [127, -127, -76]);
        assert_eq!(of(ValueRange::ZeroToOne, ChannelOrder::Bgr), [25, 0, 127]);
    }

    #[test]
    fn inverted_pictures_have_light_and_dark_exchanged() {
        let target = target(1, 2, 3);
        let choices = Preprocessing { is_inverted: true, ..bytes(Fit::Crop) };
        // What is transparent shows white, and white becomes black.
        let pixels = [[200, 3, 117, 255], [0, 0, 0, 0]];
        let tensor = picture_to_tensor(pixels.as_flattened(), 2, 1, &target, choices).unwrap();
        let levels = tensor.iter().map(|&value| i16::from(value) + 128);
        assert_eq!(levels.collect::<Vec<_>>(), [55, 252, 138, 0, 0, 0]);
    }

    #[test]
    fn tensors_turn_back_into_pictures() {
        let pixels = [[200, 3, 117, 255], [0, 255, 64, 255]];
        for order in [ChannelOrder::Rgb, ChannelOrder::Bgr] {
            let choices = Preprocessing { order, ..bytes(Fit::Crop) };
            let target = target(1, 2, 3);
            let tensor = picture_to_tensor(pixels.as_flattened(), 2, 1, &target, choices).unwrap();
            assert_eq!(tensor_to_rgba(&tensor, &target, choices), pixels.as_flattened());
        }
        let grey = tensor_to_rgba(&[-128, 127], &target(1, 2, 1), bytes(Fit::Crop));
        assert_eq!(grey, [0, 0, 0, 255, 255, 255, 255, 255]);
        assert!(tensor_to_rgba(&[1, 2], &target(1, 1, 2), bytes(Fit::Crop)).is_empty());
    }

    #[test]
    fn wrong_sizes_are_refused() {
        let of = |bytes: usize, width, height, target| {
            picture_to_tensor(&vec![0; bytes], width, height, &target, Preprocessing::default())
        };
        let wrong_length = PreprocessError::WrongLength { pixels: 2, bytes: 9 };
        assert_eq!(of(9, 2, 1, target(1, 1, 1)), Err(wrong_length));
        assert_eq!(of(0, 0, 5, target(1, 1, 1)), Err(PreprocessError::EmptyPicture));
        assert!(of(0, u32::MAX, u32::MAX, target(1, 1, 1)).is_err());
        assert_eq!(of(4, 1, 1, target(0, 1, 1)), Err(PreprocessError::EmptyTarget));
        assert_eq!(of(4, 1, 1, target(1, 1, 4)), Err(PreprocessError::Channels(4)));
    }
}
