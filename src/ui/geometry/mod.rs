//! Where marks and labels of the pictures lie, in CSS pixels: pure functions of reports.

pub mod arena;
pub mod curves;
pub mod graph;
pub mod labels;
pub mod legend;
pub mod sweep;
pub mod ticks;
pub mod timeline;
pub mod zoom;

/// A rectangle, its origin at the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// The right edge.
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    /// The lower edge.
    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    /// Whether the two share any area.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `other` lies within, give or take a rounding.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        const SLACK: f64 = 1e-6;
        self.x <= other.x + SLACK
            && self.y <= other.y + SLACK
            && other.right() <= self.right() + SLACK
            && other.bottom() <= self.bottom() + SLACK
    }
}

/// A coordinate as the whole pixel it falls into.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate, and pixels are few")]
pub fn whole_px(value: f64) -> i32 {
    value.round() as i32
}

/// A length as a count of pixels, at least 1.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of floats saturate, and pixels are few"
)]
pub fn count_px(value: f64) -> u32 {
    (value.round() as u32).max(1)
}

/// The index of the column that a coordinate falls into, of `columns` equal ones.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of floats saturate, and the sign is checked"
)]
pub fn column_at(offset: f64, width: f64, columns: usize) -> Option<usize> {
    if columns == 0 || width <= 0.0 || !(0.0..width).contains(&offset) {
        return None;
    }
    Some(((offset / width * columns as f64) as usize).min(columns - 1))
}
