//! The worker: reads, plans and runs models away from the page's thread.
//!
//! [`Desk`] does the work and knows no browser; `port` (in the browser only) carries messages to
//! and from it.

mod desk;
mod inbox;
mod placing;
#[cfg(target_arch = "wasm32")]
mod port;
mod stopwatch;
mod timing;

pub use desk::{Attachment, Desk, Outside, Response};
pub use inbox::Inbox;
#[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
pub use port::start_relaxed_simd;
#[cfg(target_arch = "wasm32")]
pub use port::{start_portable, start_simd128};
