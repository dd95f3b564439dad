//! docs/scheduling.md: its tables are those that are computed.

use crate::support::{golden::golden_models, runs::open};
use std::{fs, io::Read as _, path::Path};
use tinyml_playground::{
    report::{InputImage, Rung},
    session::RungSearch,
    text::{kib, rung_name},
    ui::charts::{LIGHT, arena_svg},
};

/// The rows of the table behind a mark, by the model's name, and the names of the columns.
fn table(mark: &str) -> (Vec<String>, Vec<(String, Vec<String>)>) {
    let page = include_str!("../../docs/scheduling.md");
    let (_, rest) = page.split_once(&format!("<!-- {mark} -->\n")).unwrap();
    let (table, _) = rest.split_once("<!-- end -->").unwrap();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = table.lines();
    let head = cells(lines.next().unwrap());
    let rows = lines.skip(1).map(|line| {
        let mut row = cells(line);
        (row.remove(0), row)
    });
    (head[1..].to_vec(), rows.collect())
}

#[test]
fn the_tables_hold_what_is_computed() {
    let mut models = golden_models();
    let bundled = include_bytes!("../../models/mobilenet_v2_035_96.tflite");
    models.push(("mobilenet_v2_035_96".to_owned(), bundled.to_vec()));
    let packed: &[u8] = include_bytes!("../../models/mobilenet_v2_100_224.graph.tflite.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    models.push(("mobilenet_v2_100_224".to_owned(), bytes));
    for (mark, input_image) in
        [("resident", InputImage::Resident), ("streamed", InputImage::Streamed)]
    {
        let (head, rows) = table(mark);
        assert_eq!(head, Rung::ALL.map(rung_name));
        assert_eq!(rows.len(), 10);
        for (id, bytes) in &models {
            let session = open(bytes);
            let mut search = RungSearch::new(&session, input_image, 8).unwrap();
            while search.step(&session).unwrap() {}
            let rungs = search.finish();
            let computed = Rung::ALL.map(|rung| {
                let one = rungs.iter().find(|one| one.rung == rung);
                one.map_or("–".to_owned(), |one| {
                    kib(one.arena_bytes) + if one.is_proven() { "" } else { "*" }
                })
            });
            let (_, row) = rows.iter().find(|(name, _)| name == id).unwrap();
            assert_eq!(row[..], computed, "{id}, {mark}: run `cargo xtask scheduling`");
        }
    }
}

/// The pictures are those that are drawn, and each is on the page.
#[test]
fn the_pictures_show_what_is_computed() {
    let session = open(include_bytes!("../../models/mobilenet_v2_035_96.tflite"));
    let mut search = RungSearch::new(&session, InputImage::Resident, 4).unwrap();
    while search.step(&session).unwrap() {}
    let page = include_str!("../../docs/scheduling.md");
    let rungs = search.finish();
    assert_eq!(rungs.len(), Rung::ALL.len());
    for one in rungs {
        let own = session.with_passes(one.passes).unwrap();
        let plan = own.plan_report(&own.plan(one.choice).unwrap());
        let drawn = arena_svg(own.report(), &plan, 0, (720, 300), &LIGHT);
        let name = serde_json::to_value(one.rung).unwrap();
        let name = format!("rungs/{}.svg", name.as_str().unwrap());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(&name);
        let committed = fs::read_to_string(path).unwrap();
        assert!(committed == drawn, "docs/{name}: run `cargo xtask scheduling`");
        assert!(page.contains(&format!("]({name})")), "docs/{name} is on no page");
    }
}
