//! What would make the shown plan fit, where it does not.

use super::{Act, on, progress};
use crate::{
    text::fit::{self, Misfit, Way, WayWords},
    ui::{
        boards, browser,
        state::{Action, AppState, Target},
    },
};
use yew::prelude::*;

/// Begins the search, or goes on with one that was left; nothing where the plan fits, or the ways are
/// there.
pub(in crate::ui) fn find_fit(state: &AppState, act: &Act) -> Html {
    let goal = state.fit_goal().filter(|_| state.fit().is_none() || state.is_fit_left());
    let Some(goal) = goal else { return Html::default() };
    html! {
        <button type="button" id="find-fit" tabindex="-1" onclick={on(act, Action::FindFit)}>{ fit::find(goal) }</button>
    }
}

/// The ways, or how far the search is.
pub(in crate::ui) fn fit_ways(state: &AppState, act: &Act) -> Html {
    let (Some(search), Some(open), Some(plan)) = (state.fit(), &state.model, state.plan()) else {
        return Html::default();
    };
    if state.is_fit_left() {
        return Html::default();
    }
    let title = fit::title(search.goal());
    let content = if let Some(job) = state.fit_job() {
        progress(fit::SEARCHING, job, act)
    } else {
        let (ways, notes) = fit::ways(&Misfit {
            model: &open.report,
            arena_bytes: plan.arena_bytes,
            own_bytes: state.settings.own_bytes(),
            sram_bytes: state.settings.target.sram_bytes(),
            flash_bytes: state.settings.target.flash_bytes(),
            search,
            front: state.front().map(|front| &**front),
            boards: &boards::rooms(),
        });
        let first = ways.iter().position(|one| action(one.way).is_some());
        let rows = ways.iter().enumerate().map(|(at, one)| row(one, first == Some(at), act));
        html! {
            <>
                <div class="ways" role="toolbar" aria-label={title}>{ for rows }</div>
                { for notes.into_iter().map(|note| html! { <p class="note">{ note }</p> }) }
            </>
        }
    };
    html! {
        <section class="card fit" id="ways" aria-labelledby="ways-title">
            <h2 id="ways-title">{ title }</h2>
            { content }
        </section>
    }
}

fn row(one: &WayWords, is_first: bool, act: &Act) -> Html {
    let kind = match one.way {
        Way::Plan(_) => "plan",
        Way::Board(_) => "board",
        Way::Input(_) => "input",
    };
    let button = action(one.way).map(|action| {
        let act = act.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            act.emit(action.clone());
            // The list goes with what it was about.
            browser::focus("verdict");
        });
        let label = [&one.words, " ", fit::TAKE].concat();
        html! {
            <button type="button" class="small" tabindex={if is_first { "0" } else { "-1" }}
                aria-label={label} {onclick}>{ fit::TAKE }</button>
        }
    });
    html! {
        <div data-way={kind} data-bytes={one.arena_bytes.to_string()}>
            <span>{ &one.words }</span>
            { button }
        </div>
    }
}

/// What takes a way; a smaller input is taken before training, not here.
fn action(way: Way) -> Option<Action> {
    match way {
        Way::Plan(choice) => Some(Action::Take(choice)),
        Way::Board(name) => {
            boards::board(name).map(|board| Action::SetTarget(Target::Board(board)))
        }
        Way::Input(_) => None,
    }
}
