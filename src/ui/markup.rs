//! Text and colours as markup has them: SVG, HTML.

use super::charts::Rgb;
use std::fmt::Write;

/// Text of a file or of the visitor as text of a document, also within a quoted attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    push_escaped(&mut escaped, text);
    escaped
}

/// The same, at the end of a document.
pub fn push_escaped(document: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => document.push_str("&amp;"),
            '<' => document.push_str("&lt;"),
            '>' => document.push_str("&gt;"),
            '"' => document.push_str("&quot;"),
            // Documents may hold no other control characters, and SVG not the last two of the plane.
            letter if letter.is_control() => document.push(' '),
            '\u{fffe}' | '\u{ffff}' => document.push(' '),
            letter => document.push(letter),
        }
    }
}

/// A colour as `#RRGGBB`.
#[must_use]
pub fn css(Rgb(red, green, blue): Rgb) -> String {
    let mut text = String::with_capacity(7);
    text.push('#');
    for channel in [red, green, blue] {
        // Writing to a string cannot fail.
        let _ = write!(text, "{channel:02X}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(escaped("a<b>&\"\u{0}c\u{ffff}"), "a&lt;b&gt;&amp;&quot; c ");
        assert_eq!(escaped("größer 模型"), "größer 模型");
    }

    #[test]
    fn colours_have_six_digits() {
        assert_eq!(css(Rgb(1, 77, 255)), "#014DFF");
    }
}
