//! Receptive fields: those of the patch schedules, and nothing outside them matters.

use crate::support::{
    random::Random,
    runs::{open, run_guarded},
};
use tinyml_playground::{
    kernels::Reference,
    report::{InputImage, ScheduleChoice, receptive_field},
    schedule::patch::{Grid, unclipped},
    session::Session,
    tensor::{Map, Region},
};

const SEED: u64 = 20_261_130;

fn emoji() -> Session<Reference> {
    open(include_bytes!("../../models/emoji96.tflite"))
}

fn output_map(session: &Session<Reference>, operator: u32) -> Map {
    let graph = session.graph();
    let position = graph.position(operator as usize).unwrap();
    graph.tensor(graph.nodes[position].outputs[0]).shape.map()
}

/// A patch of one cell needs of the input what the cell's receptive field is.
#[test]
fn fields_are_what_patches_of_one_cell_read() {
    let session = emoji();
    let (graph, report) = (session.graph(), session.report());
    let mut random = Random::new(SEED);
    let mut compared = 0;
    for &stage_end in &report.stage_ends {
        let map = output_map(&session, stage_end);
        let (rows, columns) = (map.height as u32, map.width as u32);
        let input_image = InputImage::Resident;
        let choice = ScheduleChoice::Patched { stage_end, rows, columns, input_image };
        let schedule = session.schedule(choice).unwrap();
        let grid = Grid { rows: map.height, columns: map.width };
        let free = unclipped(graph, stage_end as usize, grid).unwrap();
        let corners = [[0, 0], [map.height - 1, map.width - 1]];
        let others = (0..20).map(|_| [random.below(map.height), random.below(map.width)]);
        for [row, column] in corners.into_iter().chain(others) {
            let field = receptive_field(report, stage_end, [row, column]).unwrap();
            let read = schedule.patch_inputs[row * map.width + column];
            assert_eq!(field.region, read, "#{stage_end} at {row}, {column}");
            assert_eq!(field.sides, free.input_side, "#{stage_end} at {row}, {column}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

/// The bytes of one cell, all channels.
fn cell(bytes: &[u8], map: Map, [row, column]: [usize; 2]) -> &[u8] {
    let at = (row * map.width + column) * map.channels;
    &bytes[at..at + map.channels]
}

/// For a cell of every operator: when all of the input outside its field is something else, its values
/// stay; when what is inside is, they change.
#[test]
fn nothing_outside_a_field_matters_to_its_cell() {
    let session = emoji();
    let (graph, report) = (session.graph(), session.report());
    let input = session.inputs_from_noise(3).remove(0);
    let whole = run_guarded(&session, ScheduleChoice::Layerwise, &[&input]);
    let input_map = graph.tensor(graph.inputs[0]).shape.map();
    let mut random = Random::new(SEED);
    let (mut maps, mut bounded) = (0, 0);
    for (position, node) in graph.nodes.iter().enumerate() {
        let operator = node.index as u32;
        let map = output_map(&session, operator);
        if map.height * map.width == 1 {
            continue;
        }
        maps += 1;
        let at = [random.below(map.height), random.below(map.width)];
        let field = receptive_field(report, operator, at).unwrap();
        let with = |is_inside: bool| {
            let other = changed(&input, input_map, field.region, is_inside);
            let run = run_guarded(&session, ScheduleChoice::Layerwise, &[&other]);
            run.captures[position].as_ref().unwrap().bytes.clone()
        };
        let before = &whole.captures[position].as_ref().unwrap().bytes;
        assert_eq!(cell(&with(false), map, at), cell(before, map, at), "#{operator} at {at:?}");
        if field.region != input_map.region() {
            bounded += 1;
        }
        assert_ne!(with(true), *before, "#{operator} reads its field");
    }
    assert!(maps > 20 && bounded > 10, "{maps} maps, {bounded} bounded");
}

/// The input with every cell inside (or outside) a region turned over.
fn changed(input: &[u8], map: Map, region: Region, is_inside: bool) -> Vec<u8> {
    let cells = input.chunks_exact(map.channels).enumerate();
    let turned = cells.flat_map(|(at, cell)| {
        let (row, column) = (at / map.width, at % map.width);
        let holds = region.rows.holds(row) && region.columns.holds(column);
        cell.iter().map(move |&byte| if holds == is_inside { !byte } else { byte })
    });
    turned.collect()
}
