//! The page as text, made natively when it is built.

use super::App;
use crate::ui::{shared::Shared, state::AppState};
use yew::{LocalServerRenderer, prelude::*};

/// What charts and pictures are drawn by where there is no browser to ask.
#[derive(Clone, Debug, PartialEq)]
pub struct Still {
    /// Width and height of every chart's box, in CSS pixels.
    pub box_px: (f64, f64),
    /// The address of the picture that is the input, relative to the page.
    pub picture: String,
}

/// The state that is shown.
#[derive(Clone, PartialEq, Properties)]
pub(in crate::ui) struct Beginning {
    state: Shared<AppState>,
}

impl App {
    /// The page of the given state.
    pub(super) fn begin(context: &Context<Self>) -> Self {
        Self::of(AppState::clone(&context.props().state), context)
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PageProps {
    still: Still,
    state: Shared<AppState>,
}

#[component]
fn Page(props: &PageProps) -> Html {
    html! {
        <ContextProvider<Still> context={props.still.clone()}>
            <App state={props.state.clone()} />
        </ContextProvider<Still>>
    }
}

/// The HTML that the page shows of a state, with drawings as SVG.
pub async fn render(state: &AppState, still: Still) -> String {
    let props = PageProps { still, state: Shared::new(state.clone()) };
    LocalServerRenderer::<Page>::with_props(props).hydratable(false).render().await
}
