//! Problems and solutions in the CSV format of google/minimalloc.
//!
//! Columns in any order: `id`, `lower` and `upper` (the half-open lifespan; `start` and `end` do as
//! well), `size`, and optionally `alignment`. A solution repeats the row and adds `offset`.

use super::{Buffer, Lifespan, Problem, Solution};

/// A problem with the names that its file gives the buffers.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NamedProblem {
    /// The names, in the problem's order.
    pub ids: Vec<String>,
    /// The problem.
    pub problem: Problem,
}

/// Why a CSV is no problem.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The text is no CSV.
    #[error("the file is no CSV: {0}")]
    Form(#[from] ::csv::Error),
    /// A column is missing.
    #[error("there is no column `{0}`")]
    Column(&'static str),
    /// A field is no number.
    #[error("line {line}: `{value}` in column `{column}` is no whole number from 0 on")]
    Number {
        /// The line in the file, from 1.
        line: u64,
        /// The column's name.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// A lifespan that ends before it begins.
    #[error("line {line}: the lifespan ends before it begins")]
    Lifespan {
        /// The line in the file, from 1.
        line: u64,
    },
    /// More buffers than are read.
    #[error("more than {MAX_BUFFERS} buffers")]
    TooMany,
}

/// The most rows that are read.
pub const MAX_BUFFERS: usize = 20_000;

/// Reads a problem.
///
/// # Errors
/// [`CsvError`] with line and column.
pub fn read(text: &[u8]) -> Result<NamedProblem, CsvError> {
    let mut reader = ::csv::ReaderBuilder::new().trim(::csv::Trim::All).from_reader(text);
    let headers = reader.headers()?.clone();
    let find = |names: &[&str]| headers.iter().position(|header| names.contains(&header));
    let id = find(&["id", "buffer_id", "buffer"]).ok_or(CsvError::Column("id"))?;
    let lower = find(&["lower", "start", "begin"]).ok_or(CsvError::Column("lower"))?;
    let upper = find(&["upper", "end"]).ok_or(CsvError::Column("upper"))?;
    let size = find(&["size"]).ok_or(CsvError::Column("size"))?;
    let alignment = find(&["alignment"]);
    let mut named = NamedProblem::default();
    for record in reader.records() {
        let record = record?;
        if named.ids.len() == MAX_BUFFERS {
            return Err(CsvError::TooMany);
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
        let size_bytes = number(size, "size")?;
        named.problem.buffers.push(Buffer { size_bytes, alignment_bytes, lifespan });
        named.ids.push(record.get(id).unwrap_or_default().to_owned());
    }
    Ok(named)
}

/// Writes a problem with the offsets of its solution.
///
/// # Errors
/// A [`CsvError`] where a name cannot be written.
pub fn write(named: &NamedProblem, solution: &Solution) -> Result<Vec<u8>, CsvError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "lower", "upper", "size", "offset"])?;
    let rows = named.ids.iter().zip(&named.problem.buffers).zip(&solution.offsets);
    for ((id, buffer), offset) in rows {
        writer.write_record([
            id.clone(),
            buffer.lifespan.first.to_string(),
            buffer.lifespan.end.to_string(),
            buffer.size_bytes.to_string(),
            offset.to_string(),
        ])?;
    }
    writer.into_inner().map_err(|error| CsvError::Form(error.into_error().into()))
}

#[cfg(test)]
mod tests {
    use super::super::{Strategy, solve};
    use super::*;

    #[test]
    fn a_problem_is_read_in_any_column_order() {
        let named = read(b"size, id ,upper,lower\n4,b1,3,0\n8,b2,9,3\n").unwrap();
        assert_eq!(named.ids, ["b1", "b2"]);
        assert_eq!(named.problem.buffers[1].lifespan, Lifespan { first: 3, end: 9 });
        let solution = solve(&named.problem, Strategy::default()).unwrap();
        let text = String::from_utf8(write(&named, &solution).unwrap()).unwrap();
        assert_eq!(text, "id,lower,upper,size,offset\nb1,0,3,4,0\nb2,3,9,8,0\n");
    }

    #[test]
    fn errors_name_line_and_column() {
        let message = |text: &[u8]| read(text).unwrap_err().to_string();
        assert_eq!(message(b"id,lower,upper\n"), "there is no column `size`");
        let text = b"id,lower,upper,size\na,0,1,4\nb,0,x,4\n";
        let expected = "line 3: `x` in column `upper` is no whole number from 0 on";
        assert_eq!(message(text), expected);
        let text = b"id,lower,upper,size\na,5,1,4\n";
        assert_eq!(message(text), "line 2: the lifespan ends before it begins");
        assert!(message(b"id,lower,upper,size\na,1\n").contains("no CSV"));
    }
}
