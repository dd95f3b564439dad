//! What would make a plan fit, in words.

use super::{
    accounting::plan_words,
    change,
    front::more_work,
    kib, recompute_short,
    verdict::{compared, difference},
};
use crate::report::{
    CandidateReport, FitAnswer, FitGoal, FitQuestion, FitSearch, FrontReport, InPlace, ModelReport,
    PlanChoice, ScheduleChoice,
};

/// While it is looked for.
pub const SEARCHING: &str = "Planning anew";
/// Does what a way says.
pub const TAKE: &str = "Do it";
/// Said of ways that change the input.
pub const SMALLER_INPUT: &str = "A smaller input is only planned here: train the network again at \
    that size, or at least export it again. How well it then answers is not known. Its weights stay.";
/// Where nothing was found.
pub const NONE_FITS: &str = "None of what was tried fits.";

/// Looks for it.
#[must_use]
pub const fn find(goal: FitGoal) -> &'static str {
    match goal {
        FitGoal::Tflm(_) => "What would make TensorFlow Lite Micro fit?",
        FitGoal::Arena | FitGoal::Flash => "What would make it fit?",
    }
}

/// Title of the list.
#[must_use]
pub fn title(goal: FitGoal) -> &'static str {
    find(goal).trim_end_matches('?')
}

/// A target that may hold it: its name, its SRAM, and its Flash, where that is known.
pub type Room = (&'static str, u64, Option<u64>);

/// What is known of a plan that does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Misfit<'a> {
    /// The model.
    pub model: &'a ModelReport,
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Bytes of the blocks beside the arena.
    pub own_bytes: u64,
    /// Bytes of the target's SRAM.
    pub sram_bytes: u64,
    /// Bytes of the target's Flash, where they are known.
    pub flash_bytes: Option<u64>,
    /// What was planned anew.
    pub search: &'a FitSearch,
    /// Schedules in patches, where they were compared.
    pub front: Option<&'a FrontReport>,
    /// Boards, the smallest first.
    pub boards: &'a [Room],
}

impl Misfit<'_> {
    fn is_flash_over(&self) -> bool {
        self.flash_bytes.is_some_and(|bytes| self.model.flash_needed_bytes() > bytes)
    }

    /// What is to be made smaller: the arena; where TensorFlow Lite Micro is what does not fit, all that it needs.
    fn now_bytes(&self) -> u64 {
        match self.search.goal() {
            FitGoal::Tflm(_) => self.model.tflm_arena().map_or(0, |arena| arena.bytes()),
            FitGoal::Arena | FitGoal::Flash => self.arena_bytes,
        }
    }

    /// The same once another plan is taken.
    fn then_bytes(&self, answer: &FitAnswer) -> u64 {
        self.search.goal().needed_bytes(answer)
    }

    /// What a target must have, own blocks included.
    fn needed_bytes(&self) -> u64 {
        self.now_bytes().saturating_add(self.own_bytes)
    }

    /// Schedules in patches, where they are a way.
    fn front(&self) -> Option<&FrontReport> {
        self.front.filter(|_| self.search.goal() == FitGoal::Arena)
    }
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
    let search = misfit.search;
    let mut ways = Vec::new();
    // Whatever is planned, the file stays as large, and TensorFlow Lite Micro plans by itself.
    if !misfit.is_flash_over() && search.goal() == FitGoal::Arena {
        if let Some(front) = misfit.front()
            && let Some(point) = front.fitting(search.room_bytes())
        {
            ways.push(planned(misfit, &of_front(front, point)));
        }
        let other = search.other_plan().map(|answer| planned(misfit, answer));
        ways.extend(other.filter(|other| ways.iter().all(|known| known.way != other.way)));
    }
    ways.extend(board(misfit));
    if !misfit.is_flash_over() {
        ways.extend(search.inputs().into_iter().map(|answer| planned(misfit, answer)));
    }
    let notes = notes(misfit, &ways);
    (ways, notes)
}

/// The smallest board that holds it.
fn board(misfit: &Misfit<'_>) -> Option<WayWords> {
    let (needed, file) = (misfit.needed_bytes(), misfit.model.flash_needed_bytes());
    let holds = |(_, sram, flash): &&Room| {
        // Where the Flash is what is too small, one that is not known is no answer.
        *sram >= needed && flash.map_or(!misfit.is_flash_over(), |flash| flash >= file)
    };
    let (name, sram, flash) = misfit.boards.iter().find(holds)?;
    let flash = match flash.filter(|_| misfit.is_flash_over()) {
        Some(flash) => format!(" Flash: {}.", compared(file, flash)),
        None => String::new(),
    };
    let (what, tflm) = match misfit.search.goal() {
        FitGoal::Tflm(_) => ("in TensorFlow Lite Micro", String::new()),
        FitGoal::Arena | FitGoal::Flash => ("the same plan", stored_in_tflm(misfit, *sram)),
    };
    Some(WayWords {
        way: Way::Board(name),
        arena_bytes: misfit.arena_bytes,
        words: format!("{name}, {what}: {}.{tflm}{flash}", compared(needed, *sram)),
    })
}

fn notes(misfit: &Misfit<'_>, ways: &[WayWords]) -> Vec<String> {
    let mut notes = Vec::new();
    let flash = misfit.flash_bytes.filter(|_| misfit.is_flash_over());
    notes.extend(flash.map(|bytes| {
        let compared = compared(misfit.model.flash_needed_bytes(), bytes);
        format!("Flash: {compared}. No plan and no smaller input makes the file smaller.")
    }));
    if ways.is_empty() {
        notes.push(NONE_FITS.to_owned());
    }
    let is_way = |one: &WayWords| matches!(one.way, Way::Plan(_) | Way::Input(_));
    if !misfit.is_flash_over() && !ways.iter().any(is_way) {
        let front = misfit.front().and_then(|front| Some(of_front(front, front.smallest()?)));
        let tried = misfit.search.least().copied().into_iter().chain(front);
        let least = tried.min_by_key(|answer| answer.arena_bytes);
        notes.extend(least.map(|answer| ["The least: ", &words(misfit, &answer)].concat()));
    }
    if ways.iter().any(|one| matches!(one.way, Way::Input(_))) {
        notes.push(SMALLER_INPUT.to_owned());
    }
    let refusal = misfit.search.refusal();
    notes.extend(refusal.map(|problem| ["No smaller input: ", &problem.message].concat()));
    notes
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

/// `Input 80x80, layer by layer: 62.5 KiB needed, 64.0 KiB available (1.5 KiB spare); −27.5 KiB, MACs −31 %. In
/// TensorFlow Lite Micro about 95.9 KiB (31.9 KiB over).`
fn words(misfit: &Misfit<'_>, answer: &FitAnswer) -> String {
    let FitQuestion { choice, input } = answer.question;
    let plan = match misfit.search.goal() {
        FitGoal::Tflm(_) => "in TensorFlow Lite Micro about".to_owned(),
        FitGoal::Arena | FitGoal::Flash => plan_words(choice),
    };
    let needed = misfit.then_bytes(answer).saturating_add(misfit.own_bytes);
    let available = misfit.sram_bytes;
    let compared = compared(needed, available);
    let less = change(misfit.now_bytes(), misfit.then_bytes(answer));
    let tflm = in_tflm(misfit, answer, available);
    match input {
        Some([height, width]) => {
            let macs = recompute_short(answer.macs, misfit.model.macs);
            format!("Input {height}x{width}, {plan}: {compared}; {less}, MACs {macs}.{tflm}")
        }
        None => {
            let macs = more_work(answer.macs, misfit.model.macs);
            let plan = capital(&plan);
            format!("{plan}: {compared}; {less}, MACs: {macs}.{tflm}")
        }
    }
}

/// What TensorFlow Lite Micro needs of a target for the model as it is, where it can follow the shown plan.
fn stored_in_tflm(misfit: &Misfit<'_>, sram_bytes: u64) -> String {
    let arena = misfit.model.tflm_arena().filter(|_| follows(misfit.search.shown()));
    let needed = arena.map(|arena| arena.bytes().saturating_add(misfit.own_bytes));
    needed.map(|needed| about_in_tflm(needed, sram_bytes)).unwrap_or_default()
}

fn about_in_tflm(needed: u64, available: u64) -> String {
    let difference = difference(needed, available);
    format!(" In TensorFlow Lite Micro about {} ({difference}).", kib(needed))
}

/// Whether TensorFlow Lite Micro can run a plan: it runs whole layers in the file's order, nothing in place.
pub(super) fn follows(choice: PlanChoice) -> bool {
    (choice.schedule, choice.in_place) == (ScheduleChoice::Layerwise, InPlace::None)
}

/// What TensorFlow Lite Micro makes of a plan that was tried, where that is not told already.
fn in_tflm(misfit: &Misfit<'_>, answer: &FitAnswer, available: u64) -> String {
    let is_told = misfit.search.goal() != FitGoal::Arena;
    let Some(arena) = misfit.model.tflm_arena().filter(|_| !is_told) else { return String::new() };
    if !follows(answer.question.choice) {
        return " Not in TensorFlow Lite Micro.".to_owned();
    }
    about_in_tflm(arena.bytes_with(answer.arena_bytes).saturating_add(misfit.own_bytes), available)
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
        report::{Problem, ProblemKind, TflmPersistent},
        text::sample,
    };

    /// A search in which every plan has the arena that is told for it, in KiB.
    fn searched(
        goal: FitGoal,
        arena_kib: impl Fn(FitQuestion) -> Result<u64, Problem>,
    ) -> FitSearch {
        let mut search = FitSearch::new(&sample::model(), goal, PlanChoice::default(), 100 << 10);
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

    /// 4 KiB of file; TensorFlow Lite Micro needs 130 KiB, of it 5 KiB of its own.
    fn model() -> ModelReport {
        let kept = TflmPersistent { bytes: 5 << 10, ..sample::model().tflm_persistent_estimate };
        ModelReport {
            macs: 1000,
            tflm_arena_bytes: 125 << 10,
            tflm_persistent_estimate: kept,
            ..sample::model()
        }
    }

    fn told(
        search: &FitSearch,
        own_bytes: u64,
        flash_bytes: Option<u64>,
    ) -> (Vec<String>, Vec<String>) {
        let boards = &[
            ("A", 110 << 10, None),
            ("B", 128 << 10, Some(2 << 10)),
            ("C", 128 << 10, Some(8 << 10)),
            ("D", 256 << 10, None),
        ];
        let (ways, notes) = ways(&Misfit {
            model: &model(),
            arena_bytes: 120 << 10,
            own_bytes,
            sram_bytes: search.room_bytes() + own_bytes,
            flash_bytes,
            search,
            front: (search.goal() != FitGoal::Arena).then_some(&sample::front()),
            boards,
        });
        (ways.into_iter().map(|way| way.words).collect(), notes)
    }

    #[test]
    fn ways_tell_what_they_need_and_cost() {
        let search = searched(FitGoal::Arena, |question| {
            Ok(match question.input {
                Some([side, _]) => u64::from(side) * 16,
                None if question.choice.in_place == InPlace::All => 96,
                None => 120,
            })
        });
        let (ways, notes) = told(&search, 0, None);
        assert_eq!(
            ways,
            [
                "Layer by layer, all in place that may: 96.0 KiB needed, 100.0 KiB available (4.0 KiB spare); \
                 −24.0 KiB, MACs: −25 %. Not in TensorFlow Lite Micro.",
                "C, the same plan: 120.0 KiB needed, 128.0 KiB available (8.0 KiB spare). \
                 In TensorFlow Lite Micro about 130.0 KiB (2.0 KiB over).",
                "Input 6x6, layer by layer: 96.0 KiB needed, 100.0 KiB available (4.0 KiB spare); −24.0 KiB, \
                 MACs −25 %. In TensorFlow Lite Micro about 101.0 KiB (1.0 KiB over).",
            ]
        );
        assert_eq!(notes, [SMALLER_INPUT]);
        // Own blocks ask for a larger board.
        assert!(
            told(&search, 16 << 10, None).0[1]
                .starts_with("D, the same plan: 136.0 KiB needed, 256.0 KiB available")
        );
    }

    #[test]
    fn own_blocks_beyond_the_sram_leave_the_figures_right() {
        let goal = FitGoal::Arena;
        let mut search = FitSearch::new(&sample::model(), goal, PlanChoice::default(), 0);
        while let Some(question) = search.question() {
            let choice = question.choice.schedule;
            search.answer(Ok(CandidateReport {
                choice,
                arena_bytes: 6 << 10,
                peak_bytes: 0,
                macs: 750,
            }));
        }
        let (ways, notes) = ways(&Misfit {
            model: &model(),
            arena_bytes: 54 << 10,
            own_bytes: 110 << 10,
            sram_bytes: 100 << 10,
            flash_bytes: None,
            search: &search,
            front: None,
            boards: &[],
        });
        assert_eq!(ways, []);
        let least = "116.0 KiB needed, 100.0 KiB available (16.0 KiB over)";
        assert!(notes.iter().any(|note| note.contains(least)), "{notes:?}");
    }

    #[test]
    fn a_file_too_large_for_the_flash_is_helped_by_boards_alone() {
        let search = searched(FitGoal::Arena, |_| Ok(1));
        let (ways, notes) = told(&search, 0, Some(1 << 10));
        let board = "C, the same plan: 120.0 KiB needed, 128.0 KiB available (8.0 KiB spare). In TensorFlow Lite \
                     Micro about 130.0 KiB (2.0 KiB over). Flash: 4.0 KiB needed, 8.0 KiB available (4.0 KiB spare).";
        assert_eq!(ways, [board]);
        assert_eq!(notes.len(), 1, "what fits the SRAM alone is no way: {notes:?}");
        assert!(notes[0].starts_with("Flash: 4.0 KiB needed, 1.0 KiB available (3.0 KiB over)."));
        let search = searched(FitGoal::Flash, |_| unreachable!("no plan makes a file smaller"));
        assert_eq!(
            told(&search, 0, Some(1 << 10)),
            (vec![board.to_owned()], vec![notes[0].clone()])
        );
    }

    #[test]
    fn what_only_the_interpreter_lacks_is_sought_for_it_alone() {
        let goal = FitGoal::Tflm(model().tflm_arena().unwrap());
        let search = searched(goal, |question| {
            assert_eq!(question.choice, PlanChoice::TFLM);
            Ok(question.input.map_or(120, |[side, _]| u64::from(side) * 16))
        });
        let (ways, notes) = told(&search, 0, None);
        assert_eq!(notes, [SMALLER_INPUT]);
        let [board, input] = &ways[..] else { panic!("{ways:?}") };
        assert!(
            board.starts_with("D, in TensorFlow Lite Micro: 130.0 KiB needed, 256.0 KiB available")
        );
        // 96 KiB would keep within 100, but not with 5 beside.
        assert_eq!(
            input,
            "Input 4x4, in TensorFlow Lite Micro about: 69.0 KiB needed, 100.0 KiB available (31.0 KiB spare); \
             −61.0 KiB, MACs −25 %."
        );
        // What is least then is counted with all of it as well, and no patches are told of.
        let (ways, notes) = told(&searched(goal, |_| Ok(99)), 0, None);
        assert_eq!(ways.len(), 1);
        let least = "The least: Input 6x6, in TensorFlow Lite Micro about: 104.0 KiB needed, 100.0 KiB available \
                     (4.0 KiB over); −26.0 KiB, MACs −25 %.";
        assert_eq!(notes, [least]);
    }

    #[test]
    fn where_nothing_fits_the_least_is_told_and_why_no_size_is() {
        let problem = Problem {
            kind: ProblemKind::Choice,
            message: "#2 RESHAPE fixes 4x4.".to_owned(),
            advice: String::new(),
        };
        let search = searched(FitGoal::Arena, |question| match question.input {
            Some(_) => Err(problem.clone()),
            None if question.choice.in_place == InPlace::All => Ok(101),
            None => Ok(119),
        });
        let (ways, notes) = told(&search, 1 << 20, None);
        assert!(ways.is_empty(), "{ways:?}");
        assert_eq!(
            notes,
            [
                NONE_FITS,
                "The least: Layer by layer, all in place that may: 1125.0 KiB needed, 1124.0 KiB available \
                 (1.0 KiB over); −19.0 KiB, MACs: −25 %. Not in TensorFlow Lite Micro.",
                "No smaller input: #2 RESHAPE fixes 4x4.",
            ]
        );
    }
}
