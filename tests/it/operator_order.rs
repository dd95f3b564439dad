//! The order of least peak, against every order there is.

use crate::support::{
    golden::golden_models, graphs::Graph, random::Seed, runs::open, tflite_writer::build,
};
use tinyml_playground::{
    graph::{self, Liveness},
    plan::lower_bound_bytes,
    report::InPlace,
    schedule::{Options, least_peak_order, problem, reordered},
};

/// The least peak over all orders, tried one by one; `None` where there are too many.
fn brute_force(graph: &graph::Graph) -> Option<u64> {
    fn continue_with(
        graph: &graph::Graph,
        order: &mut Vec<usize>,
        least: &mut u64,
        tried: &mut usize,
    ) {
        if order.len() == graph.nodes.len() {
            let live = Liveness::in_order(graph, order.iter().copied()).live_bytes(graph);
            *least = (*least).min(live.into_iter().max().unwrap_or(0));
            *tried += 1;
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
            if *tried > 50_000 {
                return;
            }
            order.push(next);
            continue_with(graph, order, least, tried);
            order.pop();
        }
    }
    let (mut least, mut tried) = (u64::MAX, 0);
    continue_with(graph, &mut Vec::new(), &mut least, &mut tried);
    (tried <= 50_000).then_some(least)
}

#[test]
fn no_order_has_a_lower_peak() {
    let (mut compared, mut better) = (0, 0);
    for seed in 0..600 {
        let _seed = Seed(seed);
        let session = open(&build(&Graph::build(seed)));
        let graph = session.graph();
        let Some(least) = brute_force(graph) else { continue };
        let order = least_peak_order(graph, InPlace::None);
        assert!(order.is_proven);
        assert_eq!(order.peak_bytes, least);
        compared += 1;
        better += usize::from(order.peak_bytes < order.stored_peak_bytes);
    }
    println!("{compared} graphs compared; in {better} of them another order is better");
    assert!(compared > 300 && better > 10, "{compared}, {better}");
}

#[test]
fn the_schedule_has_the_peak_of_its_order() {
    let mut saved = 0;
    let random = (0..400).map(|seed| build(&Graph::build(seed)));
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
