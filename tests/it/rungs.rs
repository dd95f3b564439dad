//! The ladder: each rung gives the figures of the engine whose idea it is, and really runs.

use crate::support::{
    golden::{golden_dir, golden_models},
    graphs::{Graph, two_poolings},
    networks::Network,
    random::Seed,
    runs::{Run, open, run_planned},
    tflite_writer::{ModelSpec, OperatorSpec, TensorSpec, build},
};
use serde_json::Value;
use std::{fs, io::Read as _, time::Instant};
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    report::{InPlace, InputImage, PlanChoice, Planner, Rung, RungReport, ScheduleChoice},
    session::{Planned, RungSearch, Session},
    text::{kib, percent_tenths, step_formula, thousands},
};

fn ladder(session: &Session<Reference>, input_image: InputImage, largest: u32) -> Vec<RungReport> {
    let mut search = RungSearch::new(session, input_image, largest).unwrap();
    let mut steps = 0;
    while search.step(session).unwrap() {
        steps += 1;
        let (done, of) = search.progress();
        assert!(done == steps && done < of, "step {steps}: {done} of {of}");
    }
    search.finish()
}

/// Runs every rung in an arena of exactly its bytes between guard bytes, and compares the outputs
/// with the plain run's; how many rungs that were.
fn run_all(session: &Session<Reference>, rungs: &[RungReport]) -> usize {
    let stored = session.with_passes(Passes::NONE).unwrap();
    let inputs = session.inputs_from_noise(5);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let plain = run_planned(session, &session.plan(ScheduleChoice::Layerwise).unwrap(), &inputs);
    let outputs = |session: &Session<Reference>, run: &Run| -> Vec<Vec<u8>> {
        (0..run.trace.outputs.len()).map(|i| session.output_bytes(&run.trace, i)).collect()
    };
    let expected = outputs(session, &plain);
    for rung in rungs {
        let is_stored = rung.passes == Passes::NONE && session.passes() != Passes::NONE;
        let session = if is_stored { &stored } else { session };
        // The graph as stored takes float inputs where a pass had the host quantize them.
        let own: Vec<Vec<u8>>;
        let inputs = if is_stored {
            own = as_stored(session, &inputs);
            for (position, (real, int8)) in own.iter().zip(&inputs).enumerate() {
                assert_eq!(session.input_from_bytes(position, int8).unwrap(), *real);
                assert_eq!(session.quantized_input(position, real), *int8);
            }
            own.iter().map(Vec::as_slice).collect()
        } else {
            inputs.clone()
        };
        let planned = session.plan(rung.choice).unwrap();
        assert_eq!(planned.solution.height_bytes, rung.arena_bytes, "{:?}", rung.rung);
        check_formula(session, &planned, rung);
        let run = run_planned(session, &planned, &inputs);
        assert_eq!(run.trace.macs, rung.macs);
        assert_eq!(outputs(session, &run), expected, "{:?}", rung.rung);
    }
    rungs.len()
}

/// The sum that is shown for the step to blame is what that step needs, scratch and all.
fn check_formula(session: &Session<Reference>, planned: &Planned, rung: &RungReport) {
    let plan = session.plan_report(planned);
    let step = plan.neediest_step(|_| true).unwrap();
    let needed_bytes = plan.steps[step as usize].needed_bytes();
    let formula = step_formula(session.report(), &plan, step);
    let sum = format!(" = {} B", thousands(needed_bytes));
    assert!(formula.ends_with(&sum), "{:?}: {formula}", rung.rung);
    assert!(needed_bytes <= rung.arena_bytes, "{:?}", rung.rung);
    let least_bytes = rung.lower_bound_bytes;
    assert!(!rung.is_proven() || least_bytes >= needed_bytes, "{:?}", rung.rung);
}

/// The int8 inputs as the file itself takes them.
fn as_stored(session: &Session<Reference>, inputs: &[&[u8]]) -> Vec<Vec<u8>> {
    let graph = session.graph();
    let each = graph.inputs.iter().zip(inputs).map(|(&id, &bytes)| {
        if graph.tensor(id).bytes == bytes.len() {
            return bytes.to_vec();
        }
        let quantize = graph.nodes.iter().find(|node| node.inputs == [id]).unwrap();
        let params = graph.tensor(quantize.outputs[0]).quantization.unwrap();
        let real = bytes
            .iter()
            .map(|&byte| (f32::from(byte.cast_signed()) - params.zero_point as f32) * params.scale);
        real.flat_map(f32::to_le_bytes).collect()
    });
    each.collect()
}

#[test]
fn every_rung_of_every_golden_model_runs_with_the_same_bytes() {
    let mut run = 0;
    for (id, bytes) in golden_models() {
        let session = open(&bytes);
        for input_image in [InputImage::Resident, InputImage::Streamed] {
            let started = Instant::now();
            let rungs = ladder(&session, input_image, 8);
            println!("{id}, {input_image:?}: {:?}", started.elapsed());
            for rung in &rungs {
                println!("  {:?}: {} of {}", rung.rung, rung.arena_bytes, rung.lower_bound_bytes);
            }
            check_order(&rungs);
            run += run_all(&session, &rungs);
        }
    }
    println!("{run} rungs run");
    // Eight models, each with the input held in two ways; three of them have no stage end.
    assert!(golden_dir().is_none() || run >= 148, "{run}");
}

#[test]
fn every_rung_of_random_models_runs_with_the_same_bytes() {
    let mut run = 0;
    for seed in 0..120 {
        let _seed = Seed(seed);
        for bytes in [Network::build(seed), build(&Graph::build(seed))] {
            let session = open(&bytes);
            let rungs = ladder(&session, InputImage::Resident, 3);
            check_order(&rungs);
            run += run_all(&session, &rungs);
            // Whatever passes a visitor has chosen, a rung is the same.
            let stored = session.with_passes(Passes::NONE).unwrap();
            assert_eq!(ladder(&stored, InputImage::Resident, 3), rungs);
        }
    }
    println!("{run} rungs run");
    assert!(run > 1_500);
}

/// What one idea adds to another never costs.
fn check_order(rungs: &[RungReport]) {
    let of = |rung: Rung| rungs.iter().find(|one| one.rung == rung);
    let arena = |rung: Rung| of(rung).map(|one| one.arena_bytes).unwrap();
    assert!(arena(Rung::PingPong) <= arena(Rung::NoReuse));
    assert!(arena(Rung::Exact) <= arena(Rung::PingPong));
    let (exact, order) = (of(Rung::Exact).unwrap(), of(Rung::Reordered).unwrap());
    assert!(order.peak_bytes <= exact.peak_bytes, "the order of least peak");
    for one in rungs {
        assert!(one.arena_bytes >= one.lower_bound_bytes);
        assert!(one.lower_bound_bytes >= one.peak_bytes);
        assert!(one.lower_bound_bytes >= one.scratch_bytes);
    }
}

/// Where patches only cost, their rung says so: what lies behind the stage needs more.
#[test]
fn patches_that_do_not_pay_have_their_rung_all_the_same() {
    let mut model = two_poolings(4);
    let output = model.tensor(TensorSpec::int8("wide", &[1, 100]).quantized(0.5, 0));
    model.operator(OperatorSpec::custom("widen", &[2], &[output]));
    model.outputs = vec![output];
    let session = open(&build(&model));
    assert_eq!(session.report().stage_ends, [0, 1]);
    let rungs = ladder(&session, InputImage::Resident, 2);
    let arena = |wanted| rungs.iter().find(|one| one.rung == wanted).unwrap().arena_bytes;
    for rung in [Rung::Patches, Rung::PatchesInPlace] {
        let one = rungs.iter().find(|one| one.rung == rung).unwrap();
        let ScheduleChoice::Patched { rows, columns, .. } = one.choice.schedule else {
            unreachable!("{one:?}")
        };
        assert!(rows * columns > 1, "{one:?}");
        assert!(one.arena_bytes >= arena(Rung::ExactInPlace), "{one:?}");
    }
    // Without a stage end there are none.
    let mut flat = ModelSpec::default();
    let ids = [0, 1].map(|_| flat.tensor(TensorSpec::int8("", &[1, 9]).quantized(0.5, 0)));
    flat.operator(OperatorSpec::custom("c", &ids[..1], &ids[1..]));
    (flat.inputs, flat.outputs) = (vec![ids[0]], vec![ids[1]]);
    let rungs = ladder(&open(&build(&flat)), InputImage::Resident, 2);
    assert_eq!(rungs.len(), Rung::ALL.len() - 2);
}

/// A stage of all operators leaves none behind it.
#[test]
fn the_papers_count_of_a_whole_graph_has_no_tail() {
    let session = open(&build(&two_poolings(4)));
    let (rows, columns, input_image) = (2, 2, InputImage::Streamed);
    let count = |stage_end| {
        let stage = ScheduleChoice::Patched { stage_end, rows, columns, input_image };
        session.paper_report(&session.schedule(stage).unwrap()).patched.unwrap()
    };
    assert_eq!((count(1).tail_operator, count(1).tail_bytes), (None, 0));
    assert_eq!((count(0).tail_operator, count(0).tail_bytes), (Some(1), 32));
}

/// TensorFlow Lite Micro's `head` on all golden models.
#[test]
fn the_rung_of_tensorflow_lite_micro_is_its_head() {
    let Some(golden) = golden_dir() else { return };
    let text = fs::read(golden.join("tflm_arena.json")).unwrap();
    let known: Value = serde_json::from_slice(&text).unwrap();
    let mut compared = 0;
    for (id, row) in known["models"].as_object().unwrap() {
        let Ok(bytes) = fs::read(golden.join(format!("models/{id}.tflite"))) else { continue };
        let session = open(&bytes);
        let rungs = ladder(&session, InputImage::Resident, 1);
        let rung = rungs.iter().find(|one| one.rung == Rung::Tflm).unwrap();
        assert_eq!(rung.passes, Passes::NONE);
        assert_eq!(rung.arena_bytes, row["head"].as_u64().unwrap(), "{id}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

/// TinyEngine's peak without and with its scratch, where its output is sound: the released code lets
/// buffers of identical lifespans share bytes, which its own row then shows.
#[test]
fn the_rung_of_tinyengine_is_its_peak() {
    let Some(golden) = golden_dir() else { return };
    let text = fs::read(golden.join("tinyengine_peak.json")).unwrap();
    let known: Value = serde_json::from_slice(&text).unwrap();
    let mut compared = 0;
    for (name, rows) in known["models"].as_object().unwrap() {
        let ids = [name.clone(), format!("tinyengine_{name}"), format!("mlperf_{name}")];
        let paths = ids.iter().map(|id| golden.join(format!("models/{id}.tflite")));
        let Some(path) = paths.into_iter().find(|path| path.exists()) else { continue };
        let session = open(&fs::read(path).unwrap());
        for (row, in_place) in
            [("layerwise", InPlace::Depthwise), ("layerwise_no_inplace", InPlace::None)]
        {
            let row = &rows[row];
            let Some(peak) = row["peak_input_output"].as_u64() else { continue };
            if row["live_sum_max_same_lifetimes"].as_u64().is_none_or(|live| live > peak) {
                println!("{name}, {in_place:?}: the released code shares live bytes");
                continue;
            }
            let planned = session.plan(PlanChoice::TINY_ENGINE.with_in_place(in_place)).unwrap();
            let plan = session.plan_report(&planned);
            assert_eq!(plan.arena_bytes - plan.scratch_bytes, peak, "{name}, {in_place:?}");
            compared += 1;
        }
    }
    println!("{compared} rows equal");
    assert_eq!(compared, 7);
}

/// The README of TinyEngine prints 92 kB for this model.
#[test]
fn the_preset_of_tinyengine_gives_its_readmes_figure() {
    let Some(golden) = golden_dir() else { return };
    let session = open(&fs::read(golden.join("models/tinyengine_vww.tflite")).unwrap());
    let plan = session.plan_report(&session.plan(PlanChoice::TINY_ENGINE).unwrap());
    assert_eq!((plan.arena_bytes, plan.scratch_bytes), (93_992, 3_528 + 864));
    assert_eq!(kib(plan.arena_bytes), "91.8 KiB");
}

fn mobilenet_v2_224() -> Session<Reference> {
    let packed: &[u8] = include_bytes!("../../models/mobilenet_v2_100_224.graph.tflite.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    open(&bytes)
}

/// Figure 1 and table 1 of the MCUNetV2 paper, by its own count.
#[test]
fn the_preset_of_the_paper_gives_its_figures() {
    let session = mobilenet_v2_224();
    let (rows, columns, input_image) = (4, 4, InputImage::Streamed);
    let stage = ScheduleChoice::Patched { stage_end: 12, rows, columns, input_image };
    let planned = session.plan(PlanChoice::from(stage).with_in_place(InPlace::Depthwise)).unwrap();
    let (paper, plan) = (session.paper_report(&planned.schedule), session.plan_report(&planned));
    let patched = paper.patched.unwrap();
    assert_eq!(kib(paper.layerwise_bytes), "1372.0 KiB");
    assert_eq!(kib(patched.peak_bytes()), "171.5 KiB");
    assert_eq!(kib(patched.tail_bytes), "171.5 KiB");
    assert_eq!(paper.layerwise_bytes, 8 * patched.peak_bytes(), "8.0x");
    let unclipped = plan.unclipped.unwrap();
    let more = |macs: u64, base: u64| percent_tenths(macs - base, base);
    assert_eq!(more(unclipped.stage_macs, unclipped.stage_macs_layerwise), "41.9 %");
    assert_eq!(more(unclipped.stage_macs_clipped, unclipped.stage_macs_layerwise), "30.6 %");
    assert_eq!(more(plan.macs, plan.macs_layerwise), "9.3 %");
    assert_eq!(unclipped.input_side, [75, 75]);
}

/// Two and four patches a side, with and without clipping.
#[test]
fn recompute_of_the_papers_stage_for_other_grids() {
    let session = mobilenet_v2_224();
    for (side, clipped, unclipped) in [(2, "9.6 %", "19.8 %"), (4, "30.6 %", "41.9 %")] {
        let (rows, columns, input_image) = (side, side, InputImage::Streamed);
        let stage = ScheduleChoice::Patched { stage_end: 12, rows, columns, input_image };
        let plan = session.plan_report(&session.plan(stage).unwrap());
        let counted = plan.unclipped.unwrap();
        let base = counted.stage_macs_layerwise;
        assert_eq!(percent_tenths(counted.stage_macs_clipped - base, base), clipped);
        assert_eq!(percent_tenths(counted.stage_macs - base, base), unclipped);
    }
}

/// Every layer-wise plan of the golden models is proven optimal in no time.
#[test]
fn layer_wise_plans_are_proven_optimal_at_once() {
    for (id, bytes) in golden_models() {
        let session = open(&bytes);
        let choice = PlanChoice::default().with_planner(Planner::Exact);
        // The least of five: other work on the machine is not the planner's.
        let times = (0..5).map(|_| {
            let started = Instant::now();
            let planned = session.plan(choice).unwrap();
            assert!(planned.solution.is_optimal(), "{id}");
            started.elapsed()
        });
        let least = times.min().unwrap();
        println!("{id}: proven in {least:?}");
        assert!(least.as_millis() < 50, "{id}: {least:?}");
    }
}
