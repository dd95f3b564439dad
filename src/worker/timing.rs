//! Repeated inferences: the times of operators, and those of whole schedules.

use super::{
    Desk, Outside, Response,
    desk::{Machine, Pause, RunTimes},
    stopwatch::{clock_step_ms, limit_macs_per_ms, sample_ms},
};
use crate::{
    exec::Checked,
    kernels::{Ceiling, Kernels},
    model::sha256_hex,
    protocol::{Answer, JobId},
    report::{PlanChoice, ProfileReport, TimingReport},
    session::{Error, Planned, Recorder, Session},
};
use std::sync::Arc;

/// Inferences that take longer are not repeated for the times of their operators.
const LONG_RUN_MS: f64 = 250.0;

/// How long operators run before their times count: compilers make what is hot fast meanwhile.
const WARM_UP_MS: f64 = 200.0;

/// How long operators are timed.
const PROFILE_MS: f64 = 150.0;

/// The most samples of one request.
const MOST_SAMPLES: usize = 10_000;

impl<K: Kernels + Ceiling> Desk<K> {
    pub(super) async fn profile(
        &mut self,
        job: JobId,
        choice: PlanChoice,
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let machine = self.machine(outside);
        let mut report = ProfileReport {
            choice,
            kernels: K::NAME.to_owned(),
            repeats: 1,
            total_ms: 0.0,
            operators: Vec::new(),
            clock_step_ms: machine.clock_step_ms,
            limit_macs_per_ms: machine.limit_macs_per_ms,
        };
        let last = self.run_times.iter().find(|times| times.choice == choice);
        if let Some(last) = last.filter(|last| last.total_ms > LONG_RUN_MS) {
            report.total_ms = last.total_ms;
            report.operators.clone_from(&last.operators);
        } else {
            let session = self.session()?;
            let mut run = Repeated::new(session, self.inputs.as_deref(), self.planned(choice)?)?;
            let mut pause = Pause::new(outside);
            let mut clock = || outside.now_ms();
            run.record(&mut Recorder::new(session.graph()), WARM_UP_MS, &mut pause, job).await?;
            let mut recorder = Recorder::new(session.graph()).with_clock(&mut clock);
            run.record(&mut recorder, PROFILE_MS, &mut pause, job).await?;
            report.repeats = recorder.runs();
            report.total_ms = recorder.total_ms();
            report.operators = session.operator_times(&recorder);
            let (total_ms, operators) = (report.total_ms, report.operators.clone());
            let step_ms = recorder.step_ms();
            self.keep(RunTimes { choice, total_ms, operators, step_ms });
        }
        Ok(Answer::Profiled { profile: Box::new(report) }.into())
    }

    pub(super) async fn time(
        &mut self,
        job: JobId,
        choice: PlanChoice,
        for_ms: f64,
        outside: &impl Outside,
    ) -> Result<Response, Error> {
        let clock_step_ms = clock_step_ms(outside);
        let session = self.session()?;
        let mut run = Repeated::new(session, self.inputs.as_deref(), self.planned(choice)?)?;
        let mut pause = Pause::new(outside);
        let outputs_sha256 = run.once_hashed()?;
        let calls = calibrate(sample_ms(clock_step_ms), |calls| run.timed(calls, outside))?;
        let start_ms = outside.now_ms();
        let mut timing = TimingReport {
            choice,
            kernels: K::NAME.to_owned(),
            arena_bytes: run.arena.len() as u64,
            macs: run.macs,
            outputs_sha256,
            clock_step_ms,
            calls_per_sample: calls,
            samples_ms: Vec::new(),
        };
        while timing.samples_ms.len() < MOST_SAMPLES {
            timing.samples_ms.push(run.timed(calls, outside)? / f64::from(calls));
            pause.when_due(job, timing.samples_ms.len() as u64, 0).await?;
            let elapsed_ms = outside.now_ms() - start_ms;
            if elapsed_ms >= for_ms || for_ms.is_nan() {
                break;
            }
        }
        Ok(Answer::Timed { timing: Box::new(timing) }.into())
    }

    /// The clock's step and the machine's limit: the best that was ever measured, since whatever
    /// else runs on the machine can only lower it.
    fn machine(&mut self, outside: &impl Outside) -> Machine {
        let clock_step_ms = clock_step_ms(outside);
        let limit_macs_per_ms = limit_macs_per_ms::<K>(outside, clock_step_ms);
        let mut machine = Machine { clock_step_ms, limit_macs_per_ms };
        if let Some(before) = self.machine {
            machine.limit_macs_per_ms = limit_macs_per_ms.max(before.limit_macs_per_ms);
        }
        *self.machine.insert(machine)
    }
}

/// How many calls fill a sample: doubled until they do, since a single one may be shorter than
/// the clock can tell. Thrice in a row, since others use the machine as well; what is far longer needs
/// no second look.
fn calibrate<E>(sample_ms: f64, mut timed: impl FnMut(u32) -> Result<f64, E>) -> Result<u32, E> {
    const MOST_CALLS: u32 = 1 << 16;
    let mut calls = 1;
    while calls < MOST_CALLS {
        let took_ms = timed(calls)?;
        let is_long = took_ms >= sample_ms * 20.0;
        if is_long
            || (took_ms >= sample_ms && timed(calls)? >= sample_ms && timed(calls)? >= sample_ms)
        {
            break;
        }
        calls *= 2;
    }
    Ok(calls)
}

/// One schedule that runs again and again in the same arena.
struct Repeated<'a, K: Kernels> {
    session: &'a Session<K>,
    planned: Planned,
    checked: Arc<Checked>,
    inputs: Vec<&'a [u8]>,
    arena: Vec<u8>,
    macs: u64,
}

impl<'a, K: Kernels> Repeated<'a, K> {
    fn new(
        session: &'a Session<K>,
        inputs: Option<&'a [Vec<u8>]>,
        planned: Planned,
    ) -> Result<Self, Error> {
        session.check_runs()?;
        let inputs = inputs.ok_or(Error::NoInput)?.iter().map(Vec::as_slice).collect();
        let arena = Session::<K>::arena(&planned)?;
        let checked = session.check(&planned)?;
        Ok(Self { session, planned, checked, inputs, arena, macs: 0 })
    }

    fn once(&mut self) -> Result<Vec<Vec<u8>>, Error> {
        let arena = self.arena.as_mut_slice();
        let mut execution = self.session.start_checked(&self.checked, &self.inputs, arena)?;
        while execution.step(&mut ())? {}
        let trace = execution.finish();
        self.macs = trace.macs;
        Ok(trace.outputs)
    }

    /// How long so many inferences take.
    fn timed(&mut self, calls: u32, outside: &impl Outside) -> Result<f64, Error> {
        let began_ms = outside.now_ms();
        for _ in 0..calls {
            self.once()?;
        }
        Ok(outside.now_ms() - began_ms)
    }

    fn once_hashed(&mut self) -> Result<String, Error> {
        Ok(sha256_hex(&self.once()?.concat()))
    }

    /// Runs for a while, at least once, under the eyes of a recorder.
    async fn record(
        &mut self,
        recorder: &mut Recorder<'_>,
        for_ms: f64,
        pause: &mut Pause<'_, impl Outside>,
        job: JobId,
    ) -> Result<(), Error> {
        let start_ms = pause.now_ms();
        loop {
            let arena = self.arena.as_mut_slice();
            self.session.run(&self.planned, &self.inputs, arena, recorder)?;
            pause.when_due(job, 0, 0).await?;
            if pause.now_ms() - start_ms >= for_ms {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::calibrate;

    #[test]
    fn a_sample_is_as_long_as_the_clock_asks() {
        // 0.3 ms a call, on a clock of whole milliseconds.
        let timed = |calls: u32| Ok::<f64, ()>((f64::from(calls) * 0.3).floor());
        assert_eq!(calibrate(50.0, timed), Ok(256));
        assert_eq!(calibrate(0.0, timed), Ok(1));
        assert_eq!(calibrate(1.0, |_| Ok::<f64, ()>(0.0)), Ok(1 << 16), "it stands still");
        assert_eq!(calibrate(1.0, |_| Err("stopped")), Err("stopped"));
        // One call that something else held up says nothing.
        let mut looks = 0;
        let disturbed = |calls: u32| {
            looks += 1;
            Ok::<f64, ()>(if looks == 1 { 6.0 } else { f64::from(calls) })
        };
        assert_eq!(calibrate(5.0, disturbed), Ok(8));
    }
}
