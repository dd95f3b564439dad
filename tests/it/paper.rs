//! The figures of the MCUNetV2 paper for MobileNetV2-1.0 at 224, from the graph that the project's
//! script makes.
//!
//! Source: Lin et al. 2021 (MCUNetV2), figure 1 and table 1; KiB where the paper prints kB.

use crate::support::{networks::Network, runs::open};
use std::io::Read as _;
use tinyml_playground::{
    kernels::Reference,
    report::{InPlace, InputImage, PaperReport, PlanChoice, PlanReport, ScheduleChoice},
    session::Session,
    text::{accounting, kib},
};

fn mobilenet_v2_224() -> Session<Reference> {
    let packed: &[u8] = include_bytes!("../../models/mobilenet_v2_100_224.graph.tflite.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    open(&bytes)
}

#[test]
fn layer_by_layer() {
    let session = mobilenet_v2_224();
    let report = session.report();
    assert_eq!(kib(report.operators[0].live_bytes), "539.0 KiB", "the first convolution");
    assert_eq!(kib(report.peak_bytes), "1470.0 KiB");
    assert_eq!(report.peak_operator, 4);
    assert_eq!(kib(report.depthwise_in_place_peak_bytes), "1372.0 KiB");
    assert_eq!(report.macs / 100_000, 3_007, "300.8 M MACs without the classifier's share");
    assert_eq!(report.arena_bytes, report.peak_bytes);
}

#[test]
fn stem_and_four_blocks_in_patches() {
    let session = mobilenet_v2_224();
    let choice = ScheduleChoice::Patched {
        stage_end: 12,
        rows: 4,
        columns: 4,
        input_image: InputImage::Streamed,
    };
    let plan = session.plan_report(&session.plan(choice).unwrap());
    assert_eq!(kib(plan.stage_peak_bytes.unwrap()), "166.4 KiB");
    assert_eq!(kib(plan.tail_peak_bytes.unwrap()), "318.5 KiB");
    assert_eq!(plan.arena_bytes, 326_144, "318.5 KiB: the plan meets the peak");
    let recompute = plan.macs as f64 / plan.macs_layerwise as f64 - 1.0;
    assert_eq!(format!("{:.1}", recompute * 100.0), "9.3");
}

/// `None` where the grid is finer than the map.
fn counted(
    session: &Session<Reference>,
    choice: ScheduleChoice,
) -> Option<(PaperReport, PlanReport)> {
    let choice = PlanChoice::from(choice).with_in_place(InPlace::Depthwise);
    let planned = session.plan(choice).ok()?;
    Some((session.paper_report(&planned.schedule), session.plan_report(&planned)))
}

#[test]
fn the_papers_figure_becomes_the_arena_one_assumption_after_the_other() {
    let session = mobilenet_v2_224();
    let patches =
        |input_image| ScheduleChoice::Patched { stage_end: 12, rows: 4, columns: 4, input_image };
    let told = |choice| {
        let (paper, plan) = counted(&session, choice).unwrap();
        (kib(paper.peak_bytes()), accounting::paper_to_arena(&paper, &plan).unwrap())
    };
    assert_eq!(
        told(ScheduleChoice::Layerwise),
        ("1372.0 KiB".to_owned(), "1,404,928 as the paper counts = 1,404,928 B".to_owned())
    );
    // 171.5 KiB either way; strictly, with the residual's operand, 196.0.
    let streamed = told(patches(InputImage::Streamed));
    assert_eq!(streamed.0, "171.5 KiB");
    assert_eq!(
        streamed.1,
        "175,616 as the paper counts + 25,088 for what waits for a residual or another reader = \
         200,704 B"
    );
    let resident = told(patches(InputImage::Resident));
    assert_eq!(resident.0, "171.5 KiB");
    assert_eq!(resident.1, "175,616 as the paper counts + 137,200 for the input image = 312,816 B");
}

#[test]
fn what_the_paper_leaves_out_is_never_counted_twice() {
    let mut told = 0;
    for seed in 0..40 {
        let session = open(&Network::build(seed));
        let stage_end = session.report().stage_ends.last().copied();
        let patches = stage_end.map(|stage_end| {
            let input_image = InputImage::Resident;
            ScheduleChoice::Patched { stage_end, rows: 2, columns: 2, input_image }
        });
        for choice in std::iter::once(ScheduleChoice::Layerwise).chain(patches) {
            let Some((paper, plan)) = counted(&session, choice) else { continue };
            assert!(paper.peak_bytes() <= paper.peak_with_input_bytes(), "seed {seed}");
            assert!(paper.peak_bytes() <= plan.arena_bytes, "seed {seed}");
            let Some(formula) = accounting::paper_to_arena(&paper, &plan) else { continue };
            let (sum, arena) = formula.rsplit_once(" = ").unwrap();
            let bytes = |words: &str| words.replace(',', "").parse::<u64>().unwrap();
            let terms = sum.split(" + ").map(|term| bytes(term.split(' ').next().unwrap()));
            assert_eq!(terms.sum::<u64>(), bytes(arena.trim_end_matches(" B")), "{formula}");
            assert_eq!(bytes(arena.trim_end_matches(" B")), plan.arena_bytes);
            told += 1;
        }
    }
    assert!(told > 40, "{told}");
}
