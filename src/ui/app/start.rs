//! How the page starts in the browser.

use super::{App, Message};
use crate::ui::{
    browser,
    listeners::listen,
    state::{AppState, Settings, take_cards},
    url,
};
use wasm_bindgen_futures::spawn_local;
use yew::Context;

/// Starts the page once it knows its samples, which the browser has been fetching since the page's first line. Who
/// cannot fetch them sees the page without their names.
pub fn start() {
    spawn_local(async {
        match browser::fetch_bytes(&browser::cards_address()).await {
            Ok(packed) => take_cards(&packed),
            Err(error) => gloo::console::warn!("the cards of the samples were not fetched", error),
        }
        render();
    });
}

fn render() {
    let document = web_sys::window().and_then(|window| window.document());
    let root = document.and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<App>::with_root(root).render(),
        None => yew::Renderer::<App>::new().render(),
    };
}

impl App {
    /// The page as its address says, with a worker on its way.
    pub(super) fn begin(context: &Context<Self>) -> Self {
        let link = context.link();
        let fragment = browser::fragment();
        let is_link = url::is_link(&fragment);
        let (settings, misread) =
            if is_link { url::read(&fragment) } else { (Settings::first_sight(), Vec::new()) };
        let (mut state, effects) =
            AppState::boot_link(settings, url::numbers(&fragment), browser::kernel_support());
        state.tell_misread(misread);
        let mut app = Self::of(state, context);
        app.address = fragment;
        app.colours.system_is_dark = browser::dark_query().is_some_and(|query| query.matches());
        app.is_still = browser::is_still();
        app._listeners = Some(listen(&link.callback(|message| message)));
        browser::set_theme(app.state.settings.theme);
        app.client.start(app.state.kernel_set(), link.callback(Message::Heard));
        app.perform(context, effects);
        // What was given before the page had started reaches it now.
        browser::tell_started();
        app
    }
}
