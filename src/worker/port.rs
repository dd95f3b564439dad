//! Messages between the page and the desk: a header and byte buffers, all of them transferred.

use super::{Attachment, Desk, Inbox, Outside, Response};
use crate::{
    exec::ExecError,
    kernels::{self, Ceiling, Kernels},
    protocol::{self, Answer, Ask, JobId, Reply},
    session::Error,
};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Starts the worker with the portable kernels, which any browser with WebAssembly runs.
///
/// Such functions are plain so that all of the worker but its kernels is compiled here, for size.
#[inline(never)]
pub fn start_portable() {
    start::<kernels::Portable>();
}

/// Starts the worker with the kernels for WebAssembly's 128-bit SIMD.
#[inline(never)]
pub fn start_simd128() {
    start::<kernels::Simd128>();
}

/// Starts the worker with the kernels for WebAssembly's relaxed SIMD.
#[cfg(feature = "relaxed-simd")]
#[inline(never)]
pub fn start_relaxed_simd() {
    start::<kernels::RelaxedSimd>();
}

/// Starts listening and tells the page so.
fn start<K: Kernels + Ceiling + 'static>() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = Rc::new(Port { scope: scope.clone(), inbox: RefCell::default() });
    let listener = Rc::clone(&port);
    let desk = Rc::new(RefCell::new(Some(Desk::<K>::default())));
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        listener.receive(&event.data());
        // The desk is away while it works; it looks into the inbox again before it returns.
        if let Some(at_desk) = desk.borrow_mut().take() {
            wasm_bindgen_futures::spawn_local(work(
                at_desk,
                Rc::clone(&desk),
                Rc::clone(&listener),
            ));
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker listens as long as it lives.
    on_message.forget();
    port.send(JobId(0), Answer::Ready { kernels: K::NAME.to_owned() }.into());
}

/// Works through the inbox, then gives the desk back.
async fn work<K: Kernels + Ceiling>(
    mut desk: Desk<K>,
    home: Rc<RefCell<Option<Desk<K>>>>,
    port: Rc<Port>,
) {
    while let Some((ask, attachments)) = port.next() {
        let response = desk.answer(ask.job, ask.request, attachments, &*port).await;
        port.send(ask.job, response);
    }
    home.replace(Some(desk));
}

struct Port {
    scope: DedicatedWorkerGlobalScope,
    inbox: RefCell<Inbox>,
}

impl Port {
    fn next(&self) -> Option<(Ask, Vec<Attachment>)> {
        self.inbox.borrow_mut().begin_next()
    }

    fn receive(&self, data: &JsValue) {
        let Some((ask, attachments)) = decode(data) else {
            web_sys::console::error_1(&"a message that is no request was dropped".into());
            return;
        };
        let removed = self.inbox.borrow_mut().receive(ask, attachments);
        if let Some(job) = removed {
            let problem = Error::from(ExecError::Cancelled).problem();
            self.send(job, Answer::Failed { problem }.into());
        }
    }

    fn send(&self, job: JobId, response: Response) {
        let Response { answer, attachments } = response;
        let header = match protocol::write(&Reply { job, answer }) {
            Ok(header) => header,
            Err(error) => {
                web_sys::console::error_1(&error.to_string().into());
                return;
            }
        };
        let buffers = std::iter::once(header).chain(attachments);
        let message: Array = buffers.map(|bytes| Uint8Array::from(&bytes[..]).buffer()).collect();
        let transfer = message.slice(0, message.length());
        if let Err(error) = self.scope.post_message_with_transfer(&message, &transfer) {
            web_sys::console::error_1(&error);
        }
    }
}

fn decode(data: &JsValue) -> Option<(Ask, Vec<Attachment>)> {
    let parts: &Array = data.dyn_ref()?;
    let buffers = parts.iter().map(|part| {
        let buffer: ArrayBuffer = part.dyn_into().ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    });
    let mut buffers: Vec<Vec<u8>> = buffers.collect::<Option<_>>()?;
    let attachments = buffers.split_off(1.min(buffers.len()));
    Some((protocol::read(buffers.first()?).ok()?, attachments))
}

impl Outside for Port {
    fn now_ms(&self) -> f64 {
        self.scope.performance().map_or(0.0, |performance| performance.now())
    }

    fn tell(&self, job: JobId, response: Response) {
        self.send(job, response);
    }

    fn is_cancelled(&self, job: JobId) -> bool {
        self.inbox.borrow().is_cancelled(job)
    }

    async fn pause(&self) {
        // A timer, not a resolved promise: messages are delivered between tasks only.
        gloo::timers::future::TimeoutFuture::new(0).await;
    }
}
