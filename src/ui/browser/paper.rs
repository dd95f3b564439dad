//! Printing, and the day.

use js_sys::{Array, Date, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{CssStyleSheet, Document};

/// The sheet's element.
const SHEET_ID: &str = "sheet";

/// Puts markup of our own making into the page, beside what it shows, for printers alone; none takes it
/// away again.
pub(in crate::ui) fn lay_out_sheet(markup: &str, style: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) = document else { return };
    if let Err(error) = try_lay_out(&document, markup, style) {
        gloo::console::error!("the sheet could not be made", error);
    }
}

fn try_lay_out(document: &Document, markup: &str, style: &str) -> Result<(), JsValue> {
    let sheet = match document.get_element_by_id(SHEET_ID) {
        Some(sheet) => sheet,
        None if markup.is_empty() => return Ok(()),
        None => {
            // A sheet of rules is no style element, which the page's policy forbids.
            let rules = CssStyleSheet::new()?;
            rules.replace_sync(style)?;
            let name = JsValue::from_str("adoptedStyleSheets");
            let all = Array::from(&Reflect::get(document, &name)?);
            all.push(&rules);
            Reflect::set(document, &name, &all)?;
            let sheet = document.create_element("div")?;
            sheet.set_id(SHEET_ID);
            sheet.set_class_name("sheet");
            document.body().ok_or("a page without a body")?.append_child(&sheet)?;
            sheet
        }
    };
    sheet.set_inner_html(markup);
    Ok(())
}

/// Opens the browser's own dialog.
pub(in crate::ui) fn print() {
    if let Some(window) = web_sys::window()
        && let Err(error) = window.print()
    {
        gloo::console::error!("this browser does not print", error);
    }
}

/// The day as `2026-11-30`, in universal time.
pub(in crate::ui) fn today() -> String {
    let time = String::from(Date::new_0().to_iso_string());
    time.split('T').next().unwrap_or_default().to_owned()
}
