//! Drives the built page in a headless browser: `trunk build --release && cargo test --test e2e`.
//!
//! A test is one call of [`visit`] or [`visit_with`], which serve dist/ under a sub-path, open it in a
//! fresh Chromium and hand over a [`Page`]. When the test fails, by an error or by a panic, they leave
//! a screenshot in target/e2e/ and print the browser's console; when it passes, they make sure that
//! the console holds no error. Set `TINYML_SKIP_E2E` to leave all of them out.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "in a test a panic is an answer, and sizes are small"
)]

#[allow(dead_code, reason = "a harness offers what the next test may need")]
mod browser;
mod comparison;
mod driver;
mod explain;
mod files;
mod fit;
mod golden;
mod graph;
mod kernels;
mod leaving;
mod links;
mod mishaps;
mod modules;
mod palette;
mod planning;
mod samples;
#[allow(dead_code, reason = "a harness offers what the next test may need")]
mod server;
mod sounds;
mod still;
mod time;
mod visit;
mod walk;

use browser::{Page, Window};
use server::Site;
use visit::{Checked, is_left_out, visit};

#[tokio::test]
async fn page_opens_under_a_sub_path_without_console_errors() -> Checked {
    visit("first_paint", Window::DESKTOP, async |page: &Page| {
        assert_eq!(page.title().await?, "TinyML Playground");
        page.wait_for("#app h1").await?;
        page.screenshot("first_paint_desktop").await
    })
    .await
}

#[tokio::test]
async fn page_fits_a_phone() -> Checked {
    visit("phone", Window::PHONE, async |page: &Page| {
        page.wait_for("#app h1").await?;
        let overflow =
            page.run("return document.documentElement.scrollWidth - window.innerWidth").await?;
        assert!(overflow.as_i64() <= Some(0), "the page is {overflow} pixels wider than the phone");
        page.screenshot("first_paint_phone").await
    })
    .await
}

#[tokio::test]
async fn built_page_allows_no_inline_script_and_versions_its_worker() -> Checked {
    if is_left_out("built_page") {
        return Ok(());
    }
    let html = std::fs::read_to_string(Site::dist()?.file("index.html"))?;
    assert!(!html.contains("nonce"), "only `trunk serve` needs a nonce");
    assert!(!html.contains("script-src 'self' 'unsafe-inline'"));
    for worker in ["portable", "simd128", "relaxed_simd"] {
        let versioned = format!("\"worker_{worker}_loader.js?v=");
        assert!(html.contains(&versioned), "`cargo xtask seal` has not run for {worker}");
    }
    Ok(())
}
