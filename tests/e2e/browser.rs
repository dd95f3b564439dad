//! What a test can do with the open page.

use crate::{driver::Driver, visit::Checked};
use fantoccini::{Client, Locator, elements::Element, wd::WebDriverCompatibleCommand};
use serde_json::{Value, json};
use std::{
    fmt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long [`Page::wait_for`] and the clicks wait.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pause between two looks at the page.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The page while it draws a new plan part by part.
const BEHIND: &str = "main[aria-busy=true]";
/// Before a script that is to see the page drawn to its end.
const NOT_YET: &str =
    "if (document.querySelector('main[aria-busy=true]')) return 'main[aria-busy=true]'; ";

fn is_behind<E>(seen: &Result<Value, E>) -> bool {
    seen.as_ref().is_ok_and(|value| value == BEHIND)
}

/// The size of the visible page in CSS pixels.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Whether touch and a screen of double density are emulated.
    pub(crate) is_phone: bool,
}

impl Window {
    pub(crate) const DESKTOP: Self = Self { width: 1280, height: 900, is_phone: false };
    pub(crate) const PHONE: Self = Self { width: 390, height: 844, is_phone: true };
}

/// One line of the browser's console.
#[derive(Clone, Debug)]
pub(crate) struct ConsoleLine {
    pub(crate) level: String,
    pub(crate) message: String,
}

impl ConsoleLine {
    /// Whether the browser marks the line as an error.
    pub(crate) fn is_error(&self) -> bool {
        self.level == "SEVERE"
    }
}

impl fmt::Display for ConsoleLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.message)
    }
}

/// The open page. Everything that looks for an element takes a CSS selector and waits for it.
pub(crate) struct Page {
    driver: Driver,
}

impl Page {
    /// Starts a browser and opens `url` in it.
    pub(crate) async fn open(window: Window, url: &str) -> Checked<Self> {
        let page = Self { driver: Driver::start(window).await? };
        page.client().goto(url).await?;
        Ok(page)
    }

    /// Runs a script before those of every page that is opened from now on.
    pub(crate) async fn run_before_pages(&self, script: &str) -> Checked {
        let parameters = json!({ "source": script });
        let command = DevTools { name: "Page.addScriptToEvaluateOnNewDocument", parameters };
        self.client().issue_cmd(command).await?;
        Ok(())
    }

    /// Runs a function of one argument in the page and waits for the promise that it returns.
    pub(crate) async fn call(&self, function: &str, argument: Value) -> Checked<Value> {
        let script = format!(
            "const [argument, done] = arguments; ({function})(argument).then(\
             (value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let answer = self.client().execute_async(&script, vec![argument]).await?;
        match answer.get("error") {
            Some(error) => Err(format!("the page's function failed: {error}").into()),
            None => Ok(answer["value"].clone()),
        }
    }

    /// The session, for what this type has no word for.
    pub(crate) fn client(&self) -> &Client {
        &self.driver.client
    }

    /// The document's title.
    pub(crate) async fn title(&self) -> Checked<String> {
        Ok(self.client().title().await?)
    }

    /// Waits until an element is there, in a page that is drawn to its end.
    pub(crate) async fn wait_for(&self, css: &str) -> Checked<Element> {
        let wait = self.client().wait().at_most(PATIENCE).every(BETWEEN_LOOKS);
        let found = wait.for_element(Locator::Css(css)).await;
        let found = found.map_err(|e| format!("no `{css}` within {PATIENCE:?}: {e}"))?;
        self.run("").await?;
        // What is drawn meanwhile may have taken its place.
        Ok(self.client().find(Locator::Css(css)).await.unwrap_or(found))
    }

    /// The visible text of an element.
    pub(crate) async fn text(&self, css: &str) -> Checked<String> {
        Ok(self.wait_for(css).await?.text().await?)
    }

    /// Waits until the element's visible text satisfies `done`, and returns it. The page may replace
    /// the element meanwhile.
    pub(crate) async fn wait_until_text(
        &self,
        css: &str,
        done: impl Fn(&str) -> bool,
        at_most: Duration,
    ) -> Checked<String> {
        let look = async || {
            let text = self.client().find(Locator::Css(css)).await?.text().await?;
            self.run("").await?;
            Ok(text)
        };
        let done = |seen: &Checked<String>| seen.as_ref().is_ok_and(|text| done(text));
        looked(look, done, at_most).await.map_err(|seen| format!("`{css}` {seen}").into()).flatten()
    }

    /// Waits until a script's value satisfies `done`, and returns it. A script that fails is no value.
    pub(crate) async fn wait_until(
        &self,
        script: &str,
        done: impl Fn(&Value) -> bool,
        at_most: Duration,
    ) -> Checked<Value> {
        let done = |seen: &Checked<Value>| seen.as_ref().map_or(true, &done);
        let script = format!("{NOT_YET}{script}");
        let look = async || Ok(self.client().execute(&script, Vec::new()).await?);
        let done = |seen: &Checked<Value>| !is_behind(seen) && done(seen);
        looked(look, done, at_most)
            .await
            .map_err(|seen| format!("`{script}` {seen}").into())
            .flatten()
    }

    /// Presses a button, which need not be in view, and returns the bytes of the file that the page
    /// saves.
    pub(crate) async fn saved(&self, button: &str) -> Checked<Vec<u8>> {
        self.wait_for(button).await?;
        // One letter a byte: WebDriver carries no other bytes.
        self.run(&format!(
            "window.saved = null; const make = URL.createObjectURL.bind(URL); \
             URL.createObjectURL = blob => {{ const reader = new FileReader(); \
             reader.onload = () => window.saved = reader.result; reader.readAsBinaryString(blob); \
             URL.createObjectURL = make; return make(blob); }}; \
             document.querySelector('{button}').click()"
        ))
        .await?;
        let letters = self.wait_until("return window.saved", Value::is_string, PATIENCE).await?;
        Ok(letters.as_str().unwrap_or_default().chars().map(|letter| letter as u8).collect())
    }

    /// The same as text.
    pub(crate) async fn saved_text(&self, button: &str) -> Checked<String> {
        Ok(String::from_utf8(self.saved(button).await?)?)
    }

    /// Clicks an element.
    pub(crate) async fn click(&self, css: &str) -> Checked {
        Ok(self.wait_for(css).await?.click().await?)
    }

    /// Types into an element, after what is there.
    pub(crate) async fn type_into(&self, css: &str, keys: &str) -> Checked {
        Ok(self.wait_for(css).await?.send_keys(keys).await?)
    }

    /// Chooses a file of the repository in a file input.
    pub(crate) async fn choose_file(&self, css: &str, path: &str) -> Checked {
        let path = in_repository(path);
        if !path.exists() {
            return Err(format!("there is no {}", path.display()).into());
        }
        self.type_into(css, &path.to_string_lossy()).await
    }

    /// Runs a script's statements in the page, once all its parts show the same state, and returns what they
    /// `return`.
    pub(crate) async fn run(&self, script: &str) -> Checked<Value> {
        let when_drawn = format!("{NOT_YET}{script}");
        let look = async || self.client().execute(&when_drawn, Vec::new()).await;
        Ok(looked(look, |seen| !is_behind(seen), PATIENCE).await??)
    }

    /// Saves what is visible as target/e2e/NAME.png.
    pub(crate) async fn screenshot(&self, name: &str) -> Checked {
        let png = self.client().screenshot().await?;
        let folder = in_repository("target/e2e");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), png)?)
    }

    /// The console's lines since the last call.
    pub(crate) async fn console(&self) -> Checked<Vec<ConsoleLine>> {
        let lines = self.client().issue_cmd(ReadConsole).await?;
        let lines = lines.as_array().ok_or("the console's log is no list")?;
        let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        Ok(lines
            .iter()
            .map(|line| ConsoleLine { level: text(line, "level"), message: text(line, "message") })
            .collect())
    }
}

/// Looks until what is seen satisfies `done`; the error tells what was seen last. WebDriver tells nothing by itself,
/// so there is a pause between two looks.
async fn looked<T: fmt::Debug>(
    look: impl AsyncFn() -> T,
    done: impl Fn(&T) -> bool,
    at_most: Duration,
) -> Result<T, String> {
    let start = Instant::now();
    loop {
        match look().await {
            seen if done(&seen) => return Ok(seen),
            seen if start.elapsed() > at_most => {
                return Err(format!("after {at_most:?}: {seen:?}"));
            }
            _ => tokio::time::sleep(BETWEEN_LOOKS).await,
        }
    }
}

/// A command of the browser's own protocol, which chromedriver passes on.
#[derive(Debug)]
pub(crate) struct DevTools {
    pub(crate) name: &'static str,
    pub(crate) parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.name, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Chromedriver's own command for the console; WebDriver has none.
#[derive(Debug)]
struct ReadConsole;

impl WebDriverCompatibleCommand for ReadConsole {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
