//! The worker with the portable kernels: any browser with WebAssembly runs it.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        tinyml_playground::worker::start_portable();
    }
}
