//! The square to draw on.

use super::{
    erased::mount,
    pixels::{PixelsProps, PixelsView},
};
use crate::{
    text::gallery,
    ui::{
        browser::Picture,
        shared::Shared,
        state::InputFrom,
        strokes::{SIDE_PX, Strokes},
    },
};
use web_sys::{DomRect, Element, PointerEvent};
use yew::{prelude::*, props};

/// A picture of those that follow each other; whether none follows.
pub(in crate::ui) type Lively = Callback<(InputFrom, Picture, bool)>;

/// What the pad needs.
#[derive(Properties, PartialEq)]
pub(super) struct PadProps {
    /// Whether the drawing is the input.
    pub(super) is_input: bool,
    /// Whether nothing can be run.
    pub(super) is_refused: bool,
    /// Where drawings go.
    pub(super) lively: Lively,
}

/// A pad for pointers of all kinds, with the buttons that take strokes back.
#[component]
pub(super) fn Pad(props: &PadProps) -> Html {
    // Pointers may move more than once between two renderings, so the strokes are no state.
    let strokes = use_mut_ref(Strokes::default);
    // Where the pad was when the stroke began: should the page move below the pointer, the stroke is
    // still what the hand drew.
    // One pointer draws at a time: a second finger or the palm does not.
    let area = use_mut_ref(|| None::<(i32, DomRect)>);
    let pad = use_node_ref();
    let pixels = use_state(|| Shared::new(Strokes::default().pixels()));
    let change = {
        let (strokes, pixels, lively) = (strokes.clone(), pixels.setter(), props.lively.clone());
        move |change: &dyn Fn(&mut Strokes), is_last: bool| {
            change(&mut strokes.borrow_mut());
            let drawn = strokes.borrow().pixels();
            let (width, height, rgba) = (drawn.width, drawn.height, drawn.rgba.clone());
            pixels.set(Shared::new(drawn));
            // An empty pad shows nothing that could be named: the last answer stays until the next stroke.
            if strokes.borrow().is_empty() {
                return;
            }
            lively.emit((InputFrom::Drawing, Picture { width, height, rgba }, is_last));
        }
    };
    let down = {
        let (change, area, is_refused) = (change.clone(), area.clone(), props.is_refused);
        let pad = pad.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(element) = pad.cast::<Element>().filter(|_| !is_refused) else { return };
            if event.button() != 0 || area.borrow().is_some() {
                return;
            }
            event.prevent_default();
            // So that a stroke that leaves the square is followed until it ends.
            if let Err(error) = element.set_pointer_capture(event.pointer_id()) {
                gloo::console::debug!("the pointer was not captured", error);
            }
            let square = element.get_bounding_client_rect();
            let at = place(&square, &event);
            *area.borrow_mut() = Some((event.pointer_id(), square));
            change(&|strokes| strokes.begin(at), false);
        })
    };
    let moved = {
        let (change, area) = (change.clone(), area.clone());
        Callback::from(move |event: PointerEvent| {
            let area = area.borrow();
            let draws = |(id, _): &&(i32, DomRect)| *id == event.pointer_id();
            if let Some(at) = area.as_ref().filter(draws).map(|(_, area)| place(area, &event)) {
                change(&|strokes| strokes.go_on(at), false);
            }
        })
    };
    let up = {
        let change = change.clone();
        Callback::from(move |event: PointerEvent| {
            let draws = |(id, _): &mut (i32, DomRect)| *id == event.pointer_id();
            if area.borrow_mut().take_if(draws).is_some() {
                change(&|_| {}, true);
            }
        })
    };
    let is_empty = strokes.borrow().is_empty();
    let button = |id: &'static str, words: &'static str, act: fn(&mut Strokes)| {
        let change = change.clone();
        let onclick = Callback::from(move |_: MouseEvent| change(&act, true));
        html! { <button type="button" {id} class="small" disabled={is_empty} {onclick}>{ words }</button> }
    };
    html! {
        <div class={classes!("pad", props.is_input.then_some("chosen"))} role="group" aria-label={gallery::PAD}>
            <div ref={pad} id="pad" onpointerdown={down} onpointermove={moved}
                onpointerup={up.clone()} onpointercancel={up}>
                { mount::<PixelsView>(props!(PixelsProps { pixels: (*pixels).clone(), words: gallery::PAD, class: "pixelated" })) }
            </div>
            <div class="acts">
                { button("undo-stroke", gallery::UNDO_STROKE, Strokes::undo) }
                { button("clear-pad", gallery::CLEAR, Strokes::clear) }
            </div>
        </div>
    }
}

/// Where on the pad a pointer is, in the drawing's pixels.
fn place(area: &DomRect, event: &PointerEvent) -> [f32; 2] {
    let share = [
        (f64::from(event.client_x()) - area.left()) / area.width().max(1.0),
        (f64::from(event.client_y()) - area.top()) / area.height().max(1.0),
    ];
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let at = share.map(|share| (share * f64::from(SIDE_PX)) as f32);
    at
}
