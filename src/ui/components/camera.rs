//! The visitor's camera: asked for on click, off when closed.

use super::pad::Lively;
use crate::{
    text::gallery,
    ui::{
        browser::{self, MediaStream},
        state::InputFrom,
    },
};
use gloo::timers::callback::Interval;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;
use yew::prelude::*;

/// The pause between two pictures; the worker takes as many of them as it can.
const BETWEEN_PICTURES_MS: u32 = 100;

/// What the camera needs.
#[derive(Properties, PartialEq)]
pub(super) struct CameraProps {
    /// Whether nothing can be run.
    pub(super) is_refused: bool,
    /// Where pictures go.
    pub(super) lively: Lively,
    /// How often another input was chosen: the camera then closes.
    pub(super) n_choices: u32,
}

/// What happens to it.
pub(super) enum CameraMessage {
    /// The visitor opens it.
    Open,
    /// The browser answers, in the end; an error by its name.
    Answered(Result<MediaStream, String>),
    /// The time has come for a picture.
    Tick,
    /// The visitor closes it.
    Close,
}

/// The camera, on or off.
pub(super) struct Camera {
    stream: Option<MediaStream>,
    is_asked: bool,
    problem: Option<&'static str>,
    video: NodeRef,
    ticks: Option<Interval>,
    /// Whether this is still on the page: a camera that is allowed later is not wanted.
    is_wanted: Rc<Cell<bool>>,
}

impl Component for Camera {
    type Message = CameraMessage;
    type Properties = CameraProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            stream: None,
            is_asked: false,
            problem: None,
            video: NodeRef::default(),
            ticks: None,
            is_wanted: Rc::new(Cell::new(false)),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: CameraMessage) -> bool {
        match message {
            CameraMessage::Open => self.ask(context),
            CameraMessage::Answered(Ok(stream)) => {
                self.is_asked = false;
                self.stream = Some(stream);
                let link = context.link().clone();
                let tick = move || link.send_message(CameraMessage::Tick);
                self.ticks = Some(Interval::new(BETWEEN_PICTURES_MS, tick));
            }
            CameraMessage::Answered(Err(name)) => {
                self.is_asked = false;
                self.problem = Some(gallery::camera_failed(&name));
            }
            CameraMessage::Tick => {
                self.show();
                self.take(context, false);
                return false;
            }
            CameraMessage::Close => {
                self.take(context, true);
                self.stop();
            }
        }
        true
    }

    fn changed(&mut self, context: &Context<Self>, old: &CameraProps) -> bool {
        if context.props().n_choices != old.n_choices {
            self.stop();
            self.is_asked = false;
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.show();
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.stop();
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let is_on = self.stream.is_some();
        let onclick =
            context.link().callback(
                move |_: MouseEvent| {
                    if is_on { CameraMessage::Close } else { CameraMessage::Open }
                },
            );
        let is_off = context.props().is_refused || self.is_asked;
        html! {
            <>
                <button type="button" id="camera" tabindex="-1" disabled={is_off} aria-pressed={is_on.to_string()} {onclick}>
                    { if is_on { gallery::CLOSE_CAMERA } else { gallery::CAMERA } }
                </button>
                if self.is_asked {
                    <p class="note" role="status">{ gallery::CAMERA_ASKED }</p>
                }
                if let Some(problem) = self.problem {
                    <p class="warning" id="camera-problem" role="alert">{ problem }</p>
                }
                if is_on {
                    <figure class="camera">
                        <video ref={self.video.clone()} muted=true playsinline=true autoplay=true
                            aria-label={gallery::CAMERA_VIEW} />
                        <figcaption class="note">{ gallery::CAMERA_HINT }</figcaption>
                    </figure>
                }
            </>
        }
    }
}

impl Camera {
    fn ask(&mut self, context: &Context<Self>) {
        if self.is_asked || self.stream.is_some() {
            return;
        }
        self.is_asked = true;
        self.problem = None;
        self.is_wanted = Rc::new(Cell::new(true));
        let (link, is_wanted) = (context.link().clone(), Rc::clone(&self.is_wanted));
        spawn_local(async move {
            let answer = browser::open_camera().await;
            if is_wanted.get() {
                link.send_message(CameraMessage::Answered(answer));
            } else if let Ok(stream) = answer {
                browser::stop_stream(&stream);
            }
        });
    }

    /// Lets the video show the camera, as soon as it is there.
    fn show(&self) {
        if let (Some(stream), Some(video)) = (&self.stream, self.video.cast::<HtmlVideoElement>())
            && video.src_object().is_none()
        {
            video.set_src_object(Some(stream));
        }
    }

    fn take(&self, context: &Context<Self>, is_last: bool) {
        let Some(video) = self.video.cast::<HtmlVideoElement>() else { return };
        match browser::frame(&video) {
            Ok(Some(picture)) => {
                context.props().lively.emit((InputFrom::Camera, picture, is_last));
            }
            Ok(None) => {}
            Err(error) => gloo::console::error!("the camera's picture could not be taken", error),
        }
    }

    fn stop(&mut self) {
        self.is_wanted.set(false);
        self.ticks = None;
        if let Some(stream) = self.stream.take() {
            browser::stop_stream(&stream);
        }
    }
}
