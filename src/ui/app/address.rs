//! The page's address: its fragment holds the settings, and each model has an entry in the history.

use super::{App, Message};
use crate::ui::{browser, url};
use gloo::timers::callback::Timeout;
use yew::Context;

/// How long the address waits for the next step of a walk through the operators.
const SOON_MS: u32 = 120;

impl App {
    /// Writes the settings into the address once the selection rests, or when the page is left:
    /// writing takes longer than all else that a step does.
    pub(super) fn write_address_soon(&mut self, context: &Context<Self>) {
        let write = context.link().callback(|()| Message::WriteAddress);
        self.address_due = Some(Timeout::new(SOON_MS, move || write.emit(())));
    }

    /// Writes the settings into the address: another model as a new entry of the history, so that the
    /// browser's Back leads to the one before; all else over what is there.
    pub(super) fn write_address(&mut self) {
        let waited = self.address_due.take().is_some();
        // A link that waits for its model stays in the address until then.
        let is_settled = self.state.model.is_some() && self.state.link_note.is_none();
        let fragment = self.state.fragment();
        if !is_settled || fragment == self.fragment {
            return;
        }
        // Meanwhile the visitor may have gone elsewhere: that address stays as it is.
        if waited && url::rewritten(&browser::fragment()) != url::rewritten(&self.address) {
            return;
        }
        if url::names_other_model(&self.fragment, &fragment) {
            browser::push_fragment(&fragment);
        } else {
            browser::replace_fragment(&fragment);
        }
        self.address.clone_from(&fragment);
        self.fragment = fragment;
    }

    /// A link pasted over this one, or another entry of the history, starts the page anew; any other
    /// fragment changes nothing.
    pub(super) fn follow_fragment(&self) {
        let fragment = browser::fragment();
        // What makes no sense is said at the start.
        let is_other =
            || url::rewritten(&fragment) != self.fragment || !url::read(&fragment).1.is_empty();
        if url::is_link(&fragment) && is_other() {
            browser::reload();
        } else if !self.fragment.is_empty() {
            browser::replace_fragment(&self.fragment);
        }
    }
}
