//! The shown plan as a file for another program.

use super::{AppState, Attachment, Effect, Purpose};
use crate::{protocol::Request, report::HandOverFormat};

impl AppState {
    /// Asks for the file, unless it is on its way or there is no plan.
    pub(super) fn hand_over(&mut self, format: HandOverFormat) -> Vec<Effect> {
        let is_awaited = self.handing_over() == Some(format);
        let (Some(open), Some(_), Some(choice)) = (&self.model, self.plan(), self.plan_choice())
        else {
            return Vec::new();
        };
        if is_awaited {
            return Vec::new();
        }
        let file_name = open.file_name.as_str();
        let name = file_name.strip_suffix(".tflite").unwrap_or(file_name).to_owned();
        let request = Request::HandOver { format, choice, name };
        vec![self.ask(Purpose::HandOver(format), request, Attachment::None)]
    }

    /// The file that is on its way.
    #[must_use]
    pub fn handing_over(&self) -> Option<HandOverFormat> {
        self.jobs.iter().find_map(|job| match job.purpose {
            Purpose::HandOver(format) => Some(format),
            _ => None,
        })
    }
}
