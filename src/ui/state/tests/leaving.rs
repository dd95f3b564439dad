//! What leaves the page, and what comes in without a model.

use super::*;
use crate::ui::{geometry::legend::Key, numbers, url};

fn drawing(is_png: bool) -> Action {
    Action::SaveDrawing(Box::new(Drawing {
        name: "arena",
        svg: "<svg/>".to_owned(),
        size: (640, 300),
        is_dark: false,
        keys: vec![Key::InPlace],
        is_png,
    }))
}

#[test]
fn drawings_leave_with_a_title_that_says_what_they_show() {
    let mut state = opened();
    let effects = state.update(drawing(false));
    let [Effect::Save { file_name, media_type, bytes }] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((file_name.as_str(), media_type.as_str()), ("emoji96.arena.svg", "image/svg+xml"));
    let svg = String::from_utf8(bytes.clone()).unwrap();
    assert!(svg.contains("emoji96.tflite, layer by layer: 704 bytes of arena"), "{svg}");
    assert!(svg.contains(Key::InPlace.words()), "a legend of what is drawn: {svg}");
    let effects = state.update(drawing(true));
    assert!(
        matches!(&effects[..], [Effect::SavePng { file_name, size: (640, 362), .. }] if file_name == "emoji96.arena.png"),
        "{effects:?}"
    );
    let (mut empty, _) = booted();
    assert!(empty.update(drawing(false)).is_empty());
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn tables_leave_with_what_they_are_of() {
    let mut state = opened();
    let effects = state.update(Action::SaveTable(TableOf::Operators, TableFile::Json));
    let [Effect::Save { file_name, bytes, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(file_name, "emoji96.operators.json");
    let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    let model = sample::model();
    assert_eq!(json["sha256"], model.sha256);
    assert_eq!(json["arena_bytes"], 704);
    assert_eq!(json["plan"], "layer by layer");
    assert_eq!(json["settings"], state.fragment());
    assert_eq!(json["rows"].as_array().unwrap().len(), model.operators.len());
    let there: Vec<TableOf> = TableOf::ALL.into_iter().filter(|&of| state.has_table(of)).collect();
    assert_eq!(there, [TableOf::Operators]);
    for of in TableOf::ALL {
        assert_eq!(state.table(of).is_some(), state.has_table(of), "{of:?}");
    }
    assert!(state.update(Action::SaveTable(TableOf::Front, TableFile::Csv)).is_empty());
}

/// A link with the numbers of the sample in patches, and what it was made of.
fn link() -> (Settings, String) {
    let model = sample::model();
    let mut settings = decode_own(&model.sha256);
    settings.plan = PlanKind::Patched;
    settings.patches =
        PatchSettings { stage_end: Some(1), rows: 2, columns: 2, ..settings.patches };
    let text = numbers::encode("own.tflite", &model, &sample::patched_plan(2, 2)).unwrap();
    (settings, text)
}

fn decode_own(sha256: &str) -> Settings {
    url::decode(&format!("m=sha256:{}&ram=65536&board=own", &sha256[..16]))
}

fn shown() -> AppState {
    let (settings, text) = link();
    let (state, effects) = AppState::boot_link(settings, Some(&text), plain());
    assert!(effects.is_empty(), "{effects:?}");
    assert!(state.is_numbers_only());
    state
}

#[test]
fn numbers_are_shown_like_a_model_and_never_ask_the_worker() {
    let mut state = shown();
    let plan = state.plan().unwrap().clone();
    assert_eq!(plan.arena_bytes, 400);
    assert_eq!(Some(plan.choice), state.plan_choice());
    assert!(state.update(Action::Select(3)).is_empty());
    assert_eq!(state.selected(), 3);
    assert!(state.update(Action::SetTarget(Target::Budget)).is_empty());
    assert!(state.problem.is_none());
    for action in [Action::Run, Action::TogglePlan, Action::CompareRungs, Action::Prove] {
        assert!(state.update(action).is_empty());
        let problem = state.problem.take().unwrap();
        assert!(problem.advice.contains("own.tflite"), "{problem:?}");
    }
    let died = state.update(Action::WorkerDied { why: "x".to_owned() });
    assert!(!died.iter().any(|one| matches!(one, Effect::Read(_))), "{died:?}");
    assert!(state.is_numbers_only());
    // The address still leads to the same numbers.
    let fragment = state.fragment();
    let (again, _) = AppState::boot_link(url::decode(&fragment), url::numbers(&fragment), plain());
    assert_eq!(again.plan().unwrap().blocks, plan.blocks);
}

#[test]
fn a_plan_that_is_kept_waits_for_the_file() {
    assert!(!shown().numbers_keep_plan());
    let (mut settings, text) = link();
    let model = settings.model.clone();
    settings.kept = Settings { plan: PlanKind::Layerwise, ..settings.clone() }.chosen(model);
    assert!(settings.kept.is_some());
    let (state, _) = AppState::boot_link(settings.clone(), Some(&text), plain());
    assert!(state.numbers_keep_plan() && state.kept().is_none());
    assert_eq!(url::decode(&state.fragment()).kept, settings.kept, "nor does the address lose it");
}

fn open_file(state: &mut AppState, model: ModelReport) -> Vec<Effect> {
    let file =
        Action::ChooseFile { handle: 1, name: "own.tflite".to_owned(), bytes: model.file_bytes };
    let effects = state.update(file);
    assert!(effects.contains(&Effect::Read(Source::File(1))), "{effects:?}");
    let open = asked(&state.update(Action::ReadDone { source: Source::File(1) }));
    let model = Box::new(model);
    answer(state, open[0].job, Answer::Opened { model, keeps_inputs: false })
}

#[test]
fn the_file_of_the_numbers_brings_the_model_to_life_as_the_link_says() {
    let mut state = shown();
    let effects = open_file(&mut state, sample::model());
    assert!(!state.is_numbers_only());
    assert!(!state.fragment().contains("&n="));
    let asks = asked(&effects);
    let is_patched = |ask: &Ask| matches!(ask.request, Request::Plan { choice } if PlanKind::of(choice.schedule) == PlanKind::Patched);
    assert!(asks.iter().any(is_patched), "{asks:?}");
    assert_eq!(state.settings.plan, PlanKind::Patched);
    assert_eq!(state.settings.target.sram_bytes(), 65_536);
}

#[test]
fn another_file_is_shown_in_its_own_way() {
    let mut state = shown();
    let other = ModelReport { sha256: "f".repeat(64), ..sample::model() };
    open_file(&mut state, other);
    assert!(!state.is_numbers_only());
    assert_eq!(state.settings.plan, PlanKind::Layerwise);
}

#[test]
fn a_link_that_cannot_be_read_says_so_and_opens_the_page() {
    let (settings, text) = link();
    let broken = &text[..text.len() / 2];
    let (state, effects) = AppState::boot_link(settings.clone(), Some(broken), plain());
    assert!(matches!(effects[..], [Effect::Read(_)]));
    assert!(state.problem.is_some() && !state.is_numbers_only() && state.link_note.is_some());
    // Of a sample the page has the model itself.
    let (state, _) = AppState::boot_link(Settings::default(), Some(&text), plain());
    assert!(state.problem.is_none() && !state.is_numbers_only());
}

#[test]
fn a_plan_of_an_own_file_can_be_shared_and_one_too_large_cannot() {
    let (mut state, _) = booted();
    let effects = open_file(&mut state, sample::model());
    assert!(!state.can_share_numbers(), "not before there is a plan");
    let plan = asked(&effects);
    answer(&mut state, plan[0].job, Answer::Planned { plan: Box::new(sample::plan()) });
    assert!(state.can_share_numbers());
    let effects = state.update(Action::ShareNumbers);
    let [Effect::Copy(fragment)] = &effects[..] else { panic!("{effects:?}") };
    let numbers = numbers::decode(url::numbers(fragment).unwrap()).unwrap();
    assert_eq!(numbers.file_name, "own.tflite");
    assert_eq!(numbers.plan.arena_bytes, state.plan().unwrap().arena_bytes);
    let mut large = sample::plan();
    let block = large.blocks[0];
    large.blocks.extend(std::iter::repeat_n(block, 4000));
    state.layerwise = Some(Shared::new(large));
    assert!(state.update(Action::ShareNumbers).is_empty());
    let problem = state.problem.unwrap();
    assert!(problem.advice.contains("report"), "{problem:?}");
}

#[test]
fn a_selection_in_numbers_reaches_the_address() {
    let mut state = shown();
    for operator in [None, Some(3)] {
        operator.map(|operator| state.update(Action::Select(operator)));
        // The page writes over an address only while it means what the page wrote last.
        assert!(state.fragment().contains("&n="));
        assert_eq!(url::rewritten(&state.fragment()), state.fragment());
        assert_eq!(url::rewritten(&format!("#{}&later=1", state.fragment())), state.fragment());
    }
}

#[test]
fn a_target_for_numbers_is_taken_back_without_a_worker() {
    let mut state = shown();
    let first = state.settings.clone();
    let plan = state.plan().cloned();
    state.update(Action::SetTarget(Target::Budget));
    assert!(state.can_undo());
    assert!(state.update(Action::Undo).is_empty() && state.problem.is_none());
    assert_eq!(state.settings, first);
    assert!(state.update(Action::Redo).is_empty() && state.problem.is_none());
    assert_eq!(state.settings.target, Target::Budget);
    assert_eq!(state.plan().cloned(), plan);
    open_file(&mut state, sample::model());
    assert!(!state.can_undo(), "what the link says of the file is no choice");
}

#[test]
fn a_link_with_numbers_goes_with_what_it_was_made_of() {
    let mut state = shown();
    let share = |state: &mut AppState| match &state.update(Action::ShareNumbers)[..] {
        [Effect::Copy(fragment)] => fragment.clone(),
        effects => panic!("{effects:?}"),
    };
    let copied = |fragment: &str| Action::Copied { fragment: fragment.to_owned(), is_copied: true };
    let old = share(&mut state);
    state.update(copied(&old));
    assert_eq!(state.shared_numbers.as_ref().map(|link| &link.fragment), Some(&old));
    state.update(Action::Select(3));
    assert!(state.shared_numbers.is_some(), "the figures are the same");
    state.update(Action::SetTarget(Target::Budget));
    assert!(state.shared_numbers.is_none());
    // A late word of a link that is out of date.
    state.update(copied(&old));
    assert!(state.shared_numbers.is_none());
    let new = share(&mut state);
    state.update(copied(&old));
    assert!(state.shared_numbers.is_none());
    state.update(copied(&new));
    assert_eq!(state.shared_numbers.as_ref().map(|link| &link.fragment), Some(&new));
    // Another plan of an own file.
    let (mut state, _) = booted();
    let plan = asked(&open_file(&mut state, sample::model()));
    answer(&mut state, plan[0].job, Answer::Planned { plan: Box::new(sample::plan()) });
    let link = share(&mut state);
    state.update(copied(&link));
    assert!(state.shared_numbers.is_some());
    state.update(Action::ShowPlan(PlanKind::Patched));
    assert!(state.shared_numbers.is_none());
}
