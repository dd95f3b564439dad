//! The plan inside the `.tflite` file.

use super::{BUNDLED, model, open_as_stored, samples, source};
use crate::support::{
    flatbuffer_writer::{Node, Slot, nodes, number, numbers, text, write},
    graphs::Graph,
    networks::{Network, padded_float_boundary},
    random::Random,
    runs::{open, run_guarded},
    tflite_writer::{ModelSpec, TensorSpec, build, root},
};
use std::sync::Arc;
use tinyml_playground::{
    handover::{
        Format, HandOverError, OFFLINE_METADATA, OfflineRefusal, offline_plan, offline_refusal,
    },
    kernels::Reference,
    model::{Limits, MetadataError, Model, metadata, read, with_metadata},
    report::ProblemKind,
    schedule::{Action, InPlace, InputImage, PlanChoice, ScheduleChoice},
    session::{Error, Session},
    tensor::{DataType, TensorId},
};

/// The layer-wise plan as stored, inside the file.
fn written(bytes: &[u8]) -> Vec<u8> {
    let session = open_as_stored(bytes);
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    session.hand_over(&planned, Format::Tflite, "a model", None).unwrap().bytes
}

/// The metadata's integers.
fn words(model: &Model, name: &str) -> Option<Vec<i32>> {
    let range = metadata(model, name).unwrap()?;
    assert_eq!(range.start % 16, 0, "readers take it as aligned");
    let words = model.bytes[range].chunks_exact(4);
    Some(words.map(|word| i32::from_le_bytes(word.try_into().unwrap())).collect())
}

/// Both say the same, but for where constants lie and which file they are.
#[track_caller]
fn assert_same_but_for_metadata(old: &Model, new: &Model) {
    let nameless = |model: &Model| Model { bytes: Arc::from([]), ..model.clone() };
    let mut moved = nameless(new);
    let shift = new.bytes.len() - old.bytes.len();
    assert!(new.bytes.ends_with(&old.bytes), "the old file is in the new one, byte for byte");
    assert_eq!(shift % 16, 0);
    for tensor in &mut moved.tensors {
        if let Some(constant) = &mut tensor.constant {
            *constant = constant.start - shift..constant.end - shift;
        }
    }
    // As text, in which a scale that is no number equals itself.
    let old = format!("{:?}", nameless(old));
    assert!(format!("{moved:?}") == old, "a field has changed");
}

/// For each tensor the first and last operator that needs it, counted here anew from the file's
/// lists: `None` for constants and what nobody touches.
fn lives(model: &Model) -> Vec<Option<[usize; 2]>> {
    let mut lives: Vec<Option<[usize; 2]>> = vec![None; model.tensors.len()];
    let last = model.operators.len() - 1;
    let mut touch = |id: TensorId, first: usize, end: usize| {
        if model.tensors[id.index()].constant.is_none() {
            let life = lives[id.index()].get_or_insert([first, end]);
            *life = [life[0].min(first), life[1].max(end)];
        }
    };
    for (position, operator) in model.operators.iter().enumerate() {
        for &id in operator.inputs.iter().flatten().chain(&operator.outputs) {
            touch(id, position, position);
        }
    }
    model.inputs.iter().for_each(|&id| touch(id, 0, 0));
    model.outputs.iter().for_each(|&id| touch(id, last, last));
    lives
}

/// The one whose bytes it may share: a RESHAPE and its like only rename.
fn renamed_from(model: &Model, id: usize) -> usize {
    let renames = ["RESHAPE", "SQUEEZE", "EXPAND_DIMS"];
    let writer = model.operators.iter().find(|operator| {
        operator.outputs.iter().any(|output| output.index() == id)
            && renames.contains(&operator.kind.as_str())
    });
    match writer.and_then(|operator| operator.inputs[0]) {
        Some(input) if model.tensors[input.index()].constant.is_none() => {
            renamed_from(model, input.index())
        }
        _ => id,
    }
}

#[track_caller]
fn assert_offsets_are_a_plan(model: &Model, words: &[i32], arena_bytes: u64) {
    assert_eq!(words[..3], [1, 0, model.tensors.len() as i32]);
    let (offsets, lives) = (&words[3..], lives(model));
    assert_eq!(offsets.len(), lives.len());
    let mut height = 0;
    for (a, tensor) in model.tensors.iter().enumerate() {
        let Some(life) = lives[a] else {
            assert_eq!(offsets[a], -1, "tensor {a} lies in no arena");
            continue;
        };
        assert!(offsets[a] >= 0 && offsets[a] % 16 == 0, "tensor {a}: {}", offsets[a]);
        let range = offsets[a] as u64..offsets[a] as u64 + tensor.bytes as u64;
        height = height.max(range.end);
        for b in 0..a {
            let Some(other) = lives[b] else { continue };
            let begin = offsets[b] as u64;
            let shares = begin < range.end && range.start < begin + model.tensors[b].bytes as u64;
            let meet = life[0] <= other[1] && other[0] <= life[1];
            let renamed = renamed_from(model, a) == renamed_from(model, b);
            assert!(!(shares && meet) || renamed, "tensors {b} and {a} share bytes");
        }
    }
    assert_eq!(arena_bytes, height.next_multiple_of(16));
}

#[test]
fn written_files_are_the_same_model_with_the_plan_of_every_tensor() {
    for bytes in samples() {
        let session = open_as_stored(&bytes);
        let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
        let file = session.hand_over(&planned, Format::Tflite, "a model", None).unwrap();
        let (old, new) = (model(&bytes), model(&file.bytes));
        assert_same_but_for_metadata(&old, &new);
        let words = words(&new, OFFLINE_METADATA).unwrap();
        assert_offsets_are_a_plan(&new, &words, file.arena_bytes);
        let plan = offline_plan(&source(&session, &planned, &old));
        assert_eq!(plan.unwrap().offsets, words[3..]);
        assert!(file.arena_bytes >= session.report().lower_bound_bytes);
        assert!(file.bytes.len() - bytes.len() < 1024 + 16 * old.tensors.len());
    }
}

#[test]
fn offsets_of_an_aligned_plan_are_the_plans_own() {
    let session = open_as_stored(BUNDLED);
    let mut planned = session.plan(PlanChoice::TFLM).unwrap();
    let problem = tinyml_playground::schedule::problem(&planned.schedule);
    // Upside down is a plan as well, and no planner's.
    let height = planned.solution.height_bytes;
    for (offset, buffer) in planned.solution.offsets.iter_mut().zip(&problem.buffers) {
        *offset = height - *offset - buffer.size_bytes;
    }
    let file = session.hand_over(&planned, Format::Tflite, "a model", None).unwrap();
    let words = words(&model(&file.bytes), OFFLINE_METADATA).unwrap();
    for (buffer, &offset) in planned.schedule.buffers.iter().zip(&planned.solution.offsets) {
        assert_eq!(words[3 + buffer.tensor.index()] as u64, offset, "{:?}", buffer.tensor);
    }
}

#[test]
fn written_files_run_like_the_old_ones() {
    for seed in 0..12 {
        let bytes = Network::build(seed);
        let (old, new) = (open(&bytes), open(&written(&bytes)));
        let inputs = old.inputs_from_noise(7);
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let outputs = |session| run_guarded(session, ScheduleChoice::Layerwise, &inputs).trace;
        assert_eq!(outputs(&old).outputs, outputs(&new).outputs);
    }
}

#[test]
fn a_second_plan_takes_the_place_of_the_first() {
    let once = written(BUNDLED);
    let twice = written(&once);
    let other = with_metadata(&model(&twice), "something else", b"kept").unwrap();
    let third = written(&other);
    let (once, third) = (model(&once), model(&third));
    assert_eq!(words(&once, OFFLINE_METADATA), words(&third, OFFLINE_METADATA));
    let kept = metadata(&third, "something else").unwrap().unwrap();
    assert_eq!(&third.bytes[kept], b"kept");
    let name = OFFLINE_METADATA.as_bytes();
    let in_lists = third.bytes.windows(name.len()).filter(|window| *window == name).count();
    assert_eq!(in_lists, 3, "old entries' names are left in the file, but only as dead bytes");
    let stale = with_metadata(&third, OFFLINE_METADATA, &[9; 12]).unwrap();
    assert_eq!(words(&model(&stale), OFFLINE_METADATA).unwrap(), [0x0909_0909; 3]);
}

/// A network's file with more slots in the root table, and other buffers.
fn with_slots(more: Vec<(u16, Slot)>) -> Vec<u8> {
    let spec = Graph::build(3);
    let Node::Table(mut slots) = root(&spec, 0) else { unreachable!("the root is a table") };
    slots.extend(more);
    write(*b"TFL3", &Node::Table(slots))
}

#[test]
fn every_field_of_the_root_is_kept() {
    let entry = |name: &str, buffer: u32| Node::Table(vec![(0, text(name)), (1, number(buffer))]);
    let bytes = with_slots(vec![
        (5, numbers(&[0u32, 1])),
        (6, nodes(vec![entry("first", 1), entry(OFFLINE_METADATA, 1), entry("last", 1)])),
        (7, nodes(vec![Node::Table(vec![(2, text("serving_default"))])])),
    ]);
    let new = model(&written(&bytes));
    assert_same_but_for_metadata(&model(&bytes), &new);
    for name in ["first", "last"] {
        let data = metadata(&new, name).unwrap().unwrap();
        let old = metadata(&model(&bytes), name).unwrap().unwrap();
        assert_eq!(new.bytes[data], bytes[old]);
    }
    assert_eq!(words(&new, OFFLINE_METADATA).unwrap()[0], 1, "the old entry is replaced");
    // By hand: the root's table, its list of fields, and what the slots lead to.
    let u32_at = |at: usize| u32::from_le_bytes(new.bytes[at..at + 4].try_into().unwrap()) as usize;
    let u16_at = |at: usize| usize::from(u16::from_le_bytes([new.bytes[at], new.bytes[at + 1]]));
    let table = u32_at(0);
    let list = table - u32_at(table);
    let target = |slot: usize| {
        let at = table + u16_at(list + 4 + 2 * slot);
        at + u32_at(at)
    };
    let indices = target(5);
    assert_eq!([u32_at(indices), u32_at(indices + 4), u32_at(indices + 8)], [2, 0, 1]);
    assert_eq!(u32_at(target(7)), 1, "one signature");
    assert_eq!(u32_at(target(6)), 3, "three entries");
    assert_eq!(u32_at(table + u16_at(list + 4)), 3, "the version");
}

#[track_caller]
fn refused(bytes: &[u8]) -> HandOverError {
    let session = open_as_stored(bytes);
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    match session.hand_over(&planned, Format::Tflite, "a model", None) {
        Err(Error::HandOver(error)) => error,
        other => unreachable!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn files_that_do_not_stay_valid_behind_a_new_root_are_refused() {
    let later = with_slots(vec![(9, number(7u32))]);
    let error = HandOverError::Metadata(MetadataError::LaterField { slot: 9 });
    assert_eq!(refused(&later), error);
    let mut spec = Graph::build(3);
    spec.subgraphs = 2;
    let error = HandOverError::Metadata(MetadataError::Subgraphs(2));
    assert_eq!(refused(&build(&spec)), error);
    let mut spec = Graph::build(3);
    let constant = spec.tensors.iter_mut().find(|tensor| tensor.data.is_some()).unwrap();
    constant.data_behind = true;
    let error = HandOverError::Metadata(MetadataError::DataBehind { buffer: 1 });
    assert_eq!(refused(&build(&spec)), error);
    // A model without a constant, whose list of buffers is left out.
    let Node::Table(mut slots) = root(&no_constants(), 0) else { unreachable!() };
    slots.retain(|(slot, _)| *slot != 4);
    let error = HandOverError::Metadata(MetadataError::NoBuffers);
    assert_eq!(refused(&write(*b"TFL3", &Node::Table(slots))), error);
}

/// A SOFTMAX alone.
fn no_constants() -> ModelSpec {
    use crate::support::tflite_writer::{OperatorSpec, OptionsSpec, kind};
    let mut spec = ModelSpec::default();
    let input = spec.tensor(TensorSpec::int8("in", &[1, 4]).quantized(0.5, 0));
    let output = spec.tensor(TensorSpec::int8("out", &[1, 4]).quantized(1.0 / 256.0, -128));
    let options = OptionsSpec::Softmax { beta: 1.0 };
    spec.operator(OperatorSpec::new(kind::SOFTMAX, options, &[input], &[output]));
    (spec.inputs, spec.outputs) = (vec![input], vec![output]);
    spec
}

#[test]
fn plans_that_the_interpreter_cannot_follow_are_refused_with_their_reason() {
    let session = open_as_stored(BUNDLED);
    let refusal = |session: &Session<Reference>, choice: PlanChoice| {
        let planned = session.plan(choice).unwrap();
        let error = session.hand_over(&planned, Format::Tflite, "a model", None).unwrap_err();
        let problem = session.plan_report(&planned).offline_refusal;
        assert_eq!(problem, Some(error.problem()), "the report tells it beforehand");
        assert_eq!(error.problem().kind, ProblemKind::Choice);
        match error {
            Error::HandOver(HandOverError::Offline(refusal)) => refusal,
            other => unreachable!("{other:?}"),
        }
    };
    let patched =
        |input_image| ScheduleChoice::Patched { stage_end: 9, rows: 2, columns: 2, input_image };
    for image in [InputImage::Resident, InputImage::Streamed] {
        let found = refusal(&session, patched(image).into());
        assert_eq!(found, OfflineRefusal::Patches);
    }
    let strict = PlanChoice::default();
    let found = refusal(&session, strict.with_in_place(InPlace::Depthwise));
    assert!(matches!(found, OfflineRefusal::InPlace { .. }), "{found:?}");
    let float = open(&build(&padded_float_boundary(false)));
    let found = refusal(&float, strict);
    assert_eq!(found, OfflineRefusal::Passes { first: 0, count: 3 });
    let layerwise = session.plan(ScheduleChoice::Layerwise).unwrap();
    assert_eq!(session.plan_report(&layerwise).offline_refusal, None);
}

#[test]
fn another_order_than_the_files_is_refused() {
    let orders = samples().into_iter().map(|bytes| {
        let session = open_as_stored(&bytes);
        let planned = session.plan(ScheduleChoice::Reordered).unwrap();
        let mut in_order = planned.schedule.steps.iter().zip(0..);
        let is_files = in_order.all(|(step, position)| step.action == Action::Compute(position));
        let refusal = offline_refusal(session.graph(), &planned.schedule);
        assert_eq!(refusal, (!is_files).then_some(OfflineRefusal::Order));
        is_files
    });
    let (same, other): (Vec<_>, Vec<_>) = orders.partition(|is_files| *is_files);
    assert!(!same.is_empty() && !other.is_empty(), "both kinds were seen");
}

#[test]
fn variables_odd_elements_and_overlaps_are_refused() {
    let offline = |spec: &ModelSpec| match refused(&build(spec)) {
        HandOverError::Offline(refusal) => refusal,
        HandOverError::Metadata(error) => unreachable!("{error}"),
    };
    let mut spec = no_constants();
    spec.tensors[0].is_variable = true;
    assert_eq!(offline(&spec), OfflineRefusal::Variable { tensor: 0 });
    for data_type in [DataType::Int4, DataType::Opaque] {
        let mut spec = no_constants();
        spec.tensors[1].data_type = data_type;
        assert_eq!(offline(&spec), OfflineRefusal::Elements { tensor: 1 });
    }
    let session = open_as_stored(BUNDLED);
    let mut planned = session.plan(PlanChoice::TFLM).unwrap();
    planned.solution.offsets.fill(0);
    let error = session.hand_over(&planned, Format::Tflite, "a model", None).unwrap_err();
    let expected = |error: &Error| {
        matches!(error, Error::HandOver(HandOverError::Offline(OfflineRefusal::Overlap(_))))
    };
    assert!(expected(&error), "{error:?}");
}

#[test]
fn damaged_files_are_refused_or_written_without_a_panic() {
    let bytes = written(&Network::build(5));
    let mut random = Random::new(11);
    let (mut read_again, mut written_again) = (0, 0);
    for _ in 0..20_000 {
        let mut damaged = bytes.clone();
        for _ in 0..random.between(1, 4) {
            // Half of the damage in the front, where the lists of buffers and metadata lie.
            let most = [512, damaged.len()][random.below(2)];
            let at = random.below(most);
            damaged[at] = match random.below(3) {
                0 => random.byte(),
                1 => 0,
                _ => damaged[at] ^ (1 << random.below(8)),
            };
        }
        let Ok(old) = read(Arc::from(damaged), &Limits::default()) else { continue };
        read_again += 1;
        let Ok(new) = with_metadata(&old, "a name", b"some data") else { continue };
        written_again += 1;
        let new = model(&new);
        assert_same_but_for_metadata(&old, &new);
        let data = metadata(&new, "a name").unwrap().unwrap();
        assert_eq!(&new.bytes[data], b"some data");
    }
    println!("{read_again} read, {written_again} written");
    assert!(read_again > 5_000 && written_again > 3_000 && written_again < read_again);
}
