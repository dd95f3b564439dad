//! The order of least peak, against every order there is.

use crate::support::{
    busy::busy_time,
    golden::golden_models,
    graphs::{Graph as RandomGraph, branches},
    random::Seed,
    runs::open,
    tflite_writer::{ModelSpec, OperatorSpec, TensorSpec, build},
};
use std::{collections::BTreeSet, time::Duration};
use tinyml_playground::{
    graph::{Graph, Node},
    operator::Operator,
    plan::lower_bound_bytes,
    report::{InPlace, ScheduleChoice},
    schedule::{Options, least_peak_order, problem, reordered},
    tensor::TensorId,
};

/// Whether an operator's output may be written over an input that nobody reads later.
fn may_overwrite(graph: &Graph, node: &Node, input: TensorId, in_place: InPlace) -> bool {
    let [output] = node.outputs[..] else { return false };
    let map = |id: TensorId| graph.tensor(id).shape.map();
    let is_element_wise = match &node.operator {
        Ok(Operator::DepthwiseConv2d(conv)) => {
            if in_place == InPlace::None || conv.depth_multiplier != 1 {
                return false;
            }
            false
        }
        Ok(Operator::Requantize(_) | Operator::Add(_) | Operator::Mul(_)) => true,
        _ => return false,
    };
    if is_element_wise {
        let is_equal = node.inputs.iter().all(|&id| map(id) == map(output));
        if in_place != InPlace::All || !is_equal {
            return false;
        }
    }
    let input = graph.tensor(graph.storage(input));
    !input.is_output && !input.is_variable && graph.tensor(output).bytes <= input.bytes
}

/// The peak of an order, counted step by step from what has been made and what is still needed.
fn peak(graph: &Graph, order: &[usize], in_place: InPlace) -> u64 {
    let storages = |ids: &[TensorId]| -> BTreeSet<TensorId> {
        let live = ids.iter().filter(|&&id| !graph.tensor(id).is_constant);
        live.map(|&id| graph.storage(id)).collect()
    };
    let mut made = storages(&graph.inputs);
    let mut most = 0;
    for (step, &position) in order.iter().enumerate() {
        let node = &graph.nodes[position];
        let is_needed = |id: TensorId, from: usize| {
            let mut later = order[from..].iter().map(|&at| storages(&graph.nodes[at].inputs));
            graph.tensor(id).is_output || later.any(|inputs| inputs.contains(&id))
        };
        let new: BTreeSet<_> = storages(&node.outputs).difference(&made).copied().collect();
        let is_dying = |&id: &TensorId| !is_needed(graph.storage(id), step + 1);
        let mut dying = node.inputs.iter().filter(|id| is_dying(id));
        let is_in_place = dying.any(|&id| may_overwrite(graph, node, id, in_place));
        let is_unread_input = |id: &TensorId| step == 0 && graph.tensor(*id).is_input;
        let held = made.iter().filter(|&id| is_needed(*id, step) || is_unread_input(id));
        let written = new.iter().filter(|_| !is_in_place);
        let live = held.chain(written).map(|&id| graph.tensor(id).bytes as u64);
        most = most.max(live.sum());
        made.extend(new);
    }
    most
}

/// The least peak over all orders, tried one by one; `None` where there are too many.
fn brute_force(graph: &Graph, in_place: InPlace, most_orders: usize) -> Option<u64> {
    struct Tried {
        least: u64,
        orders: usize,
        most_orders: usize,
    }
    fn continue_with(graph: &Graph, in_place: InPlace, order: &mut Vec<usize>, tried: &mut Tried) {
        if order.len() == graph.nodes.len() {
            tried.least = tried.least.min(peak(graph, order, in_place));
            tried.orders += 1;
        }
        let is_written = |id| {
            let writer = graph.nodes.iter().position(|node| node.outputs.contains(&id));
            writer.is_none_or(|writer| order.contains(&writer))
        };
        let ready: Vec<usize> = (0..graph.nodes.len())
            .filter(|at| !order.contains(at))
            .filter(|&at| graph.nodes[at].inputs.iter().all(|&id| is_written(id)))
            .collect();
        for next in ready {
            if tried.orders > tried.most_orders {
                return;
            }
            order.push(next);
            continue_with(graph, in_place, order, tried);
            order.pop();
        }
    }
    let mut tried = Tried { least: u64::MAX, orders: 0, most_orders };
    continue_with(graph, in_place, &mut Vec::new(), &mut tried);
    (tried.orders <= most_orders).then_some(tried.least)
}

#[test]
fn no_order_has_a_lower_peak() {
    for (in_place, most_orders) in
        [(InPlace::None, 3_000), (InPlace::Depthwise, 300), (InPlace::All, 300)]
    {
        let (mut compared, mut better) = (0, 0);
        for seed in 0..600 {
            let _seed = Seed(seed);
            let session = open(&build(&RandomGraph::build(seed)));
            let graph = session.graph();
            let Some(least) = brute_force(graph, in_place, most_orders) else { continue };
            let order = least_peak_order(graph, in_place);
            assert!(order.is_proven);
            assert_eq!(order.peak_bytes, least, "{in_place:?}");
            assert_eq!(peak(graph, &order.positions, in_place), least, "{in_place:?}");
            compared += 1;
            better += usize::from(order.peak_bytes < order.stored_peak_bytes);
        }
        println!("{in_place:?}: {compared} graphs compared, in {better} another order is better");
        assert!(compared > 300 && better > 10, "{compared}, {better}");
    }
}

fn tensor(model: &mut ModelSpec, bytes: i32) -> i32 {
    model.tensor(TensorSpec::int8("", &[1, bytes]).quantized(0.5, 0))
}

#[test]
fn a_wide_graph_is_searched_in_time_and_not_called_proven() {
    let session = open(&build(&branches(150)));
    let started = busy_time();
    let order = least_peak_order(session.graph(), InPlace::None);
    let took = busy_time() - started;
    println!("{:?}, {} of {}", took, order.peak_bytes, order.stored_peak_bytes);
    assert!(!order.is_proven, "more orders than are tried");
    assert!(order.peak_bytes * 20 < order.stored_peak_bytes);
    let report = |choice: ScheduleChoice| session.plan_report(&session.plan(choice).unwrap());
    assert_eq!(report(ScheduleChoice::Reordered).is_order_proven, Some(false));
    assert_eq!(report(ScheduleChoice::Layerwise).is_order_proven, None);
    assert_eq!(peak(session.graph(), &order.positions, InPlace::None), order.peak_bytes);
    assert!(took < Duration::from_secs(2), "{:?}", took);
}

/// Operators that all read the same many inputs: looking at one of them costs as much as hundreds.
#[test]
fn many_shared_inputs_are_given_up_in_time() {
    let mut model = ModelSpec::default();
    model.inputs = (0..500).map(|at| tensor(&mut model, 1 + at % 5)).collect();
    let made: Vec<i32> = (0..500).map(|at| tensor(&mut model, 100 + at)).collect();
    for &output in &made {
        model.operator(OperatorSpec::custom("read", &model.inputs.clone(), &[output]));
    }
    for &input in &made {
        let output = tensor(&mut model, 1);
        model.operator(OperatorSpec::custom("shrink", &[input], &[output]));
        model.outputs.push(output);
    }
    let session = open(&build(&model));
    let started = busy_time();
    let order = least_peak_order(session.graph(), InPlace::None);
    let took = busy_time() - started;
    println!("{:?}, {} of {}", took, order.peak_bytes, order.stored_peak_bytes);
    assert!(!order.is_proven);
    assert!(order.peak_bytes <= order.stored_peak_bytes);
    assert!(took < Duration::from_secs(1), "{:?}", took);
}

#[test]
fn the_schedule_has_the_peak_of_its_order() {
    let mut saved = 0;
    let random = (0..400).map(|seed| build(&RandomGraph::build(seed)));
    for bytes in random.chain(golden_models().into_iter().map(|(_, bytes)| bytes)) {
        let session = open(&bytes);
        let graph = session.graph();
        for in_place in [InPlace::None, InPlace::Depthwise, InPlace::All] {
            let order = least_peak_order(graph, in_place);
            let schedule = reordered(graph, &Options { in_place, ..Options::default() });
            let peak = lower_bound_bytes(&problem(&schedule).buffers);
            assert_eq!(peak, order.peak_bytes, "{in_place:?}");
            assert!(order.peak_bytes <= order.stored_peak_bytes);
            saved += order.stored_peak_bytes - order.peak_bytes;
        }
    }
    assert!(saved > 0);
}
