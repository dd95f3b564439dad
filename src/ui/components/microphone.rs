//! What the microphone hears: two seconds of it, from which the loudest is taken.

use super::{
    capture::{Capture, Stream},
    pad::Lively,
};
use crate::{
    preprocess::sound::Sound,
    text::sound,
    ui::{browser::Picture, state::InputFrom},
};
use yew::prelude::*;

/// How much is recorded, in tenths of a second: room for a word that is said late.
const RECORDED_TENTHS: usize = 20;
/// What comes first is left out: some microphones click when they are switched on.
const LEFT_OUT_TENTHS: usize = 1;

/// What was heard so far.
#[derive(Default)]
pub(super) struct Hearing {
    samples: Vec<f32>,
    /// Tenths of a second that are shown as recorded.
    shown_tenths: usize,
    /// The last tenth's loudness as it is shown: the root of its greatest sample.
    shown_percent: u8,
}

impl Hearing {
    pub(super) fn forget(&mut self) {
        self.samples.clear();
    }
}

/// Beside the button: what there is to say; how much is recorded and how loud it is are drawn as two bars.
pub(super) fn view(microphone: &Capture, is_asked: bool) -> Html {
    let Hearing { shown_tenths, shown_percent, .. } = microphone.hearing;
    let Some((class, role, words)) = told(microphone, is_asked) else { return Html::default() };
    let recorded = shown_tenths * 100 / RECORDED_TENTHS;
    let style = format!("--recorded:{recorded}%;--loudness:{shown_percent}%");
    html! { <p id="microphone-told" {class} {role} {style}>{ words }</p> }
}

/// What there is to say, as what and how urgently.
fn told(
    microphone: &Capture,
    is_asked: bool,
) -> Option<(&'static str, &'static str, &'static str)> {
    match (microphone.problem, &microphone.stream) {
        (Some(problem), _) => Some(("warning", "alert", problem)),
        (None, Some(_)) => Some(("listening", "status", sound::LISTENING)),
        (None, None) => is_asked.then_some(("note", "status", sound::ASKED)),
    }
}

/// Takes what was heard, and all of it once it is enough; whether there is something new to show.
pub(super) fn hear(microphone: &mut Capture, lively: &Lively, samples: &[f32]) -> bool {
    let Some(Stream::Sound(recorder)) = &microphone.stream else { return false };
    let rate_hz = recorder.rate_hz();
    let hearing = &mut microphone.hearing;
    let tenth = (rate_hz / 10).max(1) as usize;
    hearing.samples.extend_from_slice(samples);
    let tenths = hearing.samples.len() / tenth;
    if tenths == hearing.shown_tenths {
        return false;
    }
    hearing.shown_tenths = tenths;
    let last = &hearing.samples[hearing.samples.len() - tenth..];
    let loudest = last.iter().fold(0.0, |loudest: f32, sample| loudest.max(sample.abs()));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and is no more than a drawing"
    )]
    let percent = (loudest.sqrt() * 100.0) as u8;
    hearing.shown_percent = percent;
    if tenths >= RECORDED_TENTHS + LEFT_OUT_TENTHS {
        finish(microphone, lively, rate_hz, LEFT_OUT_TENTHS * tenth);
    }
    true
}

fn finish(microphone: &mut Capture, lively: &Lively, rate_hz: u32, left_out: usize) {
    let samples = microphone.hearing.samples.split_off(left_out);
    microphone.stop();
    if samples.iter().all(|&sample| sample == 0.0) {
        microphone.problem = Some(sound::NOTHING_HEARD);
        return;
    }
    match Sound::new(samples, rate_hz) {
        Ok(sound) => lively.emit((InputFrom::Microphone, Picture::of(&sound), true)),
        Err(_) => microphone.problem = Some(sound::microphone_failed("")),
    }
}
