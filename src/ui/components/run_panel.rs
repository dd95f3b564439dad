//! Inference in the page: the picture, what the network sees of it, the answer.

use super::{Act, on, on_change, pixels::PixelsView, progress, value};
use crate::{
    preprocess::{ChannelOrder, Fit, Preprocessing, ValueRange},
    report::{ModelReport, RunReport, ScoreReport},
    text::{milliseconds, page, phrases, thousands},
    ui::{
        app::SAMPLES,
        picture::as_seen,
        shared::Shared,
        state::{Action, InputFrom, Job, TensorShown},
    },
};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct RunPanelProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The input, as the network sees it.
    pub(in crate::ui) input: Option<TensorShown>,
    /// Where it comes from.
    pub(in crate::ui) from: Option<InputFrom>,
    /// Whether the network takes pictures.
    pub(in crate::ui) takes_picture: bool,
    /// What happens to pictures.
    pub(in crate::ui) preprocessing: Preprocessing,
    /// The last run.
    pub(in crate::ui) run: Option<Shared<RunReport>>,
    /// Whether it ran the shown plan.
    pub(in crate::ui) is_run_of_plan: bool,
    /// The run that is under way.
    pub(in crate::ui) running: Option<Job>,
    /// Whether anything can run.
    pub(in crate::ui) can_run: bool,
    /// Whether the model came with the page.
    pub(in crate::ui) is_bundled: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
    /// Where chosen pictures go.
    pub(in crate::ui) give: Callback<File>,
}

/// Input, view, answer.
#[component]
pub(in crate::ui) fn RunPanel(props: &RunPanelProps) -> Html {
    html! {
        <section class="card run" aria-labelledby="run-title">
            <h2 id="run-title">{ page::TITLE_RUN }</h2>
            <div class="columns">
                <div>
                    <h3>{ page::INPUT }</h3>
                    { sources(props) }
                    if props.takes_picture {
                        { preprocessing(props) }
                    }
                </div>
                <div>
                    <h3>{ page::SEEN }</h3>
                    <Seen input={props.input.clone()} is_bgr={props.preprocessing.order == ChannelOrder::Bgr} />
                    { saturation(props) }
                </div>
                <div>
                    <h3>{ page::ANSWER }</h3>
                    <p class="row">
                        if let Some(job) = props.running {
                            { progress(page::RUNNING, job, &props.act) }
                        } else {
                            <button type="button" id="run" class="primary" disabled={!props.can_run}
                                onclick={on(&props.act, Action::Run)}>{ page::RUN }</button>
                        }
                    </p>
                    { answer(props) }
                </div>
            </div>
        </section>
    }
}

fn sources(props: &RunPanelProps) -> Html {
    let is_refused = props.model.refusal.is_some();
    let samples = SAMPLES.iter().enumerate().map(|(index, (name, path))| {
        let is_chosen = props.from == Some(InputFrom::Sample(index));
        html! {
            <label key={*name} class="sample">
                <input
                    type="radio"
                    class="visually-hidden"
                    name="sample"
                    id={format!("sample-{name}")}
                    checked={is_chosen}
                    disabled={is_refused}
                    onchange={on(&props.act, Action::ChooseSample(index))}
                />
                <img src={*path} alt="" width="56" height="56" />
                <span>{ *name }</span>
            </label>
        }
    });
    let onchange = {
        let give = props.give.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                give.emit(file);
            }
            input.set_value("");
        })
    };
    let open = Callback::from(|_: MouseEvent| crate::ui::browser::click("open-picture"));
    let own = match &props.from {
        Some(InputFrom::Own(name)) => Some(name.clone()),
        _ => None,
    };
    html! {
        <div class="sources" role="group" aria-label={page::INPUT}>
            if props.takes_picture {
                <div class="samples" role="radiogroup" aria-label={page::SAMPLES}>{ for samples }</div>
                <button type="button" disabled={is_refused}
                    aria-pressed={own.is_some().to_string()} onclick={open}>{ page::OWN_PICTURE }</button>
                <input id="open-picture" class="visually-hidden" type="file" accept="image/*" tabindex="-1"
                    aria-label={page::OWN_PICTURE} {onchange} />
            }
            <button type="button" id="noise" disabled={is_refused} aria-pressed={matches!(props.from, Some(InputFrom::Noise(_))).to_string()}
                onclick={on(&props.act, Action::ChooseNoise)}>{ page::NOISE }</button>
            if let Some(name) = own {
                <p class="note">{ name }</p>
            }
            if props.takes_picture {
                <p class="note">{ page::PICTURE_HINT }</p>
            }
        </div>
    }
}

fn preprocessing(props: &RunPanelProps) -> Html {
    let now = props.preprocessing;
    let choice = |id: &'static str,
                  name: &'static str,
                  options: Html,
                  change: fn(Preprocessing, &str) -> Preprocessing| {
        let onchange = on_change(&props.act, move |event| {
            Some(Action::SetPreprocessing(change(now, &value(event))))
        });
        html! {
            <label class="field" for={id}>
                <span class="name">{ name }</span>
                <select {id} {onchange}>{ options }</select>
            </label>
        }
    };
    let option = |key: &'static str, words: &'static str, is_chosen: bool| {
        html! { <option value={key} selected={is_chosen}>{ words }</option> }
    };
    let fits = html! { <>
        { option("crop", page::FIT_CROP, now.fit == Fit::Crop) }
        { option("stretch", page::FIT_STRETCH, now.fit == Fit::Stretch) }
        { option("letterbox", page::FIT_LETTERBOX, now.fit == Fit::Letterbox) }
    </> };
    let ranges = html! { <>
        { option("signed", range_words(ValueRange::MinusOneToOne), now.range == ValueRange::MinusOneToOne) }
        { option("unit", range_words(ValueRange::ZeroToOne), now.range == ValueRange::ZeroToOne) }
        { option("bytes", range_words(ValueRange::Bytes), now.range == ValueRange::Bytes) }
    </> };
    let orders = html! { <>
        { option("rgb", "RGB", now.order == ChannelOrder::Rgb) }
        { option("bgr", "BGR", now.order == ChannelOrder::Bgr) }
    </> };
    html! {
        <div class="row preprocessing">
            { choice("fit", page::FIT, fits, |now, key| Preprocessing {
                fit: match key { "stretch" => Fit::Stretch, "letterbox" => Fit::Letterbox, _ => Fit::Crop },
                ..now
            }) }
            { choice("range", page::RANGE, ranges, |now, key| Preprocessing {
                range: match key { "unit" => ValueRange::ZeroToOne, "bytes" => ValueRange::Bytes, _ => ValueRange::MinusOneToOne },
                ..now
            }) }
            { choice("order", page::ORDER, orders, |now, key| Preprocessing {
                order: if key == "bgr" { ChannelOrder::Bgr } else { ChannelOrder::Rgb },
                ..now
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SeenProps {
    input: Option<TensorShown>,
    is_bgr: bool,
}

/// The input tensor's own bytes as a picture.
#[component]
fn Seen(props: &SeenProps) -> Html {
    let key = (props.input.clone(), props.is_bgr);
    let pixels = use_memo(key, |(input, is_bgr)| {
        let input = input.as_ref()?;
        as_seen(&input.report, &input.bytes, *is_bgr).map(Shared::new)
    });
    let Some(input) = &props.input else {
        return html! { <p class="note">{ page::NO_INPUT }</p> };
    };
    let report = &input.report;
    let words = phrases::input_words(report);
    html! {
        <figure class="seen">
            if let Some(pixels) = (*pixels).clone() {
                <PixelsView {pixels} words={page::SEEN} class="pixelated" />
            }
            <figcaption class="note">{ words }</figcaption>
        </figure>
    }
}

/// Warns where the chosen range does not suit the input and cuts many values off.
fn saturation(props: &RunPanelProps) -> Html {
    let (Some(input), Some(InputFrom::Sample(_) | InputFrom::Own(_))) = (&props.input, &props.from)
    else {
        return Html::default();
    };
    let report = &input.report;
    let fitting = ValueRange::fitting(f64::from(report.scale), i64::from(report.zero_point));
    let values = u64::from(report.height) * u64::from(report.width) * u64::from(report.channels);
    if fitting == props.preprocessing.range || report.saturated.saturating_mul(3) <= values {
        return Html::default();
    }
    html! {
        <p class="warning" id="saturated" role="status">
            { phrases::saturated(report.saturated, values, range_words(fitting)) }
        </p>
    }
}

const fn range_words(range: ValueRange) -> &'static str {
    match range {
        ValueRange::MinusOneToOne => page::RANGE_SIGNED,
        ValueRange::ZeroToOne => page::RANGE_UNIT,
        ValueRange::Bytes => page::RANGE_BYTES,
    }
}

fn answer(props: &RunPanelProps) -> Html {
    if props.model.refusal.is_some() {
        return html! { <p class="note" id="never-answers">{ page::NEVER_ANSWERS }</p> };
    }
    let Some(run) = &props.run else { return html! { <p class="note">{ page::NO_ANSWER }</p> } };
    let top = run.outputs.first().map(|output| &output.top[..]).unwrap_or_default();
    let bounds = top.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), score| {
        (least.min(score.value), most.max(score.value))
    });
    // Probabilities have a zero of their own; other values are drawn from the least shown.
    let is_softmax = props.model.tells_classes();
    let bounds = if is_softmax { (0.0, bounds.1) } else { bounds };
    let hash = run.outputs.first().map(|output| output.sha256.clone()).unwrap_or_default();
    html! {
        <div id="answer" data-sha256={hash.clone()}>
            if !props.is_run_of_plan {
                <p class="warning" id="other-plan">{ page::OTHER_PLAN_RAN }</p>
            }
            if !top.is_empty() {
                <ol id="top-classes">{ for top.iter().map(|score| class(score, bounds, is_softmax)) }</ol>
            }
            if props.is_bundled {
                <p class="untrained">{ page::UNTRAINED }</p>
            }
            <p class="note">
                <b id="run-time">{ milliseconds(run.total_ms) }</b>
                { " " }{ phrases::run_words(run) }{ " " }
                <span id="run-arena" data-bytes={run.arena_bytes.to_string()}>{ thousands(run.arena_bytes) }</span>
                { " bytes. " }{ page::TIME_NOTE }
            </p>
            <p class="note hash" title={hash.clone()}>{ phrases::output_hash(&hash) }</p>
        </div>
    }
}

fn class(score: &ScoreReport, (least, greatest): (f32, f32), is_softmax: bool) -> Html {
    let span = greatest - least;
    let width =
        if span > 0.0 { ((score.value - least) / span * 100.0).clamp(0.0, 100.0) } else { 100.0 };
    let name = if is_softmax { phrases::class(score.class) } else { phrases::value(score.class) };
    let quantized = score.quantized.map(|value| format!("int8 {value}"));
    html! {
        <li key={score.class} data-class={score.class.to_string()} title={quantized}>
            <span class="class">{ name }</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect width={width.to_string()} height="10" />
            </svg>
            <span class="score">{ format!("{:.4}", score.value) }</span>
        </li>
    }
}
