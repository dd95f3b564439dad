//! `cargo xtask scheduling`: the tables and pictures of docs/scheduling.md.

use crate::{Failure, Outcome, commands::Call};
use std::fs;

const PAGE: &str = "docs/scheduling.md";
const PICTURES: &str = "docs/rungs";
/// The model of the pictures, and of the first row.
const OWN: &str = "models/mobilenet_v2_035_96.tflite";
/// The model of the paper's figures: the second row.
const PACKED: &str = "models/mobilenet_v2_100_224.graph.tflite.gz";
const UNPACKED: &str = "target/mobilenet_v2_100_224.tflite";

/// Draws the pictures and fills the tables: the rows of our own models and of `models` anew, all
/// other rows as they are.
pub fn write(models: &[String]) -> Outcome {
    inspect().args(["rungs", OWN, "--largest", "4", "--pictures", PICTURES]).run()?;
    let failed = |path: &str, e: std::io::Error| Failure::new(format!("{path}: {e}"));
    let model = Call::new("gzip").args(["-dc", PACKED]).output();
    let model = model.ok_or_else(|| Failure::new(format!("`gzip -dc {PACKED}` failed")))?;
    fs::create_dir_all("target").map_err(|e| failed("target", e))?;
    fs::write(UNPACKED, model).map_err(|e| failed(UNPACKED, e))?;
    let mut page = fs::read_to_string(PAGE).map_err(|e| failed(PAGE, e))?;
    for held in ["resident", "streamed"] {
        let call = inspect().args(["rungs", OWN, "--input-image", held, "--table", UNPACKED]);
        let table = call.args(models).text().ok_or_else(|| Failure::new("inspect failed"))?;
        page = with_rows(&page, held, &table)?;
    }
    fs::write(PAGE, page).map_err(|e| failed(PAGE, e))
}

fn inspect() -> Call {
    Call::new("cargo").args(["run", "--quiet", "--release", "--locked", "--bin", "inspect", "--"])
}

/// The page with these rows in the table behind a mark: a row takes the place of the one of the same
/// name or stands behind all others, and rows of other names stay.
fn with_rows(page: &str, mark: &str, table: &str) -> Result<String, Failure> {
    let (begin, end) = (format!("<!-- {mark} -->\n"), "<!-- end -->");
    let missing = || Failure::new(format!("{PAGE}: the marks of the table `{mark}` are missing"));
    let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (old, after) = rest.split_once(end).ok_or_else(missing)?;
    /// Lines of the names of columns, and of the line below them.
    const HEAD: usize = 2;
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), table.lines().collect());
    let head = |lines: &[&str]| lines.iter().take(HEAD).map(ToString::to_string).collect();
    let mut lines: Vec<String> = head(&new);
    let name = |row: &str| row.split('|').nth(1).unwrap_or_default().trim().to_owned();
    let named = |rows: &[&str], wanted: &str| {
        rows.iter().skip(HEAD).find(|row| name(row) == wanted).map(ToString::to_string)
    };
    for row in old.iter().skip(HEAD) {
        let own = named(&new, &name(row));
        if own.is_none() && head(&old) != head(&new) {
            let why = format!("{PAGE}: the columns are others now, and `{}` is kept", name(row));
            return Err(Failure::new(format!("{why}: give the file of every row")));
        }
        lines.push(own.unwrap_or_else(|| row.to_string()));
    }
    let is_new = |row: &&&str| named(&old, &name(row)).is_none();
    lines.extend(new.iter().skip(HEAD).filter(is_new).map(ToString::to_string));
    Ok(format!("{before}{begin}{}\n{end}{after}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "a\n<!-- x -->\n| m | 1 |\n|---|---|\n| p | 2 |\n| q | 3 |\n<!-- end -->\n\
                        b <!-- end -->";

    #[test]
    fn rows_take_the_place_of_their_names_and_others_stay() {
        let table = "| m | 1 |\n|---|---|\n| q | 4 |\n| r | 5 |";
        let expected = PAGE.replace("| q | 3 |", "| q | 4 |\n| r | 5 |");
        assert_eq!(with_rows(PAGE, "x", table).unwrap(), expected);
        assert!(with_rows(PAGE, "y", table).is_err(), "no such table");
    }

    #[test]
    fn no_row_is_kept_under_other_columns() {
        let table = "| m | 1 | 2 |\n|---|---|---|\n| q | 4 | 5 |";
        assert!(with_rows(PAGE, "x", table).is_err());
        let all = format!("{table}\n| p | 6 | 7 |");
        assert!(with_rows(PAGE, "x", &all).unwrap().contains("| p | 6 | 7 |\n| q | 4 | 5 |\n<!--"));
    }
}
