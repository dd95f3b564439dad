//! What the state asks of the world: the workers, files, the browser.

use super::{App, Message};
use crate::ui::{
    browser,
    client::Client,
    kernel_set::KernelSet,
    state::{Action, Attachment, Effect, Source},
};
use gloo::timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use yew::prelude::*;

/// How long a cancelled job may take before its worker is ended.
const CANCEL_MS: u32 = 2000;

impl App {
    pub(super) fn perform(&mut self, context: &Context<Self>, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(ask, attachment) => {
                    let buffers = self.buffers(attachment);
                    self.client.send(&ask, buffers);
                }
                Effect::StartCrew(sets) => self.start_crew(context, sets),
                Effect::AskCrew(set, ask, attachment) => {
                    let buffers = self.buffers(attachment);
                    if let Some((_, client)) = self.crew.iter_mut().find(|(one, _)| *one == set) {
                        client.send(&ask, buffers);
                    }
                }
                Effect::Read(source) => self.read(context, source),
                Effect::StopReading => self.reader.stop(),
                Effect::LoadSample(sample) => self.load_sample(context, sample),
                Effect::ForgetPictures => self.n_pictures += 1,
                Effect::WaitForCancel(job) => {
                    let act = self.act.clone();
                    let later = move || act.emit(Action::CancelTimedOut { job });
                    Timeout::new(CANCEL_MS, later).forget();
                }
                Effect::Save { file_name, media_type, bytes } => {
                    browser::download_bytes(&file_name, &media_type, &bytes);
                }
                Effect::SavePng { file_name, svg, size } => {
                    browser::save_png(file_name, &svg, size);
                }
                Effect::Copy(fragment) => self.copy(fragment),
                Effect::Print => {
                    // Where a browser does not say that it prints, the sheet is there all the same.
                    self.lay_out_sheet(true);
                    browser::print();
                }
                Effect::SaveReport => self.save_report(),
                Effect::RestartWorker => {
                    let heard = context.link().callback(Message::Heard);
                    self.client.start(self.state.kernel_set(), heard);
                }
            }
        }
    }

    /// Copies to be sent away.
    fn buffers(&self, attachment: Attachment) -> Vec<ArrayBuffer> {
        let copy = |bytes: &[u8]| Uint8Array::from(bytes).buffer();
        let model = |model: Option<&(Source, ArrayBuffer)>| {
            model.map(|(_, buffer)| buffer.slice_with_end(0, buffer.byte_length()))
        };
        match attachment {
            Attachment::None => Vec::new(),
            Attachment::Model => model(self.models.last()).into_iter().collect(),
            Attachment::OpenModel => {
                let open = self.state.model.as_ref().map(|open| open.source);
                let mut kept = self.models.iter();
                model(kept.find(|(source, _)| Some(*source) == open)).into_iter().collect()
            }
            Attachment::Placement => vec![copy(&self.list)],
            Attachment::OpenPlacement => {
                let open = self.state.placement.as_ref();
                open.map(|open| copy(&open.csv)).into_iter().collect()
            }
            Attachment::Inputs => self.state.inputs.iter().map(|bytes| copy(bytes)).collect(),
            Attachment::Picture => {
                self.picture.as_ref().map(|one| copy(&one.rgba)).into_iter().collect()
            }
        }
    }

    fn start_crew(&mut self, context: &Context<Self>, sets: Vec<KernelSet>) {
        self.crew.clear();
        for set in sets {
            let mut client = Client::default();
            client.start(set, context.link().callback(move |heard| Message::CrewHeard(set, heard)));
            self.crew.push((set, client));
        }
    }

    fn read(&mut self, context: &Context<Self>, source: Source) {
        let done = context.link().callback(|(source, buffer)| Message::Read(source, buffer));
        match source {
            Source::Bundled(bundled) => self.reader.bundled(bundled, self.act.clone(), done),
            Source::Numbers => {}
            Source::File(handle) => {
                let file = self.files.iter().find(|(number, _)| *number == handle);
                let Some((_, file)) = file.cloned() else { return };
                self.reader.file(source, file, self.act.clone(), done);
            }
        }
    }
}
