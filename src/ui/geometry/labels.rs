//! Placing labels so that none covers another.

use super::Rect;

/// The size of chart text.
pub const TEXT_PX: f64 = 12.0;
/// The height of a line of chart text.
pub const LINE_PX: f64 = 16.0;

/// How wide a text may be at most, for system fonts at [`TEXT_PX`].
#[must_use]
pub fn text_width(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii_punctuation() { 5.0 } else { 7.4 }).sum()
}

/// A label with a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its text.
    pub text: String,
    /// The box that its text fills.
    pub area: Rect,
}

/// Finds a free place for a label: the first of `corners` (top left) at which it lies within
/// `frame` and covers none of `taken`.
#[must_use]
pub fn place(text: &str, corners: &[(f64, f64)], frame: Rect, taken: &[Rect]) -> Option<Label> {
    let (width, height) = (text_width(text), LINE_PX);
    corners
        .iter()
        .map(|&(x, y)| Rect { x, y, width, height })
        .find(|&area| frame.holds(area) && taken.iter().all(|other| !area.overlaps(*other)))
        .map(|area| Label { text: text.to_owned(), area })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_corner_wins() {
        let frame = Rect { x: 0.0, y: 0.0, width: 200.0, height: 100.0 };
        let taken = [Rect { x: 0.0, y: 0.0, width: 50.0, height: 20.0 }];
        let label = place("peak", &[(10.0, 10.0), (190.0, 40.0), (10.0, 40.0)], frame, &taken);
        assert_eq!(label.map(|label| (label.area.x, label.area.y)), Some((10.0, 40.0)));
        assert_eq!(place("peak", &[(10.0, 10.0)], frame, &taken), None);
    }
}
