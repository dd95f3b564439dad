//! Nothing but a list, in `Cargo.toml`: the interfaces of the browser that the page uses. The page is compiled for
//! the browser and, with the feature `prerender`, natively; both take the list from here.
