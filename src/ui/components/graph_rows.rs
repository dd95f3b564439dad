//! The rows of the graph, and the lines that join them.

use super::{
    family_class,
    graph::{LaidOut, Listed},
};
use crate::{
    report::{Family, ModelReport, OperatorReport},
    text::{compact_shape, family_letter, graph, kib, page},
    ui::geometry::{
        graph::{BlockShape, Edge, Row, Rows},
        whole_px,
    },
};
use std::{fmt::Write, ops::Range};
use yew::prelude::*;

/// Units of the drawing a rem.
const REM: f64 = 16.0;
/// From one lane to the next.
const LANE: i32 = 8;
/// Left and right of the spine.
const SIDE: i32 = 8;
/// How round a lane's corners are.
const ROUND: i32 = 6;
/// How far from a row's middle an edge begins and ends.
const APART: i32 = 4;

/// What is drawn, and what is selected.
pub(super) struct View<'a> {
    /// The model.
    pub(super) model: &'a ModelReport,
    /// Order, blocks, edges and bytes.
    pub(super) laid_out: &'a LaidOut,
    /// The rows, and which of them a search found.
    pub(super) listed: &'a Listed,
    /// The budget.
    pub(super) budget_bytes: u64,
    /// The place of the selected operator.
    pub(super) place: usize,
}

/// What one row is among all.
struct Item {
    id: String,
    class: String,
    operator: Option<u32>,
    /// The first operator of the block whose head it is, and whether that is folded.
    head: Option<(u32, bool)>,
    is_selected: bool,
    /// Its place among its siblings, and how many there are.
    among: [usize; 2],
    lines: Html,
}

/// Words in a class of their own, also told where they are cut.
fn span(class: &'static str, words: String) -> Html {
    html! { <span {class} title={words.clone()}>{ words }</span> }
}

/// What is so.
fn told(all: &[(bool, &'static str)]) -> Vec<&'static str> {
    all.iter().filter(|(is_so, _)| *is_so).map(|(_, words)| *words).collect()
}

/// The id of a row.
fn id(row: Row) -> String {
    match row {
        Row::Head(block, _) => format!("graph-block-{block}"),
        Row::Node(place) => format!("graph-node-{place}"),
    }
}

fn line(parts: Vec<Html>) -> Html {
    html! { <span class="line">{ parts }</span> }
}

impl View<'_> {
    /// The id of the row that shows the selected operator, where it is in the document.
    pub(super) fn active(&self, in_view: &Range<usize>) -> Option<String> {
        let row = self.listed.rows.row_of(self.place);
        self.listed.rows.rows.get(row).filter(|_| in_view.contains(&row)).map(|row| id(*row))
    }

    /// The rows in view, in a box of the height of all. Every child has a key, so that scrolling moves
    /// rows and makes none anew.
    pub(super) fn rows(&self, in_view: Range<usize>) -> Html {
        let rows: Vec<Html> = in_view.clone().filter_map(|row| self.row(row)).collect();
        html! {
            <div role="none" style={format!("height:{}rem", self.listed.rows.height_rem())}>
                { self.gutter(in_view) }
                { rows }
            </div>
        }
    }

    /// A row at its place.
    fn row(&self, row: usize) -> Option<Html> {
        let rows = &self.listed.rows;
        let item = match *rows.rows.get(row)? {
            Row::Head(index, is_folded) => self.block_item(row, index, is_folded)?,
            Row::Node(place) => self.node_item(row, place)?,
        };
        let top = rows.tops_rem.get(row)?;
        let style = format!("top:{top}rem;left:{}rem", f64::from(self.width()) / REM);
        let level = if item.class.starts_with("within") { "2" } else { "1" };
        let [at, of] = item.among;
        Some(html! {
            <div key={item.id.clone()} id={item.id} class={item.class} {style} role="treeitem" aria-level={level}
                aria-selected={item.is_selected.to_string()} aria-posinset={at.to_string()} aria-setsize={of.to_string()}
                aria-expanded={item.head.map(|(_, is_folded)| (!is_folded).to_string())}
                data-operator={item.operator.map(|number| number.to_string())}
                data-block={item.head.map(|(first, _)| first.to_string())}>
                { item.lines }
            </div>
        })
    }

    /// How many rows stand outside blocks up to a row, and in all.
    fn outside(&self, row: usize) -> [usize; 2] {
        let outer = &self.listed.rows.outer;
        [row, outer.len().saturating_sub(1)].map(|row| outer.get(row).copied().unwrap_or(0))
    }

    fn node_item(&self, row: usize, place: usize) -> Option<Item> {
        let spine = &self.laid_out.spine;
        let node = spine.nodes.get(place)?;
        let operator = self.model.operators.get(node.operator as usize)?;
        let block = node.block.and_then(|index| spine.blocks.get(index));
        let is_selected = place == self.place;
        let is_near = node.reads.contains(&self.place) || node.readers.contains(&self.place);
        let classes = [
            (block.is_some(), "within "),
            (is_selected, "chosen "),
            (is_near, "near "),
            (self.listed.found.binary_search(&place).is_ok(), "found "),
            (operator.removed_by.is_some(), "removed "),
        ];
        let bytes = self.bytes(operator.index);
        Some(Item {
            id: id(Row::Node(place)),
            class: told(&classes).concat(),
            operator: Some(operator.index),
            head: None,
            is_selected,
            among: match block {
                Some(block) => [place - block.first + 1, block.last - block.first + 1],
                None => self.outside(row),
            },
            lines: html! {
                <>
                    { self.words(operator, node.is_in_stage) }
                    { self.bar(bytes, operator.family, compact_shape(&operator.output_shape)) }
                </>
            },
        })
    }

    fn words(&self, operator: &OperatorReport, is_in_stage: bool) -> Html {
        let mut parts = vec![
            span("strong", format!("#{}", operator.index)),
            span("kind-name", operator.kind.clone()),
        ];
        let tags = [
            (self.laid_out.peak == Some(operator.index), page::PEAK_TAG),
            (operator.removed_by.is_some(), page::HOST_TAG),
            (operator.refusal.is_some(), page::REFUSED_TAG),
        ];
        parts.extend(told(&tags).iter().map(|tag| span("tag", (*tag).to_owned())));
        if is_in_stage {
            parts.push(html! {
                <span class="stage-mark" role="img" aria-label={graph::IN_STAGE_WORDS}>{ graph::IN_STAGE }</span>
            });
        }
        line(parts)
    }

    /// Bytes as a block as wide as they are, with the letter of a family, a shape, and the figure.
    fn bar(&self, bytes: u64, family: Family, shape: String) -> Html {
        let share = bytes.saturating_mul(100) / self.laid_out.most_bytes;
        let track = html! {
            <span class="track" aria-hidden="true">
                <span class={format!("fill {}", family_class(family))} style={format!("width:{share}%")}>
                    { family_letter(family) }
                </span>
            </span>
        };
        let class = if bytes > self.budget_bytes { "bytes over" } else { "bytes" };
        line(vec![track, span("shape", shape), span(class, kib(bytes))])
    }

    fn bytes(&self, operator: u32) -> u64 {
        self.laid_out.bytes.get(operator as usize).copied().unwrap_or(0)
    }

    fn block_item(&self, row: usize, index: usize, is_folded: bool) -> Option<Item> {
        let spine = &self.laid_out.spine;
        let block = spine.blocks.get(index)?;
        let holds = |place: usize| is_folded && (block.first..=block.last).contains(&place);
        let next = self.listed.found.partition_point(|&at| at < block.first);
        let is_found = self.listed.found.get(next).is_some_and(|&at| holds(at));
        let is_selected = holds(self.place);
        let classes = [(true, "block-head "), (is_selected, "chosen "), (is_found, "found ")];
        let (first, last) = (spine.first_operator(block), spine.nodes.get(block.last)?.operator);
        let neediest = spine.neediest(block, &self.laid_out.bytes);
        let shape = match block.shape {
            BlockShape::Residual => graph::RESIDUAL,
            BlockShape::Bottleneck => graph::BOTTLENECK,
            BlockShape::Separable => graph::SEPARABLE,
        };
        let sign = if is_folded { "▸" } else { "▾" };
        let mut parts = vec![
            html! { <span aria-hidden="true">{ sign }</span> },
            span("strong", graph::block(index + 1, first, last)),
            span("shape", shape.to_owned()),
        ];
        let mut lines = Vec::new();
        if is_folded {
            if self.laid_out.peak == Some(neediest) {
                parts.push(span("tag", page::PEAK_TAG.to_owned()));
            }
            let family = self.model.operators.get(neediest as usize)?.family;
            lines.push(self.bar(self.bytes(neediest), family, String::new()));
        }
        lines.insert(0, line(parts));
        Some(Item {
            id: id(Row::Head(index, is_folded)),
            class: told(&classes).concat(),
            operator: None,
            head: Some((first, is_folded)),
            is_selected,
            among: self.outside(row),
            lines: lines.into_iter().collect(),
        })
    }

    /// Where the spine is. Edges that have no lane are drawn in one more.
    fn spine_x(&self) -> i32 {
        let n_lanes = self.laid_out.spine.n_lanes + usize::from(self.laid_out.n_hidden > 0);
        SIDE + LANE * i32::try_from(n_lanes).unwrap_or(0)
    }

    fn width(&self) -> i32 {
        self.spine_x() + SIDE
    }

    /// Spine, edges and the lines of the selected operator beside the rows.
    fn gutter(&self, rows: Range<usize>) -> Html {
        let spine = &self.laid_out.spine;
        let edge_of = |row: usize| self.listed.rows.tops_rem.get(row).copied().unwrap_or(0.0);
        let (top, bottom) = (edge_of(rows.start), edge_of(rows.end));
        let pen = Pen { x: self.spine_x(), top, rows: &self.listed.rows };
        let (mut line, mut lanes, mut dots) = (String::new(), String::new(), String::new());
        let mut dotted = None;
        for (place, node) in spine.nodes.iter().enumerate() {
            let row = self.listed.rows.row_of(place);
            if row < rows.start || row > rows.end {
                continue;
            }
            if let Some(before) = node.before {
                pen.straight(&mut line, before, place);
            }
            if dotted != Some(row) {
                pen.dot(&mut dots, place);
                dotted = Some(row);
            }
        }
        let is_drawn = |edge: &&Edge| {
            edge.lane.is_some()
                && self.listed.rows.row_of(edge.from) < rows.end
                && self.listed.rows.row_of(edge.last()) >= rows.start
        };
        for edge in spine.edges.iter().filter(is_drawn) {
            for &to in &edge.to {
                pen.beside(&mut lanes, edge.from, to, edge.lane);
            }
        }
        let (mut linked, mut chosen) = (String::new(), String::new());
        if let Some(node) = spine.nodes.get(self.place) {
            let reads = node.reads.iter().map(|&from| (from, self.place));
            let readers = node.readers.iter().map(|&to| (self.place, to));
            for (from, to) in reads.chain(readers) {
                if spine.nodes[to].before == Some(from) {
                    pen.straight(&mut linked, from, to);
                } else {
                    let edge = spine.edges.iter().find(|edge| edge.from == from);
                    pen.beside(&mut linked, from, to, edge.and_then(|edge| edge.lane));
                }
            }
            pen.dot(&mut chosen, self.place);
        }
        let (width, height) = (self.width(), whole_px((bottom - top) * REM));
        html! {
            <svg key="gutter" aria-hidden="true" viewBox={format!("0 0 {width} {height}")}
                style={format!("top:{top}rem;width:{}rem;height:{}rem", f64::from(width) / REM, bottom - top)}>
                <path d={lanes} />
                <path d={line} />
                <path class="linked" d={linked} />
                <path class="dots" d={dots} />
                <path class="dots linked" d={chosen} />
            </svg>
        }
    }
}

/// Draws between the middles of rows.
struct Pen<'a> {
    x: i32,
    top: f64,
    rows: &'a Rows,
}

impl Pen<'_> {
    fn y(&self, place: usize) -> i32 {
        whole_px((self.rows.middle_rem(place) - self.top) * REM)
    }

    fn straight(&self, path: &mut String, from: usize, to: usize) {
        let (x, upper, lower) = (self.x, self.y(from), self.y(to));
        write!(path, "M{x},{upper}V{lower}").ok();
    }

    /// Through a lane; without one of its own, through the outermost.
    fn beside(&self, path: &mut String, from: usize, to: usize, lane: Option<usize>) {
        // Rows that follow each other are joined by the spine.
        if self.rows.row_of(to) <= self.rows.row_of(from) + 1 {
            return;
        }
        let lane = lane.and_then(|lane| i32::try_from(lane).ok());
        let x = lane.map_or(SIDE, |lane| self.x - LANE * (lane + 1));
        let (upper, lower) = (self.y(from) + APART, self.y(to) - APART);
        let (spine, inner) = (self.x, x + ROUND);
        write!(
            path,
            "M{spine},{upper}H{inner}Q{x},{upper} {x},{}V{}Q{x},{lower} {inner},{lower}H{spine}",
            upper + ROUND,
            lower - ROUND
        )
        .ok();
    }

    /// A line of no length, with round ends.
    fn dot(&self, path: &mut String, place: usize) {
        write!(path, "M{},{}h0", self.x, self.y(place)).ok();
    }
}
