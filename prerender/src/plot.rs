//! Drawings that fill their box, whatever its size: marks are stretched with the plot, words are only moved.
//!
//! A chart is drawn for one size and shown in boxes of others, so what lies in the plot becomes an SVG of its own
//! that is stretched to where the live chart has its plot; the style sheet knows the margins around it (`.plot`).
//! Words go into another one over it, at parts of its width and height.

use crate::{
    first_sight::Fault,
    svg::{Element, Node},
};
use tinyml_playground::{
    report::Family,
    ui::{
        charts::{LIGHT, Rgb},
        geometry::{Rect, labels::text_width},
    },
};

/// The size of words in charts, in pixels.
const TEXT_PX: f64 = 12.0;
/// What ends so near to the plot's right edge keeps its distance to it.
const NEAR_PX: f64 = 16.0;

/// The families and their classes.
const FAMILIES: [(Family, &str); 5] = [
    (Family::Convolution, "convolution"),
    (Family::Depthwise, "depthwise"),
    (Family::ElementWise, "element-wise"),
    (Family::Dense, "dense"),
    (Family::Other, "other"),
];

/// The marks and the words of a drawing as two SVG elements of class `plot` and `class`; `plot` is where its data
/// lies.
///
/// # Errors
/// An element that no chart of the page has.
pub(crate) fn stretched(drawing: &Element, plot: Rect, class: &str) -> Result<[Element; 2], Fault> {
    let drawing =
        if drawing.get("xmlns").is_some() { of_plotters(drawing)? } else { drawing.clone() };
    let class = format!("plot {class} {}", drawing.get("class").unwrap_or_default());
    let class = ("class", class.trim_end().to_owned());
    let hidden = ("aria-hidden", "true".to_owned());
    let view = ("viewBox", format!("0 0 {} {}", tenths(plot.width), tenths(plot.height)));
    let free = ("preserveAspectRatio", "none".to_owned());
    let mut marks = Element::new("svg", &[class.clone(), hidden.clone(), view, free]);
    let mut words = Element::new("svg", &[class, hidden]);
    for element in drawing.elements() {
        marks.children.extend(marks_of(element, plot)?.map(Node::Element));
        words.children.extend(words_of(element, plot)?.map(Node::Element));
    }
    Ok([marks, words])
}

/// The part of a drawing that is stretched.
fn marks_of(element: &Element, plot: Rect) -> Result<Option<Element>, Fault> {
    match &element.name[..] {
        "text" | "title" | "defs" => return Ok(None),
        "g" | "rect" | "line" | "polygon" => {}
        other => return Err(format!("<{other}> in a chart").into()),
    }
    let mut mark = Element { name: element.name.clone(), ..Element::default() };
    for (name, value) in &element.attributes {
        let value = match &name[..] {
            "x" | "x1" | "x2" => tenths(element.number(name)? - plot.x),
            "y" | "y1" | "y2" => tenths(element.number(name)? - plot.y),
            "width" | "height" => tenths(element.number(name)?),
            "points" => moved(value, plot)?,
            "class" | "rx" | "fill" => value.clone(),
            "data-operator" => continue,
            _ => return Err(format!("<{} {name}=...> in a chart", element.name).into()),
        };
        mark.attributes.push((name.clone(), value));
    }
    for child in element.elements() {
        mark.children.extend(marks_of(child, plot)?.map(Node::Element));
    }
    Ok(Some(mark).filter(|mark| mark.name != "g" || !mark.children.is_empty()))
}

/// Points of a polygon, from the plot's corner.
fn moved(points: &str, plot: Rect) -> Result<String, Fault> {
    let moved = points.split_whitespace().map(|point| -> Result<String, Fault> {
        let (x, y) = point.split_once(',').ok_or("a point without a comma")?;
        Ok(format!("{},{}", tenths(x.parse::<f64>()? - plot.x), tenths(y.parse::<f64>()? - plot.y)))
    });
    Ok(moved.collect::<Result<Vec<_>, _>>()?.join(" "))
}

/// The part of a drawing that keeps its size.
fn words_of(element: &Element, plot: Rect) -> Result<Option<Element>, Fault> {
    match &element.name[..] {
        "text" => word(element, plot).map(Some),
        "g" => {
            let mut group = Element { name: "g".to_owned(), ..Element::default() };
            let class = element.attributes.iter().filter(|(name, _)| name == "class");
            group.attributes.extend(class.cloned());
            for child in element.elements() {
                group.children.extend(words_of(child, plot)?.map(Node::Element));
            }
            Ok(Some(group).filter(|group| !group.children.is_empty()))
        }
        _ => Ok(None),
    }
}

/// Words at their part of the plot; beside it, and at its right edge, at a distance in pixels.
fn word(element: &Element, plot: Rect) -> Result<Element, Fault> {
    let text = element.words();
    let (x, y) = (element.number("x")?, element.number("y")? + down_px(element)?);
    let anchor = element.get("text-anchor").unwrap_or("start");
    let is_near = anchor == "start" && x + text_width(&text) > plot.right() - NEAR_PX;
    let mut attributes = Vec::new();
    if x < plot.x {
        attributes.push(("x", tenths(x - plot.x)));
    } else if is_near {
        attributes.push(("x", "100%".to_owned()));
        attributes.push(("dx", tenths(x - plot.right())));
    } else {
        attributes.push(("x", percent(x - plot.x, plot.width)));
    }
    if y > plot.bottom() + TEXT_PX / 2.0 {
        attributes.push(("y", "100%".to_owned()));
        attributes.push(("dy", tenths(y - plot.bottom())));
    } else {
        attributes.push(("y", percent(y - plot.y, plot.height)));
    }
    if anchor != "start" {
        attributes.push(("text-anchor", anchor.to_owned()));
    }
    if let Some(class) = element.get("class").filter(|class| *class != "tick") {
        attributes.push(("class", class.to_owned()));
    }
    let mut word = Element::new("text", &attributes);
    word.children.push(Node::Words(text));
    Ok(word)
}

/// How far below its place a line of words stands.
fn down_px(element: &Element) -> Result<f64, Fault> {
    let Some(dy) = element.get("dy") else { return Ok(0.0) };
    let em = |text: &str, px: f64| text.parse::<f64>().map(|number| number * px);
    Ok(match (dy.strip_suffix("em"), dy.strip_suffix("ex")) {
        (Some(number), _) => em(number, TEXT_PX)?,
        (_, Some(number)) => em(number, TEXT_PX / 2.0)?,
        _ => dy.parse()?,
    })
}

/// A drawing of plotters with the page's classes instead of colours.
fn of_plotters(drawing: &Element) -> Result<Element, Fault> {
    let mut named = Element { name: "svg".to_owned(), ..Element::default() };
    for element in drawing.elements() {
        let line = |class: &str, y: f64, x: [f64; 2]| {
            let [x1, x2] = x.map(|x| x.to_string());
            let (y1, y2) = (y.to_string(), y.to_string());
            let class = class.to_owned();
            Element::new(
                "line",
                &[("class", class), ("x1", x1), ("x2", x2), ("y1", y1), ("y2", y2)],
            )
        };
        let color = |name: &str| element.get(name).unwrap_or_default().to_ascii_uppercase();
        let one = match &element.name[..] {
            // Paper behind all, and behind labels.
            "rect" if color("fill") == hex(LIGHT.surface) => continue,
            "rect" => {
                let family =
                    FAMILIES.iter().find(|(one, _)| hex(LIGHT.family(*one)) == color("fill"));
                let class = family.ok_or_else(|| format!("a bar of {}", color("fill")))?.1;
                let place =
                    |name: &'static str| (name, element.get(name).unwrap_or("0").to_owned());
                let fill = ("fill", "var(--fill)".to_owned());
                let of = [place("x"), place("y"), place("width"), place("height")];
                let [x, y, width, height] = of;
                Element::new("rect", &[("class", class.to_owned()), fill, x, y, width, height])
            }
            "polyline" if color("stroke") == hex(LIGHT.line) => {
                let (y, x) = ends(element)?;
                line("grid", y, x)
            }
            // The dashes of the budget's line become one line, which the style sheet dashes.
            "polyline" if color("stroke") == hex(LIGHT.over) => {
                let (y, [_, right]) = ends(element)?;
                let before = named.elements().last();
                let before = before.filter(|line| line.get("class") == Some("budget"));
                let left = before.map(|line| line.number("x1")).transpose()?;
                if left.is_some() {
                    named.children.pop();
                }
                let (_, [from, _]) = ends(element)?;
                line("budget", y, [left.unwrap_or(from), right])
            }
            "text" => {
                let mut text = element.clone();
                let class = match color("fill") {
                    ink if ink == hex(LIGHT.over) => "halo over plain",
                    ink if ink == hex(LIGHT.text) => "halo strong plain",
                    ink if ink == hex(LIGHT.muted) => "tick",
                    other => return Err(format!("words in {other}").into()),
                };
                text.attributes.push(("class".to_owned(), class.to_owned()));
                text
            }
            other => return Err(format!("<{other}> in a drawing of plotters").into()),
        };
        named.children.push(Node::Element(one));
    }
    Ok(named)
}

/// Height and both ends of a level line.
fn ends(line: &Element) -> Result<(f64, [f64; 2]), Fault> {
    let points = line.get("points").unwrap_or_default().split([' ', ',']);
    let numbers = points.filter(|text| !text.is_empty()).map(str::parse);
    match &numbers.collect::<Result<Vec<f64>, _>>()?[..] {
        &[left, y, right, same] if (y - same).abs() < f64::EPSILON => Ok((y, [left, right])),
        other => Err(format!("a line through {other:?}").into()),
    }
}

fn hex(Rgb(red, green, blue): Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// A number with at most one digit behind the point.
fn tenths(number: f64) -> String {
    ((number * 10.0).round() / 10.0).to_string()
}

fn percent(part: f64, whole: f64) -> String {
    format!("{}%", tenths(100.0 * part / whole))
}
