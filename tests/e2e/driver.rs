//! A chromedriver process with one session; both end with the value, whatever the test did.

use crate::{browser::Window, files, visit::Checked};
use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::{
    env,
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(60);

const INSTALL: &str = "chromedriver does not start; it is needed with Chromium or Chrome. \
    Debian: apt-get install chromium chromium-driver; Ubuntu: snap install chromium; \
    macOS: brew install --cask chromium chromedriver; Windows: winget install Chromium.ChromeDriver. \
    Or name it in the environment variable CHROMEDRIVER";

/// A running browser and the driver before it.
pub(crate) struct Driver {
    /// The session; it lives as long as the driver.
    pub(crate) client: Client,
    session: String,
    port: u16,
    profile: PathBuf,
    _process: Child,
    // Dropped pipes end a process that writes to them.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts chromedriver on a port of its own choice, and a fresh browser.
    pub(crate) async fn start(window: Window) -> Checked<Self> {
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{INSTALL} ({e})"))?;
        let output = process.stdout.take().ok_or("chromedriver has no output")?;
        let mut output = BufReader::new(output).lines();
        let port = timeout(PATIENCE, announced_port(&mut output)).await??;
        let profile = fresh_profile();
        let heard = files::heard();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(window, &profile, &heard));
        let url = format!("http://127.0.0.1:{port}");
        let client = timeout(PATIENCE, builder.connect(&url)).await??;
        let session = client.session_id().await?.ok_or("the driver opened no session")?;
        Ok(Self { client, session, port, profile, _process: process, _output: output })
    }

    /// Ends the session without the runtime, so that it can be done while a panic unwinds.
    fn end_session(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let session = &self.session;
        write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        stream.read(&mut [0; 64]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that is killed leaves its browser behind; a session that is ended does not.
        self.end_session().ok();
        std::fs::remove_dir_all(&self.profile).ok();
    }
}

/// Reads lines until the driver says which port it listens on.
async fn announced_port(output: &mut Lines<BufReader<ChildStdout>>) -> Checked<u16> {
    while let Some(line) = output.next_line().await? {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    Err(INSTALL.into())
}

/// A folder for the browser's profile that no other test uses.
fn fresh_profile() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    env::temp_dir().join(format!("tinyml-e2e-{}-{count}", std::process::id()))
}

fn capabilities(window: Window, profile: &Path, heard: &Path) -> Capabilities {
    let args = [
        "--headless".to_owned(),
        "--no-sandbox".to_owned(), // root, as in a container, may not use the sandbox
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        // A camera that shows a moving picture, a microphone that hears a word again and again, and no
        // question before they are used.
        "--use-fake-device-for-media-stream".to_owned(),
        "--use-fake-ui-for-media-stream".to_owned(),
        format!("--use-file-for-fake-audio-capture={}", heard.display()),
        "--no-first-run".to_owned(),
        "--force-color-profile=srgb".to_owned(),
        format!("--window-size={},{}", window.width, window.height),
        format!("--user-data-dir={}", profile.display()),
    ];
    let mut options = json!({ "args": args });
    if window.is_phone {
        // A headless window cannot be narrower than 500 pixels; an emulated screen can.
        let metrics = json!({ "width": window.width, "height": window.height, "pixelRatio": 2.0 });
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    if let Ok(browser) = env::var("CHROME") {
        options["binary"] = browser.into();
    }
    let wanted = [
        ("goog:chromeOptions".to_owned(), options),
        ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" })),
    ];
    wanted.into_iter().collect::<serde_json::Map<String, Value>>()
}
