//! What an operator computed, as pictures.

use super::{
    cells::{Cells, input_field, marks, on_keys, on_pointer},
    erased::mount,
    pixels::{PixelsProps, PixelsView},
};
use crate::{
    report::{ActivationReport, ModelReport, PlanReport},
    text::{
        field::{self, Cell},
        page, phrases, thousands,
    },
    ui::{
        browser::use_size,
        geometry::count_px,
        picture::{MOST_TILES, Tiling, diverging, reach, tiles},
        shared::Shared,
        state::TensorShown,
    },
};
use yew::{prelude::*, props};

/// What is shown.
#[derive(Properties, PartialEq)]
pub(super) struct ActivationProps {
    /// The tensor.
    pub(super) shown: TensorShown,
    /// The model.
    pub(super) model: Shared<ModelReport>,
    /// The shown plan.
    pub(super) plan: Shared<PlanReport>,
    /// The input, as its tensor holds it.
    pub(super) input: Option<TensorShown>,
    /// Whether its first channel is blue.
    pub(super) is_bgr: bool,
    /// The chosen cell, of this activation or another.
    pub(super) cell: UseStateHandle<Option<Cell>>,
}

/// Channels as tiles, or values as a strip, with their scale and statistics.
#[component]
pub(super) fn Activation(props: &ActivationProps) -> Html {
    let TensorShown { report, bytes } = &props.shown;
    let stage = use_node_ref();
    let size = use_size(&stage);
    let is_all = use_state_eq(|| false);
    let is_map = report.height * report.width > 1;
    let most = if *is_all { u32::MAX } else { MOST_TILES };
    let tiling = Tiling::fitting(report, count_px(size.0), most);
    let pixels = use_memo((report.clone(), tiling), |(report, tiling)| {
        Shared::new(tiles(report, bytes, *tiling))
    });
    let cells = Cells { props, tiling, size: [pixels.width, pixels.height] };
    let words = phrases::map_words(report);
    let onclick = {
        let is_all = is_all.clone();
        Callback::from(move |_: MouseEvent| is_all.set(true))
    };
    html! {
        <div class="activation" id="activation" data-sha256={report.sha256.clone()}>
            <h3>{ page::ACTIVATION }</h3>
            <div ref={stage} class="tiles" id="tiles" tabindex={is_map.then_some("0")}
                role={is_map.then_some("application")} aria-roledescription={is_map.then_some(page::CHART)}
                aria-label={is_map.then_some(field::CELLS)} aria-describedby={is_map.then_some("cell-words")}
                onkeydown={on_keys(&cells)} onpointermove={on_pointer(&cells)} onpointerdown={on_pointer(&cells)}>
                if !is_map {
                    { strip(report, bytes) }
                } else if size.0 > 0.0 {
                    { marks(&cells) }
                    { mount::<PixelsView>(props!(PixelsProps { pixels: (*pixels).clone(), words, class: "pixelated" })) }
                }
            </div>
            if is_map {
                { input_field(&cells) }
            }
            if is_map && report.channels > MOST_TILES && !*is_all {
                <p class="note">
                    { phrases::part_of(MOST_TILES as usize, report.channels as usize, page::CHANNELS) }{ " " }
                    <button type="button" class="link" {onclick}>{ page::SHOW_ALL }</button>
                </p>
            }
            { scale(report) }
            { histogram(report) }
            <p class="note">{ phrases::statistics(report) }</p>
        </div>
    }
}

/// From least to greatest, white at the zero point.
fn scale(report: &ActivationReport) -> Html {
    let (least, greatest) = (i32::from(report.least), i32::from(report.greatest));
    let reach = reach(report);
    let stops = (0..=16).map(|index| {
        let value = least + (greatest - least) * index / 16;
        let value = i8::try_from(value.clamp(-128, 127)).unwrap_or(0);
        let [red, green, blue] = diverging(value, report.zero_point, reach);
        html! { <stop key={index} offset={format!("{}%", index * 100 / 16)} stop-color={format!("rgb({red},{green},{blue})")} /> }
    });
    html! {
        <div class="scale">
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <defs><linearGradient id="diverging">{ for stops }</linearGradient></defs>
                <rect width="100" height="8" fill="url(#diverging)" />
            </svg>
            <p>
                { for phrases::scale_words(report).into_iter().map(|words| html! { <span>{ words }</span> }) }
            </p>
        </div>
    }
}

/// How many values fall into each sixteenth of the int8 range.
fn histogram(report: &ActivationReport) -> Html {
    let most = report.histogram.iter().copied().max().unwrap_or(0).max(1);
    let bars = report.histogram.iter().enumerate().map(|(index, &count)| {
        let height =
            if count == 0 { 0.0 } else { (f64::from(count) / f64::from(most) * 40.0).max(1.0) };
        let from = index * 16;
        html! {
            <rect key={index} x={(index * 10).to_string()} y={(40.0 - height).to_string()} width="9"
                height={height.to_string()}>
                <title>{ bin_words(from, count) }</title>
            </rect>
        }
    });
    html! {
        <figure class="histogram">
            <svg viewBox="0 0 160 41" preserveAspectRatio="none" role="img" aria-label={page::HISTOGRAM}>
                { for bars }
                <line x1="0" x2="160" y1="40.5" y2="40.5" />
            </svg>
            <figcaption><span>{ "−128" }</span><span>{ page::HISTOGRAM }</span><span>{ "127" }</span></figcaption>
        </figure>
    }
}

fn bin_words(from: usize, count: u32) -> String {
    let from = i64::try_from(from).unwrap_or(0) - 128;
    format!("{from} to {}: {}", from + 15, thousands(u64::from(count)))
}

/// One bar a value, for outputs without rows and columns.
fn strip(report: &ActivationReport, bytes: &[u8]) -> Html {
    /// More bars than this are thinner than can be seen.
    const MOST: usize = 320;
    let shown = bytes.len().min(MOST);
    let above = f64::from((i32::from(report.greatest) - report.zero_point).max(0));
    let below = f64::from((report.zero_point - i32::from(report.least)).max(0));
    let unit = 96.0 / (above + below).max(1.0);
    let zero = 2.0 + above * unit;
    let bars = bytes.iter().take(MOST).enumerate().map(|(index, &byte)| {
        let value = byte.cast_signed();
        let height = f64::from(i32::from(value) - report.zero_point).abs() * unit;
        let is_below = i32::from(value) < report.zero_point;
        let y = if is_below { zero } else { zero - height };
        html! {
            <rect key={index} x={index.to_string()} y={y.to_string()} width="0.9" height={height.max(0.5).to_string()}
                class={if is_below { "below" } else { "above" }}>
                <title>{ format!("{index}: {value}") }</title>
            </rect>
        }
    });
    let view = format!("0 0 {} 100", shown.max(1));
    html! {
        <>
            <svg class="strip" viewBox={view} preserveAspectRatio="none" role="img" aria-label={page::STRIP}>
                { for bars }
            </svg>
            if bytes.len() > MOST {
                <p class="note">{ phrases::part_of(MOST, bytes.len(), page::VALUES) }</p>
            }
        </>
    }
}
