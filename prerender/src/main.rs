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
use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};
use tinyml_playground::ui::state::{CARDS_PATH, packed_cards};

fn main() -> Result<(), Fault> {
    let path = env::args().nth(1).ok_or("usage: tinyml-prerender INDEX_HTML")?;
    let html = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let html = page::with_first_sight(&html, &first_sight(Path::new("."))?)?;
    let packed = packed_cards()?;
    fs::write(&path, with_version(&html, &packed)?).map_err(|error| format!("{path}: {error}"))?;
    let cards = Path::new(&path).with_file_name(CARDS_PATH);
    fs::write(&cards, packed).map_err(|error| format!("{}: {error}", cards.display()).into())
}

/// The page with the version of its cards behind their address, so that it never takes older ones from a cache.
fn with_version(html: &str, packed: &[u8]) -> Result<String, Fault> {
    let mut hash = DefaultHasher::new();
    packed.hash(&mut hash);
    let address = format!("href=\"{CARDS_PATH}\"");
    if html.matches(&address).count() != 1 {
        return Err(format!("the page must have one {address}").into());
    }
    let versioned = format!("href=\"{CARDS_PATH}?v={:016x}\"", hash.finish());
    Ok(html.replace(&address, &versioned))
}
