//! The arena as a drawing of its own: address against time, as SVG.

use super::{Palette, Rgb};
use crate::{
    report::{ModelReport, PlanReport},
    text::{Budget, family_letter, kib, page, phrases::block_words},
    ui::{
        geometry::{
            Rect,
            arena::{ArenaPicture, BlockMark, NOTCH_PX, tick_end},
            labels::TEXT_PX,
            legend::Key,
            timeline::{Timeline, View},
        },
        markup::{css, escaped},
    },
};
use std::fmt::{self, Write};

/// The picture that the page shows of a plan, as an SVG document of this size in CSS pixels.
/// `budget` draws the line of the available memory; 0 draws none.
#[must_use]
pub fn arena_svg(
    model: &ModelReport,
    plan: &PlanReport,
    budget: impl Into<Budget>,
    size: (u32, u32),
    palette: &Palette,
) -> String {
    let picture = arena_picture(model, plan, budget, size);
    arena_drawing(model, plan, &picture, size, palette)
}

/// The same, laid out and not drawn yet.
#[must_use]
pub fn arena_picture(
    model: &ModelReport,
    plan: &PlanReport,
    budget: impl Into<Budget>,
    size: (u32, u32),
) -> ArenaPicture {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let timeline = Timeline::new(plan, View::Fitting, width);
    ArenaPicture::new(model, plan, &timeline, budget.into(), (width, height))
}

/// A picture that is laid out for this size already, as an SVG document: axes, overflow, blocks with
/// their letters, lines and labels.
#[must_use]
pub fn arena_drawing(
    model: &ModelReport,
    plan: &PlanReport,
    picture: &ArenaPicture,
    size: (u32, u32),
    palette: &Palette,
) -> String {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let mut drawing = Drawing { text: String::new(), palette: *palette };
    // Writing to a string cannot fail.
    let _ = drawing.whole(picture, model, plan, (width, height));
    drawing.text
}

/// Around letters on stripes, but for its colour.
const HALO: &str = r#"" paint-order="stroke" stroke-width="4" stroke-linejoin="round" stroke=""#;

struct Drawing {
    text: String,
    palette: Palette,
}

impl Drawing {
    fn whole(
        &mut self,
        picture: &ArenaPicture,
        model: &ModelReport,
        plan: &PlanReport,
        (width, height): (f64, f64),
    ) -> fmt::Result {
        let Palette { surface, .. } = self.palette;
        write!(
            self.text,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="{TEXT_PX}" role="img"><title>{} of arena, address against time</title>"#,
            kib(plan.arena_bytes)
        )?;
        let all = Rect { x: 0.0, y: 0.0, width, height };
        self.rect(all, surface, "")?;
        if let Some(area) = picture.overflow {
            self.overflow(area)?;
        }
        if picture.keys().contains(&Key::Scratch) {
            let paper = css(surface);
            writeln!(
                self.text,
                r##"<defs><pattern id="scratch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="2.5" height="6" fill="{paper}"/></pattern></defs>"##
            )?;
        }
        self.axes(picture)?;
        for mark in &picture.blocks {
            self.block(mark, model, plan)?;
        }
        self.lines(picture)?;
        self.text.push_str("</svg>\n");
        Ok(())
    }

    /// The hatched area above the budget.
    fn overflow(&mut self, area: Rect) -> fmt::Result {
        let (tint, over) = (css(self.palette.over_tint), css(self.palette.over));
        let Rect { x, y, width, height } = area;
        writeln!(
            self.text,
            r##"<defs><pattern id="overflow" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="{tint}"/><rect width="2" height="8" fill="{over}"/></pattern></defs><rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="url(#overflow)" opacity="0.6"/>"##
        )
    }

    fn axes(&mut self, picture: &ArenaPicture) -> fmt::Result {
        let (plot, Palette { line, muted, .. }) = (picture.plot, self.palette);
        for placed in &picture.ticks {
            self.line((plot.x, placed.y), (plot.right(), placed.y), line, "")?;
            let at = (tick_end(plot, &placed.tick.label), placed.y + 4.0);
            self.words(&placed.tick.label, at, "end", muted)?;
        }
        for label in &picture.time_labels {
            let at = (label.area.x + label.area.width / 2.0, label.area.y + 12.0);
            self.words(&label.text, at, "middle", muted)?;
        }
        let axis = if picture.is_by_patch { page::TIME_AXIS_PATCHES } else { page::TIME_AXIS };
        self.words(axis, (plot.x + plot.width / 2.0, plot.bottom() + 34.0), "middle", muted)
    }

    /// A block with its words as a tooltip and, where it fits, its family's letter. Scratch is
    /// striped; what takes the place of an input has a corner where it begins.
    fn block(&mut self, mark: &BlockMark, model: &ModelReport, plan: &PlanReport) -> fmt::Result {
        let Some(block) = plan.blocks.get(mark.block) else { return Ok(()) };
        let ink = css(self.palette.family(mark.family));
        let words = escaped(&block_words(model, plan, block));
        let Rect { x, y, width, height } = mark.area;
        writeln!(
            self.text,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="1.5" fill="{ink}"><title>{words}</title></rect>"#
        )?;
        if mark.is_scratch {
            writeln!(
                self.text,
                r##"<path d="M{x:.1} {y:.1}h{width:.1}v{height:.1}h-{width:.1}z" fill="url(#scratch)" stroke="{ink}" pointer-events="none"/>"##
            )?;
        }
        if mark.has_notch() {
            let (right, bottom) = (x + NOTCH_PX, y + NOTCH_PX);
            let (paper, edge) = (css(self.palette.surface), css(self.palette.text));
            writeln!(
                self.text,
                r#"<path d="M{x:.1} {y:.1}H{right:.1}L{x:.1} {bottom:.1}Z" fill="{paper}" stroke="{edge}"/>"#
            )?;
        }
        if let Some((x, y)) = mark.letter {
            let Palette { surface, text, .. } = self.palette;
            let halo = match mark.is_scratch {
                true => [HALO, css(surface).as_str()].concat(),
                false => String::new(),
            };
            let ink = if mark.is_scratch { text } else { self.palette.on(mark.family) };
            let style = [r#"middle" font-weight="650"#, &halo].concat();
            self.words(family_letter(mark.family), (x, y + 4.0), &style, ink)?;
        }
        Ok(())
    }

    fn lines(&mut self, picture: &ArenaPicture) -> fmt::Result {
        let (plot, Palette { over, muted, text, .. }) = (picture.plot, self.palette);
        if let Some(x) = picture.stage_x {
            self.line((x, plot.y), (x, plot.bottom()), muted, r#" stroke-dasharray="2 3""#)?;
        }
        if let Some(y) = picture.budget_y {
            self.line((plot.x, y), (plot.right(), y), over, r#" stroke-dasharray="6 4""#)?;
        }
        for (label, ink) in [(&picture.budget_label, over), (&picture.peak_label, text)] {
            let Some(label) = label else { continue };
            let paper = self.palette.surface;
            self.rect(label.area, paper, r#" fill-opacity="0.85""#)?;
            self.words(&label.text, (label.area.x, label.area.y + 12.0), "start", ink)?;
        }
        Ok(())
    }

    fn rect(&mut self, area: Rect, ink: Rgb, more: &str) -> fmt::Result {
        let Rect { x, y, width, height } = area;
        writeln!(
            self.text,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{}"{more}/>"#,
            css(ink)
        )
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Rgb, more: &str) -> fmt::Result {
        writeln!(
            self.text,
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{}"{more}/>"#,
            from.0,
            from.1,
            to.0,
            to.1,
            css(ink)
        )
    }

    fn words(&mut self, text: &str, at: (f64, f64), anchor: &str, ink: Rgb) -> fmt::Result {
        writeln!(
            self.text,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="{anchor}" fill="{}">{}</text>"#,
            at.0,
            at.1,
            css(ink),
            escaped(text)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text::sample, ui::charts::LIGHT};

    #[test]
    fn every_block_stands_in_the_document() {
        for plan in [sample::plan(), sample::patched_plan(2, 2)] {
            let svg = arena_svg(&sample::model(), &plan, 600, (480, 300), &LIGHT);
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
            assert_eq!(svg.matches("rx=").count(), plan.blocks.len());
            assert_eq!(svg.matches("<title>").count(), plan.blocks.len() + 1);
        }
    }

    #[test]
    fn scratch_is_striped_and_nothing_else() {
        let (model, mut plan) = (sample::model(), sample::plan());
        let svg = |plan: &PlanReport| arena_svg(&model, plan, 800, (480, 300), &LIGHT);
        assert!(!svg(&plan).contains("scratch"), "{}", svg(&plan));
        plan.blocks[2].role = crate::report::BlockRole::Scratch;
        let svg = svg(&plan);
        assert_eq!(svg.matches("id=\"scratch\"").count(), 1, "{svg}");
        assert_eq!(svg.matches("url(#scratch)").count(), 1, "{svg}");
        assert_eq!(svg.matches("paint-order").count(), 1, "its letter stands on paper: {svg}");
    }

    #[test]
    fn what_is_over_the_budget_is_hatched_and_blocks_have_letters() {
        let (model, plan) = (sample::model(), sample::plan());
        let svg = |budget: u64| arena_svg(&model, &plan, budget, (480, 300), &LIGHT);
        assert!(svg(600).contains("url(#overflow)") && svg(600).contains("available 600 B"));
        assert!(!svg(800).contains("url(#overflow)"));
        assert!(svg(600).contains(">C</text>"), "{}", svg(600));
    }
}
