//! Pieces of markup of which the sheet and the report are made.

use super::Facts;
use crate::{
    report::{Family, OperatorNeed},
    text::{
        Budget, compact_count, compact_shape,
        comparison::{self, Side},
        family_letter, fine_milliseconds, kib, operator_label, page, percent,
    },
    ui::{
        charts::LIGHT,
        markup::{css, push_escaped},
        state::OwnBlock,
    },
};

/// A document that grows at its end.
#[derive(Default)]
pub(super) struct Document(String);

const FAMILIES: [(Family, &str); 5] = [
    (Family::Convolution, "hatch-convolution"),
    (Family::Depthwise, "hatch-depthwise"),
    (Family::ElementWise, "hatch-element-wise"),
    (Family::Dense, "hatch-dense"),
    (Family::Other, "hatch-other"),
];

/// Lines that tell a family from the others without colours, in a tile of 6 pixels; none for the first.
const HATCHES: [&str; 5] = ["", "M0 6L6 0", "M0 3H6M3 0V6", "M0 1.5H6M0 4.5H6", "M1.5 0V6M4.5 0V6"];

impl Document {
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Markup as it is.
    pub(super) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    pub(super) fn text(&mut self, text: &str) {
        push_escaped(&mut self.0, text);
    }

    pub(super) fn open(&mut self, tag: &str, class: &str) {
        self.raw("<");
        self.raw(tag);
        if !class.is_empty() {
            self.raw(" class=\"");
            self.raw(class);
            self.raw("\"");
        }
        self.raw(">");
    }

    pub(super) fn close(&mut self, tag: &str) {
        self.raw("</");
        self.raw(tag);
        self.raw(">");
    }

    pub(super) fn element(&mut self, tag: &str, class: &str, text: &str) {
        self.open(tag, class);
        self.text(text);
        self.close(tag);
    }

    pub(super) fn paragraph(&mut self, class: &str, text: &str) {
        self.element("p", class, text);
    }

    pub(super) fn fact(&mut self, name: &str, figure: &str) {
        self.raw("<div>");
        self.element("dt", "", name);
        self.element("dd", "", figure);
        self.raw("</div>");
    }

    pub(super) fn link(&mut self, address: &str) {
        self.raw("<a href=\"");
        self.text(address);
        self.raw("\">");
        self.text(address);
        self.raw("</a>");
    }

    /// A drawing whose families are hatched.
    pub(super) fn picture(&mut self, svg: &str) {
        let mut svg = svg.to_owned();
        for (family, hatch) in FAMILIES {
            let fill = ["fill=\"", &css(LIGHT.family(family)), "\""].concat();
            svg = svg.replace(&fill, &["fill=\"url(#", hatch, ")\""].concat());
        }
        self.raw("<div class=\"picture\">");
        self.raw(&svg);
        self.raw("</div>");
    }

    /// The hatches that [`Document::picture`] names.
    pub(super) fn hatches(&mut self) {
        self.raw("<svg width=\"0\" height=\"0\" style=\"position:absolute;width:0\" aria-hidden=\"true\"><defs>");
        for ((family, id), lines) in FAMILIES.into_iter().zip(HATCHES) {
            self.raw(&format!(
                "<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 <rect width=\"6\" height=\"6\" fill=\"{}\"/>\
                 <path d=\"{lines}\" stroke=\"#FFFFFF\" stroke-opacity=\"0.55\"/></pattern>",
                css(LIGHT.family(family))
            ));
        }
        self.raw(&format!(
            "<pattern id=\"hatch-over\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"6\" height=\"6\" fill=\"{}\"/>\
             <path d=\"M0 0L6 6\" stroke=\"{}\" stroke-width=\"2\"/></pattern></defs></svg>",
            css(LIGHT.over_tint),
            css(LIGHT.over)
        ));
    }

    /// Needed against available, own blocks after the arena; and the same in words.
    pub(super) fn gauge(&mut self, arena_bytes: u64, blocks: &[OwnBlock], available: u64) {
        let own: u64 = blocks.iter().map(|block| block.bytes).sum();
        let needed = arena_bytes.saturating_add(own);
        let top = needed.max(available).max(1) as f64;
        let part = |bytes: u64| bytes as f64 / top * GAUGE_PX;
        self.raw("<svg class=\"gauge\" viewBox=\"0 0 700 10\" aria-hidden=\"true\">");
        self.bar(0.0, GAUGE_PX, &css(LIGHT.line));
        self.bar(0.0, part(arena_bytes), &css(LIGHT.convolution));
        let mut from = arena_bytes;
        for block in blocks {
            // A gap between neighbours, where there is room for one.
            self.bar(
                part(from) + 1.0,
                (part(block.bytes) - 1.0).max(1.0),
                &css(LIGHT.element_wise),
            );
            from = from.saturating_add(block.bytes);
        }
        if needed > available {
            self.bar(part(available), GAUGE_PX - part(available), "url(#hatch-over)");
        }
        self.raw("</svg>");
        if !blocks.is_empty() {
            let mut words = [page::IN_ARENA, " ", &kib(arena_bytes)].concat();
            for block in blocks {
                words.extend([", ", &block.name, " ", &kib(block.bytes)]);
            }
            self.paragraph("few", &words);
        }
    }

    fn bar(&mut self, from: f64, width: f64, ink: &str) {
        self.raw(&format!(
            "<rect x=\"{from:.1}\" width=\"{width:.1}\" height=\"10\" fill=\"{ink}\"/>"
        ));
    }

    /// A row of a table: its first cell names it, `n_words` cells are words, the rest figures.
    pub(super) fn row(&mut self, cell: &str, n_words: usize, cells: &[&str]) {
        self.raw("<tr>");
        for (index, text) in cells.iter().enumerate() {
            self.element(cell, if index < n_words { "" } else { "figure" }, text);
        }
        self.raw("</tr>");
    }
}

/// The length of the bar of the budget.
const GAUGE_PX: f64 = 700.0;

/// The rows of some operators, as the page shows them.
pub(super) fn operator_rows(
    document: &mut Document,
    facts: &Facts<'_>,
    needs: &[OperatorNeed],
    order: &[usize],
) {
    let budget = facts.settings.budget();
    let heads = [
        page::OPERATOR,
        page::OUTPUT,
        page::LIVE,
        budget.column(),
        page::FACT_MACS,
        page::TIME_HERE,
    ];
    document.raw("<table class=\"whole\"><thead>");
    document.row("th", 2, &heads);
    document.raw("</thead><tbody>");
    for &index in order {
        let (Some(operator), Some(need)) = (facts.model.operators.get(index), needs.get(index))
        else {
            continue;
        };
        let time = facts.run.and_then(|run| {
            let time = run.operators.iter().find(|time| time.operator == operator.index)?;
            Some(fine_milliseconds(time.ms))
        });
        document.row(
            "td",
            2,
            &[
                &[family_letter(operator.family), " ", &operator_label(operator)].concat(),
                &compact_shape(&operator.output_shape),
                &kib(need.bytes),
                &percent(need.bytes, budget.bytes),
                &compact_count(need.macs),
                time.as_deref().unwrap_or("–"),
            ],
        );
    }
    document.raw("</tbody></table>");
}

/// Two plans beside each other, as the page shows them.
pub(super) fn comparison_rows(document: &mut Document, a: &Side<'_>, b: &Side<'_>, budget: Budget) {
    document.raw("<table><thead>");
    document.row("th", 1, &["", "A", "B", ""]);
    document.raw("</thead><tbody>");
    for row in comparison::rows(a, b, Some(budget)) {
        let [one, other] = &row.figures;
        document.row("td", 1, &[&row.name, one, other, &row.change]);
    }
    document.raw("</tbody></table>");
}
