//! The number on the screen is the number used: one arena of exactly the planned bytes.

use crate::support::runs::open;
use std::sync::Arc;
use tinyml_playground::{
    exec::{Checked, ExecError, run},
    kernels::Reference,
    model::Limits,
    plan::{Solution, Violation, validate},
    report::{InputImage, ScheduleChoice},
    schedule::{Schedule, problem},
    session::{Error, Planned, Recorder, Session},
};

const MODEL: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");
const PATCHED: ScheduleChoice = ScheduleChoice::Patched {
    stage_end: 9,
    rows: 4,
    columns: 4,
    input_image: InputImage::Resident,
};

fn run_in(
    session: &Session<Reference>,
    planned: &Planned,
    arena_bytes: usize,
) -> Result<u64, Error> {
    let inputs = session.inputs_from_noise(1);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let mut arena = vec![0; arena_bytes];
    let mut recorder = Recorder::new(session.graph());
    session.run(planned, &inputs, &mut arena, &mut recorder)?;
    Ok(session.plan_report(planned).arena_bytes)
}

#[test]
fn a_run_takes_exactly_the_bytes_that_the_report_shows() {
    let session = open(MODEL);
    for choice in [ScheduleChoice::Layerwise, PATCHED] {
        let planned = session.plan(choice).unwrap();
        let shown = usize::try_from(session.plan_report(&planned).arena_bytes).unwrap();
        run_in(&session, &planned, shown).unwrap();
        for wrong in [shown - 1, shown + 1, 0] {
            let error = run_in(&session, &planned, wrong).unwrap_err();
            let expected = ExecError::ArenaSize { found: wrong, planned: shown as u64 };
            assert_eq!(error, Error::Exec(expected));
        }
    }
}

/// A plan that claims one byte less than it needs is caught, whatever the arena's length.
#[test]
fn a_plan_shrunk_by_one_byte_fails() {
    let session = open(MODEL);
    for choice in [ScheduleChoice::Layerwise, PATCHED] {
        let mut planned = session.plan(choice).unwrap();
        planned.solution.height_bytes -= 1;
        let arena_bytes = usize::try_from(planned.solution.height_bytes).unwrap();
        let error = run_in(&session, &planned, arena_bytes).unwrap_err();
        assert!(matches!(error, Error::Exec(ExecError::Plan(Violation::Height(_)))), "{error}");
    }
}

/// The arena has no byte to spare: with the topmost buffer moved down by one, bytes are shared and
/// the answer changes or the plan is caught.
#[test]
fn two_buffers_that_share_a_byte_are_caught() {
    let session = open(MODEL);
    let Planned { schedule, mut solution, .. } = session.plan(ScheduleChoice::Layerwise).unwrap();
    assert_eq!(validate(&problem(&schedule), &solution), Ok(()));
    let ends = schedule.buffers.iter().zip(&solution.offsets);
    let top = ends.map(|(buffer, offset)| buffer.bytes as u64 + offset).enumerate();
    let (top, _) = top.max_by_key(|(_, end)| *end).unwrap();
    solution.offsets[top] -= 1;
    solution.height_bytes -= 1;
    let found = validate(&problem(&schedule), &solution);
    assert!(matches!(found, Err(Violation::Overlap(..))), "{found:?}");
}

#[test]
fn inputs_of_the_wrong_size_are_refused() {
    let session = open(MODEL);
    let Planned { schedule, solution, .. } = session.plan(ScheduleChoice::Layerwise).unwrap();
    let refused = |inputs: &[&[u8]]| start(&session, &schedule, &solution, inputs).unwrap_err();
    assert_eq!(refused(&[]), ExecError::InputCount { found: 0, expected: 1 });
    let expected = ExecError::InputSize { input: 0, found: 5, expected: 27_648 };
    assert_eq!(refused(&[&[0; 5]]), expected);
}

#[test]
fn a_plan_that_was_checked_for_another_program_is_refused() {
    let [one, other] = [open(MODEL), open(MODEL)];
    let planned = one.plan(ScheduleChoice::Layerwise).unwrap();
    let checked = one.check(&planned).unwrap();
    let input = vec![0; 27_648];
    let arena = || Session::<Reference>::arena(&planned).unwrap();
    let refused = other.start_checked(&checked, &[&input], arena()).err();
    assert!(matches!(refused, Some(Error::Exec(ExecError::OtherProgram))), "{refused:?}");
    assert!(one.start_checked(&checked, &[&input], arena()).is_ok());
}

fn start(
    session: &Session<Reference>,
    schedule: &Arc<Schedule>,
    solution: &Solution,
    inputs: &[&[u8]],
) -> Result<(), ExecError> {
    let graph = Arc::new(session.graph().clone());
    let program = tinyml_playground::exec::Program::<Reference>::new(graph, &Limits::default())?;
    let mut arena = vec![0; usize::try_from(solution.height_bytes).unwrap()];
    let checked = Checked::new(&program, Arc::clone(schedule), solution)?;
    run(&program, &Arc::new(checked), inputs, &mut arena, &mut ()).map(|_| ())
}
