//! Drawing in parts: when another plan is shown, what answers first is drawn first, and the rest in tasks of
//! their own, so that no task keeps the page from answering.

use super::{App, Message};
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use yew::prelude::*;

/// What is drawn after verdict and controls, in this order.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// Two plans beside each other.
    Comparison,
    /// Graph, arena, inspector and the memory by operator.
    Pictures,
    /// All that is below them.
    Below,
}

const N_PARTS: usize = 3;

/// The parts, as they are drawn.
pub(super) struct Parts {
    drawn: RefCell<[Html; N_PARTS]>,
    /// How many of them show what the state is now; the others wait for their task.
    n_fresh: usize,
    /// Draws the next one.
    due: Option<Timeout>,
}

impl Default for Parts {
    fn default() -> Self {
        Self { drawn: RefCell::default(), n_fresh: N_PARTS, due: None }
    }
}

impl Parts {
    /// Whether parts still show what the state was before.
    pub(super) const fn are_behind(&self) -> bool {
        self.n_fresh < N_PARTS
    }

    /// Lets all of them wait. Where some do already, those that do not show what is new at once, so that none waits
    /// forever.
    pub(super) fn begin_anew(&mut self, context: &Context<App>) {
        if !self.are_behind() {
            self.n_fresh = 0;
            self.expect_next(context);
        }
    }

    /// Lets none of them wait.
    pub(super) fn draw_all(&mut self) {
        (self.n_fresh, self.due) = (N_PARTS, None);
    }

    /// Lets the next one wait no longer.
    pub(super) fn draw_next(&mut self, context: &Context<App>) {
        self.n_fresh = (self.n_fresh + 1).min(N_PARTS);
        self.expect_next(context);
    }

    fn expect_next(&mut self, context: &Context<App>) {
        let draw = context.link().callback(|()| Message::NextPart);
        self.due = self.are_behind().then(|| Timeout::new(0, move || draw.emit(())));
    }

    /// A part as it is now; as it was drawn last while it waits, which costs nothing.
    pub(super) fn draw(&self, part: Part, fresh: impl FnOnce() -> Html) -> Html {
        let index = part as usize;
        if index < self.n_fresh {
            self.drawn.borrow_mut()[index] = fresh();
        }
        self.drawn.borrow()[index].clone()
    }
}
