//! Patch-based inference gives layer-wise inference's bytes: every step, halos included.

use crate::support::{
    golden::golden_models,
    networks::Network,
    random::{Random, Seed},
    runs::{Run, open, open_for, random_patches, run_compared, run_guarded, run_planned},
};
use tinyml_playground::{
    kernels::{Portable, Reference},
    report::{InputImage, ScheduleChoice},
    session::Session,
};

/// Multiply-accumulates that one model's sweep may cost: beyond it the schedules are sampled.
const SWEEP_MACS: u64 = 4_000_000_000;

/// The sample's seed.
const SEED: u64 = 20_261_124;

#[test]
fn every_stage_end_and_grid_of_the_golden_models_gives_the_same_bytes() {
    let mut random = Random::new(SEED);
    for (id, bytes) in golden_models() {
        let session = open(&bytes);
        let all = choices(&session);
        if all.is_empty() {
            continue;
        }
        let sample = affordable(&session, &all, &mut random);
        println!(
            "{id}: {} of {} schedules ({} stage ends), seed {SEED}",
            sample.len(),
            all.len(),
            session.report().stage_ends.len()
        );
        check_all(&session, &sample);
    }
}

#[test]
fn every_stage_end_and_grid_of_the_bundled_model_gives_the_same_bytes() {
    let session = open(include_bytes!("../../models/mobilenet_v2_035_96.tflite"));
    let all = choices(&session);
    assert!(all.len() > 1000, "the model has a patch stage");
    let sample = affordable(&session, &all, &mut Random::new(SEED));
    println!("{} of {} schedules, seed {SEED}", sample.len(), all.len());
    check_all(&session, &sample);
}

/// What is delivered of a streamed input is all that a patch has of it, and the tests above poison the rest.
#[test]
fn patches_read_of_a_resident_input_what_is_delivered_of_a_streamed_one() {
    let session = open(include_bytes!("../../models/emoji96.tflite"));
    for [stage_end, rows, columns] in [[13, 6, 6], [13, 3, 6], [4, 1, 5]] {
        let report = |input_image| {
            let choice = ScheduleChoice::Patched { stage_end, rows, columns, input_image };
            session.plan_report(&session.plan(choice).unwrap())
        };
        let resident = report(InputImage::Resident);
        let delivered: Vec<_> = report(InputImage::Streamed)
            .steps
            .iter()
            .filter(|step| step.operator.is_none())
            .map(|step| step.region)
            .collect();
        assert_eq!(delivered.len(), (rows * columns) as usize);
        assert_eq!(resident.patch_inputs, delivered);
    }
}

/// Every stage end with every grid up to 8x8, or the split tensor's size, resident and streamed.
fn choices(session: &Session<Reference>) -> Vec<ScheduleChoice> {
    let graph = session.graph();
    let mut choices = Vec::new();
    for &stage_end in &session.report().stage_ends {
        let position = graph.position(stage_end as usize).unwrap();
        let map = graph.tensor(graph.nodes[position].outputs[0]).shape.map();
        let sides = |side: usize| 1..=u32::try_from(side.min(8)).unwrap();
        for rows in sides(map.height) {
            for columns in sides(map.width) {
                for input_image in [InputImage::Resident, InputImage::Streamed] {
                    choices.push(ScheduleChoice::Patched { stage_end, rows, columns, input_image });
                }
            }
        }
    }
    choices
}

/// All choices in random order, as many as the sweep may cost; at least one for each stage end.
fn affordable(
    session: &Session<Reference>,
    all: &[ScheduleChoice],
    random: &mut Random,
) -> Vec<ScheduleChoice> {
    let mut shuffled = all.to_vec();
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, random.below(last + 1));
    }
    let mut seen_ends = std::collections::BTreeSet::new();
    let mut spent = 0;
    shuffled.retain(|&choice| {
        let ScheduleChoice::Patched { stage_end, .. } = choice else { return false };
        let is_first = seen_ends.insert(stage_end);
        let macs = session.plan(choice).unwrap().schedule.macs();
        let affordable = is_first || spent + macs <= SWEEP_MACS;
        if affordable {
            spent += macs;
        }
        affordable
    });
    shuffled
}

fn check_all(session: &Session<Reference>, choices: &[ScheduleChoice]) {
    let inputs = session.inputs_from_noise(3);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let whole = run_guarded(session, ScheduleChoice::Layerwise, &inputs);
    for &choice in choices {
        check(session, choice, &inputs, &whole);
    }
}

fn check(session: &Session<Reference>, choice: ScheduleChoice, inputs: &[&[u8]], whole: &Run) {
    let planned = session.plan(choice).unwrap();
    let patched = run_planned(session, &planned, inputs);
    assert!(patched.trace.outputs == whole.trace.outputs, "{choice:?}");
    // What a patch computes of a map, in the halo too, is what the layer-wise run computed there.
    for (position, capture) in patched.captures.iter().enumerate() {
        let (Some(found), Some(expected)) = (capture, &whole.captures[position]) else { continue };
        if found.is_complete() {
            assert!(found.bytes == expected.bytes, "{choice:?}, position {position}");
        }
    }
}

#[test]
fn every_step_of_a_patch_equals_the_map_it_belongs_to() {
    let session = open(include_bytes!("../../models/mobilenet_v2_035_96.tflite"));
    let inputs = session.inputs_from_noise(5);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let whole = run_guarded(&session, ScheduleChoice::Layerwise, &inputs);
    let choice = ScheduleChoice::Patched {
        stage_end: 9,
        rows: 3,
        columns: 4,
        input_image: InputImage::Streamed,
    };
    let steps = run_compared(&session, choice, &inputs, &whole);
    assert!(steps > 12 * 10, "{steps} steps");
}

/// The same on networks with every mix of strides, dilations, paddings and residuals.
#[test]
fn every_step_of_random_networks_equals_the_map_it_belongs_to() {
    let mut steps = 0;
    for seed in 0..300 {
        let _named = Seed(seed);
        let session = open(&Network::build(seed));
        let inputs = session.inputs_from_noise(seed as u32);
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let whole = run_guarded(&session, ScheduleChoice::Layerwise, &inputs);
        for choice in random_patches(&session, &mut Random::new(seed + 2)) {
            steps += run_compared(&session, choice, &inputs, &whole);
        }
    }
    assert!(steps > 50_000, "{steps} steps");
}

/// The portable kernels compute every region of every patch as the reference kernels compute the
/// map that it belongs to.
#[test]
fn every_step_of_the_portable_kernels_equals_the_reference() {
    let mut steps = 0;
    for seed in 0..300 {
        let _named = Seed(seed);
        let bytes = Network::build(seed);
        let (session, portable) = (open(&bytes), open_for::<Portable>(&bytes));
        let inputs = session.inputs_from_noise(seed as u32);
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let whole = run_guarded(&session, ScheduleChoice::Layerwise, &inputs);
        steps += run_compared(&portable, ScheduleChoice::Layerwise, &inputs, &whole);
        for choice in random_patches(&portable, &mut Random::new(seed + 2)) {
            steps += run_compared(&portable, choice, &inputs, &whole);
        }
    }
    assert!(steps > 50_000, "{steps} steps");
}
