//! The object on the page's window, and the open model behind it.

use js_sys::{Error as JsError, Object, Reflect, Uint8Array};
use std::{cell::RefCell, rc::Rc, sync::Arc};
use tinyml_playground::{
    exec::Checked,
    graph::Passes,
    kernels::Kernels,
    model::Limits,
    schedule::ScheduleChoice,
    session::{Error, Session},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// An open model with its arena, and what went in and came out.
struct Engine<K: Kernels> {
    session: Session<K>,
    checked: Arc<Checked>,
    arena: Vec<u8>,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl<K: Kernels> Engine<K> {
    fn open(bytes: &Uint8Array) -> Result<Self, Error> {
        let session = Session::open(bytes.to_vec().into(), Passes::default(), Limits::default())?;
        let planned = session.plan(ScheduleChoice::Layerwise)?;
        let arena = Session::<K>::arena(&planned)?;
        let checked = session.check(&planned)?;
        Ok(Self { session, checked, arena, input: Vec::new(), output: Vec::new() })
    }

    fn run(&mut self) -> Result<(), Error> {
        let input = self.session.input_from_bytes(0, &self.input)?;
        let inputs = [&input[..]];
        let mut execution =
            self.session.start_checked(&self.checked, &inputs, self.arena.as_mut_slice())?;
        while execution.step(&mut ())? {}
        self.output = self.session.output_bytes(&execution.finish(), 0);
        Ok(())
    }
}

/// Puts the object on the window.
pub(crate) fn start<K: Kernels + 'static>() {
    let engine: Rc<RefCell<Option<Engine<K>>>> = Rc::default();
    let object = Object::new();
    let open = {
        let engine = Rc::clone(&engine);
        Closure::<dyn Fn(Uint8Array) -> Result<(), JsValue>>::new(move |bytes: Uint8Array| {
            let opened = Engine::open(&bytes).map_err(thrown)?;
            engine.replace(Some(opened));
            Ok(())
        })
    };
    let set_input = {
        let engine = Rc::clone(&engine);
        Closure::<dyn Fn(Uint8Array) -> Result<(), JsValue>>::new(move |bytes: Uint8Array| {
            with(&engine, |engine| {
                engine.input.resize(bytes.length() as usize, 0);
                bytes.copy_to(&mut engine.input);
                Ok(())
            })
        })
    };
    let run = {
        let engine = Rc::clone(&engine);
        Closure::<dyn Fn() -> Result<(), JsValue>>::new(move || with(&engine, Engine::run))
    };
    let output = Closure::<dyn Fn() -> Result<Uint8Array, JsValue>>::new(move || {
        with(&engine, |engine| Ok(Uint8Array::from(&engine.output[..])))
    });
    set(&object, "open", open.into_js_value());
    set(&object, "setInput", set_input.into_js_value());
    set(&object, "run", run.into_js_value());
    set(&object, "output", output.into_js_value());
    set(&object, "kernels", K::NAME.into());
    set(js_sys::global().unchecked_ref(), "engine", object.into());
}

/// Does something with the open model.
fn with<K: Kernels, T>(
    engine: &RefCell<Option<Engine<K>>>,
    work: impl FnOnce(&mut Engine<K>) -> Result<T, Error>,
) -> Result<T, JsValue> {
    let mut engine = engine.borrow_mut();
    let engine = engine.as_mut().ok_or(Error::NoModel).map_err(thrown)?;
    work(engine).map_err(thrown)
}

/// An error as JavaScript catches it.
fn thrown(error: Error) -> JsValue {
    JsError::new(&error.problem().message).into()
}

fn set(object: &Object, name: &str, value: JsValue) {
    if let Err(error) = Reflect::set(object, &name.into(), &value) {
        web_sys::console::error_1(&error);
    }
}
