//! The answer: does it fit.

use super::{Act, figures::fact, on, progress};
use crate::{
    report::{ModelReport, PlanReport, Problem},
    text::{
        compact_count, exact_bytes, flash_sentence, kib, page, peak_sentence, plan_words,
        thousands, verdict,
    },
    ui::{
        shared::Shared,
        state::{Action, Job, Target},
    },
};
use yew::prelude::*;

/// What is judged.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct VerdictProps {
    /// The model.
    pub(in crate::ui) model: Option<Shared<ModelReport>>,
    /// The shown plan.
    pub(in crate::ui) plan: Option<Shared<PlanReport>>,
    /// Whether it is on its way.
    pub(in crate::ui) is_planning: bool,
    /// Whether a model is on its way.
    pub(in crate::ui) is_reading: bool,
    /// The memory.
    pub(in crate::ui) target: Target,
    /// Why there is no plan.
    pub(in crate::ui) plan_problem: Option<Problem>,
    /// The search for squares.
    pub(in crate::ui) search: Option<Job>,
    /// Whether patches are on.
    pub(in crate::ui) is_patched: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The sentence, the peak, the Flash, and what to try.
#[component]
pub(in crate::ui) fn VerdictPanel(props: &VerdictProps) -> Html {
    let (Some(model), Some(plan)) = (&props.model, &props.plan) else {
        return waiting(props);
    };
    let available = props.target.sram_bytes();
    let verdict = verdict(plan.arena_bytes, available);
    let (class, sign) = if verdict.fits { ("fits", "✓") } else { ("over", "✕") };
    let peak = model.operators.get(plan.peak_operator as usize);
    let can_try = !verdict.fits && !props.is_patched && !model.stage_ends.is_empty();
    html! {
        <section class="verdict" aria-label="Verdict" aria-busy={props.is_planning.to_string()}>
            <div id="verdict" role="status" class={class}>
                <p class="sentence">
                    <span class="sign" aria-hidden="true">{ sign }</span>
                    { " " }{ verdict.sentence }
                </p>
                if let Some(operator) = peak {
                    <p class="peak">
                        <button
                            type="button"
                            class="link"
                            id="peak-operator"
                            data-operator={operator.index.to_string()}
                            title={page::SHOW_PEAK}
                            onclick={on(&props.act, Action::Select(operator.index))}
                        >
                            { peak_sentence(operator) }
                        </button>
                        { " " }
                        <span>{ flash_sentence(model.flash_bytes, props.target.flash_bytes()) }</span>
                    </p>
                }
            </div>
            { gauge(plan.arena_bytes, available) }
            <div class="below">
            <dl class="facts">
                { fact(page::FACT_ARENA, html! {
                    <span
                        id="arena-bytes"
                        data-bytes={plan.arena_bytes.to_string()}
                        title={exact_bytes(plan.arena_bytes)}
                    >
                        { kib(plan.arena_bytes) }
                    </span>
                }) }
                { fact(page::FACT_BOUND, html! {
                    <span title={exact_bytes(plan.lower_bound_bytes)}>{ kib(plan.lower_bound_bytes) }</span>
                }) }
                { fact(page::FACT_MACS, html! {
                    <span id="macs" data-macs={plan.macs.to_string()} title={thousands(plan.macs)}>{ compact_count(plan.macs) }</span>
                }) }
                { fact(page::FACT_PLAN, html! { <span id="plan-words">{ plan_words(plan.choice.schedule) }</span> }) }
            </dl>
                if can_try || (props.search.is_some() && !props.is_patched) {
                    <div class="try">
                        if let Some(job) = props.search {
                            { progress(page::SEARCHING, job, &props.act) }
                        } else {
                            <button
                                type="button"
                                id="try-patches"
                                class="primary pulse"
                                onclick={on(&props.act, Action::TrySquares)}
                            >
                                { page::TRY_PATCHES }
                            </button>
                        }
                    </div>
                }
            </div>
        </section>
    }
}

/// Needed against available as a bar; the words above say the same.
fn gauge(needed: u64, available: u64) -> Html {
    let top = needed.max(available).max(1) as f64;
    let (needed_part, available_part) =
        (needed as f64 / top * 1000.0, available as f64 / top * 1000.0);
    let inside = needed_part.min(available_part);
    html! {
        <svg class="gauge" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="1000" height="10" />
            <rect class="used" width={inside.to_string()} height="10" />
            if needed > available {
                <rect
                    class="excess"
                    x={available_part.to_string()}
                    width={(needed_part - available_part).to_string()}
                    height="10"
                />
            }
        </svg>
    }
}

fn waiting(props: &VerdictProps) -> Html {
    let (class, words) = match (&props.plan_problem, &props.model) {
        (Some(_), _) => ("over", page::NO_PLAN),
        (None, Some(_)) => ("", page::PLANNING),
        (None, None) if props.is_reading => ("", page::READING),
        (None, None) => ("", page::NO_MODEL),
    };
    let is_busy = props.is_planning || props.is_reading;
    html! {
        <section class="verdict" aria-label="Verdict" aria-busy={is_busy.to_string()}>
            <div id="verdict" role="status" class={class}>
                <p class="sentence">{ words }</p>
                if let Some(problem) = &props.plan_problem {
                    <p class="peak">{ &problem.message }{ " " }{ &problem.advice }</p>
                }
            </div>
        </section>
    }
}
