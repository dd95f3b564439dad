//! Searches for the best plan, in slices short enough to hear that they are to stop.

use super::{Outside, Response, desk::PAUSE_AFTER_MS};
use crate::{
    kernels::Kernels,
    protocol::{Answer, JobId},
    report::{SearchReport, SearchStage},
    session::{Error, Placement, PlanSearch, Planned, Session},
};

/// After how many milliseconds of search the page is told how far it is.
const TELL_AFTER_MS: f64 = 100.0;

/// A slice of a search should take about so many milliseconds.
const SLICE_MS: f64 = 8.0;

/// What has a best plan to search for.
pub(super) trait Searched {
    /// The search.
    fn search(&mut self) -> &mut PlanSearch;

    /// What is said of the search: with the best plan where it is new, before it has ended or as
    /// its answer.
    fn told(&self, search: SearchReport, is_new: bool, has_ended: bool) -> Result<Response, Error>;
}

impl Searched for Placement {
    fn search(&mut self) -> &mut PlanSearch {
        Self::search(self)
    }

    fn told(&self, search: SearchReport, is_new: bool, has_ended: bool) -> Result<Response, Error> {
        let plan = is_new.then(|| self.plan());
        let attachments = if is_new { vec![self.csv()] } else { Vec::new() };
        let answer = if has_ended {
            Answer::PlacementSearched { search, plan }
        } else {
            Answer::PlacementImproved { search, plan }
        };
        Ok(Response { answer, attachments })
    }
}

/// The plan of a model's schedule, on its way to a proof.
pub(super) struct Proving<'a, K: Kernels> {
    pub(super) session: &'a Session<K>,
    pub(super) planned: Planned,
    pub(super) search: PlanSearch,
}

impl<K: Kernels> Proving<'_, K> {
    /// The best plan so far.
    pub(super) fn best(&self) -> Planned {
        Planned { solution: self.search.best().clone(), ..self.planned.clone() }
    }
}

impl<K: Kernels> Searched for Proving<'_, K> {
    fn search(&mut self) -> &mut PlanSearch {
        &mut self.search
    }

    fn told(&self, search: SearchReport, is_new: bool, has_ended: bool) -> Result<Response, Error> {
        // At the end the bound may be another even where the plan is not.
        let plan = (is_new || has_ended).then(|| Box::new(self.session.plan_report(&self.best())));
        Ok(if has_ended {
            Answer::ProofEnded { search, plan }.into()
        } else {
            Answer::ProofImproved { search, plan }.into()
        })
    }
}

/// What is said of buffers that have just been read.
pub(super) fn opened(placement: &mut Placement) -> Result<Response, Error> {
    let search = placement.search().report(0.0);
    let report = Box::new(placement.report());
    let answer = Answer::PlacementOpened { placement: report, plan: placement.plan(), search };
    Ok(Response { answer, attachments: vec![placement.csv()] })
}

/// Searches until the best plan is known, the time is up or somebody stops it.
pub(super) async fn search(
    searched: &mut impl Searched,
    seconds: u32,
    job: JobId,
    outside: &impl Outside,
) -> Result<Response, Error> {
    let begin_ms = outside.now_ms();
    let (mut paused_ms, mut told_ms) = (begin_ms, begin_ms);
    let (mut nodes, mut is_new) = (1, false);
    loop {
        let slice_ms = outside.now_ms();
        let is_better = searched.search().advance(nodes);
        is_new |= is_better;
        let now_ms = outside.now_ms();
        let report = searched.search().report(now_ms - begin_ms);
        let stage = match report.stage {
            SearchStage::Open if outside.is_cancelled(job) => SearchStage::Stopped,
            SearchStage::Open if report.elapsed_ms >= f64::from(seconds) * 1e3 => {
                SearchStage::OutOfTime
            }
            stage => stage,
        };
        if stage != SearchStage::Open {
            return searched.told(SearchReport { stage, ..report }, is_new, true);
        }
        nodes = next_slice(nodes, now_ms - slice_ms);
        if is_better || now_ms - told_ms >= TELL_AFTER_MS {
            outside.tell(job, searched.told(report, is_new, false)?);
            (told_ms, is_new) = (now_ms, false);
        }
        if now_ms - paused_ms >= PAUSE_AFTER_MS {
            outside.pause().await;
            paused_ms = outside.now_ms();
        }
    }
}

/// How many nodes the next slice has, after one of `nodes` took so long: a node's time depends on
/// the problem, by a factor of a thousand.
fn next_slice(nodes: u64, took_ms: f64) -> u64 {
    const MOST_NODES: u64 = 1 << 20;
    if took_ms > SLICE_MS {
        (nodes / 2).max(1)
    } else if took_ms < SLICE_MS / 2.0 {
        (nodes * 2).min(MOST_NODES)
    } else {
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    /// Every look at the clock takes 6 ms, so that slices stay as short as they begin; the search is
    /// stopped at a time of choice.
    #[derive(Default)]
    struct Ticking {
        ms: Cell<f64>,
        stop_ms: Option<f64>,
        told: RefCell<Vec<Response>>,
        pauses: Cell<usize>,
    }

    impl Outside for Ticking {
        fn now_ms(&self) -> f64 {
            self.ms.set(self.ms.get() + 6.0);
            self.ms.get()
        }

        fn tell(&self, _: JobId, response: Response) {
            self.told.borrow_mut().push(response);
        }

        fn is_cancelled(&self, _: JobId) -> bool {
            self.stop_ms.is_some_and(|stop| self.ms.get() >= stop)
        }

        async fn pause(&self) {
            self.pauses.set(self.pauses.get() + 1);
        }
    }

    fn open(text: &[u8]) -> Placement {
        Placement::open(text).unwrap()
    }

    fn drive(placement: &mut Placement, seconds: u32, outside: &Ticking) -> Response {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let future = search(placement, seconds, JobId(1), outside);
        match Box::pin(future).as_mut().poll(&mut context) {
            std::task::Poll::Ready(response) => response.unwrap(),
            std::task::Poll::Pending => unreachable!("this world never waits"),
        }
    }

    fn ended(response: &Response) -> SearchReport {
        let Answer::PlacementSearched { search, .. } = response.answer else {
            unreachable!("{response:?}")
        };
        search
    }

    const EASY: &[u8] = include_bytes!("../../tests/problems/cut_60.csv");
    const HARD: &[u8] = include_bytes!("../../tests/problems/cut_90.csv");

    #[test]
    fn a_search_tells_its_way_to_the_proof() {
        let outside = Ticking::default();
        let mut placement = open(EASY);
        let response = drive(&mut placement, 3600, &outside);
        assert_eq!(ended(&response).stage, SearchStage::Proven);
        assert_eq!(ended(&response).arena_bytes, 65_536);
        assert_eq!(response.attachments, [placement.csv()], "the best plan is new");
        assert!(outside.pauses.get() > 0);
        let told = outside.told.borrow();
        let reports = told.iter().map(|one| match &one.answer {
            Answer::PlacementImproved { search, plan } => {
                assert_eq!(plan.is_some(), !one.attachments.is_empty());
                *search
            }
            other => unreachable!("{other:?}"),
        });
        let reports: Vec<SearchReport> = reports.collect();
        assert!(!reports.is_empty());
        for pair in reports.windows(2) {
            assert!(pair[0].nodes < pair[1].nodes);
            assert!(pair[0].arena_bytes >= pair[1].arena_bytes);
            assert!(pair[0].lower_bound_bytes <= pair[1].lower_bound_bytes);
        }
    }

    #[test]
    fn a_search_ends_in_time_or_when_it_is_stopped_and_goes_on_from_there() {
        let mut placement = open(HARD);
        let late = drive(&mut placement, 1, &Ticking::default());
        assert_eq!(ended(&late).stage, SearchStage::OutOfTime);
        assert!((1000.0..1020.0).contains(&ended(&late).elapsed_ms));
        let outside = Ticking { stop_ms: Some(200.0), ..Ticking::default() };
        let stopped = drive(&mut placement, 3600, &outside);
        assert_eq!(ended(&stopped).stage, SearchStage::Stopped);
        assert!(ended(&stopped).nodes > ended(&late).nodes, "it goes on where it was");
        assert!(ended(&stopped).arena_bytes <= ended(&late).arena_bytes);
    }

    #[test]
    fn slices_follow_the_time_that_nodes_take() {
        assert_eq!(next_slice(64, 1.0), 128);
        assert_eq!(next_slice(64, 6.0), 64);
        assert_eq!(next_slice(64, 20.0), 32);
        assert_eq!((next_slice(1, 2000.0), next_slice(u64::MAX / 4, 0.0)), (1, 1 << 20));
    }
}
