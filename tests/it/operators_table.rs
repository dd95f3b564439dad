//! The table of operators that leaves the page and the command line, against the reports' own JSON.

use crate::command_line::{MODEL, json};
use std::process::Command;

const PATCHES: [&str; 4] = ["--stage-end", "16", "--grid", "4x4"];

fn csv(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inspect"));
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_operator_has_the_bytes_and_macs_of_the_plans_steps() {
    let report = json(&["report", MODEL, "--json"]);
    let plan = json(&[&["patch", MODEL, "--json"], &PATCHES[..]].concat());
    let table = json(&[&["operators", MODEL, "--json"], &PATCHES[..]].concat());
    assert_eq!(table["table"], "operators");
    assert_eq!(table["sha256"], report["sha256"]);
    assert_eq!(table["arena_bytes"], plan["arena_bytes"]);
    assert_eq!(table["file_name"], "mobilenet_v2_035_96.tflite");
    let rows = table["rows"].as_array().unwrap();
    let mut macs = 0;
    for row in rows {
        let steps = plan["steps"].as_array().unwrap();
        let own = steps.iter().filter(|step| step["operator"] == row["operator"]);
        let figure = |step: &serde_json::Value, name: &str| step[name].as_u64().unwrap_or(0);
        let needed = own
            .clone()
            .map(|step| figure(step, "live_bytes") + figure(step, "scratch_bytes"))
            .max();
        assert_eq!(row["needed_bytes"].as_u64(), Some(needed.unwrap_or(0)), "{row}");
        assert_eq!(row["steps"].as_u64(), Some(own.clone().count() as u64), "{row}");
        let sum: u64 = own.map(|step| figure(step, "macs")).sum();
        assert_eq!(row["macs"].as_u64(), Some(sum), "{row}");
        macs += sum;
    }
    assert_eq!(Some(macs), plan["macs"].as_u64());
}

#[test]
fn the_csv_has_the_same_cells_as_the_json() {
    let table = json(&["operators", MODEL, "--json"]);
    let csv = csv(&["operators", MODEL]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = table["rows"].as_array().unwrap();
    let mut n_rows = 0;
    for (record, row) in reader.records().zip(rows) {
        n_rows += 1;
        for (column, cell) in columns.iter().zip(&record.unwrap()) {
            let expected = match &row[column] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                figure => figure.to_string(),
            };
            assert_eq!(cell, expected, "{column}");
        }
    }
    assert_eq!(n_rows, rows.len());
    assert!(n_rows > 50);
}
