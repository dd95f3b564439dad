//! What the camera shows and gives.

use super::{
    capture::{Capture, Stream},
    pad::Lively,
};
use crate::{
    text::gallery,
    ui::{browser, state::InputFrom},
};
use web_sys::HtmlVideoElement;
use yew::prelude::*;

/// The pause between two pictures; the worker takes as many of them as it can.
pub(super) const BETWEEN_PICTURES_MS: u32 = 100;

/// Beside the button: what there is to say, and what the camera sees.
pub(super) fn view(camera: &Capture, is_asked: bool) -> Html {
    html! {
        <>
            if is_asked {
                <p class="note" role="status">{ gallery::CAMERA_ASKED }</p>
            }
            if let Some(problem) = camera.problem {
                <p class="warning" id="camera-problem" role="alert">{ problem }</p>
            }
            if camera.stream.is_some() {
                <figure class="camera">
                    <video ref={camera.video.clone()} muted=true playsinline=true autoplay=true
                        aria-label={gallery::CAMERA_VIEW} />
                    <figcaption class="note">{ gallery::CAMERA_HINT }</figcaption>
                </figure>
            }
        </>
    }
}

fn video(camera: &Capture) -> Option<HtmlVideoElement> {
    camera.video.cast()
}

/// Lets the video show the camera, as soon as it is there.
pub(super) fn show(camera: &Capture) {
    if let (Some(Stream::Pictures(stream)), Some(video)) = (&camera.stream, video(camera))
        && video.src_object().is_none()
    {
        video.set_src_object(Some(stream));
    }
}

/// Gives what it sees now.
pub(super) fn take(camera: &Capture, lively: &Lively, is_last: bool) {
    let Some(video) = video(camera) else { return };
    match browser::frame(&video) {
        Ok(Some(picture)) => lively.emit((InputFrom::Camera, picture, is_last)),
        Ok(None) => {}
        Err(error) => gloo::console::error!("the camera's picture could not be taken", error),
    }
}
