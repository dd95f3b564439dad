//! A drawing that leaves the page, with a line above it that says what it shows, and a legend below.

use super::{Palette, legend_svg};
use crate::ui::{
    geometry::{
        labels::{TEXT_PX, text_width},
        legend::Key,
    },
    markup::{css, escaped},
};
use std::fmt::Write;

/// The distance of the title's lines.
const LINE_PX: u32 = 18;
/// The space around the title.
const AROUND_PX: u32 = 8;

/// An SVG document of `size` in CSS pixels with a title above it and its keys below it, on the same paper;
/// and its size then.
#[must_use]
pub fn titled(
    svg: &str,
    (title, keys): (&str, &[Key]),
    size: (u32, u32),
    palette: &Palette,
) -> (String, (u32, u32)) {
    let within = size.0.saturating_sub(2 * AROUND_PX);
    let lines = wrapped(title, f64::from(within));
    let above = u32::try_from(lines.len()).unwrap_or(0) * LINE_PX + AROUND_PX;
    let (legend, below) = legend_svg(keys, within, palette);
    let foot = size.1 + above + AROUND_PX;
    let (width, height) =
        (size.0, if keys.is_empty() { size.1 + above } else { foot + below + AROUND_PX });
    let (paper, ink) = (css(palette.surface), css(palette.text));
    let mut text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="{TEXT_PX}"><rect width="{width}" height="{height}" fill="{paper}"/>"#
    );
    let mut y = AROUND_PX + LINE_PX - 6;
    for line in lines {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            r#"<text x="{AROUND_PX}" y="{y}" font-weight="650" fill="{ink}">{}</text>"#,
            escaped(&line)
        );
        y += LINE_PX;
    }
    let _ = write!(text, r#"<g transform="translate(0 {above})">"#);
    text.push_str(svg);
    let _ = write!(text, r#"</g><g transform="translate({AROUND_PX} {foot})">{legend}</g></svg>"#);
    text.push('\n');
    (text, (width, height))
}

/// A text in lines of at most a width, broken at spaces.
fn wrapped(text: &str, most_px: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(line) + text_width(word) + 5.0 <= most_px => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::charts::LIGHT;

    #[test]
    fn titles_take_the_lines_that_they_need() {
        let (svg, size) = titled("<svg/>", ("one <two> three", &[]), (640, 300), &LIGHT);
        assert_eq!(size, (640, 326));
        assert!(
            svg.contains("one &lt;two&gt; three")
                && svg.contains("<g transform=\"translate(0 26)\"><svg/>")
        );
        let (svg, size) = titled("<svg/>", ("one two three", &[]), (60, 300), &LIGHT);
        assert!(size.1 > 326 && svg.matches("<text").count() > 1, "{svg}");
        let (svg, size) = titled("<svg/>", ("one", &[Key::Scratch]), (640, 300), &LIGHT);
        assert_eq!(size, (640, 362), "the legend lies on the paper, below the drawing");
        assert!(svg.contains("translate(8 334)") && svg.contains(Key::Scratch.words()), "{svg}");
    }
}
