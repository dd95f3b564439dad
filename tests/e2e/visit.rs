//! One test from start to end: serve, open, try, and leave evidence when it fails.

#![allow(clippy::print_stderr, reason = "what a failed test leaves behind is read at a terminal")]

use crate::{
    browser::{ConsoleLine, Page, Window},
    server::Site,
};
use std::{
    error::Error,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    task::Poll,
    thread,
};

/// What the steps of a test return; `?` works on every error.
pub(crate) type Checked<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Whether a test that passes may leave errors in the console.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Console {
    HoldsNoErrors,
    MayHoldErrors,
}

/// Opens the built page and runs `test` on it. `name` names the screenshot of a failure.
pub(crate) async fn visit(
    name: &str,
    window: Window,
    test: impl AsyncFnOnce(&Page) -> Checked,
) -> Checked {
    if is_left_out(name) {
        return Ok(());
    }
    visit_with(name, window, Site::dist()?, Console::HoldsNoErrors, test).await
}

/// The address of MobileNetV2 0.35 at 96 in 128 KiB, of which many figures are known.
const UNTRAINED: &str = "#v=1&m=mobilenet_v2_035_96&ram=131072";

/// [`visit`] by a link to the untrained network whose figures many tests know.
pub(crate) async fn visit_untrained(
    name: &str,
    window: Window,
    test: impl AsyncFnOnce(&Page) -> Checked,
) -> Checked {
    if is_left_out(name) {
        return Ok(());
    }
    let address = format!("{}{UNTRAINED}", Site::dist()?.serve().await?);
    visit_address(name, window, &address, Console::HoldsNoErrors, test).await
}

/// [`visit`] with a site that misbehaves, or a console that may complain.
pub(crate) async fn visit_with(
    name: &str,
    window: Window,
    site: Site,
    console: Console,
    test: impl AsyncFnOnce(&Page) -> Checked,
) -> Checked {
    if is_left_out(name) {
        return Ok(());
    }
    visit_address(name, window, &site.serve().await?, console, test).await
}

async fn visit_address(
    name: &str,
    window: Window,
    address: &str,
    console: Console,
    test: impl AsyncFnOnce(&Page) -> Checked,
) -> Checked {
    let page = Page::open(window, address).await?;
    let outcome = caught(test(&page)).await;
    let lines = page.console().await?;
    if !matches!(outcome, Ok(Ok(()))) {
        page.screenshot(&format!("failed_{name}")).await?;
        eprintln!(
            "{name} failed: see target/e2e/failed_{name}.png. The console:\n{}",
            list(&lines)
        );
    }
    outcome.unwrap_or_else(|panic| resume_unwind(panic))?;
    let errors: Vec<_> = lines.into_iter().filter(|line| line.is_error()).collect();
    if console == Console::HoldsNoErrors && !errors.is_empty() {
        return Err(format!("the console holds errors:\n{}", list(&errors)).into());
    }
    Ok(())
}

fn list(lines: &[ConsoleLine]) -> String {
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// Whether the environment asks to leave these tests out; says so if it does.
pub(crate) fn is_left_out(name: &str) -> bool {
    let skip = std::env::var_os("TINYML_SKIP_E2E").is_some();
    if skip {
        eprintln!("{name}: NOT RUN, because TINYML_SKIP_E2E is set");
    }
    skip
}

/// Awaits `future` and hands its panic over as a value, so that the browser can still be asked.
async fn caught<T>(future: impl Future<Output = T>) -> thread::Result<T> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}
