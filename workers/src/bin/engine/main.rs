//! The engine alone, on a page's own thread, for benchmarks against other engines:
//! `cargo xtask bench-page`.
//!
//! It is the way that the worker goes, from the session to the arena of exactly the planned bytes,
//! and knows no model. It puts an object `engine` on the page's window:
//!
//! | function | does |
//! |---|---|
//! | `open(bytes)` | reads a model and plans it layer by layer |
//! | `setInput(bytes)` | copies the first input into the engine's memory, as the file declares it |
//! | `run()` | one inference: to the last byte of the output in the engine's memory |
//! | `output()` | copies the first output out of it, as the file declares it |

#[cfg(target_arch = "wasm32")]
mod page;

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        #[cfg(feature = "relaxed-simd")]
        page::start::<tinyml_playground::kernels::RelaxedSimd>();
        #[cfg(not(feature = "relaxed-simd"))]
        page::start::<tinyml_playground::kernels::Simd128>();
    }
}
