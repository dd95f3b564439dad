//! Speed in this browser: which kernels compute, how far they are from the limit, and a benchmark.

use super::{Act, erased::mount, fold::use_fold, on, on_change, value};
use crate::{
    report::{ModelReport, ProfileReport, RunReport, TimingReport},
    text::{
        benchmark_csv, benchmark_text, clock_step, fine_milliseconds, giga_macs, macs_per_ms, page,
        phrases, plan_words, sample_words, spread,
    },
    ui::{
        browser,
        kernel_set::{KernelSet, Support},
        shared::Shared,
        state::{Action, Benchmark, BenchmarkLine, Stage},
    },
};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct SpeedProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// Its file's name.
    pub(in crate::ui) file_name: String,
    /// The set that computes.
    pub(in crate::ui) kernels: KernelSet,
    /// The set that was asked for.
    pub(in crate::ui) wanted: Option<KernelSet>,
    /// The sets that run here.
    pub(in crate::ui) support: Support,
    /// The last times of operators, with the limit.
    pub(in crate::ui) profile: Option<Shared<ProfileReport>>,
    /// The last run.
    pub(in crate::ui) run: Option<Shared<RunReport>>,
    /// The last benchmark.
    pub(in crate::ui) benchmark: Option<Benchmark>,
    /// Whether one could start.
    pub(in crate::ui) can_benchmark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Kernels, limit, benchmark.
#[component]
pub(in crate::ui) fn Speed(props: &SpeedProps) -> Html {
    let (fold, head) = use_fold("speed-title", page::TITLE_SPEED);
    html! {
        <section class={classes!("card", "speed", fold)} aria-labelledby="speed-title" id="speed">
            { head }
            <div class="row">
                { choice(props) }
                if let Some(profile) = &props.profile {
                    <p class="note" id="limit" data-macs-per-ms={format!("{:.0}", profile.limit_macs_per_ms)}>
                        { phrases::limit_words(&props.model, profile, props.run.as_deref()) }{ " " }{ page::OVER_LIMIT }
                    </p>
                }
            </div>
            if props.model.refusal.is_none() {
                { benchmark(props) }
            }
        </section>
    }
}

fn choice(props: &SpeedProps) -> Html {
    let onchange =
        on_change(&props.act, |event| Some(Action::SetKernels(KernelSet::of_key(&value(event)))));
    let best = props.support.best();
    let options = KernelSet::ALL.into_iter().map(|set| {
        let runs = props.support.has(set);
        let words =
            if runs { set.key().to_owned() } else { phrases::missing_kernels(set.key()) };
        html! {
            <option key={set.key()} value={set.key()} disabled={!runs} selected={props.wanted == Some(set) && runs}>
                { words }
            </option>
        }
    });
    html! {
        <label class="field" for="kernels" title={page::KERNELS_NOTE}>
            <span class="name">
                { page::KERNELS }{ ": " }<b id="kernel-set">{ told(props.kernels) }</b>
            </span>
            <select id="kernels" {onchange}>
                <option value="" selected={props.wanted.is_none()}>{ phrases::best_kernels(told(best)) }</option>
                { for options }
            </select>
        </label>
    }
}

/// The name of the set that runs here: where the page is made into text, no browser has said yet which that is.
const fn told(set: KernelSet) -> &'static str {
    if cfg!(target_arch = "wasm32") { set.key() } else { "…" }
}

fn benchmark(props: &SpeedProps) -> Html {
    let running = props.benchmark.as_ref().filter(|one| one.is_running());
    html! {
        <>
            <div class="row">
                if let Some(one) = running {
                    <span class="progress">
                        <span>{ page::BENCHMARKING }</span>
                        <progress max={one.of.to_string()} value={one.done.to_string()} aria-label={page::BENCHMARKING} />
                        <button type="button" id="stop-benchmark" onclick={on(&props.act, Action::StopBenchmark)}>{ page::CANCEL }</button>
                    </span>
                } else {
                    <button type="button" id="benchmark" disabled={!props.can_benchmark}
                        onclick={on(&props.act, Action::StartBenchmark)}>{ page::BENCHMARK }</button>
                }
                if props.benchmark.is_none() {
                    <p class="note">{ page::BENCHMARK_NOTE }</p>
                }
            </div>
            if let Some(one) = &props.benchmark {
                { table(one) }
                { verdict(one) }
                if !one.is_running() && one.timings().next().is_some() {
                    { mount::<Take>(TakeProps { file_name: props.file_name.clone(), benchmark: one.clone() }) }
                }
            }
        </>
    }
}

fn table(benchmark: &Benchmark) -> Html {
    let groups = benchmark.lines.chunk_by(|one, other| one.choice == other.choice).map(group);
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={page::BENCHMARK_TABLE}>
            <table id="benchmark-table" data-stage={stage_key(benchmark.stage)}>
                <thead>
                    <tr>
                        <th scope="col">{ page::KERNELS }</th>
                        <th scope="col" class="figure">{ page::MEDIAN }</th>
                        <th scope="col" class="figure wide">{ page::SPREAD }</th>
                        <th scope="col" class="figure">{ page::RATE }</th>
                        <th scope="col" class="figure wide">{ page::SAMPLES_CALLS }</th>
                    </tr>
                </thead>
                { for groups }
            </table>
        </div>
    }
}

/// The lines of one schedule.
fn group(lines: &[BenchmarkLine]) -> Html {
    let Some(first) = lines.first() else { return Html::default() };
    html! {
        <tbody key={format!("{:?}", first.choice)}>
            <tr><th scope="rowgroup" colspan="5" class="schedule">{ plan_words(first.choice.schedule) }</th></tr>
            { for lines.iter().map(row) }
        </tbody>
    }
}

const fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Running => "running",
        Stage::Done => "done",
        Stage::Stopped => "stopped",
    }
}

fn row(line: &BenchmarkLine) -> Html {
    let timing = line.timing.as_ref();
    let or_dash = |words: Option<String>| words.unwrap_or_else(|| "–".to_owned());
    let median = |timing: &TimingReport| timing.quantile_ms(0.5);
    let rate = timing.and_then(|timing| macs_per_ms(timing.macs, median(timing)));
    let problem = line.problem.as_ref().map(|problem| problem.message.clone());
    html! {
        <tr key={format!("{:?} {:?}", line.set, line.choice)} data-kernels={line.set.key()}
            data-median-ms={timing.map(|timing| median(timing).to_string())}
            data-outputs={timing.map(|timing| timing.outputs_sha256.clone())}>
            <th scope="row">
                { line.set.key() }
                if let Some(problem) = problem {
                    <span class="refused">{ " " }{ problem }</span>
                }
            </th>
            <td class="figure">{ or_dash(timing.map(|timing| fine_milliseconds(median(timing)))) }</td>
            <td class="figure wide">{ or_dash(timing.map(spread)) }</td>
            <td class="figure">{ or_dash(rate.map(giga_macs)) }</td>
            <td class="figure wide" title={timing.map(|timing| phrases::clock_note(&clock_step(timing.clock_step_ms)))}>
                { or_dash(timing.map(sample_words)) }
            </td>
        </tr>
    }
}

fn verdict(benchmark: &Benchmark) -> Html {
    let step_ms = benchmark.timings().map(|timing| timing.clock_step_ms).fold(0.0, f64::max);
    html! {
        <p class="note" id="benchmark-verdict" role="status">
            if benchmark.stage == Stage::Stopped {
                { page::BENCHMARK_STOPPED }{ " " }
            }
            if !benchmark.is_running() {
                {
                    match benchmark.is_same_everywhere() {
                        Some(true) => html! { <>{ page::BENCHMARK_SAME }{ " " }</> },
                        Some(false) => html! { <b class="refused">{ page::BENCHMARK_DIFFERS }{ " " }</b> },
                        None => Html::default(),
                    }
                }
            }
            if step_ms > 0.0 {
                { phrases::clock_note(&clock_step(step_ms)) }
            }
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct TakeProps {
    file_name: String,
    benchmark: Benchmark,
}

/// The benchmark to take away.
#[component]
fn Take(props: &TakeProps) -> Html {
    let told = use_state(|| "");
    let copy = {
        let (name, benchmark) = (props.file_name.clone(), props.benchmark.clone());
        let told = told.clone();
        Callback::from(move |_: MouseEvent| {
            let text = benchmark_text(&name, &browser::user_agent(), benchmark.timings());
            let told = told.clone();
            let tell = move |is_copied| {
                told.set(if is_copied { page::COPIED } else { page::NOT_COPIED });
            };
            browser::copy(text, tell);
        })
    };
    let save = {
        let benchmark = props.benchmark.clone();
        Callback::from(move |_: MouseEvent| {
            let csv = benchmark_csv(benchmark.timings());
            browser::download("benchmark.csv", "text/csv", &csv);
        })
    };
    html! {
        <p class="row">
            <button type="button" id="copy-benchmark" onclick={copy}>{ page::COPY_TEXT }</button>
            <button type="button" id="save-benchmark" onclick={save}>{ page::SAVE_CSV }</button>
            <span class="note" role="status">{ *told }</span>
        </p>
    }
}
