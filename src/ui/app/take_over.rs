//! How the page takes the place of the text that was made when it was built.

use super::{
    App,
    facts::{has_to_tell, shows_first_sight},
};
use crate::ui::browser;

impl App {
    /// Takes the place of the text that was made when the page was built: the visitor gives something, and is to
    /// see what becomes of it.
    pub(super) fn show_at_once(&mut self) {
        if std::mem::take(&mut self.is_still) {
            browser::take_over();
        }
    }

    /// Takes the place of the text that was made when the page was built, as soon as it shows the same or
    /// something else has to be told.
    pub(super) fn take_over(&mut self) {
        if !self.is_still {
            return;
        }
        if has_to_tell(&self.state) {
            self.show_at_once();
        } else if shows_first_sight(&self.state) {
            self.is_still = false;
            browser::take_over_drawn();
        }
    }
}
