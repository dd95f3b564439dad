//! The marks of the arena that do not change with the selection: drawn once a plan and size.

use super::family_class;
use crate::{
    report::{ModelReport, PlanReport},
    text::{family_letter, page, phrases::block_words},
    ui::{
        geometry::{
            Rect,
            arena::{ArenaPicture, BlockMark, NOTCH_PX, PlacedTick, tick_end},
            labels::Label,
        },
        shared::Shared,
    },
};
use yew::prelude::*;

/// What is drawn.
#[derive(Properties, PartialEq)]
pub(super) struct MarksProps {
    /// Where everything lies.
    pub(super) picture: Shared<ArenaPicture>,
    /// The plan.
    pub(super) plan: Shared<PlanReport>,
    /// The model.
    pub(super) model: Shared<ModelReport>,
}

/// Axes, overflow and all blocks.
#[component]
pub(super) fn Marks(props: &MarksProps) -> Html {
    let picture = &props.picture;
    let blocks = picture.blocks.iter().map(|mark| block(mark, &props.model, &props.plan, ""));
    html! {
        <>
            <defs>
                <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="hatch-paper" width="8" height="8" />
                    <rect class="hatch-line" width="2" height="8" />
                </pattern>
                <pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
                    <rect class="stripe" width="2.5" height="6" />
                </pattern>
            </defs>
            { grounds(picture) }
            <g class="blocks">{ for blocks }</g>
        </>
    }
}

/// What lies under the blocks: what exceeds the budget, both axes, where the stage ends.
pub(super) fn grounds(picture: &ArenaPicture) -> Html {
    let plot = picture.plot;
    html! {
        <>
            if let Some(area) = picture.overflow {
                { rect("overflow", area) }
            }
            { axes(plot, &picture.ticks, &picture.time_labels,
                if picture.is_by_patch { page::TIME_AXIS_PATCHES } else { page::TIME_AXIS }) }
            if let Some(x) = picture.stage_x {
                <line class="stage-end" x1={x.to_string()} x2={x.to_string()} y1={plot.y.to_string()}
                    y2={plot.bottom().to_string()} />
            }
        </>
    }
}

/// A byte axis with its grid, and what stands under the other axis.
pub(super) fn axes(plot: Rect, ticks: &[PlacedTick], below: &[Label], name: &'static str) -> Html {
    let ticks = ticks.iter().map(|placed| {
        let y = placed.y.to_string();
        html! {
            <g key={placed.tick.bytes}>
                <line class="grid" x1={plot.x.to_string()} x2={plot.right().to_string()} y1={y.clone()} y2={y} />
                <text class="tick" x={tick_end(plot, &placed.tick.label).to_string()} y={(placed.y + 4.0).to_string()} text-anchor="end">
                    { &placed.tick.label }
                </text>
            </g>
        }
    });
    let below = below.iter().enumerate().map(|(index, label)| {
        html! {
            <text key={index} class="tick" x={(label.area.x + label.area.width / 2.0).to_string()}
                y={(label.area.y + 12.0).to_string()} text-anchor="middle">{ &label.text }</text>
        }
    });
    html! {
        <>
            { for ticks }
            { for below }
            <text class="tick" x={(plot.x + plot.width / 2.0).to_string()} y={(plot.bottom() + 34.0).to_string()}
                text-anchor="middle">{ name }</text>
        </>
    }
}

/// The budget's line, and labels over all else.
pub(super) fn lines(
    plot: Rect,
    budget: (Option<f64>, &Option<Label>),
    peaks: &[Option<Label>],
) -> Html {
    let words = |class: &'static str, label: &Label| {
        html! {
            <text class={classes!("halo", class)} x={(label.area.x + 2.0).to_string()}
                y={(label.area.y + 12.0).to_string()}>{ &label.text }</text>
        }
    };
    html! {
        <>
            if let Some(y) = budget.0 {
                <line class="budget" x1={plot.x.to_string()} x2={plot.right().to_string()} y1={y.to_string()}
                    y2={y.to_string()} />
            }
            { for budget.1.iter().map(|label| words("over", label)) }
            { for peaks.iter().flatten().map(|label| words("strong", label)) }
        </>
    }
}

/// A plain rectangle of a class.
pub(super) fn rect(class: &'static str, area: Rect) -> Html {
    html! {
        <rect {class} x={area.x.to_string()} y={area.y.to_string()} width={area.width.to_string()}
            height={area.height.to_string()} />
    }
}

/// The corner of a block that takes another's place: a triangle where it begins.
fn notch(area: Rect) -> String {
    let (x, y) = (area.x, area.y);
    format!("{x},{y} {},{y} {x},{}", x + NOTCH_PX, y + NOTCH_PX)
}

/// All corners of a block.
fn corners(area: Rect) -> String {
    let Rect { x, y, .. } = area;
    let (right, bottom) = (area.right(), area.bottom());
    format!("{x},{y} {right},{y} {right},{bottom} {x},{bottom}")
}

/// A block with its title and, where it fits, its letter.
pub(super) fn block(
    mark: &BlockMark,
    model: &ModelReport,
    plan: &PlanReport,
    extra: &'static str,
) -> Html {
    let area = mark.area;
    let shown = plan.blocks.get(mark.block);
    let operator = shown.and_then(|block| block.operator);
    let words = shown.map(|block| block_words(model, plan, block)).unwrap_or_default();
    let hatched = mark.is_scratch.then_some("hatched");
    let class = classes!("block", family_class(mark.family), hatched, extra);
    html! {
        <g key={mark.block} {class}>
            <rect x={area.x.to_string()} y={area.y.to_string()} width={area.width.to_string()}
                height={area.height.to_string()} rx="2"
                data-operator={operator.map(|index| index.to_string())}>
                <title>{ words }</title>
            </rect>
            if mark.is_scratch {
                <polygon class="stripes" points={corners(area)} />
            }
            if mark.has_notch() {
                <polygon class="in-place" points={notch(area)} />
            }
            if let Some((x, y)) = mark.letter {
                <text x={x.to_string()} y={(y + 4.0).to_string()} text-anchor="middle">
                    { family_letter(mark.family) }
                </text>
            }
        </g>
    }
}
