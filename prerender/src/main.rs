//! Writes what the page shows at first sight into its HTML.

mod first_sight;

use first_sight::{Fault, finish, first_sight};
use std::path::Path;
use tinyml_playground::ui::{Still, render};

fn main() -> Result<(), Fault> {
    let sight = first_sight(Path::new("."))?;
    let still = Still { box_px: (760.0, 368.0), picture: sight.picture };
    let html = finish(render(&sight.state, still));
    println!("{html}");
    Ok(())
}
