//! The page itself: the state, its effects, and the components that show it.

mod address;
mod beside;
mod colours;
mod effects;
mod facts;
mod given;
mod numbers;
mod palette;
mod paper;
mod parts;
mod sound;
#[cfg(target_arch = "wasm32")]
mod start;
#[cfg(not(target_arch = "wasm32"))]
mod still;
mod take_over;
mod versus;

#[cfg(target_arch = "wasm32")]
pub use start::start;
#[cfg(not(target_arch = "wasm32"))]
pub use still::{Still, render};

use super::{
    browser::{self, Picture, Reader},
    client::{Client, Heard},
    components::{
        Arena, ArenaProps, Bars, BarsProps, Beside, Blocks, BlocksProps, Counted, CountedProps,
        DropTarget, EXPLAIN_ID, Export, ExportProps, Footer, FooterProps, Gallery, GalleryProps,
        Graph, GraphProps, Header, HeaderProps, History, HistoryProps, Inspector, InspectorProps,
        KeysProps, KeysSheet, LinkNote, LinkNoteProps, Lively, Notices, NoticesProps,
        OperatorsTable, OperatorsTableProps, PaletteEvent, PlacementPanel, PlacementProps,
        PlanControls, PlanControlsProps, RunPanel, RunPanelProps, Speed, SpeedProps,
        TargetControls, TargetProps, VerdictPanel, VerdictProps, announcement, explain_sheet,
        find_fit, fit_ways, glance, mount,
    },
    kernel_set::KernelSet,
    listeners::Listeners,
    shared::Shared,
    state::{
        Action, AppState, InputFrom, Live, OpenModel, PlacementAction, PlanKind, Purpose, Source,
        TableOf,
    },
};
use crate::{
    preprocess::ChannelOrder,
    report::{PlanReport, Problem},
    text::{numbers_only, page, placement},
};
use colours::Colours;
use facts::{can_run, kernels, no_help, running};
use gloo::timers::callback::Timeout;
use js_sys::ArrayBuffer;
use parts::{Part, Parts};
use std::rc::Rc;
use versus::LastPair;
use web_sys::{File, HtmlTextAreaElement};
use yew::prelude::*;

/// What reaches the page.
pub(super) enum Message {
    /// The visitor, or the world's answer.
    Act(Action),
    /// The worker.
    Heard(Heard),
    /// A worker of the benchmark.
    CrewHeard(KernelSet, Heard),
    /// A model's bytes.
    Read(Source, ArrayBuffer),
    /// A decoded picture, or what its absence does.
    Decoded(u32, InputFrom, Result<Picture, Action>),
    /// A picture of those that follow each other; whether none follows.
    Lively(InputFrom, Picture, bool),
    /// Labels are read.
    Labels(Result<Vec<u8>, String>),
    /// A file was chosen, dropped or pasted.
    Given(File),
    /// Buffers to place were pasted.
    Pasted(String),
    /// A file of buffers to place is read; the number counts such files.
    Listed(u32, String, Result<Vec<u8>, String>),
    /// The system's colours changed.
    Dark(bool),
    /// A file hovers over the page, or no longer.
    Dragging(bool),
    /// The sheet of keys is open, or no longer.
    Keys(bool),
    /// The gallery is open, or no longer.
    Gallery(bool),
    /// The sheet that explains errors is open, or no longer.
    Explain(bool),
    /// Something in the palette.
    Palette(PaletteEvent),
    /// Lines to explain.
    Lines(InputEvent),
    /// A way out of an error was chosen: the sheet closes.
    Explained(Action),
    /// The address has another fragment.
    Fragment,
    /// The page is being printed, or no longer.
    Paper(bool),
    /// The settings are to be in the address now.
    WriteAddress,
    /// The next part is to be drawn.
    NextPart,
    /// The colours are to be those of the settings now.
    Recolour,
}

/// The page.
pub(super) struct App {
    state: AppState,
    client: Client,
    /// The workers of a benchmark.
    crew: Vec<(KernelSet, Client)>,
    reader: Reader,
    act: Callback<Action>,
    give: Callback<File>,
    lively: Lively,
    /// Files that may be read again, by their numbers: the last one is the one that was chosen last.
    files: Vec<(u32, File)>,
    n_files: u32,
    n_pictures: u32,
    n_lists: u32,
    list: Vec<u8>,
    /// The bytes of the model that was read last, and of the open one.
    models: Vec<(Source, ArrayBuffer)>,
    picture: Option<Rc<Picture>>,
    last: Option<(OpenModel, Shared<PlanReport>)>,
    parts: Parts,
    /// The last pair of plans that was compared.
    last_pair: Option<LastPair>,
    is_dragging: bool,
    are_keys_shown: bool,
    is_gallery_shown: bool,
    is_explain_shown: bool,
    palette: Option<palette::Palette>,
    lines: String,
    /// The fragment that was written last.
    fragment: String,
    /// The same; before the first, what the page began with.
    address: String,
    /// Writes the address when it is due.
    address_due: Option<Timeout>,
    colours: Colours,
    /// Whether the text that was made when the page was built is still shown instead.
    is_still: bool,
    _listeners: Option<Listeners>,
}

/// What the page begins with: in the browser it asks the address.
#[cfg(target_arch = "wasm32")]
type Beginning = ();
/// What the page begins with: natively the state that is shown.
#[cfg(not(target_arch = "wasm32"))]
type Beginning = still::Beginning;

impl Component for App {
    type Message = Message;
    type Properties = Beginning;

    fn create(context: &Context<Self>) -> Self {
        Self::begin(context)
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Act(action) => self.act_on(context, action),
            Message::Heard(heard) => {
                if heard.is_ready() {
                    self.client.listens();
                }
                self.act_on(context, heard.into_action());
            }
            Message::CrewHeard(set, heard) => {
                if heard.is_ready()
                    && let Some((_, client)) = self.crew.iter_mut().find(|(one, _)| *one == set)
                {
                    client.listens();
                }
                self.act_on(context, heard.into_crew_action(set));
            }
            Message::Read(source, buffer) => {
                let open = self.state.model.as_ref().map(|open| open.source);
                self.models.retain(|(kept, _)| Some(*kept) == open && *kept != source);
                self.models.push((source, buffer));
                self.act_on(context, Action::ReadDone { source });
            }
            // A picture that another choice has overtaken.
            Message::Decoded(number, ..) if number != self.n_pictures => return false,
            Message::Decoded(_, _, Err(failed)) => self.act_on(context, failed),
            Message::Decoded(_, from, Ok(picture)) => {
                let (width, height) = (picture.width, picture.height);
                self.picture = Some(Rc::new(picture));
                self.act_on(context, Action::PictureDecoded { from, width, height });
            }
            Message::Lively(from, picture, is_last) => {
                // Whatever is being decoded is overtaken.
                self.n_pictures += 1;
                let (width, height) = (picture.width, picture.height);
                self.picture = Some(Rc::new(picture));
                self.act_on(context, Action::Lively(Live { from, width, height, is_last }));
            }
            Message::Labels(read) => self.labels_read(context, read),
            Message::Given(file) => self.given(context, file),
            Message::Pasted(text) => {
                self.n_lists += 1;
                self.listed(context, placement::PASTED.to_owned(), text.into_bytes());
            }
            Message::Listed(number, ..) if number != self.n_lists => return false,
            Message::Listed(_, _, Err(why)) => self.place(context, PlacementAction::Unread { why }),
            Message::Listed(_, file_name, Ok(bytes)) => self.listed(context, file_name, bytes),
            Message::Dark(is_dark) => self.colours.system_is_dark = is_dark,
            Message::Dragging(is_dragging) => return self.drag(is_dragging),
            Message::Keys(are_shown) => self.are_keys_shown = are_shown,
            Message::Gallery(is_shown) => self.is_gallery_shown = is_shown,
            Message::Explain(is_shown) => {
                self.is_explain_shown = is_shown;
                browser::show_sheet(EXPLAIN_ID, is_shown);
            }
            Message::Palette(event) => self.in_palette(context, event),
            Message::Lines(event) => {
                let field = event.target_dyn_into::<HtmlTextAreaElement>();
                self.lines = field.map(|field| field.value()).unwrap_or_default();
            }
            Message::Explained(action) => {
                // Its end is heard as that of every other way to close it.
                browser::show_sheet(EXPLAIN_ID, false);
                self.act_on(context, action);
            }
            Message::Fragment | Message::WriteAddress | Message::Paper(_) => {
                self.leave_view(&message);
                return false;
            }
            Message::NextPart => self.parts.draw_next(context),
            Message::Recolour => self.recolour(),
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        browser::show_choices();
    }

    fn view(&self, context: &Context<Self>) -> Html {
        if self.is_still {
            return Html::default();
        }
        let state = &self.state;
        let act = &self.act;
        let keys = context.link().callback(Message::Keys);
        let gallery = context.link().callback(Message::Gallery);
        let explain = context.link().callback(Message::Explain);
        html! {
            <>
                <a class="skip" href="#main" onclick={Callback::from(skip)}>{ page::SKIP }</a>
                { mount::<Header>(HeaderProps {
                    model: state.model.clone(),
                    placement: state.placement.clone(),
                    reading: state.reading.clone(),
                    theme: state.settings.theme,
                    act: act.clone(),
                    give: self.give.clone(),
                    keys: keys.clone(),
                    gallery: gallery.clone(),
                }) }
                <main id="main" tabindex="-1" aria-busy={(self.parts.are_behind() || self.colours.are_due()).then_some("true")}
                    data-letters={state.settings.are_letters_off.then_some("off")}>
                    { mount::<Notices>(NoticesProps {
                        problem: state.problem.clone(),
                        can_try_again: state.can_try_again(),
                        refusal: state.model.as_ref().and_then(|one| one.report.refusal.clone()),
                        reading: state.reading.clone().filter(|_| state.model.is_some()),
                        act: act.clone(),
                    }) }
                    { mount::<LinkNote>(LinkNoteProps { notes: state.link_notes(), act: act.clone() }) }
                    if let Some(open) = state.placement.clone() {
                        { mount::<PlacementPanel>(PlacementProps {
                            open,
                            searching: state.placement_search(),
                            is_dark: self.colours.are_dark(),
                            act: act.clone(),
                        }) }
                    } else if state.is_numbers_only() {
                        { self.view_numbers(&explain) }
                        { self.view_pictures(&gallery) }
                    } else {
                        { self.view_verdict(&explain) }
                        { self.view_pictures(&gallery) }
                    }
                </main>
                { mount::<Footer>(FooterProps { kernels: kernels(state) }) }
                <p class="visually-hidden" role="status" id="announce">{ announcement(state) }</p>
                if self.is_dragging {
                    <DropTarget />
                }
                { mount::<KeysSheet>(KeysProps {
                    is_open: self.are_keys_shown,
                    keys,
                    are_letters_off: state.settings.are_letters_off,
                    act: act.clone(),
                }) }
                { mount::<Gallery>(GalleryProps { is_open: self.is_gallery_shown, toggle: gallery, shown: state.card(), act: act.clone() }) }
                { self.view_palette(context) }
                { explain_sheet(
                    state,
                    self.is_explain_shown.then_some(&self.lines),
                    &context.link().callback(Message::Lines),
                    &context.link().callback(|_: Event| Message::Explain(false)),
                    &context.link().callback(Message::Explained),
                ) }
            </>
        }
    }
}

impl App {
    /// The page of a state, before anything is asked or heard.
    fn of(state: AppState, context: &Context<Self>) -> Self {
        let link = context.link();
        Self {
            colours: Colours::of(state.settings.theme),
            state,
            client: Client::default(),
            crew: Vec::new(),
            reader: Reader::default(),
            act: link.callback(Message::Act),
            give: link.callback(Message::Given),
            lively: link
                .callback(|(from, picture, is_last)| Message::Lively(from, picture, is_last)),
            files: Vec::new(),
            address_due: None,
            n_files: 0,
            n_pictures: 0,
            n_lists: 0,
            list: Vec::new(),
            models: Vec::new(),
            picture: None,
            last: None,
            parts: Parts::default(),
            last_pair: None,
            is_dragging: false,
            are_keys_shown: false,
            is_gallery_shown: false,
            is_explain_shown: false,
            palette: None,
            lines: String::new(),
            fragment: String::new(),
            address: String::new(),
            is_still: false,
            _listeners: None,
        }
    }

    /// The model and plan that are shown, and whether they are only the last ones, kept until the
    /// new ones are there so that the page does not jump.
    fn shown(&self) -> Option<(OpenModel, Shared<PlanReport>, bool)> {
        let state = &self.state;
        let open = state.model.clone()?;
        if let Some(plan) = state.plan() {
            return Some((open, plan.clone(), false));
        }
        // Never those of another model, whose name is not the one above.
        let is_same = |last: &OpenModel| last.report.sha256 == open.report.sha256;
        let last = self.last.clone().filter(|(last, _)| state.is_planning() && is_same(last));
        last.map(|(open, plan)| (open, plan, true))
    }

    /// Takes the plan that is shown now.
    fn take_plan(&mut self, context: &Context<Self>) {
        let Some(open) = &self.state.model else { return };
        let drawn =
            self.last.as_ref().filter(|(last, _)| last.report == open.report && !self.is_still);
        // Never parts of another model.
        if drawn.is_none() {
            self.parts.draw_all();
        }
        let Some(plan) = self.state.plan() else { return };
        if drawn.is_some_and(|(_, drawn)| drawn != plan) {
            self.parts.begin_anew(context);
        }
        self.last = Some((open.clone(), plan.clone()));
    }

    fn view_verdict(&self, explain: &Callback<bool>) -> Html {
        let state = &self.state;
        let act = &self.act;
        let model = state.model.as_ref().map(|open| open.report.clone());
        let shown = self.shown();
        let is_patched = state.settings.plan == PlanKind::Patched;
        html! {
            <>
                { mount::<VerdictPanel>(VerdictProps {
                    model: shown.as_ref().map(|(open, ..)| open.report.clone()).or_else(|| model.clone()),
                    plan: shown.map(|(_, plan, _)| plan),
                    is_planning: state.is_planning(),
                    is_reading: state.reading.is_some(),
                    target: state.settings.target,
                    blocks: state.settings.blocks.clone(),
                    proving: state.job(|one| matches!(one, Purpose::Prove(_))),
                    proof: state.shown_proof().map(|proof| proof.search),
                    plan_problem: state.plan_problem.clone(),
                    search: state.job(|one| one == Purpose::Squares),
                    is_kept: state.is_kept_shown(),
                    is_patched,
                    is_numbers_only: false,
                    paper: state.shown_paper(),
                    beside: Beside(html! { <>{ glance(state) }{ find_fit(state, act) }</> }),
                    explain: explain.clone(),
                    act: act.clone(),
                }) }
                if let Some(words) = no_help(state) {
                    <p class="warning" id="no-help" role="status">{ words }</p>
                }
                { fit_ways(state, act) }
                <section class="controls card" aria-label="Target and plan">
                    <div class="group target">
                        { mount::<TargetControls>(TargetProps { target: state.settings.target, act: act.clone() }) }
                        { mount::<Blocks>(BlocksProps { blocks: state.settings.blocks.clone(), act: act.clone() }) }
                    </div>
                    { mount::<PlanControls>(PlanControlsProps {
                        model: model.clone(),
                        kind: state.settings.plan,
                        patches: state.settings.patches,
                        search: state.job(|one| one == Purpose::Squares),
                        problem: state.plan_problem.clone(),
                        act: act.clone(),
                    }) }
                    { mount::<History>(HistoryProps { can_undo: state.can_undo(), can_redo: state.can_redo(), act: act.clone() }) }
                    { mount::<Counted>(CountedProps {
                        model,
                        plan: state.plan().cloned(),
                        passes: state.settings.passes,
                        accounting: state.settings.accounting,
                        kind: state.settings.plan,
                        is_reordered: state.settings.is_reordered,
                        is_paper: state.settings.is_paper,
                        paper: state.shown_paper(),
                        note: state.plan_note,
                        act: act.clone(),
                    }) }
                </section>
                { self.parts.draw(Part::Comparison, || self.view_versus(is_patched)) }
            </>
        }
    }

    fn view_pictures(&self, gallery: &Callback<bool>) -> Html {
        let state = &self.state;
        let Some(open) = &state.model else {
            // Room for the pictures, so that what is below them does not jump.
            return html! { <div class="reserve" aria-hidden="true" /> };
        };
        let (open, plan, is_stale) = match self.shown() {
            Some((open, plan, is_stale)) => (open, Some(plan), is_stale),
            None => (open.clone(), state.layerwise.clone(), false),
        };
        html! {
            <>
                { self.parts.draw(Part::Pictures, || self.view_linked(&open, plan.clone(), is_stale)) }
                { self.parts.draw(Part::Below, || self.view_below(&open, plan, gallery)) }
            </>
        }
    }

    /// Views that are linked by the selected operator.
    fn view_linked(
        &self,
        open: &OpenModel,
        plan: Option<Shared<PlanReport>>,
        is_stale: bool,
    ) -> Html {
        let (state, act) = (&self.state, &self.act);
        let model = open.report.clone();
        let budget = state.settings.budget();
        let selected = state.selected();
        let shown = state.activation.clone();
        let activation_problem =
            state.activation_problem.clone().filter(|(of, _)| *of == selected).map(|(_, why)| why);
        html! {
            <div class="pictures" aria-busy={is_stale.to_string()}>
                if let Some(plan) = plan {
                    { mount::<Graph>(GraphProps {
                        model: model.clone(),
                        plan: plan.clone(),
                        budget,
                        selected,
                        act: act.clone(),
                    }) }
                    { mount::<Arena>(ArenaProps {
                        model: model.clone(),
                        plan: plan.clone(),
                        budget,
                        selected,
                        step: state.step(),
                        is_dark: self.colours.are_dark(),
                        act: act.clone(),
                    }) }
                    { mount::<Inspector>(InspectorProps {
                        model: model.clone(),
                        plan: plan.clone(),
                        budget,
                        selected,
                        step: state.operator_step(),
                        run: state.run().cloned(),
                        limit: state.profile.as_deref().map(Into::into),
                        input: state.input.clone(),
                        is_bgr: state.settings.preprocessing.order == ChannelOrder::Bgr,
                        activation: shown.filter(|one| one.report.operator == Some(selected)),
                        activation_problem: self.needed_file().or(activation_problem),
                        act: act.clone(),
                    }) }
                    { mount::<Bars>(BarsProps {
                        model: model.clone(),
                        plan: plan.clone(),
                        behind: self.plan_behind(&open.report.sha256),
                        budget,
                        selected,
                        is_dark: self.colours.are_dark(),
                        act: act.clone(),
                    }) }
                }
            </div>
        }
    }

    /// What shared numbers do not hold is said to need the file.
    fn needed_file(&self) -> Option<Problem> {
        let open = self.state.model.as_ref().filter(|_| self.state.is_numbers_only())?;
        Some(numbers_only::needs_file(&open.file_name))
    }

    fn view_below(
        &self,
        open: &OpenModel,
        plan: Option<Shared<PlanReport>>,
        gallery: &Callback<bool>,
    ) -> Html {
        let (state, act) = (&self.state, &self.act);
        let plan_problem = state.plan().and_then(|plan| plan.offline_refusal.clone());
        html! {
            <>
                { self.view_rungs() }
                { self.view_front() }
                { mount::<Export>(ExportProps { plan_problem, waiting: state.handing_over(), is_ready: state.plan().is_some(),
                    tables: TableOf::ALL.into_iter().filter(|&of| state.has_table(of)).collect(),
                    needed: self.needed_file(), can_share: state.can_share_numbers(), shared: state.shared_numbers.clone(), act: act.clone() }) }
                { self.view_run(open, plan, gallery) }
            </>
        }
    }

    /// Running: here, how fast, and operator by operator.
    fn view_run(
        &self,
        open: &OpenModel,
        plan: Option<Shared<PlanReport>>,
        gallery: &Callback<bool>,
    ) -> Html {
        let state = &self.state;
        let act = &self.act;
        let model = open.report.clone();
        let is_numbers_only = state.is_numbers_only();
        html! {
            <>
                if !is_numbers_only {
                { mount::<RunPanel>(RunPanelProps {
                    model: model.clone(),
                    input: state.input.clone(),
                    from: state.shown_from(),
                    takes_picture: state.takes_picture(),
                    preprocessing: state.settings.preprocessing,
                    run: state.run().cloned(),
                    is_run_of_plan: state.is_run_of_plan(),
                    running: running(state),
                    can_run: can_run(state),
                    card: state.card(),
                    samples: state.samples(),
                    drawing_box: state.drawing_box(),
                    labels: state.labels().map(<[String]>::to_vec),
                    takes_labels: state.takes_labels(),
                    labels_problem: state.labels_problem.clone(),
                    judgement: state.judgement(),
                    act: act.clone(),
                    give: self.give.clone(),
                    lively: self.lively.clone(),
                    n_choices: state.n_choices,
                    gallery: gallery.clone(),
                }) }
                { mount::<Speed>(SpeedProps {
                    model: model.clone(),
                    file_name: open.file_name.clone(),
                    kernels: state.kernel_set(),
                    wanted: state.settings.kernels,
                    support: state.support,
                    profile: state.profile.clone(),
                    run: state.run().cloned(),
                    benchmark: state.benchmark.clone(),
                    can_benchmark: state.can_benchmark(),
                    act: act.clone(),
                }) }
                }
                if let Some(plan) = plan {
                    { mount::<OperatorsTable>(OperatorsTableProps {
                        model,
                        plan,
                        budget: state.settings.budget(),
                        selected: state.selected(),
                        run: state.run().cloned(),
                        limit: state.profile.as_deref().map(Into::into),
                        act: act.clone(),
                    }) }
                }
            </>
        }
    }

    fn act_on(&mut self, context: &Context<Self>, action: Action) {
        let selects = matches!(action, Action::Select(_) | Action::SelectStep(_) | Action::Move(_));
        let effects = self.state.update(action);
        self.take_plan(context);
        self.take_pair();
        self.perform(context, effects);
        self.take_over();
        self.keep_pictures();
        if !self.state.is_benchmarking() {
            self.crew.clear();
        }
        self.recolour_soon(context);
        if selects {
            self.write_address_soon(context);
        } else {
            self.write_address();
        }
    }
}

/// Goes to the answer without touching the address, which holds the settings.
fn skip(event: MouseEvent) {
    event.prevent_default();
    browser::focus("main");
}
