//! Sounds that the visitor gives, for the model that is open.

use super::{App, Message};
use crate::{
    preprocess::sound::{RATE_HZ, Sound},
    text::sound,
    ui::{
        browser::{self, Picture},
        state::{Action, InputFrom},
    },
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::Context;

impl App {
    /// Makes a WAV file the input, where the open model hears.
    pub(super) fn hear(&mut self, context: &Context<Self>, file: File) {
        let too_long = sound::too_long(browser::size_bytes(file.size()));
        let refused = too_long.map(|error| sound::unheard(&error));
        let deaf = || (!self.state.takes_sound()).then(sound::not_for_sounds);
        if let Some(problem) = refused.or_else(deaf) {
            self.act_on(context, Action::Unheard(problem));
            return;
        }
        self.n_pictures += 1;
        let number = self.n_pictures;
        let link = context.link().clone();
        spawn_local(async move {
            let sound = match browser::read_whole(&file).await {
                Ok(bytes) => Sound::from_wav(&bytes).map_err(|error| sound::unheard(&error)),
                Err(error) => Err(sound::unread(&browser::words(&error))),
            };
            let rate_hz = sound.as_ref().map_or(RATE_HZ, Sound::rate_hz);
            let from = InputFrom::Own(sound::named(&file.name(), rate_hz));
            let picture = sound.map(|sound| Picture::of(&sound)).map_err(Action::Unheard);
            link.send_message(Message::Decoded(number, from, picture));
        });
    }
}

/// Whether a file holds a sound.
pub(super) fn is_sound(file: &File) -> bool {
    file.type_().starts_with("audio/") || file.name().to_ascii_lowercase().ends_with(".wav")
}
