//! A legend as a drawing, for pictures that leave the page.

use super::{Palette, Rgb};
use crate::{
    text::family_letter,
    ui::{
        geometry::{
            count_px,
            labels::{TEXT_PX, text_width},
            legend::Key,
        },
        markup::css,
    },
};
use std::fmt::Write;

/// The side of a mark.
const MARK_PX: f64 = 14.0;
/// The distance of the legend's lines.
const LINE_PX: f64 = 20.0;
/// Between a mark and its words, and between those and the next mark.
const GAPS_PX: (f64, f64) = (5.0, 14.0);

/// The keys as an SVG document in lines of at most a width, with its height; both are 0 without keys.
#[must_use]
pub fn legend_svg(keys: &[Key], width: u32, palette: &Palette) -> (String, u32) {
    let (mut marks, ink) = (String::new(), css(palette.text));
    let (mut x, mut y) = (0.0, 0.0);
    for key in keys {
        let words = key.words();
        let length = MARK_PX + GAPS_PX.0 + text_width(words);
        if x > 0.0 && x + length > f64::from(width) {
            (x, y) = (0.0, y + LINE_PX);
        }
        let mark = mark(*key, palette);
        // Writing to a string cannot fail.
        let _ = write!(
            marks,
            r#"<g transform="translate({x:.1} {y})">{mark}<text x="{}" y="11.5" fill="{ink}">{words}</text></g>"#,
            MARK_PX + GAPS_PX.0
        );
        x += length + GAPS_PX.1;
    }
    if keys.is_empty() {
        return (marks, 0);
    }
    let height = y + LINE_PX;
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="{TEXT_PX}">{marks}</svg>"#
    );
    (svg, count_px(height))
}

/// A mark as the pictures have it, in a square.
fn mark(key: Key, palette: &Palette) -> String {
    let Palette { surface, text, muted, over, over_tint, convolution, .. } = *palette;
    let square = |ink: Rgb| format!(r#"<rect width="14" height="14" rx="2" fill="{}"/>"#, css(ink));
    let path = |d: &str, fill: &str, stroke: Rgb, more: &str| {
        format!(r#"<path d="{d}" fill="{fill}" stroke="{}" {more}/>"#, css(stroke))
    };
    let circle = |radius: f64, fill: &str, stroke: Rgb| {
        let stroke = css(stroke);
        format!(
            r#"<circle cx="7" cy="7" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="2"/>"#
        )
    };
    match key {
        Key::Family(family) => {
            let (on, letter) = (css(palette.on(family)), family_letter(family));
            let letter = format!(
                r#"<text x="7" y="11" font-size="11" font-weight="700" text-anchor="middle" fill="{on}">{letter}</text>"#
            );
            square(palette.family(family)) + &letter
        }
        Key::Scratch => {
            square(muted)
                + &path("M0 0 14 14M7 0 14 7M0 7 7 14", "none", surface, r#"stroke-width="2""#)
        }
        Key::InPlace => square(muted) + &path("M0 0H9L0 9Z", &css(surface), text, ""),
        Key::Over => {
            square(over_tint)
                + &path("M0 7 7 0M0 14 14 0M7 14 14 7", "none", over, r#"stroke-width="1.5""#)
        }
        Key::StageEnd => path("M7 0V14", "none", muted, r#"stroke-dasharray="2 3""#),
        Key::Outline => path("M1 1H13V13H1Z", "none", muted, ""),
        Key::Fits => circle(3.5, &css(convolution), convolution),
        Key::Misses => circle(3.5, &css(surface), over),
        Key::Shown => circle(6.0, "none", text),
        Key::Arena => square(convolution),
        Key::Excess => square(over),
        Key::Bound => path("M7 0V14", "none", text, r#"stroke-width="3""#),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::Family, ui::charts::LIGHT};

    #[test]
    fn every_key_has_a_mark_and_words_in_lines_that_fit() {
        let keys = [Key::Family(Family::Depthwise), Key::Scratch, Key::InPlace, Key::Over];
        let (wide, height) = legend_svg(&keys, 700, &LIGHT);
        assert_eq!((wide.matches("<g ").count(), height), (4, 20), "{wide}");
        for key in keys {
            assert!(wide.contains(key.words()), "{wide}");
        }
        assert!(wide.contains(">D</text>") && wide.contains("fill=\"#014D26\""));
        let (narrow, height) = legend_svg(&keys, 200, &LIGHT);
        assert!(height == 80 && narrow.contains("translate(0.0 60)"), "{narrow}");
        assert_eq!(legend_svg(&[], 200, &LIGHT), (String::new(), 0));
    }
}
