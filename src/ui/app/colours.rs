//! Light or dark: what the settings say is put on the page in a task of its own, because other colours are a style
//! for every element.

use super::{App, Message};
use crate::ui::{browser, state::Theme};
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// The colours that the page has.
pub(super) struct Colours {
    theme: Theme,
    pub(super) system_is_dark: bool,
    /// Puts other ones on the page.
    due: Option<Timeout>,
}

impl Colours {
    /// A page with those of the system, of which nothing is known yet, or with those that were asked for.
    pub(super) const fn of(theme: Theme) -> Self {
        Self { theme, system_is_dark: false, due: None }
    }

    pub(super) const fn are_dark(&self) -> bool {
        match self.theme {
            Theme::System => self.system_is_dark,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }

    /// Whether the page still has others than the settings say.
    pub(super) const fn are_due(&self) -> bool {
        self.due.is_some()
    }
}

impl App {
    /// Lets the page have the colours of the settings, behind the answer to what asked for them.
    pub(super) fn recolour_soon(&mut self, context: &Context<Self>) {
        if self.state.settings.theme != self.colours.theme {
            let recolour = context.link().callback(|()| Message::Recolour);
            self.colours.due = Some(Timeout::new(0, move || recolour.emit(())));
        }
    }

    /// Gives the page the colours of the settings.
    pub(super) fn recolour(&mut self) {
        self.colours.theme = self.state.settings.theme;
        self.colours.due = None;
        browser::set_theme(self.colours.theme);
    }
}
