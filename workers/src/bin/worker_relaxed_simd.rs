//! The worker with kernels for WebAssembly's relaxed SIMD.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        tinyml_playground::worker::start_relaxed_simd();
    }
}
