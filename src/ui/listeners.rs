//! What the page listens to as a whole: keys, files dropped or pasted, colours, the address.

use super::{
    app::Message,
    browser::{self, click},
    components::{OPEN_FILE_ID, PaletteEvent},
    state::{Action, Move},
};
use crate::text::placement;
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, DragEvent, Element, Event, EventTarget, FileList, HtmlElement, KeyboardEvent,
};
use yew::Callback;

/// All that is listened to; ends when dropped.
pub(super) struct Listeners(
    #[expect(dead_code, reason = "held so that they go on listening")] Vec<EventListener>,
);

/// Listens for as long as the result lives.
pub(super) fn listen(send: &Callback<Message>) -> Listeners {
    let Some(window) = web_sys::window() else { return Listeners(Vec::new()) };
    let target: &EventTarget = &window;
    let mut listeners = vec![on_keys(target, send), on_paste(target, send)];
    for kind in ["dragenter", "dragover", "dragleave", "drop"] {
        listeners.push(on_drag(target, kind, send));
    }
    let to_page = send.clone();
    listeners.push(EventListener::new(target, "hashchange", move |_| {
        to_page.emit(Message::Fragment);
    }));
    for (kind, is_printed) in [("beforeprint", true), ("afterprint", false)] {
        let send = send.clone();
        listeners.push(EventListener::new(target, kind, move |_| {
            send.emit(Message::Paper(is_printed));
        }));
    }
    // The first is in time for this very navigation, but not all browsers of phones send it.
    for kind in ["beforeunload", "pagehide"] {
        let send = send.clone();
        listeners.push(EventListener::new(target, kind, move |_| send.emit(Message::WriteAddress)));
    }
    if let Some(query) = browser::dark_query() {
        let send = send.clone();
        let listened = query.clone();
        listeners.push(EventListener::new(&query, "change", move |_| {
            send.emit(Message::Dark(listened.matches()));
        }));
    }
    Listeners(listeners)
}

fn on_keys(target: &EventTarget, send: &Callback<Message>) -> EventListener {
    let send = send.clone();
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.default_prevented() || event.alt_key() {
            return;
        }
        if browser::walk_toolbar(event) {
            event.prevent_default();
            return;
        }
        if is_palette_key(event) {
            event.prevent_default();
            send.emit(Message::Palette(PaletteEvent::Show(true)));
            return;
        }
        if event.target().is_some_and(|target| takes_letters(&target)) {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            if let Some(action) = way_back(event) {
                event.prevent_default();
                send.emit(Message::Act(action));
            }
            return;
        }
        // Keys of a single letter can be switched off; the page knows whether they are.
        if event.key().chars().count() == 1 && !are_letters_on() {
            return;
        }
        let message = match event.key().as_str() {
            "o" | "O" => {
                click(OPEN_FILE_ID);
                event.prevent_default();
                return;
            }
            "[" => Message::Act(Action::Move(Move::Previous)),
            "]" => Message::Act(Action::Move(Move::Next)),
            "p" | "P" => Message::Act(Action::Move(Move::Peak)),
            "l" | "L" => Message::Act(Action::TogglePlan),
            "a" | "A" => Message::Act(Action::KeepPlan),
            "r" | "R" => Message::Act(Action::Run),
            "t" | "T" => Message::Act(Action::NextTheme),
            "?" => Message::Keys(true),
            "/" => Message::Palette(PaletteEvent::Show(true)),
            "g" | "G" => Message::Gallery(true),
            "e" | "E" => Message::Explain(true),
            "Escape" => Message::Act(Action::DismissProblem),
            _ => return,
        };
        event.prevent_default();
        send.emit(message);
    })
}

/// Ctrl-K, in fields as well, but not over another sheet.
fn is_palette_key(event: &KeyboardEvent) -> bool {
    let is_asked = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k");
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // In one that has just been closed the focus stays until the next frame.
    let is_in_dialog =
        target.is_some_and(|target| target.closest("dialog[open]").ok().flatten().is_some());
    is_asked && !is_in_dialog
}

/// The keys that take a choice back and do it again.
fn way_back(event: &KeyboardEvent) -> Option<Action> {
    match (event.key().as_str(), event.shift_key()) {
        ("z", false) => Some(Action::Undo),
        ("Z" | "z", true) | ("y", _) => Some(Action::Redo),
        _ => None,
    }
}

/// Whether keys of a single letter do something: the page's root says so.
fn are_letters_on() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let main = document.and_then(|document| document.get_element_by_id("main"));
    main.is_none_or(|main| main.get_attribute("data-letters").as_deref() != Some("off"))
}

/// Whether an element wants letters for itself.
fn takes_letters(target: &EventTarget) -> bool {
    let Some(element) = target.dyn_ref::<Element>() else { return false };
    let name = element.tag_name().to_ascii_lowercase();
    let is_field = name == "select"
        || name == "textarea"
        || (name == "input"
            && !matches!(
                element.get_attribute("type").as_deref(),
                Some("radio" | "checkbox" | "file" | "button")
            ));
    let is_in_dialog = element.closest("dialog").ok().flatten().is_some();
    let is_editable = target.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable);
    is_field || is_in_dialog || is_editable
}

fn on_drag(target: &EventTarget, kind: &'static str, send: &Callback<Message>) -> EventListener {
    let send = send.clone();
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, kind, options, move |event: &Event| {
        let Some(event) = event.dyn_ref::<DragEvent>() else { return };
        let Some(data) = event.data_transfer() else { return };
        let has_files =
            data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files"));
        if !has_files {
            return;
        }
        event.prevent_default();
        match kind {
            "drop" => {
                send.emit(Message::Dragging(false));
                give_first(data.files(), &send);
            }
            // Leaving the window has no element to go to; leaving one element for another has.
            "dragleave" if event.related_target().is_none() => {
                send.emit(Message::Dragging(false));
            }
            "dragleave" => {}
            _ => send.emit(Message::Dragging(true)),
        }
    })
}

fn on_paste(target: &EventTarget, send: &Callback<Message>) -> EventListener {
    let send = send.clone();
    EventListener::new(target, "paste", move |event| {
        let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
        if event.target().is_some_and(|target| takes_letters(&target)) {
            return;
        }
        let Some(data) = event.clipboard_data() else { return };
        give_first(data.files(), &send);
        if let Ok(text) = data.get_data("text/plain")
            && placement::is_list(&text)
        {
            send.emit(Message::Pasted(text));
        }
    })
}

fn give_first(files: Option<FileList>, send: &Callback<Message>) {
    if let Some(file) = files.and_then(|files| files.get(0)) {
        send.emit(Message::Given(file));
    }
}
