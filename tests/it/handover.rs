//! Plans as files for other programs: what is in them is the plan, whatever the model's names are.

mod files;
mod offline;

use crate::support::{graphs::Graph, networks::Network, tflite_writer::build};
use std::sync::Arc;
use tinyml_playground::{
    graph::Passes,
    handover::{Format, HandOver, Source, hand_over},
    kernels::Reference,
    model::{Limits, Model, read},
    schedule::{InPlace, InputImage, PlanChoice, ScheduleChoice},
    session::{Planned, Session},
};

pub(super) const BUNDLED: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");

/// Opens a model with its graph as stored.
fn open_as_stored(bytes: &[u8]) -> Session<Reference> {
    Session::open(Arc::from(bytes), Passes::NONE, Limits::default()).unwrap()
}

fn model(bytes: &[u8]) -> Model {
    read(Arc::from(bytes), &Limits::default()).unwrap()
}

/// The bundled model, random spatial networks and random graphs of every kind of operator.
fn samples() -> Vec<Vec<u8>> {
    let networks = (0..40).map(Network::build);
    let graphs = (0..40).map(|seed| build(&Graph::build(seed)));
    std::iter::once(BUNDLED.to_vec()).chain(networks).chain(graphs).collect()
}

/// Every sort of plan that a model has: layer-wise, in place, in another order, aligned, with
/// scratch, and one patch schedule each of a resident and a streamed input.
fn plans(session: &Session<Reference>) -> Vec<Planned> {
    let strict = PlanChoice::default();
    let mut plans = vec![
        session.plan(ScheduleChoice::Layerwise).unwrap(),
        session.plan(strict.with_in_place(InPlace::All)).unwrap(),
        session.plan(strict.with_schedule(ScheduleChoice::Reordered)).unwrap(),
        session.plan(PlanChoice::TFLM).unwrap(),
        session.plan(PlanChoice::TINY_ENGINE).unwrap(),
    ];
    let stage_end = session.report().stage_ends.first().copied();
    let images = [InputImage::Resident, InputImage::Streamed];
    for (stage_end, input_image) in stage_end.into_iter().flat_map(|end| images.map(|i| (end, i))) {
        let choice = ScheduleChoice::Patched { stage_end, rows: 2, columns: 2, input_image };
        plans.extend(session.plan(PlanChoice::from(choice).with_in_place(InPlace::Depthwise)));
    }
    plans
}

/// A file of a plan, and of a model under any name.
fn make(
    session: &Session<Reference>,
    planned: &Planned,
    model: &Model,
    format: Format,
    name: &str,
    step_ms: Option<&[f64]>,
) -> HandOver {
    hand_over(&Source { name, model, step_ms, ..source(session, planned, model) }, format).unwrap()
}

fn source<'a>(
    session: &'a Session<Reference>,
    planned: &'a Planned,
    model: &'a Model,
) -> Source<'a> {
    let Planned { choice, schedule, solution } = planned;
    let (graph, planner) = (session.graph(), choice.planner);
    let (step_ms, tflm) = (None, session.report().tflm_arena());
    Source { name: "m", model, graph, schedule, solution, planner, step_ms, tflm }
}
