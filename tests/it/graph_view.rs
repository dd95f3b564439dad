//! The graph as the page draws it, of real models and of large ones.

use crate::support::{busy::busy_time, deep::inverted_residuals, runs::open, tflite_writer::build};
use std::{hint::black_box, time::Duration};
use tinyml_playground::{
    kernels::Reference,
    report::{InputImage, ModelReport, ScheduleChoice},
    session::Session,
    ui::geometry::graph::{Block, BlockShape, Folds, Rows, Spine},
};

const MOBILENET: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");
const EMOJI: &[u8] = include_bytes!("../../models/emoji96.tflite");

fn laid_out(bytes: &[u8], choice: ScheduleChoice) -> (Session<Reference>, Spine) {
    let session = open(bytes);
    let plan = session.plan_report(&session.plan(choice).unwrap());
    let spine = Spine::new(session.report(), &plan);
    (session, spine)
}

fn kinds(model: &ModelReport, spine: &Spine, block: &Block) -> Vec<String> {
    let nodes = &spine.nodes[block.first..=block.last];
    nodes.iter().map(|node| model.operators[node.operator as usize].kind.clone()).collect()
}

/// MobileNetV2 has 17 blocks: one that does not widen, six whose sizes differ, and ten with a
/// residual (Sandler et al., table 2: 1, 2, 3, 4, 3, 3 and 1 blocks of a kind).
#[test]
fn mobilenet_has_the_blocks_of_its_paper() {
    let (session, spine) = laid_out(MOBILENET, ScheduleChoice::Layerwise);
    let count = |shape| spine.blocks.iter().filter(|block| block.shape == shape).count();
    assert_eq!(count(BlockShape::Separable), 1);
    assert_eq!(count(BlockShape::Bottleneck), 6);
    assert_eq!(count(BlockShape::Residual), 10);
    for block in &spine.blocks {
        let kinds = kinds(session.report(), &spine, block);
        let expected: &[&str] = match block.shape {
            BlockShape::Separable => &["DEPTHWISE_CONV_2D", "CONV_2D"],
            BlockShape::Bottleneck => &["CONV_2D", "DEPTHWISE_CONV_2D", "CONV_2D"],
            BlockShape::Residual => &["CONV_2D", "DEPTHWISE_CONV_2D", "CONV_2D", "ADD"],
        };
        assert_eq!(kinds, expected, "{block:?}");
    }
    assert_eq!((spine.edges.len(), spine.n_lanes), (10, 1), "an edge for each residual");
}

#[test]
fn every_addition_and_every_depthwise_convolution_of_a_sample_is_in_a_block() {
    // A late end of the stage, so that several blocks are in it.
    let stage_end = *open(EMOJI).report().stage_ends.iter().find(|&&end| end > 8).unwrap();
    let stage = ScheduleChoice::Patched {
        stage_end,
        rows: 2,
        columns: 2,
        input_image: InputImage::Resident,
    };
    for choice in [ScheduleChoice::Layerwise, ScheduleChoice::Reordered, stage] {
        let (session, spine) = laid_out(EMOJI, choice);
        for (place, node) in spine.nodes.iter().enumerate() {
            let operator = &session.report().operators[node.operator as usize];
            let block = node.block.map(|index| spine.blocks[index]);
            if operator.kind == "ADD" {
                assert!(block.is_some_and(|one| one.last == place), "#{} ends one", node.operator);
            }
            if operator.kind == "DEPTHWISE_CONV_2D" {
                assert!(block.is_some(), "#{} is in one", node.operator);
            }
            let is_staged = choice == stage && node.operator <= stage_end;
            assert_eq!(node.is_in_stage, is_staged, "#{}", node.operator);
        }
    }
}

#[test]
fn five_thousand_operators_are_laid_out_at_once() {
    let bytes = build(&inverted_residuals(1_250));
    let session = open(&bytes);
    let plan = session.plan_report(&session.plan(ScheduleChoice::Layerwise).unwrap());
    // Often enough for the system's account of busy time, which comes in steps.
    let n_times = 25;
    let lay_out = || {
        let spine = Spine::new(session.report(), &plan);
        let folded = Rows::new(&spine, &Folds::at_first(spine.nodes.len()));
        let unfolded = Rows::new(&spine, &Folds::all(false));
        (spine, folded, unfolded)
    };
    let started = busy_time();
    for _ in 1..n_times {
        black_box(lay_out());
    }
    let (spine, folded, unfolded) = lay_out();
    let took = (busy_time() - started) / n_times;
    println!("{took:?} for spine and rows");
    assert_eq!((spine.nodes.len(), spine.blocks.len(), spine.n_lanes), (5_001, 1_250, 1));
    assert_eq!((folded.rows.len(), unfolded.rows.len()), (1_251, 6_251));
    assert!(took > Duration::ZERO && took < Duration::from_millis(20), "{took:?}");
}
