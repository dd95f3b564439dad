//! The command line: what the page shows, as text or JSON.

fn main() {}
