//! What the page asks of the browser: files, pictures, downloads, the address and the colours.

mod camera;
mod files;
mod microphone;
mod paper;
mod pictures;
mod scroller;
mod size;

pub(super) use camera::{MediaStream, frame, open_camera, stop_stream};
pub(super) use files::{Reader, download, download_bytes, read_whole, save_png, size_bytes};
pub(super) use microphone::Recorder;
pub(super) use paper::{lay_out_sheet, print, today};
#[cfg(target_arch = "wasm32")]
pub(super) use pictures::fetch_bytes;
pub(super) use pictures::{Picture, address_of, decode, fetch_blob, hear, keep_pictures};
pub(super) use scroller::{scroll_to, show_row, use_scroller};
pub(super) use size::use_size;

use crate::ui::{kernel_set::Support, state::Theme};
use gloo::timers::callback::Timeout;
use js_sys::{Function, Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, History, HtmlElement, HtmlInputElement, HtmlOptionElement, KeyboardEvent,
    MediaQueryList, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// The words of a JavaScript error.
pub(super) fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| "no reason given".to_owned())
}

/// The sets of kernels that this browser runs.
pub(super) fn kernel_support() -> Support {
    Support::ask(
        |module| WebAssembly::validate(&Uint8Array::from(module)).unwrap_or(false),
        |module| says_fused(module).unwrap_or(false),
    )
}

/// What the function `fused` of a module says.
fn says_fused(module: &[u8]) -> Result<bool, JsValue> {
    let module = WebAssembly::Module::new(&Uint8Array::from(module))?;
    let instance = WebAssembly::Instance::new(&module, &Object::new())?;
    let fused = Reflect::get(&instance.exports(), &"fused".into())?;
    let said = fused.dyn_into::<Function>()?.call0(&JsValue::UNDEFINED)?;
    Ok(said.as_f64() == Some(1.0))
}

/// The browser and the system, as the browser names them.
pub(super) fn user_agent() -> String {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    agent.unwrap_or_else(|| "a browser without a name".to_owned())
}

/// Puts a text on the clipboard and tells whether that was allowed.
pub(super) fn copy(text: String, tell: impl FnOnce(bool) + 'static) {
    let Some(window) = web_sys::window() else { return tell(false) };
    // Pages without a secure address have no clipboard.
    if !window.is_secure_context() {
        return tell(false);
    }
    let written = window.navigator().clipboard().write_text(&text);
    wasm_bindgen_futures::spawn_local(async move {
        tell(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
    });
}

/// The address's fragment.
pub(super) fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Writes the fragment without a new entry in the history.
pub(super) fn replace_fragment(fragment: &str) {
    write_fragment(fragment, History::replace_state_with_url);
}

/// Writes the fragment as a new entry in the history.
pub(super) fn push_fragment(fragment: &str) {
    write_fragment(fragment, History::push_state_with_url);
}

/// The page's address with another fragment.
pub(super) fn address_with(fragment: &str) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok());
    let href = href.unwrap_or_default();
    [href.split('#').next().unwrap_or_default(), "#", fragment].concat()
}

fn write_fragment(
    fragment: &str,
    write: fn(&History, &JsValue, &str, Option<&str>) -> Result<(), JsValue>,
) {
    let Some(window) = web_sys::window() else { return };
    let address = address_with(fragment);
    if let Ok(history) = window.history()
        && let Err(error) = write(&history, &JsValue::NULL, "", Some(&address))
    {
        // Browsers limit how often this may be done; the next change writes it again.
        gloo::console::debug!("the address was not updated", error);
    }
}

/// Whether the system asks for dark colours, as something to listen to.
pub(super) fn dark_query() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// Puts the theme on the document.
pub(super) fn set_theme(theme: Theme) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    let Some(root) = root else { return };
    let set = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
    if let Err(error) = set {
        gloo::console::debug!("the theme was not set", error);
    }
}

/// Device pixels a CSS pixel.
pub(super) fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(1.0, 4.0)
}

/// Loads the page anew, from the address as it is.
pub(super) fn reload() {
    if let Some(window) = web_sys::window()
        && let Err(error) = window.location().reload()
    {
        gloo::console::debug!("the page was not loaded again", error);
    }
}

/// Focuses and clicks the element with that id, such as a hidden file input.
pub(super) fn click(id: &str) {
    if let Some(element) = element(id) {
        element.click();
    }
}

/// Opens or closes the sheet with that id.
pub(super) fn show_sheet(id: &str, is_open: bool) {
    let Some(element) = element(id) else { return };
    let Some(dialog) = element.dyn_ref::<web_sys::HtmlDialogElement>() else { return };
    if !is_open {
        dialog.close();
    } else if !dialog.open()
        && let Err(error) = dialog.show_modal()
    {
        gloo::console::debug!("a sheet was not opened", error);
    }
}

/// Moves the focus to the element with that id.
pub(super) fn focus(id: &str) {
    if let Some(element) = element(id)
        && let Err(error) = element.focus()
    {
        gloo::console::debug!("the focus was not moved", error);
    }
}

/// Moves the focus to the element with that id, and the page until it is at the top.
pub(super) fn go_to(id: &str) {
    focus(id);
    if let Some(element) = element(id) {
        element.scroll_into_view();
    }
}

/// Whole pixels, away from zero.
#[expect(clippy::cast_possible_truncation, reason = "scrollers are shorter than 2^31 pixels")]
fn rounded_px(px: f64) -> i32 {
    (px.abs().ceil() * px.signum()) as i32
}

/// The id of the text that was made when the page was built.
const STILL: &str = "still";
/// How long the page may take to draw its charts before it is shown without them.
const DRAWING_MS: u32 = 1000;

/// Whether the text that was made when the page was built is shown.
pub(super) fn is_still() -> bool {
    element(STILL).is_some()
}

/// Lets the page take the place of that text at once.
pub(super) fn take_over() {
    if let Some(still) = element(STILL) {
        still.remove();
    }
}

/// Lets the page take the place of that text when its charts are drawn: until then it is laid out and not
/// seen. Yew lets the browser paint between the first drawing of a page and that of its charts, so the
/// script that keeps what is done meanwhile (`assets/still.js`) waits for them.
pub(super) fn take_over_drawn() {
    let Some(still) = element(STILL) else { return };
    if still.set_attribute("data-over", "").is_ok() {
        Timeout::new(DRAWING_MS, take_over).forget();
    } else {
        take_over();
    }
}

/// Tells the scripts around the page that it hears from now on.
#[cfg(target_arch = "wasm32")]
pub(super) fn tell_started() {
    let told = web_sys::Event::new("started").and_then(|event| {
        web_sys::window().map_or(Ok(true), |window| window.dispatch_event(&event))
    });
    if let Err(error) = told {
        gloo::console::debug!("nobody was told that the page has started", error);
    }
}

/// Where the cards of the samples are: the build writes their version into the page.
#[cfg(target_arch = "wasm32")]
pub(super) fn cards_address() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|document| document.get_element_by_id("cards"));
    let address = link.and_then(|link| link.get_attribute("href"));
    address.unwrap_or_else(|| super::state::CARDS_PATH.to_owned())
}

/// Whether the element with that id is there and can be pressed.
pub(super) fn can_press(id: &str) -> bool {
    element(id).is_some_and(|element| !element.has_attribute("disabled"))
}

/// Shows the element with that id, gives it the focus and presses it.
pub(super) fn press(id: &str) {
    show(id);
    focus(id);
    click(id);
}

/// Scrolls as little as needed to show the element with that id.
pub(super) fn show(id: &str) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    if let Some(element) = element(id) {
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Shows in every list of choices the one that its options name. Their attribute alone says nothing any more to a
/// list from which the visitor has chosen.
pub(super) fn show_choices() {
    let document = web_sys::window().and_then(|window| window.document());
    let named = document.and_then(|document| document.query_selector_all("option[selected]").ok());
    let options = named.iter().flat_map(|named| (0..named.length()).filter_map(|at| named.get(at)));
    for option in options.filter_map(|one| one.dyn_into::<HtmlOptionElement>().ok()) {
        if !option.selected() {
            option.set_selected(true);
        }
    }
}

/// Empties the field with that id.
pub(super) fn clear_field(id: &str) {
    if let Some(field) = element(id).and_then(|one| one.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value("");
    }
}

/// Moves the focus between the buttons of a toolbar, or of a table's head, which is one stop for Tab; tells whether the key
/// asked for that. Tab always comes to the first one, so that nothing has to be remembered when
/// buttons come and go.
pub(super) fn walk_toolbar(event: &KeyboardEvent) -> bool {
    walked(event).is_some()
}

fn walked(event: &KeyboardEvent) -> Option<()> {
    if event.ctrl_key() || event.meta_key() {
        return None;
    }
    let key = event.key();
    if !matches!(key.as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End") {
        return None;
    }
    let at = event.target()?.dyn_into::<Element>().ok()?;
    let toolbar = at.closest("[role=toolbar], thead").ok()??;
    let buttons = toolbar.query_selector_all("button:enabled").ok()?;
    // Those of columns that narrow pages leave out take no focus.
    let is_seen = |one: &web_sys::Node| {
        one.dyn_ref::<HtmlElement>().is_some_and(|one| one.offset_width() > 0)
    };
    let all: Vec<web_sys::Node> =
        (0..buttons.length()).filter_map(|place| buttons.item(place)).filter(is_seen).collect();
    let here = all.iter().position(|one| one.is_same_node(Some(&at)))?;
    let last = all.len() - 1;
    let to = match key.as_str() {
        "ArrowLeft" => here.checked_sub(1).unwrap_or(last),
        "ArrowRight" => {
            if here == last {
                0
            } else {
                here + 1
            }
        }
        "Home" => 0,
        _ => last,
    };
    all.get(to)?.dyn_ref::<HtmlElement>()?.focus().ok()
}

fn element(id: &str) -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    document.get_element_by_id(id)?.dyn_into().ok()
}
