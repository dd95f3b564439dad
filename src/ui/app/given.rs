//! What the visitor gives: files that are chosen, dropped or pasted, and pictures.

use super::{App, Message, sound::is_sound};
use crate::{
    text::{gallery, placement},
    ui::{
        browser::{self, Picture},
        state::{Action, InputFrom, PlacementAction, Source, picture_paths},
    },
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::Context;

impl App {
    /// Labels that were read, or why they were not.
    pub(super) fn labels_read(&mut self, context: &Context<Self>, read: Result<Vec<u8>, String>) {
        let text = read.and_then(|bytes| {
            String::from_utf8(bytes)
                .map_err(|error| gallery::not_utf8(error.utf8_error().valid_up_to()))
        });
        match text {
            Ok(text) => self.act_on(context, Action::SetLabels(text)),
            Err(why) => self.act_on(context, Action::LabelsUnread { why }),
        }
    }

    /// A file from the visitor: a picture becomes the input, anything else is opened as a model.
    pub(super) fn given(&mut self, context: &Context<Self>, file: File) {
        self.show_at_once();
        self.is_dragging = false;
        if file.type_().starts_with("image/") {
            let from = InputFrom::Own(file.name());
            let picture =
                async move { browser::decode(&file).await.map_err(|error| undecoded(&error)) };
            self.decode(context, from, picture);
            return;
        }
        if is_sound(&file) {
            self.hear(context, file);
            return;
        }
        if is_text(&file) {
            self.read_labels(context, file);
            return;
        }
        if is_list(&file) {
            self.read_list(context, file);
            return;
        }
        // The open model's file is kept as well, for a dead worker's successor, and those of plans that
        // are compared.
        let state = &self.state;
        let open = state.model.as_ref().map(|open| open.source);
        self.files.retain(|(handle, _)| {
            open == Some(Source::File(*handle)) || state.may_open_again(*handle)
        });
        self.n_files += 1;
        let (handle, name) = (self.n_files, file.name());
        let bytes = browser::size_bytes(file.size());
        self.files.push((handle, file));
        self.act_on(context, Action::ChooseFile { handle, name, bytes });
    }

    /// A file hovers over the page, or no longer; tells whether that is new.
    pub(super) fn drag(&mut self, is_dragging: bool) -> bool {
        let is_new = self.is_dragging != is_dragging;
        if is_new {
            self.show_at_once();
        }
        self.is_dragging = is_dragging;
        is_new
    }

    /// Reads a file of labels for the open model.
    fn read_labels(&mut self, context: &Context<Self>, file: File) {
        let bytes = browser::size_bytes(file.size());
        if bytes > gallery::LARGEST_LABELS_BYTES {
            self.act_on(context, Action::LabelsUnread { why: gallery::labels_too_long(bytes) });
            return;
        }
        let link = context.link().clone();
        spawn_local(async move {
            let read = browser::read_whole(&file).await.map_err(|error| browser::words(&error));
            link.send_message(Message::Labels(read));
        });
    }

    /// Reads a file of buffers to place, unless it is too long for that.
    pub(super) fn read_list(&mut self, context: &Context<Self>, file: File) {
        self.n_lists += 1;
        let (number, file_name) = (self.n_lists, file.name());
        let bytes = browser::size_bytes(file.size());
        if bytes > placement::LARGEST_FILE_BYTES {
            self.place(context, PlacementAction::TooLong { file_name, bytes });
            return;
        }
        let link = context.link().clone();
        spawn_local(async move {
            let read = browser::read_whole(&file).await.map_err(|error| browser::words(&error));
            link.send_message(Message::Listed(number, file_name, read));
        });
    }

    pub(super) fn listed(&mut self, context: &Context<Self>, file_name: String, bytes: Vec<u8>) {
        self.show_at_once();
        self.list = bytes;
        self.place(context, PlacementAction::Read { file_name });
    }

    pub(super) fn place(&mut self, context: &Context<Self>, action: PlacementAction) {
        self.act_on(context, Action::Place(action));
    }

    /// Fetches the pictures for models without samples of their own, once the first answer is there.
    pub(super) fn keep_pictures(&self) {
        if self.state.run().is_some() || self.state.is_numbers_only() {
            browser::keep_pictures(picture_paths());
        }
    }

    pub(super) fn load_sample(&mut self, context: &Context<Self>, sample: usize) {
        if let Some(found) = self.state.samples().into_iter().nth(sample) {
            let unread = move |why| Action::SampleUnread { sample, why };
            let picture = async move {
                let blob = browser::fetch_blob(&found.path).await;
                let blob = blob.map_err(|error| unread(browser::words(&error)))?;
                if found.is_sound() {
                    browser::hear(&blob).await.map_err(|error| undecoded(&error))
                } else {
                    browser::decode(&blob).await.map_err(|error| undecoded(&error))
                }
            };
            self.decode(context, InputFrom::Sample(sample), picture);
        }
    }

    pub(super) fn decode(
        &mut self,
        context: &Context<Self>,
        from: InputFrom,
        picture: impl Future<Output = Result<Picture, Action>> + 'static,
    ) {
        self.n_pictures += 1;
        let number = self.n_pictures;
        let link = context.link().clone();
        spawn_local(async move {
            let picture = picture.await;
            link.send_message(Message::Decoded(number, from, picture));
        });
    }
}

fn undecoded(error: &JsValue) -> Action {
    Action::PictureFailed { why: browser::words(error) }
}

/// Whether a file holds labels.
fn is_text(file: &File) -> bool {
    file.type_() == "text/plain" || file.name().to_ascii_lowercase().ends_with(".txt")
}

/// Whether a file holds buffers to place.
fn is_list(file: &File) -> bool {
    file.type_() == "text/csv" || file.name().to_ascii_lowercase().ends_with(".csv")
}
