//! Writes what the page shows at first sight into its HTML: `tinyml-prerender INDEX_HTML`, in the repository's root.
//!
//! The page's own state is booted as in a browser, a worker's desk answers it, the page's own components show it;
//! what they show is text that is there before any script. Beside it go the cards of the samples, packed. The build of the page runs this (`cargo xtask seal`).

mod first_sight;
mod page;
mod plot;
mod svg;
#[cfg(test)]
mod tests;

use first_sight::{Fault, first_sight};
use std::{env, fs, path::Path};
use tinyml_playground::ui::state::{CARDS_PATH, packed_cards};

fn main() -> Result<(), Fault> {
    let path = env::args().nth(1).ok_or("usage: tinyml-prerender INDEX_HTML")?;
    let html = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let html = page::with_first_sight(&html, &first_sight(Path::new("."))?)?;
    fs::write(&path, html).map_err(|error| format!("{path}: {error}"))?;
    let cards = Path::new(&path).with_file_name(CARDS_PATH);
    fs::write(&cards, packed_cards()?)
        .map_err(|error| format!("{}: {error}", cards.display()).into())
}
