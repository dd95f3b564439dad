//! The sample models: opened, labelled, judged, drawn for.

use super::*;
use crate::{
    preprocess::Fit,
    report::{OutputReport, ScoreReport},
};

fn bundled(key: &str) -> &'static Bundled {
    Bundled::of_key(key).unwrap()
}

/// What the worker says of a file with the hash of this sample's, its input of this side.
fn model_of(bundled: &Bundled, dims: &[usize]) -> ModelReport {
    let mut model = sample::model();
    model.sha256 = bundled.card().unwrap().figures.sha256.clone();
    let input = model.inputs[0];
    model.tensors[input.index()].shape = dims.to_vec();
    model
}

/// Opens a sample from the gallery over whatever is open; what that asks in the end.
fn open(state: &mut AppState, bundled: &'static Bundled, dims: &[usize]) -> Vec<Effect> {
    let read = state.update(Action::OpenBundled(bundled, None));
    assert!(read.contains(&Effect::Read(Source::Bundled(bundled))), "{read:?}");
    read_done(state, Source::Bundled(bundled), model_of(bundled, dims))
}

fn read_done(state: &mut AppState, source: Source, model: ModelReport) -> Vec<Effect> {
    let open = asked(&state.update(Action::ReadDone { source }));
    let opened = Answer::Opened { model: Box::new(model), keeps_inputs: false };
    answer(state, open.last().unwrap().job, opened)
}

fn run_with(class: u32) -> Box<RunReport> {
    let top = vec![ScoreReport { class, value: 0.9, quantized: Some(100) }];
    let outputs = vec![OutputReport { top, ..sample::run().outputs.remove(0) }];
    Box::new(RunReport { outputs, ..sample::run() })
}

fn last_request(effects: &[Effect]) -> Ask {
    asked(effects).pop().unwrap()
}

#[test]
fn every_bundled_model_has_a_card_and_is_known_by_its_bytes() {
    for one in &BUNDLED {
        let card = one.card().unwrap_or_else(|| panic!("{}: {:?}", one.key, cards_problem()));
        assert_eq!((card.key.as_str(), card.file.as_str()), (one.key, one.file_name));
        assert_eq!(Bundled::of_sha256(&card.figures.sha256), Some(one));
        assert!(card_samples(card).len() >= 2, "{}", one.key);
        if let Some(before) = &card.redistributed_from {
            assert!(Bundled::of_key(before).is_some_and(|one| one.card().is_some()));
        }
    }
    assert!(BUNDLED[0].card().unwrap().is_trained(), "first sight has an answer");
}

#[test]
fn a_sample_of_the_gallery_is_opened_run_and_judged() {
    let mut state = opened();
    let digits = bundled("digits");
    let effects = open(&mut state, digits, &[1, 28, 28, 1]);
    assert!(effects.contains(&Effect::LoadSample(0)));
    assert_eq!(state.settings.model, ModelLink::Bundled(digits));
    assert_eq!(state.labels().map(<[String]>::len), Some(10));
    assert_eq!(state.samples()[0].path, "models/samples/digits/0.png");
    let from = InputFrom::Sample(0);
    let input = last_request(&state.update(Action::PictureDecoded { from, width: 28, height: 28 }));
    let set = Answer::InputSet { input: tensor_report(None) };
    let run = last_request(&answer(&mut state, input.job, set));
    assert!(matches!(run.request, Request::Run { .. }), "samples run at once");
    assert_eq!(state.judgement(), None, "nothing is judged before it has run");
    answer(&mut state, run.job, Answer::Ran { run: run_with(0) });
    let judged = |is_right| Some(Judgement { shows: "0".to_owned(), is_right });
    assert_eq!(state.judgement(), judged(true));
    state.layerwise_run = Some(Shared::new(*run_with(6)));
    assert_eq!(state.judgement(), judged(false));
    // Noise shows nothing that could be right.
    state.input_from = Some(InputFrom::Noise(1));
    assert_eq!(state.judgement(), None);
}

#[test]
fn a_sample_that_was_downloaded_is_a_sample_still() {
    let mut state = opened();
    assert!(state.card().is_none() && state.labels().is_none());
    state.update(Action::ChooseFile { handle: 7, name: "copy.tflite".to_owned(), bytes: 10 });
    let digits = bundled("digits");
    read_done(&mut state, Source::File(7), model_of(digits, &[1, 28, 28, 1]));
    assert_eq!(state.card().map(|card| card.key.as_str()), Some("digits"));
    assert_eq!(state.settings.model, ModelLink::Bundled(digits), "its link opens anywhere");
}

#[test]
fn a_sample_is_shown_with_the_schedule_that_was_asked_for() {
    let mut state = opened();
    let digits = bundled("digits");
    let choice = sample::patched_plan(2, 2).choice.schedule;
    state.update(Action::OpenBundled(digits, Some(choice)));
    let source = Source::Bundled(digits);
    let effects = read_done(&mut state, source, model_of(digits, &[1, 28, 28, 1]));
    assert_eq!(state.choice(), Some(choice));
    let plans = asked(&effects);
    assert!(plans.iter().any(|ask| ask.request == Request::Plan { choice: choice.into() }));
    // It was for that model alone.
    state.update(Action::ShowPlan(PlanKind::Layerwise));
    open(&mut state, bundled("fashion"), &[1, 28, 28, 1]);
    assert_eq!(state.choice(), Some(ScheduleChoice::Layerwise));
}

#[test]
fn own_labels_need_as_many_lines_as_classes() {
    let mut state = opened();
    assert_eq!(state.n_classes(), 10);
    state.update(Action::SetLabels("a\nb\n".to_owned()));
    assert!(state.labels().is_none());
    let problem = state.labels_problem.clone().unwrap();
    assert!(problem.contains("2 labels, and the model has 10 classes"), "{problem}");
    let ten: Vec<String> = (0..10).map(|class| format!("kind {class}")).collect();
    state.update(Action::SetLabels(ten.join("\n")));
    assert_eq!((state.labels(), state.labels_problem.as_deref()), (Some(&ten[..]), None));
    // They are that model's, not the next one's.
    let mut other = sample::model();
    other.sha256 = "f".repeat(64);
    state.update(Action::ChooseFile { handle: 7, name: "other.tflite".to_owned(), bytes: 10 });
    read_done(&mut state, Source::File(7), other);
    assert!(state.labels().is_none());
}

#[test]
fn samples_with_names_of_their_own_say_that_they_take_no_others() {
    let mut state = opened();
    open(&mut state, bundled("digits"), &[1, 28, 28, 1]);
    assert!(!state.takes_labels());
    for action in [
        Action::SetLabels("a\nb\n".to_owned()),
        Action::LabelsUnread { why: "it is no text".to_owned() },
    ] {
        state.update(action);
        let problem = state.problem.take().unwrap();
        assert!(problem.message.contains("have their names"), "{problem:?}");
        assert_eq!(state.labels_problem, None);
    }
    assert_eq!(state.labels().map(|labels| labels[3].as_str()), Some("3"));
    // The untrained ones have none.
    open(&mut state, bundled("mobilenet_v2_035_96"), &[1, 96, 96, 3]);
    assert!(state.takes_labels() && state.labels().is_none());
    let ten: Vec<String> = (0..10).map(|class| format!("kind {class}")).collect();
    state.update(Action::SetLabels(ten.join("\n")));
    assert_eq!((state.labels(), state.problem.as_ref()), (Some(&ten[..]), None));
    let (mut state, _) = booted();
    state.update(Action::SetLabels("a".to_owned()));
    assert!(state.problem.unwrap().message.contains("No model"));
}

#[test]
fn drawings_run_one_after_the_other_and_only_the_last_waits() {
    let mut state = opened();
    open(&mut state, bundled("digits"), &[1, 28, 28, 1]);
    assert_eq!(state.drawing_box(), Some(20));
    state.settings.preprocessing.is_inverted = true;
    let drawn = |width, is_last| {
        let from = InputFrom::Drawing;
        Action::Lively(Live { from, width, height: 8, is_last })
    };
    let ask = last_request(&state.update(drawn(1, false)));
    let Request::SetPicture { width: 1, preprocessing, .. } = ask.request else {
        panic!("{ask:?}")
    };
    assert_eq!(preprocessing.fit, Fit::Drawing { box_px: 20 });
    assert_ne!(state.settings.preprocessing.fit, preprocessing.fit, "pictures keep theirs");
    assert!(!preprocessing.is_inverted, "strokes are light on black already");
    assert!(state.update(drawn(2, false)).is_empty() && state.update(drawn(3, true)).is_empty());
    let set = |state: &mut AppState, job| {
        let effects = answer(state, job, Answer::InputSet { input: tensor_report(None) });
        last_request(&effects).job
    };
    let run = set(&mut state, ask.job);
    let effects = answer(&mut state, run, Answer::Ran { run: run_with(3) });
    let next = asked(&effects);
    assert!(matches!(next[..], [Ask { request: Request::SetPicture { width: 3, .. }, .. }]));
    // The stroke has ended: times are measured now, and the next stroke does not wait for them.
    let run = set(&mut state, next[0].job);
    let effects = answer(&mut state, run, Answer::Ran { run: run_with(3) });
    let is_profile = |ask: &&Ask| matches!(ask.request, Request::Profile { .. });
    let profile = asked(&effects).iter().find(is_profile).unwrap().job;
    let requests = asked(&state.update(drawn(4, false)));
    assert!(requests.iter().any(|ask| ask.request == Request::Cancel { job: profile }));
    // While one draws, an answer stays until the next takes its place; other inputs clear it.
    let run = set(&mut state, requests.last().unwrap().job);
    assert!(state.run().is_some());
    answer(&mut state, run, Answer::Ran { run: run_with(3) });
    let noise = last_request(&state.update(Action::ChooseNoise));
    set(&mut state, noise.job);
    assert!(state.run().is_none());
}

#[test]
fn what_moved_before_another_input_was_chosen_is_not_taken_any_more() {
    let mut state = opened();
    open(&mut state, bundled("digits"), &[1, 28, 28, 1]);
    let live = |from, width| Action::Lively(Live { from, width, height: 8, is_last: false });
    let first = last_request(&state.update(live(InputFrom::Camera, 1)));
    assert!(state.update(live(InputFrom::Camera, 2)).is_empty(), "it waits");
    let before = state.n_choices;
    let noise = last_request(&state.update(Action::ChooseNoise));
    assert!(state.n_choices > before && !state.is_live, "the camera closes");
    // Whatever the worker answers, the picture that waited does not become the input.
    for job in [first.job, noise.job] {
        let effects = answer(&mut state, job, Answer::InputSet { input: tensor_report(None) });
        let is_picture = |ask: &&Ask| matches!(ask.request, Request::SetPicture { .. });
        assert!(asked(&effects).iter().find(is_picture).is_none());
        for ask in asked(&effects) {
            let effects = answer(&mut state, ask.job, Answer::Ran { run: run_with(3) });
            assert!(asked(&effects).iter().find(is_picture).is_none());
        }
    }
    // A drawing sends the camera away too, even while it has to wait.
    let before = state.n_choices;
    state.update(live(InputFrom::Drawing, 3));
    assert!(state.n_choices > before);
}

#[test]
fn sounds_are_pictures_for_networks_that_hear_and_for_no_others() {
    let mut state = opened();
    // As wide and high as spectrograms are, but of no card that says what becomes of a sound.
    let mut unknown = sample::model();
    unknown.sha256 = "f".repeat(64);
    let input = unknown.inputs[0];
    unknown.tensors[input.index()].shape = vec![1, 40, 49, 1];
    state.update(Action::ChooseFile { handle: 7, name: "own.tflite".to_owned(), bytes: 10 });
    read_done(&mut state, Source::File(7), unknown);
    assert!(!state.takes_sound() && !state.takes_picture());

    open(&mut state, bundled("keywords"), &[1, 40, 49, 1]);
    assert!(state.takes_sound() && state.takes_picture() && state.drawing_box().is_none());
    assert!(state.samples().iter().all(Sample::is_sound));
    let from = InputFrom::Microphone;
    let spoken = Action::Lively(Live { from, width: 49, height: 40, is_last: true });
    let ask = last_request(&state.update(spoken));
    assert!(matches!(ask.request, Request::SetPicture { width: 49, height: 40, .. }));
    let effects = answer(&mut state, ask.job, Answer::InputSet { input: tensor_report(None) });
    answer(&mut state, last_request(&effects).job, Answer::Ran { run: run_with(0) });
    assert_eq!(state.input_from, Some(InputFrom::Microphone));
    assert!(state.run().is_some() && state.judgement().is_none(), "nobody knows what was said");
}

#[test]
fn a_sound_that_cannot_be_read_is_told_and_changes_nothing() {
    let mut state = opened();
    let before = state.input_from.clone();
    let problem = crate::text::sound::not_for_sounds();
    assert!(state.update(Action::Unheard(problem.clone())).is_empty());
    assert_eq!((state.problem.clone(), state.input_from.clone()), (Some(problem), before));
    // The next input that can be read takes the words away.
    let (from, width, height) = (InputFrom::Own("yes.wav".to_owned()), 49, 40);
    state.update(Action::PictureDecoded { from, width, height });
    assert_eq!(state.problem, None);
}
