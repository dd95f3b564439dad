//! What the worker has been asked and not yet begun.

use super::Attachment;
use crate::protocol::{Ask, JobId, Request};
use std::collections::VecDeque;

/// Requests in order, and whether the one that is worked on is to stop.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: VecDeque<(Ask, Vec<Attachment>)>,
    current: Option<JobId>,
    is_cancelled: bool,
}

impl Inbox {
    /// Takes a request in. A cancel is heard at once: returns the job that it took out of the
    /// queue, which is to be answered as cancelled. Cancels of jobs that are done are passed over.
    pub fn receive(&mut self, ask: Ask, attachments: Vec<Attachment>) -> Option<JobId> {
        let Request::Cancel { job } = ask.request else {
            self.waiting.push_back((ask, attachments));
            return None;
        };
        if self.current == Some(job) {
            self.is_cancelled = true;
            return None;
        }
        let position = self.waiting.iter().position(|(waiting, _)| waiting.job == job)?;
        self.waiting.remove(position).map(|(removed, _)| removed.job)
    }

    /// The next request, which is then the one that is worked on.
    pub fn begin_next(&mut self) -> Option<(Ask, Vec<Attachment>)> {
        let next = self.waiting.pop_front();
        self.current = next.as_ref().map(|(ask, _)| ask.job);
        self.is_cancelled = false;
        next
    }

    /// Whether a job is worked on and to stop.
    #[must_use]
    pub fn is_cancelled(&self, job: JobId) -> bool {
        self.is_cancelled && self.current == Some(job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(job: u32) -> Ask {
        Ask { job: JobId(job), request: Request::SetNoise { seed: job } }
    }

    fn cancel(job: u32) -> Ask {
        Ask { job: JobId(99), request: Request::Cancel { job: JobId(job) } }
    }

    #[test]
    fn a_cancelled_job_that_waits_is_never_begun() {
        let mut inbox = Inbox::default();
        for job in 1..=3 {
            assert_eq!(inbox.receive(noise(job), Vec::new()), None);
        }
        assert_eq!(inbox.begin_next().map(|(ask, _)| ask.job), Some(JobId(1)));
        assert_eq!(inbox.receive(cancel(2), Vec::new()), Some(JobId(2)));
        assert!(!inbox.is_cancelled(JobId(1)));
        assert_eq!(inbox.begin_next().map(|(ask, _)| ask.job), Some(JobId(3)));
        assert!(inbox.begin_next().is_none());
    }

    #[test]
    fn a_cancel_stops_what_is_worked_on_and_nothing_later() {
        let mut inbox = Inbox::default();
        inbox.receive(noise(1), Vec::new());
        inbox.receive(noise(2), Vec::new());
        inbox.begin_next();
        assert_eq!(inbox.receive(cancel(1), Vec::new()), None);
        assert!(inbox.is_cancelled(JobId(1)));
        inbox.begin_next();
        assert_eq!(inbox.receive(cancel(1), Vec::new()), None, "it is done");
        assert!(!inbox.is_cancelled(JobId(1)) && !inbox.is_cancelled(JobId(2)));
    }
}
