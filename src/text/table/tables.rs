//! The tables of the page as values: every figure to the last byte.

use super::{Cell, Table};
use crate::{
    report::{
        CandidateReport, Family, FrontReport, HostPass, InputImage, ModelReport, PlanReport,
        RunReport, RungReport, ScheduleChoice,
    },
    text::{plan_words, rung_name, shape},
};

/// The operators as the shown plan runs them, with the times of a run where there is one.
///
/// `needed_bytes` is the most that must be in the arena during an operator, scratch included; `macs`
/// counts what patches repeat; `steps` is how often it runs.
#[must_use]
pub fn operators_table(model: &ModelReport, plan: &PlanReport, run: Option<&RunReport>) -> Table {
    let needs = plan.needs_by_operator(model.operators.len());
    let mut times = vec![Cell::Missing; model.operators.len()];
    for time in run.iter().flat_map(|run| &run.operators) {
        if let Some(place) = times.get_mut(time.operator as usize) {
            *place = Cell::Ms(time.ms);
        }
    }
    let rows = model.operators.iter().zip(&needs).zip(times).map(|((operator, need), time)| {
        vec![
            operator.index.into(),
            operator.kind.as_str().into(),
            family(operator.family).into(),
            shape(&operator.output_shape).into(),
            need.needed_bytes.into(),
            need.scratch_bytes.into(),
            need.macs.into(),
            operator.constant_bytes.into(),
            need.steps.into(),
            operator.removed_by.map_or(Cell::Missing, |by| removed_by(by).into()),
            time,
        ]
    });
    Table { name: "operators", columns: OPERATORS, rows: rows.collect() }
}

const OPERATORS: &[&str] = &[
    "operator",
    "kind",
    "family",
    "output_shape",
    "needed_bytes",
    "scratch_bytes",
    "macs",
    "constant_bytes",
    "steps",
    "removed_by",
    "time_ms",
];

/// As reports name it.
const fn family(family: Family) -> &'static str {
    match family {
        Family::Convolution => "convolution",
        Family::Depthwise => "depthwise",
        Family::ElementWise => "element_wise",
        Family::Dense => "dense",
        Family::Other => "other",
    }
}

/// As reports name it.
const fn removed_by(pass: HostPass) -> &'static str {
    match pass {
        HostPass::FloatBoundary => "float_boundary",
        HostPass::FoldedPad => "folded_pad",
    }
}

/// The rungs of the ladder; `budget_bytes` is what the arena may take.
#[must_use]
pub fn rungs_table(rungs: &[RungReport], budget_bytes: u64) -> Table {
    let rows = rungs.iter().map(|one| {
        vec![
            rung_name(one.rung).into(),
            plan_words(one.choice.schedule).into(),
            one.arena_bytes.into(),
            (one.arena_bytes <= budget_bytes).into(),
            one.lower_bound_bytes.into(),
            one.is_proven().into(),
            one.peak_bytes.into(),
            one.scratch_bytes.into(),
            one.macs.into(),
            one.macs_layerwise.into(),
        ]
    });
    Table { name: "planners", columns: RUNGS, rows: rows.collect() }
}

const RUNGS: &[&str] = &[
    "planner",
    "schedule",
    "arena_bytes",
    "fits",
    "lower_bound_bytes",
    "is_proven",
    "peak_bytes",
    "scratch_bytes",
    "macs",
    "macs_layerwise",
];

const SCHEDULES: &[&str] = &[
    "schedule",
    "stage_end",
    "rows",
    "columns",
    "input",
    "arena_bytes",
    "fits",
    "peak_bytes",
    "macs",
    "macs_layerwise",
];

/// The front: arena against multiply-accumulates.
#[must_use]
pub fn front_table(front: &FrontReport, budget_bytes: u64) -> Table {
    schedules("front", &front.front, Some(front.macs_layerwise), budget_bytes)
}

/// The square grids that were tried, best first.
#[must_use]
pub fn candidates_table(
    candidates: &[CandidateReport],
    macs_layerwise: Option<u64>,
    budget_bytes: u64,
) -> Table {
    schedules("grids", candidates, macs_layerwise, budget_bytes)
}

fn schedules(
    name: &'static str,
    schedules: &[CandidateReport],
    macs_layerwise: Option<u64>,
    budget_bytes: u64,
) -> Table {
    let rows = schedules.iter().map(|one| {
        let mut row = vec![plan_words(one.choice).into()];
        row.extend(match one.choice {
            ScheduleChoice::Patched { stage_end, rows, columns, input_image } => {
                let input = match input_image {
                    InputImage::Resident => "resident",
                    InputImage::Streamed => "streamed",
                };
                [stage_end.into(), rows.into(), columns.into(), input.into()]
            }
            _ => [Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing],
        });
        row.extend([
            one.arena_bytes.into(),
            (one.arena_bytes <= budget_bytes).into(),
            one.peak_bytes.into(),
            one.macs.into(),
            macs_layerwise.map_or(Cell::Missing, Cell::Count),
        ]);
        row
    });
    Table { name, columns: SCHEDULES, rows: rows.collect() }
}

/// Layer by layer beside patches: a figure a row, its unit in its name.
#[must_use]
pub fn comparison_table(plans: [&PlanReport; 2], runs: [Option<&RunReport>; 2]) -> Table {
    let figure = |name: &str, cells: [Cell; 2]| {
        let [one, other] = cells;
        vec![name.into(), one, other]
    };
    let operator = |plan: &PlanReport| plan.neediest_operator().map_or(Cell::Missing, Cell::from);
    let outputs = |run: Option<&RunReport>| {
        let first = run.and_then(|run| run.outputs.first());
        first.map_or(Cell::Missing, |output| output.sha256.as_str().into())
    };
    let rows = vec![
        figure("schedule", plans.map(|plan| plan_words(plan.choice.schedule).into())),
        figure("arena_bytes", plans.map(|plan| plan.arena_bytes.into())),
        figure("lower_bound_bytes", plans.map(|plan| plan.lower_bound_bytes.into())),
        figure("peak_operator", plans.map(operator)),
        figure("macs", plans.map(|plan| plan.macs.into())),
        figure("time_ms", runs.map(|run| run.map_or(Cell::Missing, |run| Cell::Ms(run.total_ms)))),
        figure("output_sha256", runs.map(outputs)),
    ];
    Table { name: "comparison", columns: &["figure", "layer_by_layer", "in_patches"], rows }
}

/// What a file of a model's table is called: `person_detect.operators.csv`.
#[must_use]
pub fn table_name(model_file: &str, what: &str, ending: &str) -> String {
    let stem = model_file.strip_suffix(".tflite").unwrap_or(model_file);
    [stem, ".", what, ending].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn operators_have_the_plans_bytes_and_the_runs_times() {
        let model = sample::model();
        let table = operators_table(&model, &sample::patched_plan(2, 2), Some(&sample::run()));
        assert_eq!(table.rows.len(), model.operators.len());
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        let column = |name: &str| table.columns.iter().position(|one| *one == name).unwrap();
        assert_eq!(table.rows[0][column("needed_bytes")], Cell::Count(403));
        assert_eq!(table.rows[0][column("steps")], Cell::Count(4));
        assert!(matches!(table.rows[0][column("time_ms")], Cell::Ms(_)));
        assert_eq!(table.rows[0][column("output_shape")], Cell::from("1x8x8x8"));
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn names_are_those_of_reports() {
        for one in [
            Family::Convolution,
            Family::Depthwise,
            Family::ElementWise,
            Family::Dense,
            Family::Other,
        ] {
            assert_eq!(serde_json::to_value(one).unwrap(), family(one));
        }
        for one in [HostPass::FloatBoundary, HostPass::FoldedPad] {
            assert_eq!(serde_json::to_value(one).unwrap(), removed_by(one));
        }
    }

    #[test]
    fn every_row_has_every_column() {
        let front = sample::front();
        let candidates = candidates_table(&front.front, None, 700);
        for table in [rungs_table(&sample::rungs(), 700), front_table(&front, 700), candidates] {
            assert!(!table.rows.is_empty());
            assert!(
                table.rows.iter().all(|row| row.len() == table.columns.len()),
                "{}",
                table.name
            );
        }
        let (one, other) = (sample::plan(), sample::patched_plan(2, 2));
        let table = comparison_table([&one, &other], [None, Some(&sample::run())]);
        assert!(table.rows.iter().all(|row| row.len() == 3));
        assert_eq!(table.rows[1][1], Cell::Count(one.arena_bytes));
        assert_eq!(table_name("a.b.tflite", "front", ".csv"), "a.b.front.csv");
    }
}
