//! Strokes, normalised as the digits of MNIST were.
//!
//! LeCun, Cortes and Burges made MNIST's pictures of NIST's black and white scans in two steps: each
//! digit was scaled, its aspect ratio kept, until it fitted into a square of 20 x 20 pixels, which the
//! scaling's own smoothing turned to levels of grey; then it was shifted inside a field of 28 x 28 so
//! that the centre of mass of its pixels came to lie in the middle of the field. A network that was
//! trained on such digits expects no others.

use super::resample::{Colours, Part, Picture, resample_part};

/// The picture's ink (all that is not black) as `size` rows and columns of three levels on black: its
/// bounding box scaled so that the longer side is `box_px`, its centre of mass as near to the middle as
/// whole pixels and the field's edges allow. All black where there is no ink.
pub(super) fn normalised(
    picture: &Picture<'_>,
    size: [usize; 2],
    box_px: usize,
    colours: Colours,
) -> Vec<[f32; 3]> {
    let mut field = vec![[0.0; 3]; size[0] * size[1]];
    let Some(ink) = bounding_box(picture) else { return field };
    let box_px = box_px.clamp(1, size[0].min(size[1]));
    let longest = ink[0].len.max(ink[1].len);
    let scaled = ink.map(|part| {
        let twice = 2 * part.len as u128 * box_px as u128;
        let rounded = (twice + longest as u128) / (2 * longest as u128);
        usize::try_from(rounded).unwrap_or(box_px).clamp(1, box_px)
    });
    let levels = resample_part(picture, ink, scaled, colours);
    let start =
        [0, 1].map(|axis| centred(centre_of_mass(&levels, scaled, axis), scaled[axis], size[axis]));
    for (y, row) in levels.chunks_exact(scaled[1]).enumerate() {
        let at = (start[0] + y) * size[1] + start[1];
        field[at..at + row.len()].copy_from_slice(row);
    }
    field
}

/// The rows and columns from the first to the last that holds ink.
fn bounding_box(picture: &Picture<'_>) -> Option<[Part; 2]> {
    let [_, columns] = picture.size;
    let mut ends = [[usize::MAX, 0]; 2];
    for (index, _) in picture.pixels.iter().enumerate().filter(|(_, pixel)| is_ink(**pixel)) {
        for (end, at) in ends.iter_mut().zip([index / columns, index % columns]) {
            *end = [end[0].min(at), end[1].max(at + 1)];
        }
    }
    let is_there = ends[0][0] < ends[0][1];
    is_there.then(|| ends.map(|[start, end]| Part { start, len: end - start }))
}

const fn is_ink([red, green, blue, opacity]: [u8; 4]) -> bool {
    // What is transparent shows white.
    opacity < 255 || red > 0 || green > 0 || blue > 0
}

/// Where along an axis the centre of mass of the levels is, in pixels from the first one's edge.
fn centre_of_mass(levels: &[[f32; 3]], size: [usize; 2], axis: usize) -> f64 {
    let (mut moment, mut mass) = (0.0, 0.0);
    for (index, cell) in levels.iter().enumerate() {
        let at = if axis == 0 { index / size[1] } else { index % size[1] };
        let level: f64 = cell.iter().map(|&level| f64::from(level)).sum();
        moment += (at as f64 + 0.5) * level;
        mass += level;
    }
    if mass > 0.0 { moment / mass } else { size[axis] as f64 / 2.0 }
}

/// Where a part of `len` pixels begins in a field of `side`, so that `centre` is in the middle.
fn centred(centre: f64, len: usize, side: usize) -> usize {
    let start = (side as f64 / 2.0 - centre).round();
    let most = side.saturating_sub(len);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the field's side"
    )]
    let start = start.clamp(0.0, most as f64) as usize;
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A black picture of this side with white pixels at these rows and columns.
    fn field(side: usize, ink: &[(usize, usize)], box_px: usize) -> Vec<u8> {
        let mut pixels = vec![[0, 0, 0, 255]; 64 * 48];
        for &(y, x) in ink {
            pixels[y * 48 + x] = [255; 4];
        }
        let picture = Picture { pixels: &pixels, size: [64, 48] };
        let levels = normalised(&picture, [side; 2], box_px, Colours::Grey);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "levels")]
        let byte = |cell: [f32; 3]| cell[0] as u8;
        levels.into_iter().map(byte).collect()
    }

    fn bounds(field: &[u8], side: usize) -> [usize; 4] {
        let at = |is_wanted: &dyn Fn(usize) -> usize| {
            let inked = field.iter().enumerate().filter(|(_, level)| **level > 0);
            let places: Vec<usize> = inked.map(|(index, _)| is_wanted(index)).collect();
            [places.iter().copied().min().unwrap(), places.iter().copied().max().unwrap()]
        };
        let (rows, columns) = (at(&|index| index / side), at(&|index| index % side));
        [rows[0], rows[1], columns[0], columns[1]]
    }

    #[test]
    fn ink_fills_the_box_wherever_it_was_drawn() {
        let stroke = |y: usize, x: usize| -> Vec<(usize, usize)> {
            (0..30).flat_map(|row| (0..6).map(move |column| (y + row, x + column))).collect()
        };
        let expected = field(28, &stroke(0, 0), 20);
        assert_eq!(bounds(&expected, 28), [4, 23, 12, 15], "20 rows, 4 columns, in the middle");
        for (y, x) in [(0, 42), (34, 0), (17, 13)] {
            assert_eq!(field(28, &stroke(y, x), 20), expected);
        }
    }

    #[test]
    fn the_centre_of_mass_is_in_the_middle_not_that_of_the_box() {
        // A bar with a heavy foot: 20 rows of 2, then a foot of 10 more columns in the last 4 rows.
        let bar = (0..20).flat_map(|y| (0..2).map(move |x| (y, x)));
        let foot = (16..20).flat_map(|y| (2..12).map(move |x| (y, x)));
        let ink: Vec<(usize, usize)> = bar.chain(foot).collect();
        let mean = |axis: fn(&(usize, usize)) -> usize| {
            ink.iter().map(|one| axis(one) as f64 + 0.5).sum::<f64>() / ink.len() as f64
        };
        let field = field(28, &ink, 20);
        let [top, bottom, left, right] = bounds(&field, 28);
        assert_eq!([bottom - top, right - left], [19, 11], "its own size: 20 is the box");
        for (start, mean) in [(top, mean(|one| one.0)), (left, mean(|one| one.1))] {
            let centre = start as f64 + mean;
            assert!((centre - 14.0).abs() <= 0.5, "{centre}: as near as whole pixels allow");
        }
        assert_ne!(top, 4, "the box itself is not in the middle");
    }

    #[test]
    fn a_field_stays_within_its_edges_and_black_without_ink() {
        assert_eq!(field(28, &[], 20), [0; 28 * 28]);
        assert!(field(28, &[(63, 47)], 20).iter().filter(|level| **level == 255).count() == 400);
        assert_eq!(field(1, &[(3, 3)], 20), [255]);
    }
}
