//! `cargo xtask scheduling`: the tables and pictures of docs/scheduling.md.

use crate::{Failure, Outcome, commands::Call};
use std::{fs, path::Path};

const PAGE: &str = "docs/scheduling.md";
const PICTURES: &str = "docs/rungs";
/// The model of the pictures, and of the first row.
const OWN: &str = "models/mobilenet_v2_035_96.tflite";

/// Draws the pictures and fills the tables, with a row for each of `models` behind our own.
pub fn write(models: &[String]) -> Outcome {
    inspect().args(["rungs", OWN, "--largest", "4", "--pictures", PICTURES]).run()?;
    let mut page = fs::read_to_string(PAGE).map_err(|e| Failure::new(format!("{PAGE}: {e}")))?;
    for held in ["resident", "streamed"] {
        let call = inspect().args(["rungs", OWN, "--input-image", held, "--table"]).args(models);
        let table = call.text().ok_or_else(|| Failure::new("inspect failed"))?;
        page = between(&page, held, &(table + "\n"))?;
    }
    fs::write(Path::new(PAGE), page).map_err(|e| Failure::new(format!("{PAGE}: {e}")))
}

fn inspect() -> Call {
    Call::new("cargo").args(["run", "--quiet", "--release", "--locked", "--bin", "inspect", "--"])
}

/// The page with other text between the marks of a table.
fn between(page: &str, mark: &str, table: &str) -> Result<String, Failure> {
    let (begin, end) = (format!("<!-- {mark} -->\n"), "<!-- end -->");
    let missing = || Failure::new(format!("{PAGE}: the marks of the table `{mark}` are missing"));
    let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_the_place_of_the_old_one() {
        let page = "a\n<!-- x -->\nold\n<!-- end -->\nb <!-- end -->";
        assert_eq!(between(page, "x", "new\n").unwrap(), page.replace("old", "new"));
        assert!(between(page, "y", "").is_err());
    }
}
