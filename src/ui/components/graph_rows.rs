//! The rows of the graph, and the lines that join them.

use super::{family_class, graph::LaidOut};
use crate::{
    report::{Family, ModelReport, OperatorReport},
    text::{compact_shape, family_letter, graph, kib, page},
    ui::{
        geometry::{
            graph::{Block, BlockShape, Edge, Row, Rows},
            whole_px,
        },
        shared::Shared,
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
    pub(super) laid_out: &'a Shared<LaidOut>,
    /// The rows.
    pub(super) rows: &'a Rows,
    /// The budget.
    pub(super) budget_bytes: u64,
    /// The place of the selected operator.
    pub(super) place: usize,
    /// The places that a search found.
    pub(super) found: &'a Vec<usize>,
}

impl View<'_> {
    /// The id of a row.
    pub(super) fn id(&self, row: usize) -> Option<String> {
        let (kind, number) = match *self.rows.rows.get(row)? {
            Row::Head(block, _) => ("block", block),
            Row::Node(place) => ("node", place),
        };
        Some(format!("graph-{kind}-{number}"))
    }

    /// A row at its place.
    pub(super) fn row(&self, row: usize) -> Html {
        let spine = &self.laid_out.spine;
        let top = self.rows.tops_rem.get(row).copied().unwrap_or(0.0);
        let left = f64::from(self.width()) / REM;
        let style = format!("top:{top}rem;left:{left}rem");
        let id = self.id(row);
        match self.rows.rows.get(row) {
            Some(&Row::Head(index, is_folded)) => {
                let Some(block) = spine.blocks.get(index) else { return Html::default() };
                let is_selected = is_folded && (block.first..=block.last).contains(&self.place);
                let next = self.found.partition_point(|&at| at < block.first);
                let is_found =
                    is_folded && self.found.get(next).is_some_and(|&at| at <= block.last);
                let class = classes!(
                    "block-head",
                    is_selected.then_some("chosen"),
                    is_found.then_some("found"),
                );
                html! {
                    <div key={format!("b{index}")} {id} {class} {style} role="treeitem" data-block={index.to_string()}
                        aria-level="1" aria-expanded={(!is_folded).to_string()} aria-selected={is_selected.to_string()}
                        aria-posinset={self.outer(row)} aria-setsize={self.outer(usize::MAX)}>
                        { self.head(index, block, is_folded) }
                    </div>
                }
            }
            Some(&Row::Node(place)) => {
                let Some(node) = spine.nodes.get(place) else { return Html::default() };
                let Some(operator) = self.model.operators.get(node.operator as usize) else {
                    return Html::default();
                };
                let block = node.block.and_then(|index| spine.blocks.get(index));
                let (level, at, of) = match block {
                    Some(block) => (
                        "2",
                        (place - block.first + 1).to_string(),
                        (block.last - block.first + 1).to_string(),
                    ),
                    None => ("1", self.outer(row), self.outer(usize::MAX)),
                };
                let is_near =
                    node.reads.contains(&self.place) || node.readers.contains(&self.place);
                let class = classes!(
                    block.map(|_| "within"),
                    (place == self.place).then_some("chosen"),
                    is_near.then_some("near"),
                    self.found.binary_search(&place).is_ok().then_some("found"),
                    operator.removed_by.map(|_| "removed"),
                );
                html! {
                    <div key={node.operator} {id} {class} {style} role="treeitem" data-operator={node.operator.to_string()}
                        aria-level={level} aria-selected={(place == self.place).to_string()} aria-posinset={at} aria-setsize={of}>
                        { self.words(operator, node.is_in_stage) }
                        { self.bar(operator) }
                    </div>
                }
            }
            None => Html::default(),
        }
    }

    /// How many rows stand outside blocks, up to a row.
    fn outer(&self, row: usize) -> String {
        let outer = &self.rows.outer;
        outer.get(row).or(outer.last()).copied().unwrap_or(0).to_string()
    }

    fn words(&self, operator: &OperatorReport, is_in_stage: bool) -> Html {
        html! {
            <span class="line">
                <b>{ "#" }{ operator.index }</b>
                <span class="kind-name" title={operator.kind.clone()}>{ &operator.kind }</span>
                if self.laid_out.peak == Some(operator.index) {
                    <b class="tag">{ page::PEAK_TAG }</b>
                }
                if operator.removed_by.is_some() {
                    <span class="tag">{ page::HOST_TAG }</span>
                }
                if operator.refusal.is_some() {
                    <b class="tag bad">{ page::REFUSED_TAG }</b>
                }
                if is_in_stage {
                    <span role="img" aria-label={graph::IN_STAGE_WORDS}>{ graph::IN_STAGE }</span>
                }
            </span>
        }
    }

    /// The bytes live as a bar, with the output's shape.
    fn bar(&self, operator: &OperatorReport) -> Html {
        let bytes = self.bytes(operator.index);
        let shape = compact_shape(&operator.output_shape);
        html! {
            <span class="line">
                { self.block(bytes, operator.family) }
                <span class="shape" title={shape.clone()}>{ shape }</span>
                { self.figure(bytes) }
            </span>
        }
    }

    fn bytes(&self, operator: u32) -> u64 {
        self.laid_out.bytes.get(operator as usize).copied().unwrap_or(0)
    }

    fn figure(&self, bytes: u64) -> Html {
        let class = classes!("bytes", (bytes > self.budget_bytes).then_some("over"));
        html! { <span {class}>{ kib(bytes) }</span> }
    }

    /// A block as wide as its bytes, with the letter of its family.
    fn block(&self, bytes: u64, family: Family) -> Html {
        let share = bytes.saturating_mul(100) / self.laid_out.most_bytes;
        html! {
            <span class="track" aria-hidden="true">
                <span class={classes!("fill", family_class(family))} style={format!("width:{share}%")}>
                    { family_letter(family) }
                </span>
            </span>
        }
    }

    fn head(&self, index: usize, block: &Block, is_folded: bool) -> Html {
        let spine = &self.laid_out.spine;
        let last = spine.nodes.get(block.last).map_or(0, |node| node.operator);
        let words = graph::block(index + 1, spine.first_operator(block), last);
        let shape = match block.shape {
            BlockShape::Residual => graph::RESIDUAL,
            BlockShape::Bottleneck => graph::BOTTLENECK,
            BlockShape::Separable => graph::SEPARABLE,
        };
        let neediest = spine.neediest(block, &self.laid_out.bytes);
        let family =
            self.model.operators.get(neediest as usize).map_or(Family::Other, |one| one.family);
        let has_peak = self.laid_out.peak == Some(neediest);
        html! {
            <>
                <span class="line">
                    <span class="sign" aria-hidden="true">{ if is_folded { "▸" } else { "▾" } }</span>
                    <b>{ words }</b>
                    <span class="shape" title={shape}>{ shape }</span>
                    if is_folded && has_peak {
                        <b class="tag">{ page::PEAK_TAG }</b>
                    }
                </span>
                if is_folded {
                    <span class="line">
                        { self.block(self.bytes(neediest), family) }
                        <span class="shape" />
                        { self.figure(self.bytes(neediest)) }
                    </span>
                }
            </>
        }
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
    pub(super) fn gutter(&self, rows: Range<usize>) -> Html {
        let spine = &self.laid_out.spine;
        let edge_of = |row: usize| self.rows.tops_rem.get(row).copied().unwrap_or(0.0);
        let (top, bottom) = (edge_of(rows.start), edge_of(rows.end));
        let pen = Pen { x: self.spine_x(), top, rows: self.rows };
        let (mut line, mut lanes, mut dots) = (String::new(), String::new(), String::new());
        let mut dotted = None;
        for (place, node) in spine.nodes.iter().enumerate() {
            let row = self.rows.row_of(place);
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
                && self.rows.row_of(edge.from) < rows.end
                && self.rows.row_of(edge.last()) >= rows.start
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
            <svg aria-hidden="true" viewBox={format!("0 0 {width} {height}")}
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
