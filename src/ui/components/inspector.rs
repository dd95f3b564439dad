//! Everything about the selected operator.

use super::{
    Act,
    activation::{Activation, ActivationProps},
    erased::mount,
    figures::{entry, swatch, walk},
};
use crate::{
    report::{HostPass, ModelReport, OperatorReport, PlanReport, Problem, RunReport},
    text::{
        Budget, Limit, Share, exact_bytes, fine_milliseconds, giga_macs, kib, macs_formula,
        macs_per_ms, operator_label, operator_words, page, phrases, quantization_words, shape,
        step_formula, why_needed,
    },
    ui::{shared::Shared, state::TensorShown},
};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct InspectorProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The shown plan.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// The selected operator's step.
    pub(in crate::ui) step: Option<u32>,
    /// The last run.
    pub(in crate::ui) run: Option<Shared<RunReport>>,
    /// What this browser reaches at best.
    pub(in crate::ui) limit: Option<Limit>,
    /// The operator's output in it.
    pub(in crate::ui) activation: Option<TensorShown>,
    /// Why it is not there.
    pub(in crate::ui) activation_problem: Option<Problem>,
    /// The input, as its tensor holds it.
    pub(in crate::ui) input: Option<TensorShown>,
    /// Whether its first channel is blue.
    pub(in crate::ui) is_bgr: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Figures, formulas, facts, and the output as run.
#[component]
pub(in crate::ui) fn Inspector(props: &InspectorProps) -> Html {
    // Stays while outputs come and go, so that one cell is followed through plans and inputs.
    let cell = use_state_eq(|| None);
    let Some(operator) = props.model.operators.get(props.selected as usize) else {
        return Html::default();
    };
    html! {
        <section class="card inspector" id="inspector" aria-labelledby="inspector-title"
            data-operator={operator.index.to_string()}>
            <div class="head">
                <p class="name">{ page::TITLE_INSPECTOR }</p>
                { walk(&props.act) }
            </div>
            <h2 id="inspector-title">{ swatch(operator.family) }{ operator_label(operator) }</h2>
            { live(props, operator) }
            if let Some(problem) = &operator.refusal {
                <p class="refused">
                    <span aria-hidden="true">{ "✕ " }</span>{ &problem.message }{ " " }{ &problem.advice }
                </p>
            }
            { facts(props, operator) }
            if let Some(shown) = &props.activation {
                { mount::<Activation>(ActivationProps {
                    shown: shown.clone(),
                    model: props.model.clone(),
                    plan: props.plan.clone(),
                    input: props.input.clone(),
                    is_bgr: props.is_bgr,
                    cell,
                }) }
            } else if let Some(problem) = &props.activation_problem {
                <p class="note" id="no-activation">{ &problem.message }{ " " }{ &problem.advice }</p>
            } else if props.model.refusal.is_some() {
                <p class="note">{ page::NEVER_ANSWERS }</p>
            } else if operator.removed_by.is_none() {
                <p class="note">{ if props.run.is_some() { page::FETCHING } else { page::NO_RUN } }</p>
            }
        </section>
    }
}

/// Bytes live, with the sum that gives them.
fn live(props: &InspectorProps, operator: &OperatorReport) -> Html {
    match operator.removed_by {
        Some(HostPass::FloatBoundary) => return html! { <p>{ page::REMOVED_FLOAT }</p> },
        Some(HostPass::FoldedPad) => return html! { <p>{ page::REMOVED_PAD }</p> },
        None => {}
    }
    let Some((index, step)) =
        props.step.and_then(|index| Some((index, props.plan.steps.get(index as usize)?)))
    else {
        return Html::default();
    };
    let bytes = step.needed_bytes();
    let formula = step_formula(&props.model, &props.plan, index);
    let note = why_needed(&props.model, &props.plan, index);
    html! {
        <>
            <p class="figure-big">
                <b id="live-bytes" data-bytes={bytes.to_string()} title={exact_bytes(bytes)}>{ kib(bytes) }</b>
                <span>{ format!(" {}", phrases::live_share(bytes, props.budget)) }</span>
            </p>
            <p class="formula" id="formula">{ formula }</p>
            <p class="note" id="why">{ note }</p>
        </>
    }
}

fn facts(props: &InspectorProps, operator: &OperatorReport) -> Html {
    let model = &props.model;
    let tensor =
        |id: Option<&crate::tensor::TensorId>| id.and_then(|id| model.tensors.get(id.index()));
    let activations = operator.inputs.iter().filter(|id| {
        tensor(Some(id)).is_some_and(|one| one.role != crate::report::TensorRole::Constant)
    });
    let describe = |id: &crate::tensor::TensorId| {
        tensor(Some(id)).map(|one| {
            let words = one.quantization.as_ref().map(quantization_words).unwrap_or_default();
            format!("{} {}, {words}", shape(&one.shape), one.data_type)
                .trim_end_matches([',', ' '])
                .to_owned()
        })
    };
    let inputs: Vec<String> = activations.filter_map(describe).collect();
    let outputs: Vec<String> = operator.outputs.iter().filter_map(describe).collect();
    let options = operator.options.iter().map(|one| format!("{} {}", one.name, one.value));
    let options: Vec<String> = options.collect();
    let weights = (operator.constant_bytes > 0).then(|| phrases::in_flash(operator.constant_bytes));
    html! {
        <dl class="entries">
            { entry(page::DOES, Some(operator_words(operator))) }
            { entry(page::READS, Some(inputs.join("; "))) }
            { entry(page::WRITES, Some(outputs.join("; "))) }
            { entry(page::OPTIONS, Some(options.join(", "))) }
            { entry(page::WEIGHTS, weights) }
            { entry(page::FACT_MACS, macs_formula(model, operator)) }
            { entry(page::IN_PATCHES, in_patches(props, operator)) }
            { entry(page::TIME_HERE, time(props, operator)) }
        </dl>
    }
}

/// How often it runs in patches, and what that repeats.
fn in_patches(props: &InspectorProps, operator: &OperatorReport) -> Option<String> {
    let steps = props.plan.steps.iter().filter(|step| step.operator == Some(operator.index));
    let steps: Vec<_> = steps.filter(|step| step.patch.is_some()).collect();
    let macs: u64 = steps.iter().map(|step| step.macs).sum();
    (!steps.is_empty()).then(|| page::in_patches(steps.len(), macs, operator.macs))
}

fn time(props: &InspectorProps, operator: &OperatorReport) -> Option<String> {
    let run = props.run.as_ref()?;
    let time = run.operators.iter().find(|one| one.operator == operator.index)?;
    let rate = macs_per_ms(time.macs, time.ms).map(|rate| {
        let share = props.limit.map(|limit| {
            let is_winograd = operator.is_winograd;
            Share::of(limit, time.macs, (time.ms, run.repeats), is_winograd).sentence()
        });
        format!(", {}{}", giga_macs(rate), share.unwrap_or_default())
    });
    let steps = if time.steps > 1 { format!(", {} patches", time.steps) } else { String::new() };
    Some(format!("{}{}{steps}", fine_milliseconds(time.ms), rate.unwrap_or_default()))
}
