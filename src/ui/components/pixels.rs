//! Pixels on a canvas.

use crate::ui::{picture::Pixels, shared::Shared};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::prelude::*;

/// What is drawn.
#[derive(Properties, PartialEq)]
pub(super) struct PixelsProps {
    /// The pixels.
    pub(super) pixels: Shared<Pixels>,
    /// What they are, in words.
    pub(super) words: AttrValue,
    /// Classes of the canvas.
    #[prop_or_default]
    pub(super) class: Classes,
}

/// A canvas with these pixels, one canvas pixel each.
#[component]
pub(super) fn PixelsView(props: &PixelsProps) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(props.pixels.clone(), move |pixels| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>()
                && let Err(error) = paint(&canvas, pixels)
            {
                gloo::console::error!("the picture could not be drawn", error);
            }
        });
    }
    #[cfg(not(target_arch = "wasm32"))]
    if let Some(still) = use_context::<crate::ui::Still>() {
        return picture(props, still.picture);
    }
    // Its shape from the beginning: what is below does not move when it is painted.
    let (width, height) = (props.pixels.width.to_string(), props.pixels.height.to_string());
    html! {
        <canvas ref={canvas} {width} {height} class={props.class.clone()} role="img" aria-label={props.words.clone()} />
    }
}

/// The file that the pixels come from: where the page is made into text, nobody draws on a canvas.
#[cfg(not(target_arch = "wasm32"))]
fn picture(props: &PixelsProps, src: String) -> Html {
    let (width, height) = (props.pixels.width.to_string(), props.pixels.height.to_string());
    html! { <img {src} {width} {height} class={props.class.clone()} alt={props.words.clone()} /> }
}

fn paint(canvas: &HtmlCanvasElement, pixels: &Pixels) -> Result<(), JsValue> {
    canvas.set_width(pixels.width);
    canvas.set_height(pixels.height);
    let context = canvas.get_context("2d")?;
    let Some(context) = context.and_then(|one| one.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return Err(JsValue::from_str("the browser gives no canvas"));
    };
    let data = ImageData::new_with_u8_clamped_array_and_sh(
        Clamped(&pixels.rgba),
        pixels.width,
        pixels.height,
    )?;
    context.put_image_data(&data, 0.0, 0.0)
}
