//! The camera: nothing of it is kept or sent.

use super::{Picture, pictures::pixels_of};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, HtmlVideoElement, MediaStreamConstraints, MediaStreamTrack};

pub(in crate::ui) use web_sys::MediaStream;

/// The longest side of a frame: more than any input here.
const LONGEST_SIDE_PX: u32 = 320;

/// Asks the visitor, by way of the browser, for a camera; on a phone for the one at its back.
///
/// # Errors
/// The name of the browser's error; `InsecureContext` on pages that get no camera.
pub(in crate::ui) async fn open_camera() -> Result<MediaStream, String> {
    let wanted = Object::new();
    Reflect::set(&wanted, &"facingMode".into(), &"environment".into())
        .map_err(|error| error_name(&error))?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    ask_for(&constraints).await
}

/// Asks the visitor for what sees or hears.
///
/// # Errors
/// As [`open_camera`].
pub(super) async fn ask_for(constraints: &MediaStreamConstraints) -> Result<MediaStream, String> {
    let window = web_sys::window().ok_or("NotSupportedError")?;
    if !window.is_secure_context() {
        return Err("InsecureContext".to_owned());
    }
    let asked = || -> Result<js_sys::Promise, JsValue> {
        let devices = window.navigator().media_devices()?;
        if devices.is_undefined() {
            return Err(JsValue::NULL);
        }
        devices.get_user_media_with_constraints(constraints)
    };
    let promise = asked().map_err(|error| error_name(&error))?;
    let stream = JsFuture::from(promise).await.map_err(|error| error_name(&error))?;
    stream.dyn_into().map_err(|error| error_name(&error))
}

pub(super) fn error_name(error: &JsValue) -> String {
    error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default()
}

/// Switches a camera or a microphone off.
pub(in crate::ui) fn stop_stream(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

/// What a video shows now; `None` before its first frame.
pub(in crate::ui) fn frame(video: &HtmlVideoElement) -> Result<Option<Picture>, JsValue> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return Ok(None);
    }
    let draw = |context: &web_sys::CanvasRenderingContext2d, width, height| {
        context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width, height)
    };
    pixels_of((width, height), LONGEST_SIDE_PX, draw).map(Some)
}
