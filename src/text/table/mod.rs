//! Figures as files: one table, from which CSV, JSON and documents are made.
//!
//! Names of columns carry units (`needed_bytes`, `time_ms`); counts are exact. Words from a model's
//! file are hostile: in CSV they are quoted, and none begins like a formula.

mod tables;

pub use tables::{
    candidates_table, comparison_table, front_table, operators_table, rungs_table, table_name,
};

use std::fmt::Write;

/// One figure or word.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A whole number: bytes, multiply-accumulates, an operator's number.
    Count(u64),
    /// Milliseconds.
    Ms(f64),
    /// Words, or a shape.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Not known, or nothing to tell.
    Missing,
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Self {
        Self::Count(u64::from(count))
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Rows under named columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it lists, as a part of file names: `operators`.
    pub name: &'static str,
    /// The names of its columns, with units.
    pub columns: &'static [&'static str],
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// What a file says of itself: keys and values beside the rows.
pub type About<'a> = [(&'a str, Cell)];

impl Table {
    /// As comma-separated values of RFC 4180: a head, CRLF after every line, quotes where a cell needs
    /// them. Text that a spreadsheet would take for a formula has an apostrophe before it.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = self.columns.join(",");
        for row in &self.rows {
            text.push_str("\r\n");
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push_csv(&mut text, cell);
            }
        }
        text.push_str("\r\n");
        text
    }

    /// As one JSON object: `table`, then what `about` says, then `rows`, an object each.
    #[must_use]
    pub fn json(&self, about: &About<'_>) -> String {
        let mut text = "{\"table\": ".to_owned();
        push_json_text(&mut text, self.name);
        for (key, value) in about {
            push_member(&mut text, ",\n ", key, value);
        }
        text.push_str(",\n \"rows\": [");
        for (index, row) in self.rows.iter().enumerate() {
            text.push_str(if index > 0 { ",\n  " } else { "\n  " });
            let mut before = "{";
            for (column, cell) in self.columns.iter().zip(row) {
                push_member(&mut text, before, column, cell);
                before = ", ";
            }
            text.push('}');
        }
        text.push_str("]}\n");
        text
    }
}

/// How a spreadsheet may begin to read a formula, also in wide letters.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn push_csv(text: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(words) => {
            let guard = if words.starts_with(FORMULA) { "'" } else { "" };
            if words.contains([',', '"', '\r', '\n']) {
                text.push('"');
                text.push_str(guard);
                text.push_str(&words.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(guard);
                text.push_str(words);
            }
        }
        Cell::Missing => {}
        figure => push_figure(text, figure),
    }
}

fn push_member(text: &mut String, before: &str, key: &str, value: &Cell) {
    text.push_str(before);
    push_json_text(text, key);
    text.push_str(": ");
    match value {
        Cell::Text(words) => push_json_text(text, words),
        Cell::Missing => text.push_str("null"),
        figure => push_figure(text, figure),
    }
}

/// What CSV and JSON write alike.
fn push_figure(text: &mut String, figure: &Cell) {
    // Writing to a string cannot fail.
    let _ = match figure {
        Cell::Count(count) => write!(text, "{count}"),
        Cell::Ms(ms) if ms.is_finite() => write!(text, "{ms}"),
        Cell::Flag(flag) => write!(text, "{flag}"),
        _ => Ok(()),
    };
}

/// A string of JSON, quotes and all.
fn push_json_text(text: &mut String, words: &str) {
    text.push('"');
    for letter in words.chars() {
        match letter {
            '"' | '\\' => {
                text.push('\\');
                text.push(letter);
            }
            // Legal in JSON, but not in what embeds it.
            '\u{0}'..='\u{1f}' | '\u{7f}' | '<' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            any::<u64>().prop_map(Cell::Count),
            (0.0..1e9).prop_map(Cell::Ms),
            any::<String>().prop_map(Cell::Text),
            any::<bool>().prop_map(Cell::Flag),
            Just(Cell::Missing),
        ]
    }

    fn is_read(read: &serde_json::Value, cell: &Cell) -> bool {
        match cell {
            Cell::Count(count) => read.as_u64() == Some(*count),
            // The other reader rounds in another way.
            Cell::Ms(ms) => read.as_f64().is_some_and(|read| (read - ms).abs() <= ms * 1e-15),
            Cell::Text(text) => read.as_str() == Some(text),
            Cell::Flag(flag) => read.as_bool() == Some(*flag),
            Cell::Missing => read.is_null(),
        }
    }

    const COLUMNS: &[&str] = &["one", "two_bytes"];

    fn any_table() -> impl Strategy<Value = Table> {
        let row = proptest::collection::vec(any_cell(), COLUMNS.len());
        proptest::collection::vec(row, 0..6).prop_map(|rows| Table {
            name: "sample",
            columns: COLUMNS,
            rows,
        })
    }

    proptest! {
        #[test]
        fn json_is_read_back_by_another_reader(table in any_table(), about in any_cell()) {
            let text = table.json(&[("about", about.clone())]);
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read["table"], "sample");
            prop_assert!(is_read(&read["about"], &about));
            let rows = read["rows"].as_array().unwrap();
            prop_assert_eq!(rows.len(), table.rows.len());
            for (row, expected) in rows.iter().zip(&table.rows) {
                for (column, cell) in COLUMNS.iter().zip(expected) {
                    prop_assert!(is_read(&row[column], cell), "{}", row[column]);
                }
            }
        }

        #[test]
        fn csv_is_read_back_by_another_reader_and_holds_no_formula(table in any_table()) {
            let csv = table.csv();
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len(), table.rows.len());
            for (row, expected) in rows.iter().zip(&table.rows) {
                for (field, cell) in row.iter().zip(expected) {
                    match cell {
                        Cell::Text(text) => {
                            prop_assert!(!field.starts_with(FORMULA), "{field:?}");
                            let plain = field.strip_prefix('\'').unwrap_or(field);
                            prop_assert!(field == text || plain == text);
                        }
                        Cell::Count(count) => prop_assert_eq!(field, count.to_string()),
                        Cell::Ms(ms) => {
                            let read = field.parse::<f64>().unwrap();
                            prop_assert_eq!(read.to_bits(), ms.to_bits());
                        }
                        Cell::Flag(flag) => prop_assert_eq!(field, flag.to_string()),
                        Cell::Missing => prop_assert_eq!(field, ""),
                    }
                }
            }
        }
    }

    #[test]
    fn a_formula_stays_text() {
        let rows = vec![vec![Cell::from("=SUM(A1,A2)"), Cell::from("say \"hi\"")]];
        let table = Table { name: "sample", columns: COLUMNS, rows };
        assert_eq!(table.csv(), "one,two_bytes\r\n\"'=SUM(A1,A2)\",\"say \"\"hi\"\"\"\r\n");
    }
}
