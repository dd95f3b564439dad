//! The page's end of the line to the worker.
//!
//! A message is an array of `ArrayBuffer`s, all of them transferred: the first is an [`Ask`] or a
//! [`Reply`], the others are its attachments. Requests wait until the worker says that it
//! listens.

use super::{browser::words, kernel_set::KernelSet, state::Action};
use crate::protocol::{self, Answer, Ask, Reply};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

struct Line {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

/// What comes over the line, before the state sees it.
pub(super) enum Heard {
    /// An answer.
    Reply(Box<Reply>, Vec<Vec<u8>>),
    /// The worker died.
    Died(String),
}

/// A worker and what waits for it.
#[derive(Default)]
pub(super) struct Client {
    line: Option<Line>,
    is_ready: bool,
    waiting: Vec<(Array, Array)>,
}

impl Client {
    /// Starts a worker; what was waiting for the one before is forgotten.
    pub(super) fn start(&mut self, kernels: KernelSet, heard: Callback<Heard>) {
        self.stop();
        match Line::open(kernels, &heard) {
            Ok(line) => self.line = Some(line),
            Err(error) => heard.emit(Heard::Died(words(&error))),
        }
    }

    fn stop(&mut self) {
        self.line = None;
        self.is_ready = false;
        self.waiting.clear();
    }

    /// Sends a request with its buffers, which are gone afterwards.
    pub(super) fn send(&mut self, ask: &Ask, buffers: Vec<ArrayBuffer>) {
        let header = match protocol::write(ask) {
            Ok(header) => header,
            Err(error) => {
                gloo::console::error!("a request could not be written", error.to_string());
                return;
            }
        };
        let header = Uint8Array::from(&header[..]).buffer();
        let message: Array = std::iter::once(header).chain(buffers).collect();
        let transfer = message.slice(0, message.length());
        if self.is_ready {
            self.post(&message, &transfer);
        } else {
            self.waiting.push((message, transfer));
        }
    }

    /// Sends what was waiting: the worker listens.
    pub(super) fn listens(&mut self) {
        self.is_ready = true;
        for (message, transfer) in std::mem::take(&mut self.waiting) {
            self.post(&message, &transfer);
        }
    }

    fn post(&self, message: &Array, transfer: &Array) {
        if let Some(line) = &self.line
            && let Err(error) = line.worker.post_message_with_transfer(message, transfer)
        {
            gloo::console::error!("a request could not be sent", error);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Line {
    fn open(kernels: KernelSet, heard: &Callback<Heard>) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script(kernels)?, &options)?;
        let on_message = {
            let heard = heard.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match read(&event.data()) {
                    Some((reply, bytes)) => heard.emit(Heard::Reply(Box::new(reply), bytes)),
                    None => {
                        gloo::console::error!("the worker sent what is no answer", event.data());
                    }
                }
            })
        };
        let on_error = {
            let heard = heard.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                event.prevent_default();
                let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                let message = message.filter(|message| !message.is_empty());
                heard.emit(Heard::Died(
                    message.unwrap_or_else(|| "its script could not be started".to_owned()),
                ));
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }
}

/// The address of a worker's script, which the page names in a `meta` element.
fn script(kernels: KernelSet) -> Result<String, JsValue> {
    let kernels = kernels.key();
    let document = web_sys::window().and_then(|window| window.document());
    let name = document.as_ref().and_then(|document| {
        let query = format!("meta[name=worker][data-kernels={kernels}]");
        document.query_selector(&query).ok().flatten()?.get_attribute("content")
    });
    let name = name.ok_or_else(|| format!("the page names no worker with {kernels} kernels"))?;
    let base = document.and_then(|document| document.base_uri().ok().flatten());
    let absolute = base.and_then(|base| web_sys::Url::new_with_base(&name, &base).ok());
    Ok(absolute.map_or(name, |url| url.href()))
}

fn read(data: &JsValue) -> Option<(Reply, Vec<Vec<u8>>)> {
    let parts = data.dyn_ref::<Array>()?;
    let mut buffers = parts.iter().filter_map(|part| {
        let buffer = part.dyn_into::<ArrayBuffer>().ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    });
    match protocol::read(&buffers.next()?) {
        Ok(reply) => Some((reply, buffers.collect())),
        Err(error) => {
            gloo::console::error!("an answer could not be read", error.to_string());
            None
        }
    }
}

impl Heard {
    /// Whether it says that the worker listens.
    pub(super) fn is_ready(&self) -> bool {
        matches!(self, Self::Reply(reply, _) if matches!(reply.answer, Answer::Ready { .. }))
    }

    /// The same for the state.
    pub(super) fn into_action(self) -> Action {
        match self {
            Self::Reply(reply, attachments) => Action::Replied { reply, attachments },
            Self::Died(why) => Action::WorkerDied { why },
        }
    }

    /// The same where a worker of a benchmark says it.
    pub(super) fn into_crew_action(self, set: KernelSet) -> Action {
        match self {
            Self::Reply(reply, _) => Action::CrewReplied { set, reply },
            Self::Died(why) => Action::CrewDied { set, why },
        }
    }
}
