//! The tables of the page as values: every figure to the last byte.

use super::{Cell, Table};
use crate::{
    report::{
        CandidateReport, Family, FrontReport, HostPass, InputImage, ModelReport, PlanReport,
        RunReport, RungReport, ScheduleChoice,
    },
    text::{
        comparison::{Side, choice_words},
        plan_words, rung_name, shape,
    },
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
            need.bytes.into(),
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

/// Two plans beside each other: a figure a row, its unit in its name.
#[must_use]
pub fn comparison_table(sides: [&Side<'_>; 2]) -> Table {
    let figure = |name: &str, of: &dyn Fn(&Side<'_>) -> Cell| {
        let [a, b] = sides.map(of);
        vec![name.into(), a, b]
    };
    let rows = vec![
        figure("file_name", &|side| side.file_name.into()),
        figure("sha256", &|side| side.model.sha256.as_str().into()),
        figure("plan", &|side| choice_words(side.plan.choice, side.passes).into()),
        figure("arena_bytes", &|side| side.plan.arena_bytes.into()),
        figure("lower_bound_bytes", &|side| side.plan.lower_bound_bytes.into()),
        figure("peak_operator", &|side| {
            side.plan.neediest_operator().map_or(Cell::Missing, Cell::from)
        }),
        figure("macs", &|side| side.plan.macs.into()),
        figure("time_ms", &|side| side.run.map_or(Cell::Missing, |run| Cell::Ms(run.total_ms))),
        figure("output_sha256", &|side| {
            let output = side.run.and_then(|run| run.outputs.first());
            output.map_or(Cell::Missing, |output| output.sha256.as_str().into())
        }),
    ];
    Table { name: "comparison", columns: &["figure", "a", "b"], rows }
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
        let (model, one, other) = (sample::model(), sample::plan(), sample::patched_plan(2, 2));
        let side = |plan| Side {
            file_name: "a.tflite",
            model: &model,
            passes: crate::report::Passes::default(),
            plan,
            run: None,
            inputs: &[],
            answer: None,
        };
        let table = comparison_table([&side(&one), &side(&other)]);
        assert!(table.rows.iter().all(|row| row.len() == 3));
        assert_eq!(table.rows[3][1..], [one.arena_bytes, other.arena_bytes].map(Cell::Count));
        assert_eq!(table_name("a.b.tflite", "front", ".csv"), "a.b.front.csv");
    }
}
