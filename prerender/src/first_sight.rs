//! The state of the page at first sight: asked and answered as in a browser, but without a worker, and up to what
//! depends on the machine.

use std::{
    collections::VecDeque,
    error::Error,
    fs::{self, File},
    io::BufReader,
    path::Path,
    task::{Context, Poll, Waker},
};
use tinyml_playground::{
    kernels::Reference,
    protocol::{Answer, Ask, JobId, Reply, Request},
    report::{Problem, ProblemKind},
    ui::{
        kernel_set::Support,
        state::{Action, AppState, Attachment, Effect, InputFrom, Settings, Source},
    },
    worker::{Desk, Outside, Response},
};

/// What goes wrong ends the build, told as it is.
pub(crate) type Fault = Box<dyn Error>;

/// The first sight, and where its picture is.
pub(crate) struct FirstSight {
    /// The state: model open, planned, input set; nothing has run.
    pub(crate) state: AppState,
    /// The input's picture, relative to the page.
    pub(crate) picture: String,
}

/// Boots the page's state and answers what it asks for, with the files of the repository at `root`.
///
/// # Errors
/// A file that is missing or cannot be read, and any problem that the page would show.
pub(crate) fn first_sight(root: &Path) -> Result<FirstSight, Fault> {
    // Which kernels a browser runs is not told before it is asked.
    let (mut state, effects) =
        AppState::boot(Settings::first_sight(), Support::ask(|_| true, |_| true));
    let mut world =
        World { root, desk: Desk::default(), model: Vec::new(), rgba: Vec::new(), picture: None };
    let mut effects: VecDeque<Effect> = effects.into();
    while let Some(effect) = effects.pop_front() {
        if let Some(action) = world.perform(effect, &state)? {
            effects.extend(state.update(action));
        }
    }
    let problem = state.problem.as_ref().or(state.plan_problem.as_ref());
    if let Some(Problem { message, advice, .. }) = problem {
        return Err(format!("the page would begin with a problem: {message} {advice}").into());
    }
    let picture = world.picture.ok_or("the first model has no sample picture")?;
    if state.plan().is_none() || state.input.is_none() {
        return Err("the first model is not planned, or has no input".into());
    }
    Ok(FirstSight { state, picture })
}

/// What the page has around it: files and the desk of a worker.
struct World<'a> {
    root: &'a Path,
    desk: Desk<Reference>,
    model: Vec<u8>,
    rgba: Vec<u8>,
    picture: Option<String>,
}

impl World<'_> {
    fn perform(&mut self, effect: Effect, state: &AppState) -> Result<Option<Action>, Fault> {
        Ok(match effect {
            Effect::Read(source @ Source::Bundled(bundled)) => {
                self.model = self.read(bundled.path)?;
                Some(Action::ReadDone { source })
            }
            Effect::LoadSample(sample) => {
                let found = state.samples().into_iter().nth(sample);
                let path = found.ok_or("there is no such sample")?.path;
                let (rgba, [width, height]) = self.decode(&path)?;
                self.rgba = rgba;
                self.picture = Some(path);
                Some(Action::PictureDecoded { from: InputFrom::Sample(sample), width, height })
            }
            Effect::Ask(ask, attachment) => Some(self.answer(ask, &attachment)),
            Effect::ForgetPictures => None,
            other => return Err(format!("the first sight asks for {other:?}").into()),
        })
    }

    fn answer(&mut self, Ask { job, request }: Ask, attachment: &Attachment) -> Action {
        let Response { answer, attachments } = if is_of_a_machine(&request) {
            Answer::Failed { problem: not_run() }.into()
        } else {
            let given = match attachment {
                Attachment::Model => vec![self.model.clone()],
                Attachment::Picture => vec![self.rgba.clone()],
                _ => Vec::new(),
            };
            finish(self.desk.answer(job, request, given, &NoClock))
        };
        Action::Replied { reply: Box::new(Reply { job, answer }), attachments }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Fault> {
        fs::read(self.root.join(path)).map_err(|error| format!("{path}: {error}").into())
    }

    /// A PNG file as red, green, blue, opacity, with its width and height.
    fn decode(&self, path: &str) -> Result<(Vec<u8>, [u32; 2]), Fault> {
        let failed = |error: &dyn Error| -> Fault { format!("{path}: {error}").into() };
        let file = File::open(self.root.join(path)).map_err(|error| failed(&error))?;
        let mut decoder = png::Decoder::new(BufReader::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(|error| failed(&error))?;
        let mut pixels = vec![0; reader.output_buffer_size().ok_or("a picture without a size")?];
        let info = reader.next_frame(&mut pixels).map_err(|error| failed(&error))?;
        pixels.truncate(info.buffer_size());
        let rgba = match info.color_type {
            png::ColorType::Rgba => pixels,
            png::ColorType::Rgb => {
                pixels.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], u8::MAX]).collect()
            }
            other => return Err(format!("{path}: colours are {other:?}, not RGB").into()),
        };
        Ok((rgba, [info.width, info.height]))
    }
}

/// Whether the answer holds times, which are those of a machine.
fn is_of_a_machine(request: &Request) -> bool {
    matches!(request, Request::Run { .. } | Request::Profile { .. } | Request::Time { .. })
}

/// A run that somebody stopped leaves no words behind.
fn not_run() -> Problem {
    Problem { kind: ProblemKind::Cancelled, message: String::new(), advice: String::new() }
}

/// A world without time.
struct NoClock;

impl Outside for NoClock {
    fn now_ms(&self) -> f64 {
        0.0
    }

    fn tell(&self, _: JobId, _: Response) {}

    fn is_cancelled(&self, _: JobId) -> bool {
        false
    }

    async fn pause(&self) {}
}

/// Runs a future that never waits for anything.
pub(crate) fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
