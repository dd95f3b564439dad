//! Smaller inputs, and what would make a plan fit.

use crate::command_line::{inspect, json};
use crate::support::{
    networks::Network,
    random::Random,
    runs::open,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use serde_json::Value;
use std::sync::Arc;
use tinyml_playground::{
    graph::{self, Graph, ResizeError},
    kernels::Reference,
    model::{self, Limits, Model, Padding},
    operator::Operator,
    quant::Activation,
    report::{
        FitGoal, FitQuestion, FitSearch, InPlace, InputImage, PlanChoice, Planner, ProblemKind,
        ScheduleChoice, smaller_inputs,
    },
    session::{Error, Session},
    tensor::DataType,
};

const EMOJI_96: &[u8] = include_bytes!("../../models/emoji96.tflite");
const EMOJI_176: &[u8] = include_bytes!("../../models/emoji176.tflite");
const MOBILENET_96: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");
const MOBILENET_144: &[u8] = include_bytes!("../../models/mobilenet_v2_035_144.tflite");

fn read(bytes: &[u8]) -> Model {
    model::read(Arc::from(bytes), &Limits::default()).unwrap()
}

/// The graph's shapes, tensor by tensor of each operator's inputs and outputs.
fn shapes(graph: &Graph) -> Vec<Vec<String>> {
    let nodes = graph.nodes.iter();
    let shape = |id: &tinyml_playground::tensor::TensorId| graph.tensor(*id).shape.to_string();
    nodes.map(|node| node.inputs.iter().chain(&node.outputs).map(shape).collect()).collect()
}

#[test]
fn the_same_size_is_the_same_model() {
    for bytes in [EMOJI_96, EMOJI_176, MOBILENET_96, MOBILENET_144] {
        let model = read(bytes);
        let dims = model.tensors[model.inputs[0].index()].shape.dims().to_vec();
        assert_eq!(graph::resize(model.clone(), [dims[1], dims[2]]), Ok(model));
    }
}

/// Two files of one network, exported for two sizes: what is worked out from the larger is what the
/// converter wrote into the smaller.
#[test]
fn a_resized_network_is_the_one_exported_for_that_size() {
    let layerwise = PlanChoice::default();
    let patched = layerwise.with_schedule(ScheduleChoice::Patched {
        stage_end: 9,
        rows: 4,
        columns: 3,
        input_image: InputImage::Streamed,
    });
    let (large, small) = (open(MOBILENET_144), open(MOBILENET_96));
    let resized = large.resized([96, 96]).unwrap();
    assert_eq!(shapes(&resized), shapes(small.graph()));
    let macs = |graph: &Graph| graph.nodes.iter().map(|node| node.macs).collect::<Vec<_>>();
    assert_eq!(macs(&resized), macs(small.graph()));
    for choice in [layerwise, layerwise.with_in_place(InPlace::All), patched] {
        let found = large.try_plan(Some([96, 96]), choice).unwrap();
        let known = small.plan_report(&small.plan(choice).unwrap());
        assert_eq!(found.arena_bytes, known.arena_bytes, "{choice:?}");
        assert_eq!(found.peak_bytes, known.peak_bytes, "{choice:?}");
        assert_eq!(found.macs, known.macs, "{choice:?}");
    }
    // Others end in a mean as well.
    for bytes in [EMOJI_96, EMOJI_176] {
        open(bytes).resized([64, 48]).unwrap();
    }
}

#[test]
fn a_grid_too_fine_for_the_smaller_map_becomes_the_finest() {
    let session = open(EMOJI_96);
    let choice = ScheduleChoice::Patched {
        stage_end: 13,
        rows: 12,
        columns: 12,
        input_image: InputImage::Resident,
    };
    let whole = session.try_plan(None, choice.into()).unwrap();
    assert_eq!(whole.choice, choice);
    let found = session.try_plan(Some([32, 64]), choice.into()).unwrap();
    let ScheduleChoice::Patched { rows, columns, .. } = found.choice else { unreachable!() };
    assert_eq!((rows, columns), (4, 8));
}

#[test]
fn sides_are_from_one_to_those_of_the_file() {
    let model = read(EMOJI_96);
    for sides in [[0, 96], [96, 97], [usize::MAX, 1]] {
        let refused = Err(ResizeError::Sides { most: [96, 96] });
        assert_eq!(graph::resize(model.clone(), sides), refused);
    }
    // Every map is one cell at least, so that even one pixel can be planned.
    open(EMOJI_96).try_plan(Some([1, 1]), PlanChoice::default()).unwrap();
}

/// CONV_2D, global pooling by AVERAGE_POOL_2D, and a dense layer on what is left.
fn pooled(kernel: [i32; 2]) -> ModelSpec {
    let mut model = ModelSpec::default();
    let int8 = |name: &str, shape: &[i32]| TensorSpec::int8(name, shape).quantized(0.5, -3);
    let [height, width] = kernel;
    let [rows, columns] = [16 / height, 12 / width];
    let input = model.tensor(int8("in", &[1, 16, 12, 2]));
    let weights = [1i8; 4 * 9 * 2];
    let weights = TensorSpec::int8("weights", &[4, 3, 3, 2]).quantized(0.5, 0).int8_data(&weights);
    let weights = model.tensor(weights);
    let hidden = model.tensor(int8("hidden", &[1, 16, 12, 4]));
    let pooled = model.tensor(int8("pooled", &[1, rows, columns, 4]));
    let flat = model.tensor(int8("flat", &[1, 4 * rows * columns]));
    let (padding, activation) = (Padding::Same, Activation::None);
    let conv = OptionsSpec::Conv2d { padding, stride: [1, 1], dilation: [1, 1], activation };
    model.operator(OperatorSpec::new(kind::CONV_2D, conv, &[input, weights], &[hidden]));
    let pool = OptionsSpec::Pool { padding: Padding::Valid, stride: kernel, kernel, activation };
    model.operator(OperatorSpec::new(kind::AVERAGE_POOL_2D, pool, &[hidden], &[pooled]));
    model.operator(OperatorSpec::new(kind::RESHAPE, OptionsSpec::None, &[pooled], &[flat]));
    (model.inputs, model.outputs) = (vec![input], vec![flat]);
    model
}

#[test]
fn a_pool_over_the_whole_map_goes_on_covering_it() {
    let session = open(&build(&pooled([16, 12])));
    let graph = session.resized([9, 5]).unwrap();
    let outputs: Vec<_> = graph.nodes.iter().map(|node| node.outputs[0]).collect();
    let shape = |at: usize| graph.tensor(outputs[at]).shape.to_string();
    assert_eq!([shape(0), shape(1), shape(2)], ["1x9x5x4", "1x1x1x4", "1x4"]);
    let Ok(Operator::Pool(pool)) = &graph.nodes[1].operator else { panic!("{graph:?}") };
    assert_eq!(pool.window.kernel, [9, 5]);
}

#[test]
fn a_pool_that_leaves_a_map_changes_it() {
    let session = open(&build(&pooled([4, 3])));
    let error = session.resized([8, 12]).unwrap_err();
    let kind = "RESHAPE".to_owned();
    let fixed = ResizeError::Fixed { operator: 2, kind, sides: [4, 4] };
    assert_eq!(error, Error::Resize(fixed));
    let problem = error.problem();
    assert_eq!(problem.kind, ProblemKind::Choice);
    assert_eq!(problem.message, "#2 RESHAPE fixes 4x4.");
    let mut larger = pooled([4, 3]);
    // A row that the pool leaves out may go.
    larger.tensors[0].shape[1] = 17;
    larger.tensors[2].shape[1] = 17;
    let graph = open(&build(&larger)).resized([16, 12]).unwrap();
    assert_eq!(shapes(&graph), shapes(session.graph()));
}

#[test]
fn random_networks_are_resized_or_refused_for_a_reason() {
    let mut random = Random::new(20_261_130);
    let (mut resized, mut refused) = (0, 0);
    for seed in 0..60 {
        let bytes = Network::build(seed);
        let session = open(&bytes);
        let input = session.graph().inputs[0];
        let map = session.graph().tensor(input).shape.map();
        let sides = [map.height, map.width].map(|side| 1 + random.below(side));
        match session.resized(sides) {
            Ok(graph) => {
                assert_eq!(graph.refusal(), None);
                let larger = session.graph().tensors.iter().zip(&graph.tensors);
                assert!(larger.into_iter().all(|(large, small)| small.bytes <= large.bytes));
                resized += 1;
            }
            Err(Error::Resize(_) | Error::Exec(_)) => refused += 1,
            Err(error) => panic!("seed {seed}: {error:?}"),
        }
    }
    println!("{resized} resized, {refused} refused");
    assert!(resized > 5, "{resized} of 60");
}

fn searched(session: &Session<Reference>, shown: PlanChoice, room_bytes: u64) -> FitSearch {
    let mut search = FitSearch::new(session.report(), FitGoal::Arena, shown, room_bytes);
    while let Some(FitQuestion { choice, input }) = search.question() {
        let sides = input.map(|sides| sides.map(|side| side as usize));
        search.answer(session.try_plan(sides, choice).map_err(|error| error.problem()));
    }
    search
}

#[test]
fn the_largest_input_that_fits_is_found_and_so_is_what_is_nearest() {
    let session = open(EMOJI_96);
    let search = searched(&session, PlanChoice::default(), 64 * 1024);
    let inputs: Vec<_> = search.inputs().iter().map(|one| one.question.input).collect();
    assert_eq!(inputs, [Some([80, 80])]);
    assert_eq!(search.inputs()[0].arena_bytes, 64_000);
    assert_eq!(search.refusal(), None);
    // In patches, one more kind of schedule is planned for each size.
    let shown = PlanChoice::default().with_schedule(ScheduleChoice::Patched {
        stage_end: 13,
        rows: 2,
        columns: 2,
        input_image: InputImage::Resident,
    });
    let search = searched(&session, shown, 40 * 1024);
    let kinds: Vec<_> = search.inputs().iter().map(|one| one.question.choice.schedule).collect();
    assert_eq!(kinds.len(), 2, "{search:?}");
    assert!(kinds.contains(&ScheduleChoice::Layerwise) && kinds.contains(&shown.schedule));
    for answer in search.inputs() {
        assert!(answer.arena_bytes <= 40 * 1024);
    }
}

#[test]
fn a_plan_that_wastes_fits_when_it_is_planned_well() {
    let session = open(EMOJI_96);
    let wasteful = PlanChoice::default().with_planner(Planner::NoReuse);
    let search = searched(&session, wasteful, 100 * 1024);
    let found = search.other_plan().unwrap();
    assert_eq!(found.question.choice, PlanChoice::default());
    assert_eq!(found.arena_bytes, session.report().arena_bytes);
}

#[test]
fn sizes_step_down_to_the_least() {
    let sizes = |bytes: &[u8]| smaller_inputs(open(bytes).report());
    assert_eq!(sizes(EMOJI_96)[..2], [[80, 80], [64, 64]]);
    for bytes in [EMOJI_96, EMOJI_176, MOBILENET_96, MOBILENET_144] {
        let sizes = sizes(bytes);
        assert!(!sizes.is_empty() && sizes.len() <= 16, "{sizes:?}");
        assert!(sizes.is_sorted_by(|one, other| one[0] > other[0]), "{sizes:?}");
    }
}

#[test]
fn a_model_that_does_not_run_has_no_smaller_input() {
    let mut model = pooled([16, 12]);
    for tensor in &mut model.tensors {
        if tensor.data.is_none() {
            tensor.data_type = DataType::Float32;
        }
    }
    let session = open(&build(&model));
    assert!(matches!(session.resized([8, 6]), Err(Error::Exec(_))));
    let search = searched(&session, PlanChoice::default(), 100);
    let refusal = search.refusal().unwrap();
    assert_eq!(refusal.kind, ProblemKind::Unsupported);
    assert!(search.inputs().is_empty());
}

#[test]
fn fit_tells_every_way_with_its_figures() {
    let arguments = ["fit", "models/emoji96.tflite", "--sram", "65536"];
    let output = inspect(&[&arguments[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(3), "it does not fit");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["fits"], &found["arena_bytes"]), (&false.into(), &92_160.into()));
    let ways = found["ways"].as_array().unwrap();
    let way = |kind: &str| ways.iter().find(|one| one["way"] == kind).unwrap();
    assert_eq!(way("input")["input"], serde_json::json!([80, 80]));
    assert_eq!(way("input")["arena_bytes"], 64_000);
    assert_eq!(way("board")["board"], "STM32F412");
    // The plan is the one that `search` finds.
    let search = json(&["search", "models/emoji96.tflite", "--sram", "65536", "--json"]);
    assert_eq!(way("plan")["plan"], {
        let mut plan = search["fitting"].clone();
        for figure in ["arena_bytes", "peak_bytes", "macs", "macs_ratio"] {
            plan.as_object_mut().unwrap().remove(figure);
        }
        plan
    });
    assert_eq!(way("plan")["arena_bytes"], search["fitting"]["arena_bytes"]);
    let text = inspect(&arguments);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("Input 80x80, layer by layer: 62.5 KiB needed, 64.0 KiB available (1.5 KiB spare); −27.5 KiB, MACs −31 %"), "{text}");
}

#[test]
fn fit_counts_own_blocks_and_says_nothing_where_all_is_well() {
    let fits = json(&["fit", "models/emoji96.tflite", "--sram", "92160", "--json"]);
    assert_eq!((&fits["fits"], &fits["ways"]), (&true.into(), &serde_json::json!([])));
    let block = ["fit", "models/emoji96.tflite", "--sram", "92160", "--block", "stack=1"];
    let output = inspect(&[&block[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(3));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["own_bytes"], 1);
    for one in found["ways"].as_array().unwrap() {
        assert!(one["way"] == "board" || one["arena_bytes"].as_u64() <= Some(92_159), "{one}");
    }
}
