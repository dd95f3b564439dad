//! The visitor's microphone: asked for on click, off after two seconds or when it is closed.

use super::pad::Lively;
use crate::{
    preprocess::sound::Sound,
    text::sound,
    ui::{
        browser::{Picture, Recorder},
        state::InputFrom,
    },
};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How much is recorded, in tenths of a second: room for a word that is said late.
const RECORDED_TENTHS: usize = 20;
/// What comes first is left out: some microphones click when they are switched on.
const LEFT_OUT_TENTHS: usize = 1;

/// What the microphone needs.
#[derive(Properties, PartialEq)]
pub(super) struct MicrophoneProps {
    /// Whether nothing can be run.
    pub(super) is_refused: bool,
    /// Where the picture of what was heard goes.
    pub(super) lively: Lively,
    /// How often another input was chosen: the microphone then closes.
    pub(super) n_choices: u32,
}

/// What happens to it.
pub(super) enum MicrophoneMessage {
    /// The visitor opens it.
    Open,
    /// The browser answers, in the end; an error by its name.
    Answered(Result<Recorder, String>),
    /// It has heard something.
    Heard(Vec<f32>),
    /// The visitor closes it.
    Close,
}

/// The microphone, on or off.
pub(super) struct Microphone {
    recorder: Option<Recorder>,
    is_asked: bool,
    problem: Option<&'static str>,
    samples: Vec<f32>,
    /// Tenths of a second that are shown as recorded.
    shown_tenths: usize,
    /// The last tenth's loudness as it is shown: the root of its greatest sample.
    shown_percent: u8,
    /// Whether this is still on the page: a microphone that is allowed later is not wanted.
    is_wanted: Rc<Cell<bool>>,
}

impl Component for Microphone {
    type Message = MicrophoneMessage;
    type Properties = MicrophoneProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            recorder: None,
            is_asked: false,
            problem: None,
            samples: Vec::new(),
            shown_tenths: 0,
            shown_percent: 0,
            is_wanted: Rc::new(Cell::new(false)),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: MicrophoneMessage) -> bool {
        match message {
            MicrophoneMessage::Open => self.ask(context),
            MicrophoneMessage::Answered(Ok(recorder)) => {
                self.is_asked = false;
                self.recorder = Some(recorder);
            }
            MicrophoneMessage::Answered(Err(name)) => {
                self.is_asked = false;
                self.problem = Some(sound::microphone_failed(&name));
            }
            MicrophoneMessage::Heard(samples) => return self.hear(context, &samples),
            MicrophoneMessage::Close => self.stop(),
        }
        true
    }

    fn changed(&mut self, context: &Context<Self>, old: &MicrophoneProps) -> bool {
        if context.props().n_choices != old.n_choices {
            self.stop();
        }
        true
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.stop();
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let is_on = self.recorder.is_some();
        let onclick = context.link().callback(move |_: MouseEvent| {
            if is_on { MicrophoneMessage::Close } else { MicrophoneMessage::Open }
        });
        let is_off = context.props().is_refused || self.is_asked;
        html! {
            <>
                <button type="button" id="microphone" disabled={is_off} aria-pressed={is_on.to_string()} {onclick}>
                    { if is_on { sound::CANCEL } else { sound::MICROPHONE } }
                </button>
                if let Some((class, role, words)) = self.told() {
                    // How much is recorded and how loud it is are drawn as two bars.
                    <p id="microphone-told" {class} {role} style={format!(
                        "--recorded:{}%;--loudness:{}%",
                        self.shown_tenths * 100 / RECORDED_TENTHS,
                        self.shown_percent,
                    )}>{ words }</p>
                }
            </>
        }
    }
}

impl Microphone {
    /// What there is to say, as what and how urgently.
    fn told(&self) -> Option<(&'static str, &'static str, &'static str)> {
        if let Some(problem) = self.problem {
            return Some(("warning", "alert", problem));
        }
        match (&self.recorder, self.is_asked) {
            (Some(_), _) => Some(("listening", "status", sound::LISTENING)),
            (None, true) => Some(("note", "status", sound::ASKED)),
            (None, false) => None,
        }
    }

    fn ask(&mut self, context: &Context<Self>) {
        if self.is_asked || self.recorder.is_some() {
            return;
        }
        self.is_asked = true;
        self.problem = None;
        self.samples.clear();
        self.shown_tenths = 0;
        self.is_wanted = Rc::new(Cell::new(true));
        let (link, is_wanted) = (context.link().clone(), Rc::clone(&self.is_wanted));
        let heard = link.callback(MicrophoneMessage::Heard);
        spawn_local(async move {
            let answer = Recorder::start(heard).await;
            if is_wanted.get() {
                link.send_message(MicrophoneMessage::Answered(answer));
            }
        });
    }

    /// Takes what was heard, and all of it once it is enough; whether there is something new to show.
    fn hear(&mut self, context: &Context<Self>, samples: &[f32]) -> bool {
        let Some(recorder) = &self.recorder else { return false };
        let rate_hz = recorder.rate_hz();
        let tenth = (rate_hz / 10).max(1) as usize;
        self.samples.extend_from_slice(samples);
        let tenths = self.samples.len() / tenth;
        if tenths == self.shown_tenths {
            return false;
        }
        self.shown_tenths = tenths;
        let last = &self.samples[self.samples.len() - tenth..];
        let loudest = last.iter().fold(0.0, |loudest: f32, sample| loudest.max(sample.abs()));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and is no more than a drawing"
        )]
        let percent = (loudest.sqrt() * 100.0) as u8;
        self.shown_percent = percent;
        if tenths >= RECORDED_TENTHS + LEFT_OUT_TENTHS {
            self.finish(context, rate_hz, LEFT_OUT_TENTHS * tenth);
        }
        true
    }

    fn finish(&mut self, context: &Context<Self>, rate_hz: u32, left_out: usize) {
        let samples = self.samples.split_off(left_out);
        self.stop();
        if samples.iter().all(|&sample| sample == 0.0) {
            self.problem = Some(sound::NOTHING_HEARD);
            return;
        }
        match Sound::new(samples, rate_hz) {
            Ok(sound) => {
                let picture = Picture::of(&sound);
                context.props().lively.emit((InputFrom::Microphone, picture, true));
            }
            Err(_) => self.problem = Some(sound::microphone_failed("")),
        }
    }

    fn stop(&mut self) {
        self.is_wanted.set(false);
        self.is_asked = false;
        self.recorder = None;
        self.samples.clear();
    }
}
