//! Fitting a picture into a rectangle: which part goes where, and the mean of what lands on a pixel.
//!
//! Weights are integers over a common denominator, so sums are exact; one division in float64 ends
//! them.

use super::{Fit, drawing::normalised};

/// The level of the bars beside a letterboxed picture.
const BAR: f32 = 128.0;

/// A decoded picture.
pub(super) struct Picture<'a> {
    /// Red, green, blue and opacity, row by row.
    pub(super) pixels: &'a [[u8; 4]],
    /// Rows and columns, both at least 1.
    pub(super) size: [usize; 2],
}

/// What a pixel's levels are.
#[derive(Clone, Copy)]
pub(super) enum Colours {
    /// The luma, three times.
    Grey,
    /// Red, green and blue.
    Rgb,
}

/// A part of an axis: first index and length.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) len: usize,
}

/// A source pixel's index along an axis, and its weight.
type Tap = (usize, u64);

/// The picture as `size` rows and columns of three levels, 0 to 255, row by row.
pub(super) fn resample(
    picture: &Picture<'_>,
    size: [usize; 2],
    fit: Fit,
    colours: Colours,
) -> Vec<[f32; 3]> {
    let (from, to) = match fit {
        Fit::Stretch => (whole(picture.size), whole(size)),
        Fit::Crop => (centred(picture.size, size), whole(size)),
        Fit::Letterbox => (whole(picture.size), centred(size, picture.size)),
        Fit::Drawing { box_px } => return normalised(picture, size, box_px as usize, colours),
    };
    let part = resample_part(picture, from, to.map(|part| part.len), colours);
    let mut levels = vec![[BAR; 3]; size[0] * size[1]];
    for (y, row) in part.chunks_exact(to[1].len).enumerate() {
        let start = (to[0].start + y) * size[1] + to[1].start;
        levels[start..start + row.len()].copy_from_slice(row);
    }
    levels
}

/// A part of the picture as `size` rows and columns of three levels, 0 to 255, row by row.
pub(super) fn resample_part(
    picture: &Picture<'_>,
    part: [Part; 2],
    size: [usize; 2],
    colours: Colours,
) -> Vec<[f32; 3]> {
    let row_taps = (0..size[0]).map(|y| taps(y, part[0], size[0]));
    let column_taps: Vec<Vec<Tap>> = (0..size[1]).map(|x| taps(x, part[1], size[1])).collect();
    let mut levels = Vec::with_capacity(size[0] * size[1]);
    for rows in row_taps {
        let row = column_taps.iter().map(|columns| weighted_mean(picture, &rows, columns, colours));
        levels.extend(row);
    }
    levels
}

/// All of it.
fn whole(size: [usize; 2]) -> [Part; 2] {
    size.map(|len| Part { start: 0, len })
}

/// The greatest centred rectangle inside `outer` that has the aspect ratio of `shape`, sides
/// rounded half up and at least 1.
fn centred(outer: [usize; 2], shape: [usize; 2]) -> [Part; 2] {
    let (outer_wide, shape_wide) =
        (outer[1] as u128 * shape[0] as u128, shape[1] as u128 * outer[0] as u128);
    let side = |axis: usize, is_cut: bool| {
        let other = 1 - axis;
        let exact = || {
            let product = outer[other] as u128 * shape[axis] as u128;
            let rounded = (2 * product + shape[other] as u128) / (2 * shape[other] as u128);
            usize::try_from(rounded).unwrap_or(usize::MAX)
        };
        let len = if is_cut { exact().clamp(1, outer[axis]) } else { outer[axis] };
        Part { start: (outer[axis] - len) / 2, len }
    };
    [side(0, outer_wide < shape_wide), side(1, outer_wide > shape_wide)]
}

/// What output `index` of `count` takes from a part of an axis.
///
/// Shrinking: each source pixel by the length that the output covers of it, in units of 1/count.
/// Enlarging: the two source pixels whose centres are nearest, by distance, in units of 1/(2 count);
/// beyond the outermost centres, the outermost pixel.
fn taps(index: usize, part: Part, count: usize) -> Vec<Tap> {
    let (i, n, len) = (index as u64, count as u64, part.len as u64);
    let at = |pixel: u64| {
        let pixel = pixel.min(len - 1);
        part.start + usize::try_from(pixel).unwrap_or(usize::MAX)
    };
    if n <= len {
        let (start, end) = (i * len, (i + 1) * len);
        let covered = (start / n..end.div_ceil(n)).map(|pixel| {
            let overlap = end.min((pixel + 1) * n) - start.max(pixel * n);
            (at(pixel), overlap)
        });
        covered.collect()
    } else {
        let position = ((2 * i + 1) * len).saturating_sub(n);
        let (pixel, fraction) = (position / (2 * n), position % (2 * n));
        vec![(at(pixel), 2 * n - fraction), (at(pixel + 1), fraction)]
    }
}

/// The mean of the pixels at the taps, each weighted by the product of its taps' weights.
fn weighted_mean(
    picture: &Picture<'_>,
    rows: &[Tap],
    columns: &[Tap],
    colours: Colours,
) -> [f32; 3] {
    let (mut sums, mut total) = ([0u64; 3], 0u64);
    for &(y, row_weight) in rows {
        for &(x, column_weight) in columns {
            let weight = row_weight * column_weight;
            let over_white = over_white(picture.pixels[y * picture.size[1] + x]);
            for (sum, level) in sums.iter_mut().zip(over_white) {
                *sum += weight * level;
            }
            total += weight;
        }
    }
    let level = |numerator: u64, denominator: u64| {
        #[expect(clippy::cast_possible_truncation, reason = "0 to 255, rounded to 24 bits")]
        let level = (numerator as f64 / (255 * denominator) as f64) as f32;
        level
    };
    match colours {
        Colours::Rgb => sums.map(|sum| level(sum, total)),
        Colours::Grey => {
            let [red, green, blue] = sums;
            [level(299 * red + 587 * green + 114 * blue, 1000 * total); 3]
        }
    }
}

/// A pixel's colours over white, times 255.
fn over_white([red, green, blue, opacity]: [u8; 4]) -> [u64; 3] {
    let opacity = u64::from(opacity);
    [red, green, blue].map(|level| u64::from(level) * opacity + 255 * (255 - opacity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_an_output_add_up_to_the_same_for_all() {
        for count in 1..=12 {
            for len in 1..=12 {
                let part = Part { start: 3, len };
                let expected = if count <= len { len } else { 2 * count } as u64;
                for index in 0..count {
                    let taps = taps(index, part, count);
                    assert_eq!(taps.iter().map(|tap| tap.1).sum::<u64>(), expected);
                    assert!(taps.iter().all(|tap| (3..3 + len).contains(&tap.0)));
                }
            }
        }
    }

    #[track_caller]
    fn check(outer: [usize; 2], shape: [usize; 2], expected: [(usize, usize); 2]) {
        assert_eq!(centred(outer, shape).map(|part| (part.start, part.len)), expected);
    }

    #[test]
    fn rectangles_are_centred_and_keep_the_aspect_ratio() {
        check([480, 640], [96, 96], [(0, 480), (80, 480)]);
        check([640, 480], [96, 96], [(80, 480), (0, 480)]);
        check([96, 96], [480, 640], [(12, 72), (0, 96)]);
        check([3, 5], [1, 1_000_000], [(1, 1), (0, 5)]);
        check([7, 7], [7, 7], [(0, 7), (0, 7)]);
    }
}
