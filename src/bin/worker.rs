//! The worker that reads, plans and runs models away from the page's thread, with the reference
//! kernels.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        tinyml_playground::worker::start::<tinyml_playground::kernels::Reference>();
    }
}
