//! Buffers of a file beside the model: opened, searched for a better plan, put away again.

use super::{AppState, Attachment, Effect, Job, Purpose, WorkerState};
use crate::{
    protocol::{Answer, Request},
    report::{PlacementPlan, PlacementReport, Problem, ProblemKind, SearchReport, SearchStage},
    text::{page, placement},
    ui::shared::Shared,
};

/// How long a search may take where the visitor has not said it.
const USUAL_SECONDS: u32 = 30;

/// Buffers that are open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenPlacement {
    /// The file's name.
    pub file_name: String,
    /// The buffers.
    pub report: Shared<PlacementReport>,
    /// The best plan so far.
    pub plan: Shared<PlacementPlan>,
    /// The same as a file to save.
    pub csv: Shared<Vec<u8>>,
    /// How far the search has come.
    pub search: SearchReport,
    /// Bytes available, where the visitor has said it.
    pub capacity_bytes: Option<u64>,
    /// How long a search may take.
    pub seconds: u32,
    /// Whether the worker that had them is gone.
    is_lost: bool,
}

/// What the visitor does with buffers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PlacementAction {
    /// A file of them is read and kept.
    Read {
        /// The file's name.
        file_name: String,
    },
    /// A file of them could not be read.
    Unread {
        /// Why.
        why: String,
    },
    /// A file of them is longer than is read.
    TooLong {
        /// The file's name.
        file_name: String,
        /// How long it is.
        bytes: u64,
    },
    /// So much is available.
    SetCapacity(Option<u64>),
    /// So long may a search take.
    SetSeconds(u32),
    /// Search for a better plan.
    Search,
    /// Put them away: back to the model.
    Close,
}

impl AppState {
    /// The search for a better plan, while it runs.
    #[must_use]
    pub fn placement_search(&self) -> Option<Job> {
        self.job(|purpose| purpose == Purpose::SearchPlacement)
    }

    pub(super) fn place(&mut self, action: PlacementAction) -> Vec<Effect> {
        match action {
            PlacementAction::Read { file_name } => return self.open_placement(file_name),
            PlacementAction::Unread { why } => self.problem = Some(page::file_unread(&why)),
            PlacementAction::TooLong { file_name, bytes } => {
                self.problem = Some(placement::too_long(&file_name, bytes));
            }
            PlacementAction::SetCapacity(capacity_bytes) => {
                if let Some(open) = &mut self.placement {
                    open.capacity_bytes = capacity_bytes;
                }
                // It was looking for something else.
                return self.stop_placing();
            }
            PlacementAction::SetSeconds(seconds) => {
                if let Some(open) = &mut self.placement {
                    open.seconds = seconds.max(1);
                }
            }
            PlacementAction::Search => return self.search_placement(),
            PlacementAction::Close => {
                let effects = self.stop_placing();
                self.forget(Purpose::is_of_placement);
                self.placement = None;
                return effects;
            }
        }
        Vec::new()
    }

    fn open_placement(&mut self, file_name: String) -> Vec<Effect> {
        let mut effects = self.stop_placing();
        self.forget(Purpose::is_of_placement);
        if self.worker == WorkerState::Stopped {
            // The visitor tries again.
            self.worker = WorkerState::Starting;
            effects.push(Effect::RestartWorker);
        }
        self.problem = None;
        self.placement_name = Some(file_name);
        effects.push(self.ask(
            Purpose::OpenPlacement,
            Request::OpenPlacement,
            Attachment::Placement,
        ));
        effects
    }

    fn stop_placing(&mut self) -> Vec<Effect> {
        self.placement_search().map_or_else(Vec::new, |job| self.cancel(job.id))
    }

    fn search_placement(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.placement else { return Vec::new() };
        let (capacity_bytes, seconds) = (open.capacity_bytes, open.seconds);
        let was_lost = std::mem::take(&mut open.is_lost);
        if self.placement_search().is_some() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if was_lost {
            let again = Request::OpenPlacement;
            effects.push(self.ask(Purpose::ReopenPlacement, again, Attachment::OpenPlacement));
        }
        let request = Request::SearchPlacement { capacity_bytes, seconds };
        effects.push(self.ask(Purpose::SearchPlacement, request, Attachment::None));
        effects
    }

    /// The worker is gone, and with it what it had of the buffers.
    pub(super) fn lose_placement(&mut self) {
        if let Some(open) = &mut self.placement {
            open.is_lost = true;
            if open.search.stage == SearchStage::Open {
                open.search.stage = SearchStage::Stopped;
            }
        }
    }

    /// What the worker says of buffers.
    pub(super) fn placed(&mut self, job: Job, answer: Answer, attachments: Vec<Vec<u8>>) {
        let csv = attachments.into_iter().next().map(Shared::new);
        match answer {
            Answer::PlacementOpened { placement, plan, search } => {
                let file_name = self.placement_name.take();
                if job.purpose == Purpose::ReopenPlacement {
                    return;
                }
                let file_name = file_name.unwrap_or_default();
                self.problem = None;
                self.placement = Some(OpenPlacement {
                    capacity_bytes: placement::capacity_in(&file_name),
                    file_name,
                    report: Shared::new(*placement),
                    plan: Shared::new(plan),
                    csv: csv.unwrap_or_else(|| Shared::new(Vec::new())),
                    search,
                    seconds: USUAL_SECONDS,
                    is_lost: false,
                });
            }
            Answer::PlacementImproved { search, plan }
            | Answer::PlacementSearched { search, plan } => {
                let Some(open) = &mut self.placement else { return };
                // A worker that began anew may not be as far yet.
                if search.arena_bytes <= open.search.arena_bytes
                    && let (Some(plan), Some(csv)) = (plan, csv)
                {
                    open.plan = Shared::new(plan);
                    open.csv = csv;
                }
                let earlier = open.search;
                open.search = search;
                open.search.arena_bytes = search.arena_bytes.min(earlier.arena_bytes);
                open.search.lower_bound_bytes =
                    search.lower_bound_bytes.max(earlier.lower_bound_bytes);
            }
            _ => {}
        }
    }

    /// Buffers could not be opened or searched.
    pub(super) fn unplaced(&mut self, problem: Problem) {
        self.placement_name = None;
        if problem.kind != ProblemKind::Cancelled {
            self.problem = Some(problem);
        }
    }
}

impl Purpose {
    /// Whether it is about buffers of a file, not about the model.
    #[must_use]
    pub fn is_of_placement(self) -> bool {
        matches!(self, Self::OpenPlacement | Self::ReopenPlacement | Self::SearchPlacement)
    }
}
