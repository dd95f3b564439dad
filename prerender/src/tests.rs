//! What is in the text, against the core's own answers.

use crate::{
    first_sight::{FirstSight, first_sight},
    page::{text_of, with_first_sight},
    svg,
};
use std::path::Path;
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    model::Limits,
    report::PlanChoice,
    session::Session,
    text::{compact_count, kib, percent},
    ui::state::{BUNDLED, FIRST_SIGHT_BYTES},
};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn sight() -> FirstSight {
    first_sight(root()).unwrap()
}

/// The text between two others.
#[track_caller]
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let behind = text.split_once(start).unwrap_or_else(|| panic!("no {start}")).1;
    behind.split_once(end).unwrap_or_else(|| panic!("no {end} after {start}")).0
}

/// The words of some HTML, a space for each tag.
fn words(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    parts.collect::<Vec<_>>().join(" ")
}

#[test]
fn verdict_figures_and_rows_are_those_of_the_core() {
    let text = text_of(&sight()).unwrap();
    let bytes = std::fs::read(root().join(BUNDLED[0].path)).unwrap();
    let session =
        Session::<Reference>::open(bytes.into(), Passes::default(), Limits::default()).unwrap();
    let model = session.report();
    let plan = session.plan_report(&session.plan(PlanChoice::default()).unwrap());
    let over = kib(plan.arena_bytes - FIRST_SIGHT_BYTES);
    let verdict = between(&text, "<div id=\"verdict\"", "</div>");
    let sentence = format!(
        "Does not fit: {} needed, {} available ({over} over)",
        kib(plan.arena_bytes),
        kib(FIRST_SIGHT_BYTES)
    );
    assert!(verdict.contains(&sentence), "{verdict}");
    assert!(text.contains(&format!("data-bytes=\"{}\"", plan.arena_bytes)));
    assert!(text.contains(&format!("data-macs=\"{}\"", plan.macs)));
    let table = between(&text, "id=\"operators-table\"", "</table>");
    let rows: Vec<&str> = table.split("<tr data-operator=").skip(1).collect();
    assert_eq!(rows.len(), model.operators.len());
    for (operator, row) in model.operators.iter().zip(rows) {
        let of_it = plan.steps.iter().filter(|step| step.operator == Some(operator.index));
        let live = of_it.clone().map(|step| step.needed_bytes()).max().unwrap();
        let macs = of_it.map(|step| step.macs).sum();
        let row = words(row);
        let figures = [
            operator.index.to_string(),
            operator.kind.replace('_', "_ "),
            kib(live),
            percent(live, FIRST_SIGHT_BYTES),
            compact_count(macs),
        ];
        let mut rest = &row[..];
        for figure in figures {
            rest = rest.split_once(&figure).unwrap_or_else(|| panic!("no {figure} in {row}")).1;
        }
    }
}

#[test]
fn nothing_in_it_is_of_a_machine_or_a_moment() {
    let text = text_of(&sight()).unwrap();
    assert_eq!(text, text_of(&sight()).unwrap());
    let n_operators = sight().state.model.unwrap().report.operators.len();
    assert_eq!(text.matches("<td class=\"figure time\">–</td>").count(), n_operators);
    for absent in ["<dialog", "<canvas", "run-time", "run-arena", "portable</b>", " ms<"] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[test]
fn charts_have_every_mark_in_both_widths() {
    let sight = sight();
    let text = text_of(&sight).unwrap();
    let plan = sight.state.plan().unwrap();
    let arena =
        svg::read(between(&text, "<div id=\"arena\" ", "</div>").split_once('>').unwrap().1);
    let bars = svg::read(between(&text, "<div id=\"bars\" ", "</div>").split_once('>').unwrap().1);
    let (arena, bars) = (arena.unwrap(), bars.unwrap());
    for width in ["narrow", "wide"] {
        let is_of =
            |element: &&svg::Element| element.get("class").is_some_and(|one| one.contains(width));
        let blocks = arena.iter().filter(is_of).flat_map(svg::Element::elements);
        let blocks = blocks.filter(|group| group.get("class") == Some("blocks"));
        let n_blocks: Vec<usize> = blocks.map(|group| group.children.len()).collect();
        assert_eq!(n_blocks.first(), Some(&plan.blocks.len()), "{width}");
        let marks: Vec<_> = bars.iter().filter(is_of).flat_map(svg::Element::elements).collect();
        let n_bars = marks.iter().filter(|mark| mark.get("fill").is_some()).count();
        assert_eq!(n_bars, sight.state.model.as_ref().unwrap().report.operators.len(), "{width}");
        let budgets = marks.iter().filter(|mark| mark.get("class") == Some("budget"));
        assert_eq!(budgets.count(), 1, "{width}");
        let said: Vec<String> = marks.iter().map(|mark| mark.words()).collect();
        assert!(said.contains(&"peak 90.0 KiB at #4".to_owned()), "{said:?}");
    }
}

#[test]
fn the_page_gets_the_text_and_the_address_that_it_is_for() {
    let html = "<script data-fragment=\"\"></script><div id=\"app\">Loading</div>";
    let page = with_first_sight(html, &sight()).unwrap();
    assert!(page.starts_with("<script data-fragment=\"v=1&amp;m=emoji96&amp;"), "{page}");
    let (before, behind) = page.split_once("<div id=\"app\">").unwrap();
    assert!(before.contains("<div id=\"still\">") && behind == "Loading</div>");
    for broken in ["", "<div id=\"app\">", &html.repeat(2)] {
        assert!(with_first_sight(broken, &sight()).is_err(), "{broken}");
    }
}
