//! What is said above everything else: links to what is not here, downloads that failed.

use super::*;

#[test]
fn a_link_to_a_sample_that_is_not_here_says_so() {
    let model = ModelLink::Unknown { key: "emoji97".to_owned() };
    let target = Target::Own { sram_bytes: 4096, flash_bytes: None };
    let settings =
        Settings { model: model.clone(), target, selected: Some(3), ..Settings::default() };
    let (mut state, effects) = AppState::boot(settings, plain());
    let source = Source::Bundled(&BUNDLED[0]);
    assert_eq!(effects, [Effect::Read(source)]);
    let open = asked(&state.update(Action::ReadDone { source }));
    let report = Box::new(sample::model());
    answer(&mut state, open[0].job, Answer::Opened { model: report, keeps_inputs: false });
    assert_eq!(state.link_note, Some(model), "it is said until it has been read");
    assert_eq!(state.settings.model, ModelLink::Bundled(&BUNDLED[0]));
    assert_eq!((state.settings.target, state.settings.selected), (target, None));
    state.update(Action::DismissLinkNote);
    assert_eq!(state.link_note, None);
}

#[test]
fn a_model_that_could_not_be_fetched_is_named_and_tried_again() {
    let mut state = opened();
    let digits = Bundled::of_key("digits").unwrap();
    let schedule = sample::patched_plan(2, 2).choice.schedule;
    state.update(Action::OpenBundled(digits, Some(schedule)));
    let source = Source::Bundled(digits);
    let why = "the server answered with status 503".to_owned();
    assert!(state.update(Action::ReadFailed { source, why }).is_empty());
    let problem = state.problem.clone().unwrap();
    assert_eq!(problem.kind, ProblemKind::Unreachable);
    assert!(problem.message.contains("models/digits.tflite"), "{problem:?}");
    assert!(problem.message.contains("503") && problem.advice.contains("connection"));
    assert!(state.can_try_again() && state.reading.is_none());
    let effects = state.update(Action::TryAgain);
    assert_eq!(effects, [Effect::Read(source)]);
    assert_eq!(state.reading.as_ref().map(|reading| reading.source), Some(source));
    assert!(state.problem.is_none() && !state.can_try_again());
    assert!(state.update(Action::TryAgain).is_empty(), "once");
    // A problem that is no download's cannot be tried again, whatever failed before.
    state.update(Action::ReadFailed { source, why: "Failed to fetch".to_owned() });
    state.update(Action::DismissProblem);
    state.update(Action::PictureFailed { why: "no picture".to_owned() });
    assert!(!state.can_try_again());
}

#[test]
fn a_sample_that_could_not_be_fetched_is_named_and_tried_again() {
    let mut state = opened();
    assert_eq!(state.update(Action::ChooseSample(1)), [Effect::LoadSample(1)]);
    let unread = |sample| Action::SampleUnread { sample, why: "Failed to fetch".to_owned() };
    assert!(state.update(unread(1)).is_empty(), "the input stays");
    let problem = state.problem.clone().unwrap();
    assert!(problem.message.starts_with("models/samples/cup.png could not"), "{problem:?}");
    assert_eq!(state.update(Action::TryAgain), [Effect::LoadSample(1)]);
    // The first input of a model is noise then, and that is said.
    let (mut state, _) = booted();
    let source = Source::Bundled(&BUNDLED[0]);
    let open = asked(&state.update(Action::ReadDone { source }));
    let report = Box::new(sample::model());
    answer(&mut state, open[0].job, Answer::Opened { model: report, keeps_inputs: false });
    let effects = state.update(unread(0));
    assert!(matches!(asked(&effects)[0].request, Request::SetNoise { .. }));
    assert!(state.problem.as_ref().unwrap().message.ends_with("noise instead."));
    assert!(state.can_try_again());
}
