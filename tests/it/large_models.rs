//! Models larger than any that people train for microcontrollers: answered in time all the same.
//!
//! Time limits are far above what a machine takes, and far below what it took without bounds.

use crate::support::{
    busy::busy_time,
    random::Random,
    runs::open,
    tflite_writer::{ModelSpec, OperatorSpec, TensorSpec, build},
};
use std::time::Duration;
use tinyml_playground::{
    kernels::Reference,
    plan::validate,
    report::{PlanChoice, Planner},
    schedule::problem,
    session::Session,
};

fn tensor(model: &mut ModelSpec, bytes: i32) -> i32 {
    model.tensor(TensorSpec::int8("", &[1, bytes]).quantized(0.5, 0))
}

/// A chain of operators that each read one more tensor, of the last `reach`: lifespans of all lengths
/// cross.
fn tangled(operators: usize, reach: usize) -> Session<Reference> {
    let mut random = Random::new(11);
    let mut model = ModelSpec::default();
    let mut last = vec![tensor(&mut model, 100)];
    model.inputs = last.clone();
    for _ in 0..operators {
        let output = tensor(&mut model, random.between(50, 1_000));
        let back = last[last.len() - 1 - random.below(last.len().min(reach))];
        model.operator(OperatorSpec::custom("c", &[last[last.len() - 1], back], &[output]));
        last.push(output);
    }
    model.outputs = vec![last[last.len() - 1]];
    open(&build(&model))
}

#[test]
fn every_planner_ends_in_time_on_1500_operators() {
    let mut open = 0;
    for reach in [5, 40, 300, 1_500] {
        let session = tangled(1_500, reach);
        let of = |planner| {
            let started = busy_time();
            let planned = session.plan(PlanChoice::default().with_planner(planner)).unwrap();
            let took = busy_time() - started;
            let solution = planned.solution;
            println!("{reach}, {planner:?}: {took:?}, proven: {}", solution.is_optimal());
            assert_eq!(validate(&problem(&planned.schedule), &solution), Ok(()));
            assert!(took < Duration::from_secs(2), "{reach}, {planner:?}: {took:?}");
            (took, solution)
        };
        for planner in [Planner::NoReuse, Planner::PingPong, Planner::Tflm, Planner::TinyEngine] {
            of(planner);
        }
        let ((took, refined), (_, exact)) = (of(Planner::Refined), of(Planner::Exact));
        assert!(took < Duration::from_millis(300), "{reach}: {took:?}");
        assert!(exact.height_bytes <= refined.height_bytes);
        open += usize::from(!exact.is_optimal());
    }
    assert!(open > 0, "no search goes to its limit");
}
