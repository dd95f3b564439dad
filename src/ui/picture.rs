//! Tensors as pictures: int8 values to colours, channels to tiles.

use crate::report::ActivationReport;

/// Pixels, four bytes each: red, green, blue, opacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Pixels {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Row by row.
    pub rgba: Vec<u8>,
}

/// How channels are laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tiling {
    /// Tiles a row.
    pub columns: u32,
    /// Pixels a cell of the map.
    pub zoom: u32,
    /// Channels drawn.
    pub shown: u32,
}

/// Pixels between tiles.
pub const GAP_PX: u32 = 2;
/// No more channels are drawn at once.
pub const MOST_TILES: u32 = 64;

impl Tiling {
    /// Fits tiles of a map into a width: whole zooms, at least about 36 pixels a tile.
    #[must_use]
    pub fn fitting(report: &ActivationReport, width_px: u32, most: u32) -> Self {
        let map = report.width.max(1);
        let zoom = 36u32.div_ceil(map).min(width_px / map).clamp(1, 16);
        let columns =
            ((width_px + GAP_PX) / (map * zoom + GAP_PX)).clamp(1, report.channels.max(1));
        Self { columns, zoom, shown: report.channels.min(most) }
    }
}

impl Tiling {
    /// The cell of the map (row, column, channel) that is drawn at a pixel; none between tiles.
    #[must_use]
    pub fn cell_at(self, report: &ActivationReport, [x, y]: [u32; 2]) -> Option<[u32; 3]> {
        let zoom = self.zoom.max(1);
        let (width, height) = (report.width * zoom, report.height * zoom);
        let (tile_column, left) = (x / (width + GAP_PX), x % (width + GAP_PX));
        let (tile_row, top) = (y / (height + GAP_PX), y % (height + GAP_PX));
        let channel = tile_row * self.columns + tile_column;
        let is_drawn = tile_column < self.columns && channel < self.shown;
        (is_drawn && left < width && top < height).then_some([top / zoom, left / zoom, channel])
    }

    /// The pixel, across and down, at which a channel's tile begins.
    #[must_use]
    pub fn tile(self, report: &ActivationReport, channel: u32) -> [u32; 2] {
        let columns = self.columns.max(1);
        let (width, height) = (report.width * self.zoom, report.height * self.zoom);
        [channel % columns * (width + GAP_PX), channel / columns * (height + GAP_PX)]
    }
}

/// The colour of an int8 value: white at the zero point, orange above, blue below.
///
/// The scale is symmetric about the zero point, so that equal distances look equal; its ends are
/// the extreme values of the tensor.
#[must_use]
pub fn diverging(value: i8, zero_point: i32, reach: i32) -> [u8; 3] {
    const BLUE: [i32; 3] = [0x0A, 0x4F, 0xA8];
    const ORANGE: [i32; 3] = [0xC4, 0x4E, 0x0B];
    const WHITE: i32 = 0xFA;
    let distance = i32::from(value) - zero_point;
    let end = if distance < 0 { BLUE } else { ORANGE };
    let reach = reach.max(1);
    let share = distance.abs().min(reach);
    end.map(|channel| {
        let mixed = (WHITE * (reach - share) + channel * share) / reach;
        u8::try_from(mixed.clamp(0, 255)).unwrap_or(0)
    })
}

/// How far values reach from the zero point.
#[must_use]
pub fn reach(report: &ActivationReport) -> i32 {
    let (least, greatest) = (i32::from(report.least), i32::from(report.greatest));
    (least - report.zero_point).abs().max((greatest - report.zero_point).abs()).max(1)
}

/// The channels of a map as tiles, first channel first.
#[must_use]
pub fn tiles(report: &ActivationReport, bytes: &[u8], tiling: Tiling) -> Pixels {
    let (map_width, map_height) = (report.width, report.height);
    let (tile_width, tile_height) = (map_width * tiling.zoom, map_height * tiling.zoom);
    let rows = tiling.shown.div_ceil(tiling.columns.max(1));
    let width = (tiling.columns * (tile_width + GAP_PX)).saturating_sub(GAP_PX).max(1);
    let height = (rows * (tile_height + GAP_PX)).saturating_sub(GAP_PX).max(1);
    let mut rgba = vec![0u8; width as usize * height as usize * 4];
    let reach = reach(report);
    for channel in 0..tiling.shown {
        let [left, top] = tiling.tile(report, channel);
        for y in 0..tile_height {
            for x in 0..tile_width {
                let cell =
                    (y / tiling.zoom) as usize * map_width as usize + (x / tiling.zoom) as usize;
                let index = cell * report.channels as usize + channel as usize;
                let value = bytes.get(index).map_or(0, |&byte| byte.cast_signed());
                let [red, green, blue] = diverging(value, report.zero_point, reach);
                let at = ((top + y) as usize * width as usize + (left + x) as usize) * 4;
                rgba[at..at + 4].copy_from_slice(&[red, green, blue, 255]);
            }
        }
    }
    Pixels { width, height, rgba }
}

/// An input tensor as the picture that the network sees: its values stretched from least to
/// greatest, one channel as grey. `None` when it is no picture.
#[must_use]
pub fn as_seen(report: &ActivationReport, bytes: &[u8], is_bgr: bool) -> Option<Pixels> {
    let channels = report.channels as usize;
    if channels != 1 && channels != 3 {
        return None;
    }
    let mut rgba = Vec::with_capacity(bytes.len() / channels * 4);
    for cell in bytes.chunks_exact(channels) {
        let grey = |index: usize| (i16::from(cell[index].cast_signed()) + 128).clamp(0, 255);
        let byte = |index: usize| u8::try_from(grey(index)).unwrap_or(0);
        let [red, green, blue] = match (channels, is_bgr) {
            (1, _) => [0, 0, 0],
            (_, true) => [2, 1, 0],
            (_, false) => [0, 1, 2],
        };
        rgba.extend([byte(red), byte(green), byte(blue), 255]);
    }
    let expected = report.width as usize * report.height as usize * 4;
    (rgba.len() == expected && expected > 0).then_some(Pixels {
        width: report.width,
        height: report.height,
        rgba,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample::activation as report;

    #[test]
    fn colours_diverge_from_the_zero_point() {
        assert_eq!(diverging(-128, -128, 255), [0xFA; 3]);
        assert_eq!(diverging(127, -128, 255), [0xC4, 0x4E, 0x0B]);
        assert_eq!(diverging(-100, 0, 100), [0x0A, 0x4F, 0xA8]);
    }

    #[test]
    fn tiles_fit_the_width_they_were_made_for() {
        for width in [1, 3, 12, 48, 96] {
            for width_px in [200, 320, 460] {
                let report = report(width, width, 48);
                let tiling = Tiling::fitting(&report, width_px, MOST_TILES);
                let pixels = tiles(&report, &vec![0; 48 * (width * width) as usize], tiling);
                assert!(pixels.width <= width_px, "{width} in {width_px}: {pixels:?}");
                assert_eq!(pixels.rgba.len(), (pixels.width * pixels.height * 4) as usize);
            }
        }
    }

    #[test]
    fn every_pixel_of_a_cell_is_the_cells() {
        let report = report(3, 2, 5);
        let tiling = Tiling { columns: 2, zoom: 4, shown: 5 };
        let mut seen = 0;
        for channel in 0..5 {
            let [left, top] = tiling.tile(&report, channel);
            for (row, column) in (0..3).flat_map(|row| (0..2).map(move |column| (row, column))) {
                for (down, right) in [(0, 0), (3, 3)] {
                    let at = [left + column * 4 + right, top + row * 4 + down];
                    assert_eq!(tiling.cell_at(&report, at), Some([row, column, channel]));
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 60);
        // Between two tiles, beside the last, and where no sixth channel is.
        for at in [[8, 0], [0, 13], [18, 0], [10, 28]] {
            assert_eq!(tiling.cell_at(&report, at), None, "{at:?}");
        }
    }

    #[test]
    fn channels_are_taken_apart() {
        let tiling = Tiling { columns: 2, zoom: 1, shown: 2 };
        let pixels = tiles(&report(1, 1, 2), &[0x80, 0x7F], tiling);
        assert_eq!(pixels.width, 4);
        assert_eq!(pixels.rgba[..3], [0xFA; 3]);
        assert_eq!(pixels.rgba[12..15], [0xC4, 0x4E, 0x0B]);
    }

    #[test]
    fn the_network_sees_a_picture_or_none() {
        let seen = as_seen(&report(1, 1, 3), &[0x80, 0x00, 0x7F], true).unwrap();
        assert_eq!(seen.rgba, [255, 128, 0, 255]);
        assert!(as_seen(&report(1, 1, 10), &[0; 10], false).is_none());
        assert!(as_seen(&report(2, 2, 3), &[0; 3], false).is_none());
    }
}
