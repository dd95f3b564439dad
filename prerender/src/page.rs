//! The text of the page, put into its HTML.

use crate::{
    first_sight::{Fault, FirstSight, finish},
    plot::stretched,
    svg::{self, Element},
};
use tinyml_playground::ui::{
    Still,
    charts::BarsChart,
    geometry::{Rect, arena},
    render, url,
};

/// A chart's box for windows of some widths: the class of its drawing there, and the sizes, in CSS pixels, of the
/// arena's box and that of the bars. Widths and heights are those of the live page at 360 and 1280 px.
struct Size {
    class: &'static str,
    arena_px: (f64, f64),
    bars_px: (f64, f64),
}

const SIZES: [Size; 2] = [
    Size { class: "narrow", arena_px: (302.0, 288.0), bars_px: (302.0, 224.0) },
    Size { class: "wide", arena_px: (558.0, 416.0), bars_px: (558.0, 240.0) },
];

/// The box of all else: without height, so that the graph, which draws the rows in view alone, has none. It is the
/// largest drawing of the page and the last to be looked at.
const REST_PX: (f64, f64) = (302.0, 0.0);

/// Where the page mounts, in the HTML as it is before.
const ROOT: &str = "<div id=\"app\">";
/// Where the script that hears what is done meanwhile learns which address the text is for.
const ADDRESS: &str = "data-fragment=\"\"";

/// The page's HTML with the first sight in front of the place where the live page will stand.
///
/// # Errors
/// HTML without that place, or a page with a chart that cannot be drawn so.
pub(crate) fn with_first_sight(html: &str, sight: &FirstSight) -> Result<String, Fault> {
    for place in [ROOT, ADDRESS] {
        if html.matches(place).count() != 1 {
            return Err(format!("the page must have one {place}").into());
        }
    }
    let fragment = url::encode(&sight.state.settings).replace('&', "&amp;");
    let text = text_of(sight)?;
    let still =
        format!("<div id=\"still\">{text}<p id=\"starting\" role=\"status\"></p></div>\n  {ROOT}");
    Ok(html.replace(ADDRESS, &format!("data-fragment=\"{fragment}\"")).replace(ROOT, &still))
}

/// What the page shows, with drawings for all widths and without closed dialogs.
pub(crate) fn text_of(sight: &FirstSight) -> Result<String, Fault> {
    let at = |box_px| {
        let still = Still { box_px, picture: sight.picture.clone() };
        finish(render(&sight.state, still))
    };
    let (mut arenas, mut bars) = (String::new(), String::new());
    for Size { class, arena_px, bars_px } in SIZES {
        let page = at(arena_px);
        let drawn = svg::read(content(&page, "arena")?)?;
        if arenas.is_empty() {
            arenas = patterns(&drawn)?;
        }
        draw(&mut arenas, &drawn, arena_plot(arena_px), class)?;
        let page = at(bars_px);
        let plot = bars_plot(sight, bars_px)?;
        draw(&mut bars, &svg::read(content(&page, "bars")?)?, plot, class)?;
    }
    let page = without_dialogs(&at(REST_PX))?;
    let page = page.replacen(content(&page, "arena")?, &arenas, 1);
    Ok(page.replacen(content(&page, "bars")?, &bars, 1))
}

fn draw(text: &mut String, drawings: &[Element], plot: Rect, class: &str) -> Result<(), Fault> {
    for drawing in drawings {
        let layers = stretched(drawing, plot, class)?;
        for layer in layers.iter().filter(|layer| !layer.children.is_empty()) {
            layer.write(text);
        }
    }
    Ok(())
}

/// The patterns that drawings of all widths are filled with: none may be of a drawing that is not shown.
fn patterns(drawings: &[Element]) -> Result<String, Fault> {
    let defs = drawings.iter().flat_map(Element::elements).find(|element| element.name == "defs");
    let mut text =
        "<svg class=\"over-canvas\" width=\"0\" height=\"0\" aria-hidden=\"true\">".to_owned();
    defs.ok_or("the arena has no patterns")?.write(&mut text);
    text.push_str("</svg>");
    Ok(text)
}

fn arena_plot((width, height): (f64, f64)) -> Rect {
    Rect {
        x: arena::LEFT_PX,
        y: arena::TOP_PX,
        width: width - arena::LEFT_PX - arena::RIGHT_PX,
        height: height - arena::TOP_PX - arena::BOTTOM_PX,
    }
}

fn bars_plot(sight: &FirstSight, (width, height): (f64, f64)) -> Result<Rect, Fault> {
    let state = &sight.state;
    let (model, plan) = state.model.as_ref().zip(state.plan()).ok_or("there is no plan")?;
    let chart = BarsChart::new(&model.report, plan, None, state.settings.budget());
    Ok(chart.frame(width, height).plot)
}

/// What is inside the `div` with that id, which holds no other.
fn content<'a>(page: &'a str, id: &str) -> Result<&'a str, Fault> {
    let inside = page.split_once(&format!("<div id=\"{id}\" ")).and_then(|(_, behind)| {
        let (_, inside) = behind.split_once('>')?;
        Some(inside.split_once("</div>")?.0)
    });
    inside.filter(|inside| !inside.is_empty()).ok_or_else(|| format!("#{id} is empty").into())
}

fn without_dialogs(page: &str) -> Result<String, Fault> {
    let mut parts = page.split("<dialog");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once("</dialog>").ok_or("a dialog that does not end")?.1);
    }
    Ok(text)
}
