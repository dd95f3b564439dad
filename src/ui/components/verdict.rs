//! The answer: does it fit.

use super::{Act, figures::fact, on, progress};
use crate::{
    report::{ModelReport, PaperReport, PlanReport, Problem, SearchReport},
    text::{
        DELIVERY_PEAK, PLAN_ALONE, Verdict, accounting, allocate_verdict, compact_count,
        comparison, exact_bytes, explanation, flash_sentence, kib, page, peak_sentence, phrases,
        thousands, verdict_beside,
    },
    ui::{
        shared::Shared,
        state::{Action, Job, OwnBlock, Target},
    },
};
use yew::prelude::*;

/// The button that keeps the shown plan.
pub(super) const KEEP_ID: &str = "keep";

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
    /// The visitor's own blocks in it.
    pub(in crate::ui) blocks: Vec<OwnBlock>,
    /// The search for a proof, while it runs.
    pub(in crate::ui) proving: Option<Job>,
    /// What it has found.
    pub(in crate::ui) proof: Option<SearchReport>,
    /// Why there is no plan.
    pub(in crate::ui) plan_problem: Option<Problem>,
    /// The search for squares.
    pub(in crate::ui) search: Option<Job>,
    /// Whether the plan is the one that is kept.
    pub(in crate::ui) is_kept: bool,
    /// Whether patches are on.
    pub(in crate::ui) is_patched: bool,
    /// Whether the figures came in a link, without the model.
    pub(in crate::ui) is_numbers_only: bool,
    /// The paper's figures of the plan, where they are wanted.
    pub(in crate::ui) paper: Option<PaperReport>,
    /// What stands beside the figures.
    pub(in crate::ui) beside: Beside,
    /// Opens the sheet that explains errors.
    pub(in crate::ui) explain: Callback<bool>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// What is drawn anew with every change: code that compares trees is longer than what it would save.
#[derive(Clone)]
pub(in crate::ui) struct Beside(pub(in crate::ui) Html);

impl PartialEq for Beside {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The sentence, the peak, the Flash, and what to try.
#[component]
pub(in crate::ui) fn VerdictPanel(props: &VerdictProps) -> Html {
    let (Some(model), Some(plan)) = (&props.model, &props.plan) else {
        return waiting(props);
    };
    let available = props.target.sram_bytes();
    let own_bytes = props.blocks.iter().map(|block| block.bytes).sum();
    let verdict = verdict_beside(plan.arena_bytes, own_bytes, available);
    let can_try = !verdict.fits && !props.is_patched && !model.stage_ends.is_empty();
    let tflm = allocate_verdict(model, own_bytes, available);
    let verdict = verdict.beside_flash(model, props.target.flash_bytes());
    let is_plan_alone = verdict.fits && tflm.as_ref().is_some_and(|tflm| !tflm.fits);
    let sign = verdict.sign();
    let class = |verdict: &Verdict| if verdict.fits { "fits" } else { "over" };
    let peak = plan.neediest_operator().and_then(|index| model.operators.get(index as usize));
    html! {
        <section class="verdict" aria-label="Verdict" aria-busy={props.is_planning.to_string()}>
            <div id="verdict" role="status" tabindex="-1" class={class(&verdict)}>
                <p class="sentence" title={verdict.exact}>
                    <span class="sign" aria-hidden="true">{ sign }</span>
                    { " " }{ verdict.sentence }
                </p>
                <p class="peak">
                    if is_plan_alone {
                        <span>{ PLAN_ALONE }{ " " }</span>
                    }
                    if let Some(operator) = peak {
                        <button
                            type="button"
                            class="link"
                            id="peak-operator"
                            data-operator={operator.index.to_string()}
                            title={page::SHOW_PEAK}
                            onclick={on(&props.act, Action::Select(operator.index))}
                        >
                            { peak_sentence(plan, operator) }
                        </button>
                    } else {
                        <span>{ DELIVERY_PEAK }</span>
                    }
                    { " " }
                    <span>{ flash_sentence(model, props.target.flash_bytes()) }</span>
                </p>
            </div>
            if let Some(paper) = &props.paper {
                <p class="note" id="paper-words">{ accounting::paper_sentence(paper, plan) }</p>
            }
            if let Some(tflm) = tflm {
                <p id="to-allocate" class={class(&tflm)}>
                    <strong><span aria-hidden="true">{ tflm.sign() }{ " " }</span>{ tflm.sentence }</strong>
                    { " " }{ tflm.exact }
                </p>
            }
            { gauge(plan.arena_bytes, &props.blocks, available) }
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
                    <span id="lower-bound" data-bytes={plan.lower_bound_bytes.to_string()}
                        title={phrases::bound_words(plan.arena_bytes, plan.lower_bound_bytes)}>
                        { kib(plan.lower_bound_bytes) }
                        if plan.arena_bytes == plan.lower_bound_bytes {
                            { " " }<span class="met" role="img" aria-label={page::MET}>{ "✓" }</span>
                        }
                    </span>
                }) }
                { fact(page::FACT_MACS, html! {
                    <span id="macs" data-macs={plan.macs.to_string()} title={thousands(plan.macs)}>{ compact_count(plan.macs) }</span>
                }) }
                { fact(page::FACT_PLAN, html! { <span id="plan-words">{ accounting::plan_words(plan.choice) }</span> }) }
            </dl>
                <div class="next" role="toolbar" aria-label={page::NEXT}>
                if !props.is_numbers_only {
                    { proof(props, plan, if can_try { "-1" } else { "0" }) }
                }
                { props.beside.0.clone() }
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
            </div>
        </section>
    }
}

/// Whether the plan is proven the smallest, and the search for that; and the way to what errors mean.
///
/// `stop` is whether Tab comes here, or to what is tried next.
fn proof(props: &VerdictProps, plan: &PlanReport, stop: &'static str) -> Html {
    let explain = props.explain.clone();
    let is_proven = plan.arena_bytes == plan.lower_bound_bytes;
    html! {
        <div class="proof" id="proof">
            <button type="button" id={KEEP_ID} tabindex={stop} title={comparison::KEEP_HINT}
                aria-pressed={props.is_kept.to_string()}
                onclick={on(&props.act, Action::KeepPlan)}>{ comparison::KEEP }</button>
            if let Some(job) = props.proving {
                { progress(page::PROVING, job, &props.act) }
            } else if !is_proven {
                <button type="button" id="prove" tabindex="-1" title={page::PROVE_HINT}
                    onclick={on(&props.act, Action::Prove)}>{ page::PROVE }</button>
            }
            if let Some(search) = &props.proof {
                <span class="note" id="proof-words" data-nodes={search.nodes.to_string()}>{ phrases::proof_words(search) }</span>
            }
            <button type="button" id="explain" tabindex="-1" aria-haspopup="dialog" title={explanation::ABOUT}
                onclick={Callback::from(move |_: MouseEvent| explain.emit(true))}>{ explanation::OPEN }</button>
        </div>
    }
}

/// Needed against available as a bar, own blocks after the arena; the words say the same.
fn gauge(arena_bytes: u64, blocks: &[OwnBlock], available: u64) -> Html {
    let own_bytes: u64 = blocks.iter().map(|block| block.bytes).sum();
    let needed = arena_bytes.saturating_add(own_bytes);
    let top = needed.max(available).max(1) as f64;
    let part = |bytes: u64| bytes as f64 / top * 1000.0;
    let mut from = arena_bytes;
    let own = blocks.iter().enumerate().map(|(place, block)| {
        let x = part(from);
        from += block.bytes;
        // A gap between neighbours, where there is room for one.
        let width = (part(block.bytes) - 2.0).max(1.0);
        html! { <rect key={place} class="own" x={(x + 1.0).to_string()} width={width.to_string()} height="10" /> }
    });
    let items = blocks.iter().enumerate().map(|(place, block)| {
        html! {
            <li key={place}><span class="key own" aria-hidden="true" />
                { format!("{} {}", block.name, kib(block.bytes)) }</li>
        }
    });
    html! {
        <>
            <svg class="gauge" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" width="1000" height="10" />
                <rect class="used" width={part(arena_bytes).to_string()} height="10" />
                { for own }
                if needed > available {
                    <rect class="excess" x={part(available).to_string()}
                        width={(1000.0 - part(available)).to_string()} height="10" />
                }
            </svg>
            if !blocks.is_empty() {
                <ul class="parts" id="parts">
                    <li><span class="key used" aria-hidden="true" />{ format!("{} {}", page::IN_ARENA, kib(arena_bytes)) }</li>
                    { for items }
                </ul>
            }
        </>
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
