//! The visitor's camera or microphone: asked for on click, off when it is closed or another input is chosen.
//!
//! One component for both: yew instantiates its whole life cycle for every type of them.

use super::{
    camera,
    microphone::{self, Hearing},
    pad::Lively,
};
use crate::{
    text::{gallery, sound},
    ui::browser::{self, MediaStream, Recorder},
};
use gloo::timers::callback::Interval;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Device {
    /// Pictures follow each other.
    Camera,
    /// One sound is recorded.
    Microphone,
}

/// What it needs.
#[derive(Properties, PartialEq)]
pub(super) struct CaptureProps {
    /// Which it is.
    pub(super) device: Device,
    /// Whether nothing can be run.
    pub(super) is_refused: bool,
    /// Where pictures go, also that of what was heard.
    pub(super) lively: Lively,
    /// How often another input was chosen: it then closes.
    pub(super) n_choices: u32,
}

/// What happens to it.
pub(super) enum CaptureMessage {
    /// The visitor opens it.
    Open,
    /// The browser answers, in the end; an error by its name.
    Answered(Result<Stream, String>),
    /// The time has come for a picture.
    Tick,
    /// It has heard something.
    Heard(Vec<f32>),
    /// The visitor closes it.
    Close,
}

/// What the browser gave; switched off with the value.
pub(super) enum Stream {
    /// The camera's.
    Pictures(MediaStream),
    /// The microphone's.
    Sound(Recorder),
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Self::Pictures(stream) = self {
            browser::stop_stream(stream);
        }
    }
}

/// Camera or microphone, on or off.
pub(super) struct Capture {
    pub(super) stream: Option<Stream>,
    is_asked: bool,
    pub(super) problem: Option<&'static str>,
    /// What shows the camera.
    pub(super) video: NodeRef,
    ticks: Option<Interval>,
    pub(super) hearing: Hearing,
    /// Whether it is still on the page and wanted: what is allowed later is not.
    is_wanted: Rc<Cell<bool>>,
}

impl Component for Capture {
    type Message = CaptureMessage;
    type Properties = CaptureProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            stream: None,
            is_asked: false,
            problem: None,
            video: NodeRef::default(),
            ticks: None,
            hearing: Hearing::default(),
            is_wanted: Rc::new(Cell::new(false)),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: CaptureMessage) -> bool {
        let props = context.props();
        match message {
            CaptureMessage::Open => self.ask(context),
            CaptureMessage::Answered(Ok(stream)) => {
                self.is_asked = false;
                if matches!(stream, Stream::Pictures(_)) {
                    let link = context.link().clone();
                    let tick = move || link.send_message(CaptureMessage::Tick);
                    self.ticks = Some(Interval::new(camera::BETWEEN_PICTURES_MS, tick));
                }
                self.stream = Some(stream);
            }
            CaptureMessage::Answered(Err(name)) => {
                self.is_asked = false;
                self.problem = Some(match props.device {
                    Device::Camera => gallery::camera_failed(&name),
                    Device::Microphone => sound::microphone_failed(&name),
                });
            }
            CaptureMessage::Tick => {
                camera::show(self);
                camera::take(self, &props.lively, false);
                return false;
            }
            CaptureMessage::Heard(samples) => {
                return microphone::hear(self, &props.lively, &samples);
            }
            CaptureMessage::Close => {
                camera::take(self, &props.lively, true);
                self.stop();
            }
        }
        true
    }

    fn changed(&mut self, context: &Context<Self>, old: &CaptureProps) -> bool {
        if context.props().n_choices != old.n_choices {
            self.stop();
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        camera::show(self);
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.stop();
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let is_on = self.stream.is_some();
        let CaptureProps { device, is_refused, .. } = *context.props();
        let onclick = context.link().callback(move |_: MouseEvent| {
            if is_on { CaptureMessage::Close } else { CaptureMessage::Open }
        });
        // The camera is one of several ways to give a picture, walked by arrow keys.
        let (id, tabindex, [open, close]) = match device {
            Device::Camera => ("camera", Some("-1"), [gallery::CAMERA, gallery::CLOSE_CAMERA]),
            Device::Microphone => ("microphone", None, [sound::MICROPHONE, sound::CANCEL]),
        };
        html! {
            <>
                <button type="button" {id} {tabindex} disabled={is_refused || self.is_asked}
                    aria-pressed={is_on.to_string()} {onclick}>
                    { if is_on { close } else { open } }
                </button>
                { match device {
                    Device::Camera => camera::view(self, self.is_asked),
                    Device::Microphone => microphone::view(self, self.is_asked),
                } }
            </>
        }
    }
}

impl Capture {
    fn ask(&mut self, context: &Context<Self>) {
        if self.is_asked || self.stream.is_some() {
            return;
        }
        self.is_asked = true;
        self.problem = None;
        self.hearing = Hearing::default();
        self.is_wanted = Rc::new(Cell::new(true));
        let (link, is_wanted) = (context.link().clone(), Rc::clone(&self.is_wanted));
        let device = context.props().device;
        spawn_local(async move {
            let answer = match device {
                Device::Camera => browser::open_camera().await.map(Stream::Pictures),
                Device::Microphone => {
                    let heard = link.callback(CaptureMessage::Heard);
                    Recorder::start(heard).await.map(Stream::Sound)
                }
            };
            if is_wanted.get() {
                link.send_message(CaptureMessage::Answered(answer));
            }
        });
    }

    /// Switches it off, and no longer waits for it.
    pub(super) fn stop(&mut self) {
        self.is_wanted.set(false);
        self.is_asked = false;
        self.ticks = None;
        self.stream = None;
        self.hearing.forget();
    }
}
