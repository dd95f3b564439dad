//! Pictures: decoded by the browser, never sent anywhere.

use super::files::response;
use crate::{
    preprocess::sound::{self, Sound},
    text::page,
};
use js_sys::Uint8Array;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, Url};

/// A decoded picture.
pub(in crate::ui) struct Picture {
    /// Columns.
    pub(in crate::ui) width: u32,
    /// Rows.
    pub(in crate::ui) height: u32,
    /// Red, green, blue, opacity, row by row.
    pub(in crate::ui) rgba: Vec<u8>,
}

impl Picture {
    /// The picture of a sound.
    pub(in crate::ui) fn of(sound: &Sound) -> Self {
        let [width, height] = sound::SIZE;
        Self { width, height, rgba: sound.rgba() }
    }
}

/// A file beside the page that is kept in memory.
struct Kept {
    path: &'static str,
    blob: Blob,
    /// Its address there.
    address: String,
}

thread_local! {
    /// All of them, once they are wanted.
    static KEPT: RefCell<Option<Vec<Kept>>> = const { RefCell::new(None) };
}

/// Something of a file that is kept.
fn of_kept<T>(path: &str, get: impl Fn(&Kept) -> T) -> Option<T> {
    KEPT.with_borrow(|kept| kept.iter().flatten().find(|one| one.path == path).map(get))
}

/// Keeps pictures that come with the page in memory, so that a model of the visitor's own that is shown
/// with them later causes no request.
pub(in crate::ui) fn keep_pictures(paths: impl Iterator<Item = &'static str> + 'static) {
    if KEPT.with_borrow(Option::is_some) {
        return;
    }
    KEPT.set(Some(Vec::new()));
    spawn_local(async move {
        for path in paths {
            // One that does not come is asked for when it is shown.
            let Ok(blob) = fetch_blob(path).await else { continue };
            let Ok(address) = Url::create_object_url_with_blob(&blob) else { continue };
            let one = Kept { path, blob, address };
            KEPT.with_borrow_mut(|kept| kept.get_or_insert_default().push(one));
        }
    });
}

/// Where a file beside the page is: in memory, if it is kept there.
pub(in crate::ui) fn address_of(path: &str) -> String {
    of_kept(path, |one| one.address.clone()).unwrap_or_else(|| path.to_owned())
}

/// A file beside the page.
pub(in crate::ui) async fn fetch_blob(path: &str) -> Result<Blob, JsValue> {
    match of_kept(path, |one| one.blob.clone()) {
        Some(blob) => Ok(blob),
        None => JsFuture::from(response(path).await?.blob()?).await?.dyn_into(),
    }
}

/// The bytes of a file beside the page.
#[cfg(target_arch = "wasm32")]
pub(in crate::ui) async fn fetch_bytes(path: &str) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(response(path).await?.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Decodes a picture, shrunk so that its longest side is at most [`page::LONGEST_SIDE_PX`].
pub(in crate::ui) async fn decode(blob: &Blob) -> Result<Picture, JsValue> {
    let window = web_sys::window().ok_or_else(|| missing("window"))?;
    let bitmap: ImageBitmap =
        JsFuture::from(window.create_image_bitmap_with_blob(blob)?).await?.dyn_into()?;
    let size = (bitmap.width(), bitmap.height());
    let picture = pixels_of(size, page::LONGEST_SIDE_PX, |context, width, height| {
        context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)
    });
    bitmap.close();
    picture
}

/// The spectrogram of a WAV file that comes with the page.
pub(in crate::ui) async fn hear(blob: &Blob) -> Result<Picture, JsValue> {
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    let sound = Sound::from_wav(&Uint8Array::new(&buffer).to_vec());
    sound.map(|sound| Picture::of(&sound)).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// The pixels of what `draw` draws into a width and a height: those of `size`, shrunk to a longest
/// side.
pub(super) fn pixels_of(
    size: (u32, u32),
    longest_px: u32,
    draw: impl FnOnce(&CanvasRenderingContext2d, f64, f64) -> Result<(), JsValue>,
) -> Result<Picture, JsValue> {
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or_else(|| missing("document"))?;
    let (width, height) = shrunk(size, longest_px);
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or_else(|| missing("canvas"))?.dyn_into()?;
    draw(&context, f64::from(width), f64::from(height))?;
    let pixels = context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height))?;
    Ok(Picture { width, height, rgba: pixels.data().0 })
}

fn missing(what: &str) -> JsValue {
    JsValue::from_str(&format!("the browser gives no {what}"))
}

fn shrunk((width, height): (u32, u32), longest_px: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    if longest <= longest_px {
        return (width.max(1), height.max(1));
    }
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(longest_px) / u64::from(longest);
        u32::try_from(side).unwrap_or(1).max(1)
    };
    (scaled(width), scaled(height))
}
