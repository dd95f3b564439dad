//! The microphone: nothing of it is kept or sent.

use super::camera::{MediaStream, ask_for, error_name, stop_stream};
use js_sys::Float32Array;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, AudioWorkletNode, MediaStreamConstraints, MessageEvent, MessagePort};
use yew::Callback;

/// The script that runs beside this one and hands on what is heard.
const SCRIPT: &str = "recorder.js";
/// What it is called there.
const PROCESSOR: &str = "recorder";

/// A microphone that is on, until this is dropped.
pub(in crate::ui) struct Recorder {
    stream: MediaStream,
    context: AudioContext,
    port: Option<MessagePort>,
    hears: Closure<dyn FnMut(MessageEvent)>,
}

impl Recorder {
    /// Asks the visitor, by way of the browser, for a microphone, and hands on what it hears.
    ///
    /// # Errors
    /// The name of the browser's error; `InsecureContext` on pages that get no microphone.
    pub(in crate::ui) async fn start(heard: Callback<Vec<f32>>) -> Result<Self, String> {
        let wanted = MediaStreamConstraints::new();
        wanted.set_audio(&JsValue::TRUE);
        let stream = ask_for(&wanted).await?;
        let context = match AudioContext::new() {
            Ok(context) => context,
            Err(error) => {
                stop_stream(&stream);
                return Err(error_name(&error));
            }
        };
        let hears = Closure::new(move |event: MessageEvent| {
            heard.emit(Float32Array::new(&event.data()).to_vec());
        });
        // From here on dropping it switches the microphone off.
        let mut recorder = Self { stream, context, port: None, hears };
        recorder.connect().await.map_err(|error| error_name(&error))?;
        Ok(recorder)
    }

    async fn connect(&mut self) -> Result<(), JsValue> {
        let context = &self.context;
        JsFuture::from(context.audio_worklet()?.add_module(SCRIPT)?).await?;
        let node = AudioWorkletNode::new(context, PROCESSOR)?;
        let port = self.port.insert(node.port()?);
        port.set_onmessage(Some(self.hears.as_ref().unchecked_ref()));
        context.create_media_stream_source(&self.stream)?.connect_with_audio_node(&node)?;
        // Only what leads to the loudspeaker is run; what comes out of it is silence.
        node.connect_with_audio_node(&context.destination())?;
        JsFuture::from(context.resume()?).await?;
        Ok(())
    }

    /// Samples a second.
    pub(in crate::ui) fn rate_hz(&self) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate, checked later"
        )]
        let rate_hz = self.context.sample_rate() as u32;
        rate_hz
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // What is still under way would find nobody.
        if let Some(port) = &self.port {
            port.set_onmessage(None);
        }
        stop_stream(&self.stream);
        if let Err(error) = self.context.close() {
            gloo::console::debug!("the recording was not closed", error);
        }
    }
}
