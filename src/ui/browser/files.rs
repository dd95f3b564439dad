//! Files in and out.

use super::words;
use crate::{
    text::page,
    ui::state::{Action, Bundled, Source},
};
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, File, HtmlAnchorElement, HtmlCanvasElement,
    HtmlImageElement, Response, Url,
};
use yew::Callback;

/// How much of a file is read at once.
const SLICE_BYTES: u32 = 1024 * 1024;

/// Reads models piece by piece; a new read or [`Reader::stop`] ends the one before.
#[derive(Clone, Default)]
pub(in crate::ui) struct Reader {
    latest: Rc<Cell<u32>>,
}

/// What a finished read hands over: the bytes, outside WebAssembly's memory.
pub(in crate::ui) type Done = Callback<(Source, ArrayBuffer)>;

impl Reader {
    /// Ends the read that is under way; nothing more is heard of it.
    pub(in crate::ui) fn stop(&self) {
        self.latest.set(self.latest.get().wrapping_add(1));
    }

    /// Reads a model of the visitor's.
    pub(in crate::ui) fn file(
        &self,
        source: Source,
        file: File,
        act: Callback<Action>,
        done: Done,
    ) {
        self.stop();
        let (latest, number) = (Rc::clone(&self.latest), self.latest.get());
        spawn_local(async move {
            let is_wanted = || latest.get() == number;
            match slices(&file, source, &act, &is_wanted).await {
                Ok(Some(buffer)) => done.emit((source, buffer)),
                Ok(None) => {}
                Err(error) => act.emit(Action::ReadFailed { source, why: words(&error) }),
            }
        });
    }

    /// Fetches a model that comes with the page.
    pub(in crate::ui) fn bundled(
        &self,
        bundled: &'static Bundled,
        act: Callback<Action>,
        done: Done,
    ) {
        self.stop();
        let (latest, number) = (Rc::clone(&self.latest), self.latest.get());
        let source = Source::Bundled(bundled);
        spawn_local(async move {
            let read = fetch(bundled.path).await;
            if latest.get() != number {
                return;
            }
            match read {
                Ok(buffer) => done.emit((source, buffer)),
                Err(error) => act.emit(Action::ReadFailed { source, why: words(&error) }),
            }
        });
    }
}

/// Reads a file slice by slice, so that progress shows and a cancel is heard; `None` after one.
async fn slices(
    file: &File,
    source: Source,
    act: &Callback<Action>,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Option<ArrayBuffer>, JsValue> {
    let size = file.size();
    let too_large = |_| JsValue::from_str("it is larger than this browser can hold");
    let length = u32::try_from(size_bytes(size)).map_err(too_large)?;
    let whole = Uint8Array::new_with_length(length);
    let mut offset = 0u32;
    while offset < length {
        let end = offset.saturating_add(SLICE_BYTES).min(length);
        let slice = file.slice_with_f64_and_f64(f64::from(offset), f64::from(end))?;
        let part = JsFuture::from(slice.array_buffer()).await?;
        if !is_wanted() {
            return Ok(None);
        }
        whole.set(&Uint8Array::new(&part), offset);
        offset = end;
        act.emit(Action::ReadProgress { source, done: u64::from(offset), of: u64::from(length) });
    }
    Ok(is_wanted().then(|| whole.buffer()))
}

/// Reads a small file at once.
pub(in crate::ui) async fn read_whole(file: &File) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(file.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A size as JavaScript tells it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of files are whole and not negative"
)]
pub(in crate::ui) fn size_bytes(size: f64) -> u64 {
    size as u64
}

async fn fetch(path: &str) -> Result<ArrayBuffer, JsValue> {
    let buffer = JsFuture::from(response(path).await?.array_buffer()?).await?;
    buffer.dyn_into()
}

/// The answer to a request for a file beside the page.
pub(super) async fn response(path: &str) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("there is no window"))?;
    let response: Response = JsFuture::from(window.fetch_with_str(path)).await?.dyn_into()?;
    if response.ok() {
        Ok(response)
    } else {
        Err(JsValue::from_str(&page::server_answered(response.status())))
    }
}

/// Hands a text to the visitor as a file.
pub(in crate::ui) fn download(name: &str, media_type: &str, text: &str) {
    download_bytes(name, media_type, text.as_bytes());
}

/// Hands bytes to the visitor as a file.
pub(in crate::ui) fn download_bytes(name: &str, media_type: &str, bytes: &[u8]) {
    if let Err(error) = try_download(name, media_type, bytes) {
        gloo::console::error!("the file could not be saved", error);
    }
}

fn try_download(name: &str, media_type: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    save_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

fn save_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    follow(name, &url)?;
    Url::revoke_object_url(&url)
}

/// Draws a drawing of `size` CSS pixels at twice the size and hands it to the visitor as PNG.
pub(in crate::ui) fn save_png(name: String, svg: &str, size: (u32, u32)) {
    // An address of its own: drawings from others may leave canvases that cannot be read.
    let url = String::from(js_sys::encode_uri_component(svg));
    let url = ["data:image/svg+xml;charset=utf-8,", &url].concat();
    spawn_local(async move {
        if let Err(error) = try_save_png(&name, &url, size).await {
            gloo::console::error!("the picture could not be saved", error);
        }
    });
}

async fn try_save_png(name: &str, url: &str, (width, height): (u32, u32)) -> Result<(), JsValue> {
    let image = HtmlImageElement::new_with_width_and_height(width, height)?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or("there is no document")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(width.saturating_mul(2));
    canvas.set_height(height.saturating_mul(2));
    let context = canvas.get_context("2d")?.ok_or("no canvas to draw on")?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let blob = JsFuture::from(Promise::new(&mut |done, fail| {
        if let Err(error) = canvas.to_blob(&done) {
            // Refusing the promise cannot fail in turn.
            let _ = fail.call1(&JsValue::NULL, &error);
        }
    }))
    .await?;
    save_blob(name, &blob.dyn_into()?)
}

fn follow(name: &str, url: &str) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document {
        let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
        anchor.set_href(url);
        anchor.set_download(name);
        anchor.click();
    }
    Ok(())
}
