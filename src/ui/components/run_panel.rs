//! Inference in the page: the picture, what the network sees of it, the answer.

use super::{
    Act, Lively,
    erased::mount,
    labels::{OwnLabels, OwnLabelsProps},
    on, on_change, progress,
    seen::{Seen, SeenProps},
    sources::{Part, Sources, SourcesProps},
    value,
};
use crate::{
    card::Card,
    preprocess::{ChannelOrder, Fit, Preprocessing, ValueRange},
    report::{ModelReport, RunReport, ScoreReport},
    text::{gallery, milliseconds, page, phrases, sound, thousands},
    ui::{
        shared::Shared,
        state::{Action, InputFrom, Job, Judgement, Sample, TensorShown},
    },
};
use web_sys::File;
use yew::{prelude::*, props};

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
    /// The model's card, where it is a sample.
    pub(in crate::ui) card: Option<&'static Card>,
    /// Inputs to try.
    pub(in crate::ui) samples: Vec<Sample>,
    /// The side of the square that drawings fill, where the network takes drawings.
    pub(in crate::ui) drawing_box: Option<u32>,
    /// Names of the classes.
    pub(in crate::ui) labels: Option<Vec<String>>,
    /// Whether they can be given.
    pub(in crate::ui) takes_labels: bool,
    /// Why labels do not do.
    pub(in crate::ui) labels_problem: Option<String>,
    /// Whether the answer is right, where that is known.
    pub(in crate::ui) judgement: Option<Judgement>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
    /// Where chosen pictures and labels go.
    pub(in crate::ui) give: Callback<File>,
    /// Where drawings and the camera's pictures go.
    pub(in crate::ui) lively: Lively,
    /// How often an input was chosen that is none of the camera's pictures.
    pub(in crate::ui) n_choices: u32,
    /// Opens the gallery.
    pub(in crate::ui) gallery: Callback<bool>,
}

/// Input, view, answer.
#[component]
pub(in crate::ui) fn RunPanel(props: &RunPanelProps) -> Html {
    html! {
        <section class="card run" aria-labelledby="run-title">
            <h2 id="run-title" tabindex="-1">{ page::TITLE_RUN }</h2>
            { about(props) }
            <div class="columns">
                <div class="given">
                    <h3>{ page::INPUT }</h3>
                    { sources(props, Part::First) }
                </div>
                <div class="told">
                    <div class="head">
                        <h3>{ page::ANSWER }</h3>
                        if let Some(job) = props.running {
                            { progress(page::RUNNING, job, &props.act) }
                        } else {
                            <button type="button" id="run" class="primary" disabled={!props.can_run}
                                onclick={on(&props.act, Action::Run)}>{ page::RUN }</button>
                        }
                    </div>
                    { answer(props) }
                    if props.takes_labels {
                        { mount::<OwnLabels>(OwnLabelsProps {
                            problem: props.labels_problem.clone(),
                            act: props.act.clone(),
                            give: props.give.clone(),
                        }) }
                    }
                </div>
                <div class="others">
                    { sources(props, Part::Rest) }
                    if props.takes_picture && !takes_sound(props) {
                        { preprocessing(props) }
                    }
                </div>
                <div class="seeing">
                    <h3>{ page::SEEN }</h3>
                    { mount::<Seen>(props!(SeenProps { input: props.input.clone(), is_bgr: props.preprocessing.order == ChannelOrder::Bgr })) }
                    if takes_sound(props) {
                        <p class="note">{ sound::SEEN }</p>
                    }
                    { saturation(props) }
                </div>
            </div>
        </section>
    }
}

/// The input's sources: what is drawn on or chosen from first stands next to the answer, so that both
/// are seen at once on a phone.
fn sources(props: &RunPanelProps, part: Part) -> Html {
    html! {
        { mount::<Sources>(SourcesProps {
            part,
            samples: props.samples.clone(),
            from: props.from.clone(),
            takes_picture: props.takes_picture,
            takes_sound: takes_sound(props),
            is_refused: props.model.refusal.is_some(),
            drawing_box: props.drawing_box,
            act: props.act.clone(),
            give: props.give.clone(),
            lively: props.lively.clone(),
            n_choices: props.n_choices,
        }) }
    }
}

/// Whether pictures are made of sounds.
fn takes_sound(props: &RunPanelProps) -> bool {
    props.card.is_some_and(|card| card.input.sound.is_some())
}

/// What the model is and what to see in it, where it is a sample.
fn about(props: &RunPanelProps) -> Html {
    let Some(card) = props.card else { return Html::default() };
    let gallery = props.gallery.clone();
    html! {
        <p class="note about">
            <b>{ &card.name }</b>{ ". " }{ &card.teaches }{ " " }
            // The head leads there as well: no stop of its own for Tab.
            <button type="button" class="link" tabindex="-1" onclick={Callback::from(move |_: MouseEvent| gallery.emit(true))}>
                { gallery::TITLE }
            </button>
        </p>
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
    let invert = on(
        &props.act,
        Action::SetPreprocessing(Preprocessing { is_inverted: !now.is_inverted, ..now }),
    );
    let has_colours = props.input.as_ref().is_none_or(|input| input.report.channels == 3);
    html! {
        <>
        <details class="preprocessing" id="preprocessing">
            <summary>{ page::PREPROCESSING }<span class="note">{ in_words(now, has_colours) }</span></summary>
            <div class="row">
            { choice("fit", page::FIT, fits, |now, key| Preprocessing {
                fit: match key { "stretch" => Fit::Stretch, "letterbox" => Fit::Letterbox, _ => Fit::Crop },
                ..now
            }) }
            { choice("range", page::RANGE, ranges, |now, key| Preprocessing {
                range: match key { "unit" => ValueRange::ZeroToOne, "bytes" => ValueRange::Bytes, _ => ValueRange::MinusOneToOne },
                ..now
            }) }
            if has_colours {
                { choice("order", page::ORDER, orders, |now, key| Preprocessing {
                    order: if key == "bgr" { ChannelOrder::Bgr } else { ChannelOrder::Rgb },
                    ..now
                }) }
            }
            <label class="check">
                <input type="checkbox" id="invert" checked={now.is_inverted} onchange={invert} />
                <span>{ page::INVERT }</span>
            </label>
            </div>
        </details>
        if props.drawing_box.is_some() {
            <p class="note" id="light-on-dark">{ gallery::LIGHT_ON_DARK }</p>
        }
        </>
    }
}

/// The choices between picture and tensor, for when their fields are folded away.
fn in_words(now: Preprocessing, has_colours: bool) -> String {
    let fit = match now.fit {
        Fit::Crop | Fit::Drawing { .. } => page::FIT_CROP,
        Fit::Stretch => page::FIT_STRETCH,
        Fit::Letterbox => page::FIT_LETTERBOX,
    };
    let order = match now.order {
        _ if !has_colours => "",
        ChannelOrder::Rgb => ", RGB",
        ChannelOrder::Bgr => ", BGR",
    };
    let inverted = if now.is_inverted { page::INVERTED } else { "" };
    [" ", fit, ", ", range_words(now.range), order, inverted].concat()
}

/// Warns where the chosen range does not suit the input and cuts many values off.
fn saturation(props: &RunPanelProps) -> Html {
    let is_picture = props.from.as_ref().is_some_and(InputFrom::is_picture);
    let Some(input) = props.input.as_ref().filter(|_| is_picture) else { return Html::default() };
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
                <ol id="top-classes">{ for top.iter().map(|score| class(props, score, bounds)) }</ol>
            }
            if let Some(Judgement { shows, is_right }) = &props.judgement {
                <p id="judged" class={if *is_right { "met" } else { "warning" }} data-right={is_right.to_string()}>
                    { if takes_sound(props) { sound::judged(shows, *is_right) } else { gallery::judged(shows, *is_right) } }
                </p>
            }
            if props.card.is_some_and(|card| !card.is_trained()) {
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

fn class(props: &RunPanelProps, score: &ScoreReport, (least, greatest): (f32, f32)) -> Html {
    let span = greatest - least;
    let width =
        if span > 0.0 { ((score.value - least) / span * 100.0).clamp(0.0, 100.0) } else { 100.0 };
    let number = phrases::output(&props.model, score.class);
    let label = props.labels.as_ref().and_then(|labels| labels.get(score.class as usize));
    let name = class_name(&props.model, props.labels.as_deref(), score.class);
    let quantized = score.quantized.map(|value| format!("{number}, int8 {value}"));
    html! {
        <li key={score.class} data-class={score.class.to_string()} data-label={label.cloned()} title={quantized}>
            <span class="class" title={name.clone()}>{ name }</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect width={width.to_string()} height="10" />
            </svg>
            <span class="score">{ format!("{:.4}", score.value) }</span>
        </li>
    }
}

/// What a value of the output is called: by its label where it has one, else by its number.
pub(super) fn class_name(model: &ModelReport, labels: Option<&[String]>, class: u32) -> String {
    let label = labels.and_then(|labels| labels.get(class as usize));
    label
        .filter(|label| !label.is_empty())
        .cloned()
        .unwrap_or_else(|| phrases::output(model, class))
}
