//! The colours of drawings, equal to the style sheet's tokens.

use crate::report::Family;

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The colours that a drawing needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Palette {
    /// Behind the drawing.
    pub surface: Rgb,
    /// Words that matter.
    pub text: Rgb,
    /// Words beside.
    pub muted: Rgb,
    /// Grid lines.
    pub line: Rgb,
    /// The budget.
    pub over: Rgb,
    /// Behind what is over the budget.
    pub over_tint: Rgb,
    /// Letters on the marks of every family but one.
    pub on_mark: Rgb,
    /// CONV_2D and its kin.
    pub convolution: Rgb,
    /// DEPTHWISE_CONV_2D.
    pub depthwise: Rgb,
    /// ADD, MUL and the like.
    pub element_wise: Rgb,
    /// FULLY_CONNECTED, SOFTMAX.
    pub dense: Rgb,
    /// Everything else.
    pub other: Rgb,
}

/// On white.
pub const LIGHT: Palette = Palette {
    surface: Rgb(0xF6, 0xF8, 0xFA),
    text: Rgb(0x17, 0x20, 0x2B),
    muted: Rgb(0x55, 0x60, 0x6E),
    line: Rgb(0xD5, 0xDB, 0xE3),
    over: Rgb(0xA8, 0x20, 0x0D),
    over_tint: Rgb(0xFD, 0xEC, 0xE8),
    on_mark: Rgb(0xFF, 0xFF, 0xFF),
    convolution: Rgb(0x0A, 0x6B, 0xDB),
    depthwise: Rgb(0x01, 0x4D, 0x26),
    element_wise: Rgb(0xE2, 0x67, 0x1D),
    dense: Rgb(0x58, 0x1D, 0x4E),
    other: Rgb(0x76, 0x76, 0x77),
};

/// On near-black.
pub const DARK: Palette = Palette {
    surface: Rgb(0x17, 0x1D, 0x24),
    text: Rgb(0xE8, 0xED, 0xF3),
    muted: Rgb(0xA3, 0xAE, 0xBB),
    line: Rgb(0x2B, 0x34, 0x3F),
    over: Rgb(0xFF, 0x8A, 0x73),
    over_tint: Rgb(0x33, 0x15, 0x0F),
    on_mark: Rgb(0x0B, 0x0F, 0x14),
    convolution: Rgb(0x2E, 0x8F, 0xF2),
    depthwise: Rgb(0x60, 0xFF, 0xB9),
    element_wise: Rgb(0xD0, 0x9F, 0x21),
    dense: Rgb(0xE8, 0x40, 0x8F),
    other: Rgb(0xD8, 0xE3, 0xF0),
};

/// Letters on marks that are too light for white ones.
const NEAR_BLACK: Rgb = Rgb(0x0B, 0x0F, 0x14);

impl Palette {
    /// The colour of letters on marks of a family.
    #[must_use]
    pub const fn on(&self, family: Family) -> Rgb {
        match family {
            Family::ElementWise => NEAR_BLACK,
            _ => self.on_mark,
        }
    }

    /// The colour of a family.
    #[must_use]
    pub const fn family(&self, family: Family) -> Rgb {
        match family {
            Family::Convolution => self.convolution,
            Family::Depthwise => self.depthwise,
            Family::ElementWise => self.element_wise,
            Family::Dense => self.dense,
            Family::Other => self.other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(value: u8) -> f64 {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    }

    fn luminance(Rgb(red, green, blue): Rgb) -> f64 {
        0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
    }

    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn words_have_4_5_and_marks_3_on_their_surface() {
        for palette in [LIGHT, DARK] {
            for word in [palette.text, palette.muted, palette.over] {
                assert!(contrast(word, palette.surface) >= 4.5, "{word:?}");
            }
            let marks = [
                palette.convolution,
                palette.depthwise,
                palette.element_wise,
                palette.dense,
                palette.other,
            ];
            for mark in marks {
                assert!(contrast(mark, palette.surface) >= 3.0, "{mark:?}");
            }
        }
    }

    #[test]
    fn the_style_sheet_has_the_same_tokens() {
        let css = include_str!("../../../assets/style.css");
        let hex = |Rgb(red, green, blue): Rgb| format!("#{red:02x}{green:02x}{blue:02x}");
        let token = |name: &str, of: fn(&Palette) -> Rgb| {
            let line = format!("--{name}: light-dark({}, {});", hex(of(&LIGHT)), hex(of(&DARK)));
            assert!(css.contains(&line), "{line}");
        };
        token("surface", |palette| palette.surface);
        token("text", |palette| palette.text);
        token("muted", |palette| palette.muted);
        token("line", |palette| palette.line);
        token("over", |palette| palette.over);
        token("over-tint", |palette| palette.over_tint);
        token("on-convolution", |palette| palette.on(Family::Convolution));
        token("on-dense", |palette| palette.on(Family::Dense));
        token("convolution", |palette| palette.convolution);
        token("depthwise", |palette| palette.depthwise);
        token("element-wise", |palette| palette.element_wise);
        token("dense", |palette| palette.dense);
        token("other", |palette| palette.other);
    }
}
