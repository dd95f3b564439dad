//! What would make a plan fit, in words.

use super::{
    accounting::plan_words, change, front::more_work, kib, recompute_short, verdict::compared,
};
use crate::report::{
    CandidateReport, FitAnswer, FitQuestion, FitSearch, FrontReport, InPlace, PlanChoice,
    ScheduleChoice,
};

/// Title of the list.
pub const TITLE: &str = "What would make it fit";
/// Looks for it.
pub const FIND: &str = "What would make it fit?";
/// While it is looked for.
pub const SEARCHING: &str = "Planning anew";
/// Does what a way says.
pub const TAKE: &str = "Do it";
/// Said of ways that change the input.
pub const SMALLER_INPUT: &str = "A smaller input is only planned here: train the network again at \
    that size, or at least export it again. How well it then answers is not known. Its weights stay.";
/// Said of ways that change the plan.
pub const OTHER_ENGINE: &str = "TensorFlow Lite Micro itself runs whole layers in the file's order, \
    nothing in place: such a plan takes another engine.";
/// Where nothing was found.
pub const NONE_FITS: &str = "None of what was tried fits.";

/// What is known of a plan that does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Misfit<'a> {
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Multiply-accumulates layer by layer.
    pub macs_layerwise: u64,
    /// Bytes of the blocks beside the arena.
    pub own_bytes: u64,
    /// Bytes that TensorFlow Lite Micro keeps beside the activations, where they are known.
    pub tflm_kept_bytes: Option<u64>,
    /// What was planned anew.
    pub search: &'a FitSearch,
    /// Schedules in patches, where they were compared.
    pub front: Option<&'a FrontReport>,
    /// Names and SRAM of boards, the smallest first.
    pub boards: &'a [(&'static str, u64)],
}

/// What is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// Take this plan.
    Plan(PlanChoice),
    /// Take the board of that name.
    Board(&'static str),
    /// Export the network for an input of this height and width.
    Input([u32; 2]),
}

/// A way to make it fit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WayWords {
    /// What is to be done.
    pub way: Way,
    /// Bytes of the arena then.
    pub arena_bytes: u64,
    /// What it is, what it needs, and what it costs.
    pub words: String,
}

/// All ways that fit, and what must be said beside them: what they ask for, why some are missing, and
/// where none fits, what needs least.
#[must_use]
pub fn ways(misfit: &Misfit<'_>) -> (Vec<WayWords>, Vec<String>) {
    let Misfit { search, front, .. } = *misfit;
    let mut ways = Vec::new();
    if let Some(front) = front
        && let Some(point) = front.fitting(search.room_bytes())
    {
        ways.push(planned(misfit, &of_front(front, point)));
    }
    let other = search.other_plan().map(|answer| planned(misfit, answer));
    ways.extend(other.filter(|other| ways.iter().all(|known| known.way != other.way)));
    let needed = misfit.arena_bytes.saturating_add(misfit.own_bytes);
    let board = misfit.boards.iter().find(|(_, sram)| *sram >= needed);
    ways.extend(board.map(|(name, sram)| WayWords {
        way: Way::Board(name),
        arena_bytes: misfit.arena_bytes,
        words: format!("{name}, the same plan: {}.", compared(needed, *sram)),
    }));
    ways.extend(search.inputs().into_iter().map(|answer| planned(misfit, answer)));
    let notes = notes(misfit, &ways);
    (ways, notes)
}

fn notes(misfit: &Misfit<'_>, ways: &[WayWords]) -> Vec<String> {
    let mut notes = Vec::new();
    if ways.is_empty() {
        notes.push(NONE_FITS.to_owned());
    }
    if !ways.iter().any(|one| matches!(one.way, Way::Plan(_) | Way::Input(_))) {
        let front = misfit.front.and_then(|front| Some(of_front(front, front.smallest()?)));
        let tried = misfit.search.least().copied().into_iter().chain(front);
        let least = tried.min_by_key(|answer| answer.arena_bytes);
        notes.extend(least.map(|answer| ["The least: ", &words(misfit, &answer)].concat()));
    }
    let is_other = |way: Way| {
        matches!(way, Way::Plan(PlanChoice { schedule, in_place, .. })
            if schedule != ScheduleChoice::Layerwise || in_place != InPlace::None)
    };
    notes.extend(misfit.tflm_kept_bytes.filter(|_| !ways.is_empty()).map(beside_tflm));
    if ways.iter().any(|one| is_other(one.way)) {
        notes.push(OTHER_ENGINE.to_owned());
    }
    if ways.iter().any(|one| matches!(one.way, Way::Input(_))) {
        notes.push(SMALLER_INPUT.to_owned());
    }
    let refusal = misfit.search.refusal();
    notes.extend(refusal.map(|problem| ["No smaller input: ", &problem.message].concat()));
    notes
}

/// What the ways do not count.
fn beside_tflm(kept_bytes: u64) -> String {
    let kept = kib(kept_bytes);
    format!(
        "Counted are arenas: TensorFlow Lite Micro keeps about {kept} of its own beside them (estimated)."
    )
}

fn of_front(front: &FrontReport, point: &CandidateReport) -> FitAnswer {
    let choice = front.accounting.with_schedule(point.choice);
    let question = FitQuestion { choice, input: None };
    FitAnswer { question, arena_bytes: point.arena_bytes, macs: point.macs }
}

fn planned(misfit: &Misfit<'_>, answer: &FitAnswer) -> WayWords {
    let FitQuestion { choice, input } = answer.question;
    WayWords {
        way: input.map_or(Way::Plan(choice), Way::Input),
        arena_bytes: answer.arena_bytes,
        words: words(misfit, answer),
    }
}

/// `Input 80x80, layer by layer: 62.5 KiB needed, 64.0 KiB available (1.5 KiB spare); −27.5 KiB, MACs −31 %.`
fn words(misfit: &Misfit<'_>, answer: &FitAnswer) -> String {
    let FitQuestion { choice, input } = answer.question;
    let plan = plan_words(choice);
    let needed = answer.arena_bytes.saturating_add(misfit.own_bytes);
    let available = misfit.search.room_bytes().saturating_add(misfit.own_bytes);
    let compared = compared(needed, available);
    let less = change(misfit.arena_bytes, answer.arena_bytes);
    match input {
        Some([height, width]) => {
            let macs = recompute_short(answer.macs, misfit.macs_layerwise);
            format!("Input {height}x{width}, {plan}: {compared}; {less}, MACs {macs}.")
        }
        None => {
            let macs = more_work(answer.macs, misfit.macs_layerwise);
            let plan = capital(&plan);
            format!("{plan}: {compared}; {less}, MACs: {macs}.")
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::{
        report::{Problem, ProblemKind},
        text::sample,
    };

    /// A search in which every plan has the arena that is told for it, in KiB.
    fn searched(arena_kib: impl Fn(FitQuestion) -> Result<u64, Problem>) -> FitSearch {
        let mut search = FitSearch::new(&sample::model(), PlanChoice::default(), 100 << 10);
        while let Some(question) = search.question() {
            let choice = question.choice.schedule;
            search.answer(arena_kib(question).map(|kib| CandidateReport {
                choice,
                arena_bytes: kib << 10,
                peak_bytes: 0,
                macs: 750,
            }));
        }
        search
    }

    fn told(search: &FitSearch, own_bytes: u64) -> (Vec<String>, Vec<String>) {
        let (arena_bytes, macs_layerwise) = (120 << 10, 1000);
        let boards = &[("A", 110 << 10), ("B", 128 << 10), ("C", 256 << 10)];
        let (front, tflm_kept_bytes) = (None, Some(5 << 10));
        let (ways, notes) = ways(&Misfit {
            arena_bytes,
            macs_layerwise,
            own_bytes,
            tflm_kept_bytes,
            search,
            front,
            boards,
        });
        (ways.into_iter().map(|way| way.words).collect(), notes)
    }

    #[test]
    fn ways_tell_what_they_need_and_cost() {
        let search = searched(|question| {
            Ok(match question.input {
                Some([side, _]) => u64::from(side) * 16,
                None if question.choice.in_place == InPlace::All => 96,
                None => 120,
            })
        });
        let (ways, notes) = told(&search, 0);
        assert_eq!(
            ways,
            [
                "Layer by layer, all in place that may: 96.0 KiB needed, 100.0 KiB available (4.0 KiB spare); −24.0 KiB, MACs: −25 %.",
                "B, the same plan: 120.0 KiB needed, 128.0 KiB available (8.0 KiB spare).",
                "Input 6x6, layer by layer: 96.0 KiB needed, 100.0 KiB available (4.0 KiB spare); −24.0 KiB, MACs −25 %.",
            ]
        );
        let beside = "Counted are arenas: TensorFlow Lite Micro keeps about 5.0 KiB of its own beside them (estimated).";
        assert_eq!(notes, [beside, OTHER_ENGINE, SMALLER_INPUT]);
        // Own blocks ask for a larger board.
        assert!(
            told(&search, 16 << 10).0[1]
                .starts_with("C, the same plan: 136.0 KiB needed, 256.0 KiB available")
        );
    }

    #[test]
    fn where_nothing_fits_the_least_is_told_and_why_no_size_is() {
        let problem = Problem {
            kind: ProblemKind::Choice,
            message: "#2 RESHAPE fixes 4x4.".to_owned(),
            advice: String::new(),
        };
        let search = searched(|question| match question.input {
            Some(_) => Err(problem.clone()),
            None if question.choice.in_place == InPlace::All => Ok(101),
            None => Ok(119),
        });
        let (ways, notes) = told(&search, 1 << 20);
        assert!(ways.is_empty(), "{ways:?}");
        assert_eq!(
            notes,
            [
                NONE_FITS,
                "The least: Layer by layer, all in place that may: 1125.0 KiB needed, 1124.0 KiB available \
                 (1.0 KiB over); −19.0 KiB, MACs: −25 %.",
                "No smaller input: #2 RESHAPE fixes 4x4.",
            ]
        );
    }
}
