//! The arena's time: its zoom, and playing it.

use super::Act;
use crate::{
    text::page,
    ui::{
        geometry::{timeline::Timeline, zoom::Zoom},
        state::Action,
    },
};
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// So long a step is shown while time plays, and all of it so long at most: 4 operators a second, of
/// hundreds of steps more.
const STEP_MS: usize = 250;
const PLAY_MS: usize = 30_000;

/// What can be done with the time axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Time {
    Play,
    Closer,
    Wider,
    Whole,
}

impl Time {
    /// What a key in the arena does.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            " " => Self::Play,
            "+" | "=" => Self::Closer,
            "-" => Self::Wider,
            "0" => Self::Whole,
            _ => return None,
        })
    }
}

/// The zoom of a timeline, which follows `column`, and whether time plays.
#[derive(Clone)]
pub(super) struct TimeState {
    pub(super) zoom: UseStateHandle<Option<Zoom>>,
    is_playing: UseStateHandle<bool>,
    whole: Rc<Timeline>,
    column: Option<usize>,
    pub(super) act: Act,
}

impl TimeState {
    /// Does it, around the selected column.
    pub(super) fn apply(&self, time: Time) {
        let (column, n_columns) = (self.column, self.whole.steps.len());
        let zoom = self.zoom.unwrap_or_else(|| Zoom::whole(n_columns));
        let next = match time {
            Time::Play => return self.play(),
            Time::Closer => zoom.closer(column, n_columns),
            Time::Wider => zoom.wider(n_columns),
            Time::Whole => Zoom::whole(n_columns),
        };
        self.zoom.set(Some(next).filter(|next| !next.is_whole(n_columns)));
    }

    /// Begins or stops; at the end it begins from the start.
    fn play(&self) {
        let is_at_end = self.column.is_some_and(|column| column + 1 >= self.whole.steps.len());
        if let Some(&first) = self.whole.steps.first().filter(|_| is_at_end && !*self.is_playing) {
            self.act.emit(Action::SelectStep(first));
        }
        self.is_playing.set(!*self.is_playing);
    }
}

/// Follows the selection, and moves it on while time plays. A timeline of other steps begins whole.
#[hook]
pub(super) fn use_time(whole: &Rc<Timeline>, column: Option<usize>, act: &Act) -> TimeState {
    let zoom = use_state_eq(|| None::<Zoom>);
    let is_playing = use_state_eq(|| false);
    let n_columns = whole.steps.len();
    {
        let zoom = zoom.clone();
        use_effect_with(n_columns, move |_| zoom.set(None));
    }
    {
        let zoom = zoom.clone();
        use_effect_with(column, move |&column| {
            if let (Some(now), Some(column)) = (*zoom, column) {
                zoom.set(Some(now.holding(column, n_columns)));
            }
        });
    }
    {
        let (act, whole, playing) = (act.clone(), whole.clone(), is_playing.clone());
        use_effect_with((*is_playing, column), move |&(is_playing, column)| {
            // From the beginning where nothing is selected, or the end is.
            let next = column.map_or(0, |column| column + 1);
            let wait_ms = (PLAY_MS / whole.steps.len().max(1)).min(STEP_MS);
            let timer = is_playing.then(|| {
                Timeout::new(u32::try_from(wait_ms).unwrap_or(u32::MAX), move || {
                    match whole.steps.get(next) {
                        Some(&step) => act.emit(Action::SelectStep(step)),
                        None => playing.set(false),
                    }
                })
            });
            move || drop(timer)
        });
    }
    TimeState { zoom, is_playing, whole: whole.clone(), column, act: act.clone() }
}

/// Play, closer, wider, and all of it where a part is shown.
pub(super) fn tools(state: &TimeState) -> Html {
    let does = {
        let state = state.clone();
        Callback::from(move |time: Time| state.apply(time))
    };
    let button = |name: &'static str, sign: &'static str, time: Time| {
        // Keys of the arena do the same: no stop for Tab.
        html! {
            <button type="button" class="square" tabindex="-1" aria-label={name} title={name}
                onclick={does.reform(move |_: MouseEvent| time)}>{ sign }</button>
        }
    };
    let (name, sign) =
        if *state.is_playing { (page::PAUSE, "❚❚") } else { (page::PLAY, "▶") };
    html! {
        <span class="walk" id="arena-time" role="toolbar" aria-label={page::TIME_TOOLS} data-playing={state.is_playing.to_string()}>
            { button(name, sign, Time::Play) }
            { button(page::ZOOM_IN, "+", Time::Closer) }
            { button(page::ZOOM_OUT, "−", Time::Wider) }
            if state.zoom.is_some() {
                { button(page::ZOOM_WHOLE, "↔", Time::Whole) }
            }
        </span>
    }
}
