//! The sheet while it is printed, and the report.

use super::{App, Message};
use crate::{
    text::table::table_name,
    ui::{
        browser,
        sheet::{self, Facts},
        state::Action,
    },
};

impl App {
    /// What changes nothing that is seen: the address, and the sheet.
    pub(super) fn leave_view(&mut self, message: &Message) {
        match message {
            Message::Paper(is_printed) => self.lay_out_sheet(*is_printed),
            Message::Fragment => self.follow_fragment(),
            _ => self.write_address(),
        }
    }

    /// Puts the sheet into the page while it is printed; without a plan the page itself is printed.
    pub(super) fn lay_out_sheet(&self, is_printed: bool) {
        let sheet = if is_printed { self.with_facts(sheet::sheet) } else { None };
        browser::lay_out_sheet(&sheet.unwrap_or_default(), sheet::STYLE);
    }

    /// Gives the visitor the report.
    pub(super) fn save_report(&self) {
        let Some(report) = self.with_facts(sheet::report) else { return };
        let name = self.state.model.as_ref().map_or("", |open| open.file_name.as_str());
        browser::download(&table_name(name, "report", ".html"), "text/html", &report);
    }

    /// Puts the address with a fragment on the clipboard.
    pub(super) fn copy(&self, fragment: String) {
        let act = self.act.clone();
        browser::copy(browser::address_with(&fragment), move |is_copied| {
            act.emit(Action::Copied { fragment, is_copied });
        });
    }

    /// What can be said of the shown plan; nothing where buffers are shown or there is no plan.
    fn with_facts(&self, say: fn(&Facts<'_>) -> String) -> Option<String> {
        let state = &self.state;
        if state.placement.is_some() {
            return None;
        }
        let (open, plan, _) = self.shown()?;
        let settings = &state.settings;
        let run = state.run().filter(|run| run.choice == plan.choice);
        let pair = state.pair();
        let sides = pair.as_ref().map(|pair| [pair.a.side(), pair.b.side()]);
        Some(say(&Facts {
            file_name: &open.file_name,
            model: &open.report,
            plan: &plan,
            behind: self.plan_behind(&open.report.sha256).as_deref(),
            versus: sides.as_ref().map(|[a, b]| [a, b]),
            run: run.map(|run| &**run),
            settings,
            address: &browser::address_with(&state.fragment()),
            date: &browser::today(),
            is_numbers_only: state.is_numbers_only(),
        }))
    }
}
