//! The palette: commands, operators, samples and boards by their words.

use super::{
    boards::BOARDS,
    state::{Action, AppState, BUNDLED, Target, finding::in_small_letters},
};
use crate::text::{palette as words, stage_label};

/// So many entries are listed; whoever looks for others types on.
pub const MOST_ENTRIES: usize = 40;

/// What an entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// What the element with this id does when it is pressed.
    Press(&'static str),
    /// This.
    Act(Action),
}

/// An entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub words: String,
    /// What it does.
    pub deed: Deed,
}

/// The entries whose words hold every word of `query`, those that begin with it first, and how many
/// there are. Operators are listed once something is typed. `is_there` tells which elements can be
/// pressed.
#[must_use]
pub fn entries(
    state: &AppState,
    query: &str,
    is_there: impl Fn(&str) -> bool,
) -> (Vec<Entry>, usize) {
    let query = in_small_letters(query.trim());
    let mut first = Vec::new();
    let mut rest = Vec::new();
    let mut take = |words: String, deed: Deed| {
        let lower = in_small_letters(&words);
        if query.split_whitespace().all(|word| lower.contains(word)) {
            let list = if lower.starts_with(&query) { &mut first } else { &mut rest };
            list.push(Entry { words, deed });
        }
    };
    for (id, words) in words::COMMANDS.iter().filter(|(id, _)| is_there(id)) {
        take((*words).to_owned(), Deed::Press(id));
    }
    for bundled in &BUNDLED {
        let name = bundled.file_name.trim_end_matches(".tflite");
        take(words::open_sample(name), Deed::Act(Action::OpenBundled(bundled, None)));
    }
    for board in BOARDS {
        let target = Action::SetTarget(Target::Board(board));
        take(words::take_board(board.name), Deed::Act(target));
    }
    let operators = state.model.iter().flat_map(|open| &open.report.operators);
    for operator in operators.filter(|_| !query.is_empty()) {
        take(stage_label(operator), Deed::Act(Action::Select(operator.index)));
    }
    first.append(&mut rest);
    let n_entries = first.len();
    first.truncate(MOST_ENTRIES);
    (first, n_entries)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::ui::{
        kernel_set::Support,
        shared::Shared,
        state::{OpenModel, Settings, Source},
    };

    fn state() -> AppState {
        AppState::boot(Settings::first_sight(), Support::ask(|_| false, |_| false)).0
    }

    fn listed(query: &str) -> Vec<String> {
        let (entries, _) = entries(&state(), query, |_| true);
        entries.into_iter().map(|entry| entry.words).collect()
    }

    #[test]
    fn every_word_that_is_typed_must_be_there_in_any_order_and_case() {
        assert_eq!(listed("perfetto TRACE"), ["Save a trace for Perfetto"]);
        assert!(listed("qwertz").is_empty());
        assert_eq!(listed("nrf52840"), ["Target: nRF52840"]);
        let (mut state, _) =
            AppState::boot(Settings::first_sight(), Support::ask(|_| false, |_| false));
        let mut report = crate::text::sample::model();
        report.operators[0].kind = "CUSTOM Ähnlich".to_owned();
        let (source, file_name) = (Source::Bundled(&BUNDLED[0]), String::new());
        state.model = Some(OpenModel { report: Shared::new(report), source, file_name });
        let (entries, _) = entries(&state, "ÄHN", |_| true);
        assert_eq!(entries.len(), 1, "{entries:?}");
    }

    #[test]
    fn what_begins_with_the_query_comes_first() {
        let found = listed("open");
        let n_first = found.iter().filter(|words| words.starts_with("Open")).count();
        assert!(found[..n_first].iter().all(|words| words.starts_with("Open")), "{found:?}");
        assert!(n_first > BUNDLED.len(), "samples and the file: {found:?}");
    }

    #[test]
    fn what_cannot_be_pressed_is_not_offered() {
        let (entries, n_entries) = entries(&state(), "", |id| id == "run");
        let pressed = entries.iter().filter(|entry| matches!(entry.deed, Deed::Press(_)));
        assert_eq!(pressed.count(), 1);
        assert_eq!(n_entries, 1 + BUNDLED.len() + BOARDS.len());
    }

    #[test]
    fn ids_are_named_once() {
        let mut ids: Vec<&str> = words::COMMANDS.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), words::COMMANDS.len());
    }
}
