//! The patch stage as it goes over the input: what each patch reads, and what is read again.

use super::{
    Act,
    erased::mount,
    seen::{Seen, SeenProps},
};
use crate::{
    report::{ModelReport, PlanReport, ScheduleChoice},
    tensor::Region,
    text::{page, phrases},
    ui::{
        geometry::sweep::{parts, patch_of, step_of},
        shared::Shared,
        state::{Action, TensorShown},
    },
};
use gloo::timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::{prelude::*, props};

/// A sweep takes so long at most, and a patch no longer than a quarter of a second.
const SWEEP_MS: u32 = 5000;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct SweepProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The plan in patches.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// The selected step.
    pub(in crate::ui) step: Option<u32>,
    /// The input, as its tensor holds it.
    pub(in crate::ui) input: Option<TensorShown>,
    /// Whether its first channel is blue.
    pub(in crate::ui) is_bgr: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The input with the parts that patches read. The patch is that of the selected step: whoever moves one
/// moves the other, in all pictures.
#[component]
pub(in crate::ui) fn Sweep(props: &SweepProps) -> Html {
    let is_playing = use_state_eq(|| false);
    let last = use_mut_ref(|| 0);
    let count = u32::try_from(props.plan.patch_inputs.len()).unwrap_or(u32::MAX);
    let here = patch_of(&props.plan, props.step);
    let current = here.unwrap_or(*last.borrow()).min(count.saturating_sub(1));
    *last.borrow_mut() = current;
    let go = {
        let (plan, act, operator) = (props.plan.clone(), props.act.clone(), props.selected);
        move |patch: u32| {
            if let Some(step) = step_of(&plan, patch, operator) {
                act.emit(Action::SelectStep(step));
            }
        }
    };
    {
        let (go, playing) = (go.clone(), is_playing.clone());
        use_effect_with((*is_playing, here, count), move |&(is_playing, here, count)| {
            let wait_ms = (SWEEP_MS / count.max(1)).min(250);
            // Whoever selects something else meanwhile stops it.
            let next = here.map(|patch| patch + 1).filter(|&next| next < count);
            let timer = is_playing.then(|| {
                Timeout::new(wait_ms, move || match next {
                    Some(next) => go(next),
                    None => playing.set(false),
                })
            });
            move || drop(timer)
        });
    }
    let input = props.model.inputs.first().and_then(|id| props.model.tensors.get(id.index()));
    let (Some(input), ScheduleChoice::Patched { rows, columns, .. }) =
        (input, props.plan.choice.schedule)
    else {
        return Html::default();
    };
    let [_, height, width, _] = input.shape[..] else { return Html::default() };
    let parts = parts(&props.plan, [height, width], [rows, columns]);
    let Some(part) = parts.get(current as usize).copied() else { return Html::default() };
    let read: usize = parts.iter().map(|part| part.read.cells()).sum();
    let step_by = |go: &dyn Fn(u32), to: Option<u32>| {
        if let Some(to) = to {
            go(to);
        }
    };
    let previous = {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| step_by(&go, current.checked_sub(1)))
    };
    let next = {
        let go = go.clone();
        let next = Some(current + 1).filter(|&next| next < count);
        Callback::from(move |_: MouseEvent| step_by(&go, next))
    };
    let play = {
        let (go, is_playing) = (go.clone(), is_playing.clone());
        Callback::from(move |_: MouseEvent| {
            if !*is_playing {
                go(0);
            }
            is_playing.set(!*is_playing);
        })
    };
    let slide = Callback::from(move |event: InputEvent| {
        let value = event.target_dyn_into::<HtmlInputElement>().map(|input| input.value());
        if let Some(number) = value.and_then(|value| value.parse::<u32>().ok()) {
            go(number.saturating_sub(1));
        }
    });
    html! {
        <section class="card sweep" id="sweep" aria-labelledby="sweep-title" data-patch={current.to_string()}
            data-playing={is_playing.to_string()}>
            <h2 id="sweep-title">{ page::TITLE_SWEEP }</h2>
            <div class="map">
                { mount::<Seen>(props!(SeenProps { input: props.input.clone(), is_bgr: props.is_bgr, has_words: false })) }
                <svg viewBox={format!("0 0 {width} {height}")} role="img" aria-label={page::SWEEP_PICTURE}>
                    { for parts.iter().take(current as usize + 1).map(|part| rectangle("read", part.read)) }
                    { rectangle("under", part.read) }
                    { rectangle("now", part.read) }
                    { rectangle("share", part.share) }
                </svg>
            </div>
            <div class="row">
                <button type="button" class="square" aria-label={page::PREVIOUS_PATCH} title={page::PREVIOUS_PATCH}
                    disabled={current == 0} onclick={previous}>{ "‹" }</button>
                <input type="range" id="sweep-patch" min="1" max={count.to_string()} value={(current + 1).to_string()}
                    aria-label={page::PATCH} oninput={slide} />
                <button type="button" class="square" aria-label={page::NEXT_PATCH} title={page::NEXT_PATCH}
                    disabled={current + 1 >= count} onclick={next}>{ "›" }</button>
                <button type="button" class="small play" id="sweep-play" onclick={play}>
                    { if *is_playing { page::PAUSE } else { page::PLAY } }
                </button>
            </div>
            <p id="sweep-words" aria-live={if *is_playing { "off" } else { "polite" }}>
                { phrases::patch_words([current + 1, count], part.read, part.share) }
            </p>
            <p class="note">{ phrases::sweep_words(read, [height, width]) }</p>
        </section>
    }
}

pub(super) fn rectangle(class: &'static str, region: Region) -> Html {
    let Region { rows, columns } = region;
    html! {
        <rect class={class} x={columns.start.to_string()} y={rows.start.to_string()}
            width={columns.len().to_string()} height={rows.len().to_string()} />
    }
}
