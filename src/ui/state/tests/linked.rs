//! Links that the page cannot follow as they are: values that make no sense, models that are not here.

use super::*;
use crate::ui::url;

const B: &str = "feedfeedfeedfeed";
const A: &str = "0a0a0a0a0a0a0a0a";

/// The page of a link with the stand-in open, or the sample that the link names.
fn follow(fragment: &str) -> (AppState, Vec<Effect>) {
    let (settings, misread) = url::read(fragment);
    let (mut state, effects) = AppState::boot(settings, plain());
    state.tell_misread(misread);
    let Some(Effect::Read(source)) = effects.first().cloned() else { panic!("{effects:?}") };
    let open = asked(&state.update(Action::ReadDone { source }));
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false };
    let effects = answer(&mut state, open[0].job, opened);
    (state, effects)
}

/// Opens a file whose hash begins so.
fn open_file(state: &mut AppState, start: &str) -> Vec<Effect> {
    let model = ModelReport { sha256: format!("{start}{}", "0".repeat(48)), ..sample::model() };
    let open = choose(state, 7);
    answer(state, open, Answer::Opened { model: Box::new(model), keeps_inputs: false })
}

/// Answers all requests for plans with one made so.
fn plan_all(state: &mut AppState, effects: &[Effect]) {
    for ask in asked(effects) {
        let Request::Plan { choice } = ask.request else { continue };
        let plan = PlanReport { choice, ..sample::plan() };
        let effects = answer(state, ask.job, Answer::Planned { plan: Box::new(plan) });
        plan_all(state, &effects);
    }
}

#[test]
fn values_that_make_no_sense_are_told_until_that_is_read() {
    let (mut state, _) = follow("#m=emoji96&ram=64k&grid=0x9&later=1");
    let told = state.link_notes();
    assert_eq!(
        told,
        ["Not understood in this link: ram=64k (shown: 128.0 KiB of SRAM), grid=0x9 (shown: 4x4)."]
    );
    state.update(Action::DismissLinkNote);
    assert!(state.link_notes().is_empty());
    let (state, _) = follow("#m=emoji96&ram=65536&grid=2x3&sel=1&stage=1&plan=patch");
    assert!(state.link_notes().is_empty(), "{:?}", state.link_notes());
}

#[test]
fn what_the_model_does_not_have_is_told_once_it_is_open() {
    let (mut state, _) = follow("#m=emoji96&plan=patch&stage=77&sel=99");
    assert_eq!(
        state.link_notes(),
        ["Not understood in this link: stage=77 (shown: up to #1), sel=99 (shown: the peak)."]
    );
    assert_eq!((state.settings.patches.stage_end, state.settings.selected), (Some(1), None));
    // Another model is no link's.
    state.update(Action::OpenBundled(Bundled::of_key("digits").unwrap(), None));
    assert!(state.link_notes().is_empty());
    let (settings, _) = url::read("#m=emoji96&plan=patch");
    let (mut state, _) = AppState::boot(settings, plain());
    let open = asked(&state.update(Action::ReadDone { source: Source::Bundled(&BUNDLED[0]) }));
    let whole = ModelReport { stage_ends: Vec::new(), ..sample::model() };
    answer(&mut state, open[0].job, Answer::Opened { model: Box::new(whole), keeps_inputs: false });
    let told = state.link_notes();
    assert!(told[0].contains("plan=patch (shown: layer by layer)"), "{told:?}");
}

#[test]
fn a_stand_in_is_compared_with_nothing_and_the_file_brings_a_back() {
    for a in ["", "&a.m=digits", "&a.m=emoji96"] {
        let link = format!("#m=sha256:{B}&plan=layer&planner=exact&a.plan=layer{a}");
        let (mut state, effects) = follow(&link);
        plan_all(&mut state, &effects);
        let told = state.link_notes();
        assert!(told[0].contains("feedfeedfeed… to see the same") && told[0].contains("plan A"));
        assert!(state.settings.kept.is_none() && state.pair().is_none(), "{a}");
        let effects = open_file(&mut state, B);
        plan_all(&mut state, &effects);
        assert!(state.link_notes().is_empty());
        assert_eq!(state.settings.kept, url::decode(&link).kept, "{a}");
        assert_eq!(state.settings.model, ModelLink::own(B));
        if a.is_empty() {
            let pair = state.pair().expect("both are plans of the file");
            assert_ne!(pair.a.plan.choice, pair.b.plan.choice);
        }
    }
    // A sample that is not here stands for nothing either.
    let (state, _) = follow("#m=later&plan=layer&a.plan=layer&a.m=digits&planner=exact");
    assert!(state.settings.kept.is_none() && state.link_notes()[0].contains("\"later\""));
}

#[test]
fn two_files_are_compared_once_both_were_opened() {
    let link = format!(
        "#m=sha256:{B}&plan=patch&stage=1&grid=2x2&a.plan=layer&a.planner=exact&a.m=sha256:{A}"
    );
    let (mut state, _) = follow(&link);
    let told = state.link_notes();
    assert!(told[0].ends_with("another file (sha256 0a0a0a0a0a0a…): open that one first."));
    let effects = open_file(&mut state, A);
    plan_all(&mut state, &effects);
    assert!(state.is_kept_shown(), "{:?}", state.settings);
    let told = state.link_notes();
    assert!(told[0].contains("feedfeedfeed…") && !told[0].contains("0a0a"), "{told:?}");
    let effects = open_file(&mut state, B);
    plan_all(&mut state, &effects);
    assert!(state.link_notes().is_empty());
    let pair = state.pair().unwrap();
    assert_eq!((pair.a.link, pair.b.link), (ModelLink::own(A), ModelLink::own(B)));
    let wanted = url::decode(&link);
    assert_eq!(Some(pair.a.plan.choice), wanted.kept.map(|kept| kept.choice));
    assert_eq!(pair.b.plan.choice.schedule, sample::patched_plan(2, 2).choice.schedule);
    assert_eq!(state.settings.accounting, wanted.accounting, "that of B, not of A");
}

#[test]
fn a_links_count_survives_the_plan_that_it_compares_with() {
    let link = format!("#m=sha256:{B}&plan=layer&inplace=depthwise&count=paper&a.plan=layer");
    let other = format!("{link}&a.m=sha256:{A}");
    for (link, files) in [(&link, &[B][..]), (&other, &[A, B])] {
        let (mut state, _) = follow(link);
        for file in files {
            let effects = open_file(&mut state, file);
            plan_all(&mut state, &effects);
        }
        assert!(state.settings.is_paper, "{link}");
        assert!(url::encode(&state.settings).contains("count=paper"), "{link}");
        state.update(Action::SwapKept);
        assert!(state.settings.is_paper, "{link}");
    }
}
