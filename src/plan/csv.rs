//! Problems and solutions in the CSV format of google/minimalloc.
//!
//! Columns in any order: `id`, `lower` and `upper` (the half-open lifespan; `start` and `end` do as
//! well), `size`, and optionally `alignment`. A solution repeats the row (an alignment where there is one) and adds `offset`. Gaps are refused.

use super::{Buffer, Lifespan, MAX_ALIGNMENT_BYTES, Problem, Solution};

/// A problem with the names that its file gives the buffers.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NamedProblem {
    /// The names, in the problem's order.
    pub ids: Vec<String>,
    /// The problem.
    pub problem: Problem,
}

/// Why a CSV is no problem.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CsvError {
    /// The text is no CSV.
    #[error("The file is no CSV: {0}")]
    Form(String),
    /// A column is missing.
    #[error("There is no column `{0}`")]
    Column(&'static str),
    /// A field is no number.
    #[error("Line {line}: `{value}` in column `{column}` is no whole number from 0 on")]
    Number {
        /// The line in the file, from 1.
        line: u64,
        /// The column's name.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// A lifespan that ends before it begins.
    #[error("Line {line}: the lifespan ends before it begins")]
    Lifespan {
        /// The line in the file, from 1.
        line: u64,
    },
    /// More buffers than are read.
    #[error("More than {most} buffers")]
    TooMany {
        /// How many are read.
        most: usize,
    },
    /// The problem says more about a buffer than is planned here.
    #[error("Line {line}: the buffer has gaps")]
    Gaps {
        /// The line in the file, from 1.
        line: u64,
    },
    /// An alignment is 0 or beyond reason.
    #[error("Line {line}: an alignment of {value} bytes")]
    Alignment {
        /// The line in the file, from 1.
        line: u64,
        /// What stands there.
        value: u64,
    },
}

impl CsvError {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Form(_) | Self::Column(_) => {
                "Columns id, lower, upper and size are needed, as in minimalloc's files."
            }
            Self::Number { .. } => "Write bytes and steps as whole numbers.",
            Self::Lifespan { .. } => "Lifespans are half-open: upper is the first step after it.",
            Self::TooMany { .. } => "Split the problem where no buffer lives.",
            Self::Gaps { .. } => {
                "Gaps are not planned here: give each part of the life its own row."
            }
            Self::Alignment { .. } => "Use an alignment from 1 to 1048576.",
        }
    }
}

impl From<::csv::Error> for CsvError {
    fn from(error: ::csv::Error) -> Self {
        Self::Form(error.to_string())
    }
}

/// The most rows that are read.
pub const MAX_BUFFERS: usize = 20_000;

/// Reads a problem.
///
/// # Errors
/// [`CsvError`] with line and column.
pub fn read(text: &[u8]) -> Result<NamedProblem, CsvError> {
    read_up_to(text, MAX_BUFFERS)
}

/// Reads a problem of up to `most` buffers.
///
/// # Errors
/// [`CsvError`] with line and column.
pub fn read_up_to(text: &[u8], most: usize) -> Result<NamedProblem, CsvError> {
    let mut reader = ::csv::ReaderBuilder::new().trim(::csv::Trim::All).from_reader(text);
    let headers = reader.headers()?.clone();
    let find = |names: &[&str]| headers.iter().position(|header| names.contains(&header));
    let id = find(&["id", "buffer_id", "buffer"]).ok_or(CsvError::Column("id"))?;
    let lower = find(&["lower", "start", "begin"]).ok_or(CsvError::Column("lower"))?;
    let upper = find(&["upper", "end"]).ok_or(CsvError::Column("upper"))?;
    let size = find(&["size"]).ok_or(CsvError::Column("size"))?;
    let alignment = find(&["alignment"]);
    let gaps = find(&["gaps"]);
    let mut named = NamedProblem::default();
    for record in reader.records() {
        let record = record?;
        if named.ids.len() == most {
            return Err(CsvError::TooMany { most });
        }
        let line = record.position().map_or(0, ::csv::Position::line);
        let number = |position: usize, column: &'static str| {
            let value = record.get(position).unwrap_or_default();
            value.parse::<u64>().map_err(|_number| CsvError::Number {
                line,
                column,
                value: value.to_owned(),
            })
        };
        let lifespan = Lifespan { first: number(lower, "lower")?, end: number(upper, "upper")? };
        if lifespan.end < lifespan.first {
            return Err(CsvError::Lifespan { line });
        }
        let alignment_bytes = match alignment {
            Some(position) => number(position, "alignment")?,
            None => 1,
        };
        if !(1..=MAX_ALIGNMENT_BYTES).contains(&alignment_bytes) {
            return Err(CsvError::Alignment { line, value: alignment_bytes });
        }
        if gaps.and_then(|gaps| record.get(gaps)).is_some_and(|text| !text.is_empty()) {
            return Err(CsvError::Gaps { line });
        }
        let size_bytes = number(size, "size")?;
        let takes_place_of = None;
        let buffer = Buffer { size_bytes, alignment_bytes, lifespan, takes_place_of };
        named.problem.buffers.push(buffer);
        named.ids.push(record.get(id).unwrap_or_default().to_owned());
    }
    Ok(named)
}

/// Writes a problem with the offsets of its solution.
#[must_use]
pub fn write(named: &NamedProblem, solution: &Solution) -> Vec<u8> {
    let aligned = named.problem.buffers.iter().any(|buffer| buffer.alignment_bytes > 1);
    let header = if aligned { "id,lower,upper,size,alignment" } else { "id,lower,upper,size" };
    let mut text = format!("{header},offset\n");
    let rows = named.ids.iter().zip(&named.problem.buffers).zip(&solution.offsets);
    for ((id, buffer), offset) in rows {
        push_name(&mut text, id);
        let Lifespan { first, end } = buffer.lifespan;
        let alignment = aligned.then_some(buffer.alignment_bytes);
        let numbers = [Some(first), Some(end), Some(buffer.size_bytes), alignment, Some(*offset)];
        for number in numbers.into_iter().flatten() {
            text.push(',');
            text.push_str(&number.to_string());
        }
        text.push('\n');
    }
    text.into_bytes()
}

/// Adds a name as a field, in quotes where it holds what separates fields.
///
/// By hand: the crate that reads the format writes it with a check for numbers that takes a table for
/// reading floats, of ten kilobytes.
fn push_name(text: &mut String, name: &str) {
    if name.contains(['"', ',', '\r', '\n']) {
        text.push('"');
        text.push_str(&name.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(name);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Strategy, solve};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_problem_is_read_in_any_column_order() {
        let named = read(b"size, id ,upper,lower\n4,b1,3,0\n8,b2,9,3\n").unwrap();
        assert_eq!(named.ids, ["b1", "b2"]);
        assert_eq!(named.problem.buffers[1].lifespan, Lifespan { first: 3, end: 9 });
        let solution = solve(&named.problem, Strategy::default()).unwrap();
        let text = String::from_utf8(write(&named, &solution)).unwrap();
        assert_eq!(text, "id,lower,upper,size,offset\nb1,0,3,4,0\nb2,3,9,8,0\n");
    }

    #[test]
    fn errors_name_line_and_column() {
        let message = |text: &[u8]| read(text).unwrap_err().to_string();
        assert_eq!(message(b"id,lower,upper\n"), "There is no column `size`");
        let text = b"id,lower,upper,size\na,0,1,4\nb,0,x,4\n";
        let expected = "Line 3: `x` in column `upper` is no whole number from 0 on";
        assert_eq!(message(text), expected);
        let text = b"id,lower,upper,size\na,5,1,4\n";
        assert_eq!(message(text), "Line 2: the lifespan ends before it begins");
        assert!(message(b"id,lower,upper,size\na,1\n").contains("no CSV"));
    }

    proptest! {
        /// As another writer does it.
        #[test]
        fn names_are_quoted_where_they_must_be(name in any::<String>(), mark in 0usize..7) {
            let name = name + ["", "\"", ",", "\r", "\n", " ", "a\"\"b"][mark];
            let buffer = Buffer {
                size_bytes: 4,
                alignment_bytes: 16,
                lifespan: Lifespan { first: 0, end: 9 },
                takes_place_of: None,
            };
            let problem = Problem { buffers: vec![buffer], capacity_bytes: None };
            let solution = solve(&problem, Strategy::default()).unwrap();
            let text = write(&NamedProblem { ids: vec![name.clone()], problem }, &solution);
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(["id", "lower", "upper", "size", "alignment", "offset"]).unwrap();
            writer.write_record([&name, "0", "9", "4", "16", "0"]).unwrap();
            prop_assert_eq!(text, writer.into_inner().unwrap());
        }
    }
}
