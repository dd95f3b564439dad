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
