//! Two plans beside each other, A and B, in words: of one model or of two.

use super::{
    Budget, accounting, compact_count, exact_bytes, fit::follows, kib, kib_apart, milliseconds,
    page, percent, thousands,
};
use crate::{
    report::{ModelReport, Passes, PlanChoice, PlanReport, RunReport},
    text::operator_label,
};
use std::{borrow::Cow, cmp::Ordering};

/// Title of the card.
pub const TITLE: &str = "A against B";
/// Keeps the shown plan.
pub const KEEP: &str = "Keep to compare";
/// What that does.
pub const KEEP_HINT: &str = "Keeps this plan as A: whatever you show next, another plan or another model, stands \
                             beside it as B (key A).";
/// What A and B are, where a plan is kept.
pub const KEPT_ABOUT: &str = "A is the plan that you kept, B the one that is shown now.";
/// The accessible name of the card's buttons.
pub const BUTTONS: &str = "A and B";
/// Shows A and keeps B.
pub const SWAP: &str = "Swap A and B";
/// Goes back to A.
pub const SHOW: &str = "Show kept plan";
/// Ends the comparison.
pub const FORGET: &str = "Forget kept plan";
/// Runs the shown plan alone.
pub const RUN_B: &str = "Run B";
/// While A itself is shown.
pub const NO_B: &str = "It is what is shown. Choose another schedule, planner, accounting or model: that \
                        is B, and stands beside it here.";
/// While A or B is planned.
pub const COMING: &str = "Planning A and B.";
/// Where A's plan is not made yet: it is of another model, or of other passes.
pub const NOT_MADE: &str = "Its figures are not here yet: swap the two to see both.";
/// Where A is of a file that the page does not have.
pub const OPEN_FILE: &str = "Open that file to compare with it.";
/// The name of the curves.
pub const CURVES: &str = "RAM per operator";
/// The two ways a plan is drawn.
pub const CURVES_HINT: &str = "A outlined, B filled; operators in the order of each file.";

/// What is to be allocated where a plan is run by that engine.
const IN_TFLM: &str = "TFLM, to allocate";
/// In its place where that engine cannot run a plan.
const NOT_THERE: &str = "not this plan";
/// In place of the time of a plan that has not run, and of its answer.
const NOT_RUN: &str = "not run";
/// In place of the answer of a model that tells no classes.
const NO_CLASSES: &str = "no classes";
/// In place of a difference that two models do not have.
const TWO_MODELS: &str = "two models";
/// In place of a difference of times, where one is not known.
const ONE_RAN: &str = "run both";
/// In place of a difference of times, where one is shorter than the clock's step.
const TOO_SHORT: &str = "too short";

/// From so many times on, a count is told in times, not in percent.
const MANY: u64 = 4;

/// One of the two.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The name of the model's file.
    pub file_name: &'a str,
    /// The model.
    pub model: &'a ModelReport,
    /// Under which passes it is counted.
    pub passes: Passes,
    /// The plan.
    pub plan: &'a PlanReport,
    /// Its last run.
    pub run: Option<&'a RunReport>,
    /// The bytes of that run's inputs.
    pub inputs: &'a [Vec<u8>],
    /// That run's first answer, where it tells classes.
    pub answer: Option<&'a str>,
}

impl Side<'_> {
    fn is_of_model_of(&self, other: &Self) -> bool {
        self.model.sha256 == other.model.sha256
    }

    /// The file's name, told apart from that of another file by its hash where need be.
    fn name(&self, other: &Self) -> String {
        if self.file_name == other.file_name {
            let start: String = self.model.sha256.chars().take(8).collect();
            return format!("{} {start}…", self.file_name);
        }
        self.file_name.to_owned()
    }
}

/// What a plan is, in words: its schedule and how it is counted.
#[must_use]
pub fn choice_words(choice: PlanChoice, passes: Passes) -> String {
    let mut words = accounting::plan_words(choice);
    let usual = Passes::default();
    if passes.float_boundary != usual.float_boundary {
        words.push_str(", float boundary counted");
    }
    if passes.fold_pad != usual.fold_pad {
        words.push_str(", PAD counted");
    }
    words
}

/// What is known of A before it stands in a comparison, and why it does not: `A: digits.tflite, layer
/// by layer. ...`
#[must_use]
pub fn kept_words(model: Option<&str>, choice: PlanChoice, passes: Passes, why: &str) -> String {
    let name = model.map(|name| format!("{name}, ")).unwrap_or_default();
    format!("A: {name}{}. {why}", choice_words(choice, passes))
}

/// A file that is known by its hash alone.
#[must_use]
pub fn file_of_hash(sha256: &str) -> String {
    format!("the file with sha256 {sha256}…")
}

/// What each of the two is, of two models with its model.
#[must_use]
pub fn names(a: &Side<'_>, b: &Side<'_>) -> [String; 2] {
    let words = |one: &Side<'_>, other: &Side<'_>| {
        let choice = choice_words(one.plan.choice, one.passes);
        if one.is_of_model_of(other) { choice } else { format!("{}, {choice}", one.name(other)) }
    };
    [words(a, b), words(b, a)]
}

/// In what the two differ: `A: layer by layer. B: 4x4 patches up to #12, input resident.`
#[must_use]
pub fn differences(a: &Side<'_>, b: &Side<'_>) -> String {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    let mut tell = |differ: bool, a: String, b: String| {
        if differ {
            of_a.push(a);
            of_b.push(b);
        }
    };
    tell(!a.is_of_model_of(b), a.name(b), b.name(a));
    let (one, other) = (a.plan.choice, b.plan.choice);
    let words = super::plan_words;
    tell(one.schedule != other.schedule, words(one.schedule), words(other.schedule));
    for words in accounting::DETAILS {
        let (one, other) = (words(one), words(other));
        tell(one != other, one, other);
    }
    let floats = |passes: Passes| match passes.float_boundary {
        true => "float boundary left to the host",
        false => "float boundary counted",
    };
    let pads = |passes: Passes| if passes.fold_pad { "PAD folded" } else { "PAD counted" };
    for words in [floats, pads] {
        let (one, other) = (words(a.passes), words(b.passes));
        tell(one != other, one.to_owned(), other.to_owned());
    }
    if of_a.is_empty() {
        return "A and B are the same plan.".to_owned();
    }
    format!("A: {}. B: {}.", of_a.join(", "), of_b.join(", "))
}

/// The outcome in one sentence: `B needs 18.0 KiB less (−20 %), 5.0 % more MACs.`
#[must_use]
pub fn outcome(a: &Side<'_>, b: &Side<'_>) -> String {
    let (one, other) = (a.plan.arena_bytes, b.plan.arena_bytes);
    let is_same = one == other;
    let arena = if is_same {
        format!("Both need {}", kib(one))
    } else {
        let more = if other > one { "more" } else { "less" };
        format!("B needs {} {more} ({})", kib_apart(one, other), recompute_short(other, one))
    };
    let (one, other) = (a.plan.macs, b.plan.macs);
    let macs = match other.cmp(&one) {
        Ordering::Equal => "as many MACs".to_owned(),
        Ordering::Greater if one > 0 && other / MANY >= one => {
            format!("{} times the MACs", (other + one / 2) / one)
        }
        Ordering::Greater => format!("{} more MACs", part(other - one, one)),
        Ordering::Less => format!("{} fewer MACs", part(one - other, one)),
    };
    let joint = match (is_same, one == other) {
        (true, true) => " and ",
        (true, false) => "; B ",
        (false, _) => ", ",
    };
    let (one, other) = (a.model.flash_needed_bytes(), b.model.flash_needed_bytes());
    let flash = if one == other {
        String::new()
    } else {
        let more = if other > one { "more" } else { "less" };
        format!(", {} {more} Flash", kib_apart(one, other))
    };
    format!("{arena}{joint}{macs}{flash}.")
}

/// A figure of both.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: Cow<'static, str>,
    /// A's and B's.
    pub figures: [String; 2],
    /// The same to the last byte, where they are rounded.
    pub exact: [String; 2],
    /// The way from A to B.
    pub change: String,
}

/// All figures of both; by how much each keeps within `budget`, where there is one.
#[must_use]
pub fn rows(a: &Side<'_>, b: &Side<'_>, budget: Option<Budget>) -> Vec<Row> {
    let both = [a, b];
    let bytes = |name: &'static str, of: [u64; 2]| Row {
        name: name.into(),
        figures: of.map(kib),
        exact: of.map(exact_bytes),
        change: change(of[0], of[1]),
    };
    let macs = both.map(|side| side.plan.macs);
    let mut rows = vec![
        bytes(page::FACT_ARENA, both.map(|side| side.plan.arena_bytes)),
        bytes(page::FACT_BOUND, both.map(|side| side.plan.lower_bound_bytes)),
        peak_row(a, b),
        Row {
            name: page::FACT_MACS.into(),
            figures: macs.map(compact_count),
            exact: macs.map(thousands),
            change: recompute_short(macs[1], macs[0]),
        },
        bytes(page::FACT_FLASH, both.map(|side| side.model.flash_needed_bytes())),
    ];
    if let Some(budget) = budget {
        rows.insert(1, budget_row(both.map(|side| side.plan.arena_bytes), budget));
        if let Some(row) = tflm_row(both, budget) {
            rows.insert(2, row);
        }
    }
    if a.run.or(b.run).is_some() {
        rows.push(time_row(a, b));
    }
    let no_answer = |side: &Side<'_>| if side.run.is_some() { NO_CLASSES } else { NOT_RUN };
    let answers = both.map(|side| side.answer.unwrap_or(no_answer(side)).to_owned());
    if !a.is_of_model_of(b) && a.answer.or(b.answer).is_some() {
        let change = TWO_MODELS.to_owned();
        rows.push(Row {
            name: page::ANSWER.into(),
            exact: answers.clone(),
            figures: answers,
            change,
        });
    }
    rows
}

/// By how much each arena keeps within what is available, or does not.
fn budget_row(arenas: [u64; 2], budget: Budget) -> Row {
    let change = match arenas.map(|bytes| budget.holds(bytes)) {
        [true, true] => "both arenas fit",
        [false, false] => "neither fits",
        [true, false] => "A fits",
        [false, true] => "B fits",
    };
    Row {
        name: budget.against().into(),
        figures: arenas.map(|bytes| budget.difference(bytes)),
        exact: arenas.map(|bytes| budget.exact(bytes)),
        change: change.to_owned(),
    }
}

/// What to allocate for those of the two that TensorFlow Lite Micro can run, and how that keeps within what is
/// available; nothing where it can run neither.
fn tflm_row(both: [&Side<'_>; 2], budget: Budget) -> Option<Row> {
    let needed = both.map(|side| {
        let arena = side.model.tflm_arena().filter(|_| follows(side.plan.choice))?;
        Some(arena.bytes())
    });
    needed.iter().flatten().next()?;
    let told = |bytes: u64| format!("about {}, {}", kib(bytes), budget.difference(bytes));
    Some(Row {
        name: IN_TFLM.into(),
        figures: needed.map(|bytes| bytes.map_or_else(|| NOT_THERE.to_owned(), told)),
        exact: needed.map(|bytes| bytes.map(exact_bytes).unwrap_or_default()),
        change: match needed {
            [Some(one), Some(other)] => change(one, other),
            [Some(_), None] => "A alone".to_owned(),
            _ => "B alone".to_owned(),
        },
    })
}

fn peak_row(a: &Side<'_>, b: &Side<'_>) -> Row {
    let operator = |side: &Side<'_>| side.plan.neediest_operator();
    let figures = [a, b].map(|side| {
        let place = side.plan.neediest().is_some_and(|(_, step)| step.patch.is_some());
        let place = if place { " (patch)" } else { "" };
        operator(side).map_or(page::INPUT.to_owned(), |index| format!("#{index}{place}"))
    });
    let exact = [a, b].map(|side| {
        let found = operator(side).and_then(|index| side.model.operators.get(index as usize));
        found.map(operator_label).unwrap_or_default()
    });
    let change = match (a.is_of_model_of(b), operator(a) == operator(b)) {
        (false, _) => TWO_MODELS,
        (true, true) => "same",
        (true, false) => "another",
    };
    Row { name: page::PEAK_AT.into(), figures, exact, change: change.to_owned() }
}

fn time_row(a: &Side<'_>, b: &Side<'_>) -> Row {
    let ms = [a, b].map(|side| side.run.map(|run| run.total_ms));
    let figures = ms.map(|ms| ms.map_or(NOT_RUN.to_owned(), milliseconds));
    let change = match ms {
        [Some(one), Some(other)] if one > 0.0 => format!("× {:.2}", other / one),
        [Some(_), Some(_)] => TOO_SHORT.to_owned(),
        _ => ONE_RAN.to_owned(),
    };
    let exact = [a, b].map(|side| side.run.map(|run| run.kernels.clone()).unwrap_or_default());
    Row { name: page::TIME_HERE.into(), figures, exact, change }
}

/// Whether the outputs are the same bytes, in words; of those that cannot be compared the reason, and
/// no answer.
#[must_use]
pub fn outputs(a: &Side<'_>, b: &Side<'_>) -> (Option<bool>, String) {
    let reason = |words: &str| (None, words.to_owned());
    let is_same_input = std::ptr::eq(a.inputs, b.inputs) || a.inputs == b.inputs;
    match (a.run, b.run) {
        _ if !a.is_of_model_of(b) => reason(
            "Outputs of two models are not compared: each answers for itself, on an input of its own.",
        ),
        _ if a.passes.float_boundary != b.passes.float_boundary => {
            reason("Outputs are not compared: one is float, the other int8.")
        }
        (Some(_), Some(_)) if !is_same_input => {
            reason("Outputs are not compared: A ran on another input.")
        }
        (Some(one), Some(other)) => {
            let (is_same, words) = same_bytes(one, other);
            (Some(is_same), words)
        }
        _ => reason(page::RUN_BOTH_NOTE),
    }
}

/// What the curves show, for those who do not see them.
#[must_use]
pub fn curves_words(a: &Side<'_>, b: &Side<'_>) -> String {
    let most = |side: &Side<'_>| {
        let place = side.plan.neediest_operator().map(|index| format!(" at #{index}"));
        format!("{}{}", kib(side.plan.most_needed_bytes()), place.unwrap_or_default())
    };
    let words = format!("A needs most, {}; B {}.", most(a), most(b));
    if !a.is_of_model_of(b) {
        return words;
    }
    let needs = |side: &Side<'_>| side.plan.needs_by_operator(side.model.operators.len());
    let changes = needs(a).into_iter().zip(needs(b)).map(|(a, b)| b.bytes.cmp(&a.bytes));
    let changes: Vec<Ordering> = changes.collect();
    let count = |of| changes.iter().filter(|&&change| change == of).count();
    let (less, more) = (count(Ordering::Less), count(Ordering::Greater));
    format!("{words} B needs less at {less} operators, more at {more}.")
}

/// Whether two runs gave the same bytes, from the hashes of their outputs.
fn same_bytes(one: &RunReport, other: &RunReport) -> (bool, String) {
    let hashes = |run: &RunReport| -> Vec<String> {
        run.outputs.iter().map(|output| output.sha256.clone()).collect()
    };
    let (one, other) = (hashes(one), hashes(other));
    let short = |hash: Option<&String>| -> String {
        hash.map_or_else(|| "none".to_owned(), |hash| hash.chars().take(8).collect())
    };
    if one == other {
        (true, format!("Same bytes: yes, sha256 {}…", short(one.first())))
    } else {
        let pair = one.iter().zip(&other).find(|(left, right)| left != right);
        let (left, right) =
            pair.map_or((one.first(), other.first()), |(left, right)| (Some(left), Some(right)));
        (false, format!("Same bytes: no, sha256 {}… against {}…", short(left), short(right)))
    }
}

/// A part in percent that is never 0 where there is one, with a decimal below 10 %; of nothing the part
/// itself.
fn part(more: u64, whole: u64) -> String {
    let permille = (u128::from(more) * 2000 + u128::from(whole)) / (u128::from(whole) * 2).max(1);
    match permille {
        _ if whole == 0 => compact_count(more),
        0 => "<0.1 %".to_owned(),
        1..100 => format!("{}.{} %", permille / 10, permille % 10),
        _ => percent(more, whole),
    }
}

/// A change in few letters, for tables: `+33 %`.
#[must_use]
pub fn recompute_short(patched_macs: u64, layerwise_macs: u64) -> String {
    match patched_macs.checked_sub(layerwise_macs) {
        Some(0) => "±0".to_owned(),
        Some(more) => format!("+{}", part(more, layerwise_macs)),
        None => format!("−{}", part(layerwise_macs - patched_macs, layerwise_macs)),
    }
}

/// A difference with its sign: `-87.0 KiB`, `+2.0 KiB`, `±0`.
#[must_use]
pub fn change(from_bytes: u64, to_bytes: u64) -> String {
    match to_bytes.cmp(&from_bytes) {
        Ordering::Less => format!("−{}", kib_apart(from_bytes, to_bytes)),
        Ordering::Equal => "±0".to_owned(),
        Ordering::Greater => format!("+{}", kib_apart(from_bytes, to_bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{InPlace, Planner},
        text::sample,
    };

    fn side<'a>(model: &'a ModelReport, plan: &'a PlanReport) -> Side<'a> {
        let (passes, file_name) = (Passes::default(), "net.tflite");
        Side { file_name, model, passes, plan, run: None, inputs: &[], answer: None }
    }

    fn with(arena_bytes: u64, macs: u64) -> PlanReport {
        PlanReport { arena_bytes, macs, ..sample::plan() }
    }

    #[test]
    fn the_outcome_is_told_from_a_to_b_with_its_sign() {
        let model = sample::model();
        let told = |one: (u64, u64), other: (u64, u64)| {
            let (one, other) = (with(one.0, one.1), with(other.0, other.1));
            outcome(&side(&model, &one), &side(&model, &other))
        };
        let kib = |n: u64| n * 1024;
        assert_eq!(
            told((kib(90), 1000), (kib(72), 1050)),
            "B needs 18.0 KiB less (−20 %), 5.0 % more MACs."
        );
        assert_eq!(
            told((kib(72), 1000), (kib(90), 500)),
            "B needs 18.0 KiB more (+25 %), 50 % fewer MACs."
        );
        assert_eq!(
            told((kib(90), 7), (kib(72), 7)),
            "B needs 18.0 KiB less (−20 %), as many MACs."
        );
        assert_eq!(told((2048, 100), (2048, 200)), "Both need 2.0 KiB; B 100 % more MACs.");
        assert_eq!(told((2048, 100), (2048, 1690)), "Both need 2.0 KiB; B 17 times the MACs.");
        assert_eq!(told((2048, 0), (2048, 9)), "Both need 2.0 KiB; B 9 more MACs.");
        assert_eq!(told((2048, 100), (2048, 100)), "Both need 2.0 KiB and as many MACs.");
        assert_eq!(
            told((10_000, 1_000_000), (9_999, 1_000_001)),
            "B needs 1 B less (−<0.1 %), <0.1 % more MACs."
        );
        let plan = sample::plan();
        // By the whole file, as the verdict judges it, whatever its weights are.
        let large = ModelReport { file_bytes: 4096 + 20 * 1024, ..sample::model() };
        let told = outcome(&side(&model, &plan), &side(&large, &plan));
        assert_eq!(told, "Both need 704 B and as many MACs, 20.0 KiB more Flash.");
        let told = outcome(&side(&large, &plan), &side(&model, &plan));
        assert!(told.ends_with(", 20.0 KiB less Flash."), "{told}");
    }

    #[test]
    fn what_differs_is_named_and_nothing_else() {
        let model = sample::model();
        let (one, patched) = (sample::plan(), sample::patched_plan(2, 2));
        assert_eq!(
            differences(&side(&model, &one), &side(&model, &patched)),
            "A: layer by layer. B: 2x2 patches up to #1, input resident."
        );
        assert_eq!(
            differences(&side(&model, &one), &side(&model, &one)),
            "A and B are the same plan."
        );
        let mut exact = sample::plan();
        exact.choice = exact.choice.with_planner(Planner::Exact).with_in_place(InPlace::All);
        assert_eq!(
            differences(&side(&model, &exact), &side(&model, &one)),
            "A: all in place that may, planned exactly. \
             B: nothing in place, planned by refined greedy."
        );
        let passes = Passes { fold_pad: false, ..Passes::default() };
        let counted = Side { passes, ..side(&model, &one) };
        assert_eq!(differences(&side(&model, &one), &counted), "A: PAD folded. B: PAD counted.");
        assert_eq!(names(&counted, &counted)[0], "layer by layer, PAD counted");
    }

    #[test]
    fn two_models_are_told_apart_also_by_one_name() {
        let (model, plan) = (sample::model(), sample::plan());
        let other = ModelReport { sha256: "ffff0000aa".repeat(4), ..sample::model() };
        let (a, b) = (side(&model, &plan), side(&other, &plan));
        assert_eq!(differences(&a, &b), "A: net.tflite 01234567…. B: net.tflite ffff0000….");
        let b = Side { file_name: "other.tflite", ..b };
        assert_eq!(differences(&a, &b), "A: net.tflite. B: other.tflite.");
        assert_eq!(names(&a, &b)[1], "other.tflite, layer by layer");
    }

    #[test]
    fn every_figure_has_its_change() {
        let model = sample::model();
        let (one, patched) = (sample::plan(), sample::patched_plan(2, 2));
        let of = |budget| rows(&side(&model, &one), &side(&model, &patched), budget);
        let rows = of(None);
        let row = |name: &str| rows.iter().find(|row| row.name == name).unwrap();
        assert_eq!(row(page::FACT_ARENA).figures, ["704 B", "400 B"]);
        assert_eq!(row(page::FACT_ARENA).change, "−304 B");
        assert_eq!(row(page::FACT_BOUND).change, "±0");
        assert_eq!(row(page::PEAK_AT).figures, ["#0", "#0 (patch)"]);
        assert_eq!(row(page::PEAK_AT).change, "same");
        assert_eq!(row(page::FACT_MACS).change, "+33 %");
        assert_eq!(row(page::FACT_FLASH).figures, ["4.0 KiB", "4.0 KiB"]);
        assert_eq!(row(page::FACT_FLASH).change, "±0");
        assert!(rows.iter().all(|row| row.name != page::TIME_HERE), "nothing ran");
        let against = |bytes: u64| of(Some(bytes.into())).swap_remove(1);
        assert_eq!(against(600).name, "Against 600 B available");
        assert_eq!(against(600).figures, ["104 bytes over", "200 bytes spare"]);
        assert_eq!(against(600).exact[1], "400 bytes needed, 600 bytes available");
        let changes = [300, 600, 704].map(|bytes| against(bytes).change);
        assert_eq!(changes, ["neither fits", "B fits", "both arenas fit"]);
        let tflm = of(Some(1000.into())).swap_remove(2);
        assert_eq!(tflm.name, IN_TFLM);
        assert_eq!(tflm.figures, ["about 1.2 KiB, 248 bytes over", "not this plan"]);
        assert_eq!((tflm.exact[0].as_str(), tflm.change.as_str()), ("1,248 bytes", "A alone"));
        let over = of(Some(Budget::beside(1500, 1000))).swap_remove(1);
        assert_eq!(over.figures, ["1.2 KiB over", "900 bytes over"], "own blocks count as well");
        assert_eq!(over.exact[1], "900 bytes needed, 0 bytes available");
        assert!(!Budget::beside(1500, 1000).holds(0), "not even nothing fits");
    }

    #[test]
    fn times_and_answers_stand_there_once_something_ran() {
        let (model, plan, run) = (sample::model(), sample::plan(), sample::run());
        let slow = RunReport { total_ms: 5.0, ..sample::run() };
        let a = Side { run: Some(&run), answer: Some("heart 0.90"), ..side(&model, &plan) };
        let b = Side { run: Some(&slow), ..a };
        let change = |a: &Side<'_>, b: &Side<'_>, name: &str| {
            let rows = rows(a, b, None);
            rows.into_iter().find(|row| row.name == name).map(|row| (row.figures, row.change))
        };
        let (figures, times) = change(&a, &b, page::TIME_HERE).unwrap();
        assert_eq!((figures, times.as_str()), (["2.5 ms".into(), "5.0 ms".into()], "× 2.00"));
        assert_eq!(change(&a, &b, page::ANSWER), None, "one model: the bytes say more");
        let other = ModelReport { sha256: "ffff".repeat(16), ..sample::model() };
        let b = Side { model: &other, run: None, answer: None, ..b };
        let told = |name: &str| {
            let (figures, change) = change(&a, &b, name).unwrap();
            [figures.join(" | "), change].join(" | ")
        };
        assert_eq!(told(page::TIME_HERE), "2.5 ms | not run | run both");
        assert_eq!(told(page::ANSWER), "heart 0.90 | not run | two models");
        assert_eq!(told(page::PEAK_AT), "#0 | #0 | two models");
        let b = Side { run: Some(&slow), ..b };
        let told = |name: &str| change(&a, &b, name).unwrap().0;
        assert_eq!(told(page::ANSWER), ["heart 0.90", "no classes"]);
        let quick = RunReport { total_ms: 0.0, ..sample::run() };
        let a = Side { run: Some(&quick), ..a };
        assert_eq!(change(&a, &b, page::TIME_HERE).unwrap().1, "too short");
    }

    #[test]
    fn outputs_are_compared_of_one_model_and_input_only() {
        let (model, plan, run) = (sample::model(), sample::plan(), sample::run());
        let (bytes, same_bytes, others) = (vec![vec![1u8, 2]], vec![vec![1u8, 2]], vec![vec![3u8]]);
        let a = Side { run: Some(&run), inputs: &bytes, ..side(&model, &plan) };
        let (is_same, words) = outputs(&a, &Side { inputs: &same_bytes, ..a });
        assert_eq!((is_same, words.as_str()), (Some(true), "Same bytes: yes, sha256 abcdef01…"));
        let mut wrong = sample::run();
        wrong.outputs[0].sha256 = "ffff0000".to_owned();
        let (is_same, words) = outputs(&a, &Side { run: Some(&wrong), ..a });
        assert_eq!(is_same, Some(false));
        assert!(words.contains("abcdef01… against ffff0000…"), "{words}");
        let refused = |b: &Side<'_>, why: &str| {
            let (is_same, words) = outputs(&a, b);
            assert!(is_same.is_none() && words.contains(why), "{words}");
        };
        refused(&Side { inputs: &others, ..a }, "another input");
        refused(&Side { run: None, ..a }, "Run both");
        let other = ModelReport { sha256: "ffff".repeat(16), ..sample::model() };
        refused(&Side { model: &other, ..a }, "two models");
        refused(&Side { passes: Passes::NONE, ..a }, "one is float");
    }

    #[test]
    fn the_curves_have_a_twin_in_words() {
        let model = sample::model();
        let (one, patched) = (sample::plan(), sample::patched_plan(2, 2));
        let words = curves_words(&side(&model, &one), &side(&model, &patched));
        assert_eq!(
            words,
            "A needs most, 704 B at #0; B 403 B at #0. B needs less at 2 operators, more at 0."
        );
        let other = ModelReport { sha256: "ffff".repeat(16), ..sample::model() };
        let words = curves_words(&side(&model, &one), &side(&other, &patched));
        assert!(words.ends_with("B 403 B at #0."), "{words}");
    }

    #[test]
    fn changes_are_relative_to_a() {
        assert_eq!(recompute_short(133, 100), "+33 %");
        assert_eq!(recompute_short(50, 100), "−50 %");
        assert_eq!(recompute_short(1_004, 1_000), "+0.4 %");
        assert_eq!(recompute_short(1_000_001, 1_000_000), "+<0.1 %");
        assert_eq!((recompute_short(9, 0), recompute_short(0, 0)), ("+9".into(), "±0".into()));
        assert_eq!((change(1024, 512), change(512, 1024)), ("−512 B".into(), "+512 B".into()));
        assert_eq!(change(7, 7), "±0");
    }
}
