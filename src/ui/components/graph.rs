//! The operators from top to bottom with their blocks and edges, as a tree that is walked like a list.
//!
//! Only the rows in view are in the document, so that thousands of operators are shown as quickly as
//! ten. What that costs: the browser's own search and print find but those rows; the search field
//! beside the tree, and the table of models of common size, stand in for them.

use super::{Act, graph_rows::View};
use crate::{
    report::{ModelReport, PlanReport},
    text::{Budget, graph},
    ui::{
        browser::{self, scroll_to, use_scroller},
        charts::BarsChart,
        geometry::graph::{Folds, Rows, Spine, in_view},
        shared::Shared,
        state::{Action, Move, finding},
    },
};
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct GraphProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The shown plan.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// What changes with the plan alone.
pub(super) struct LaidOut {
    /// Order, blocks and edges.
    pub(super) spine: Spine,
    /// Bytes live, by operator.
    pub(super) bytes: Vec<u64>,
    /// The most of them, at least 1.
    pub(super) most_bytes: u64,
    /// The peak, where the plan has one.
    pub(super) peak: Option<u32>,
    /// How many edges have no lane.
    pub(super) n_hidden: usize,
}

/// What is listed of it.
pub(super) struct Listed {
    /// The rows.
    pub(super) rows: Rows,
    /// The places that the search found, ascending.
    pub(super) found: Vec<usize>,
}

/// How the visitor has folded the blocks.
#[derive(Clone, PartialEq)]
struct Folded {
    /// The model whose blocks are folded so.
    model: Shared<ModelReport>,
    folds: Folds,
    /// How often blocks were folded in such a way that the selected operator stays in view.
    n_refolds: u32,
}

/// What the visitor does with it.
enum Doing {
    /// Show or hide the list.
    Open,
    Find(String),
    /// Go to the operator found next, or to the one before.
    FindNext(String, bool),
    /// Go to the search field.
    Search,
    /// Fold this block, or unfold it.
    Turn(u32),
    /// Fold the block of the selected operator (true), unfold it, or turn it.
    Fold(Option<bool>),
    FoldAll,
    Select(u32),
    Walk(Move),
}

const TREE_ID: &str = "graph-tree";
const FIND_ID: &str = "graph-find";

/// Head, search and tree.
#[component]
pub(in crate::ui) fn Graph(props: &GraphProps) -> Html {
    let GraphProps { model, plan, budget, selected, act } = props;
    let tree = use_node_ref();
    let drawn = use_scroller(&tree);
    // Apart from each other: keys and clicks may come faster than the page is drawn, and what one of them sets must
    // not take back what another has set since.
    let query = use_state_eq(String::new);
    let is_open = use_state_eq(|| false);
    let folded = use_state_eq(|| Folded {
        model: model.clone(),
        folds: Folds::at_first(model.operators.len()),
        n_refolds: 0,
    });
    let mut now = (*folded).clone();
    if now.model != *model {
        now.folds = Folds::at_first(model.operators.len());
        now.model = model.clone();
    }
    let laid_out = use_memo((model.clone(), plan.clone(), *budget), |_| {
        Shared::new(lay_out(model, plan, *budget))
    });
    let laid_out = &*laid_out;
    let deps = (laid_out.clone(), now.folds.clone(), query.clone());
    let listed = use_memo(deps, |(laid_out, folds, query)| Listed {
        rows: Rows::new(&laid_out.spine, folds),
        found: finding::matches(model, &laid_out.spine.order(), query),
    });
    let place = laid_out.spine.place(*selected).unwrap_or(0);
    {
        let (tree, listed, rem) = (tree.clone(), listed.clone(), drawn.rem);
        let deps = (*selected, drawn.size.1 > 0.0, laid_out.clone(), now.n_refolds);
        use_effect_with(deps, move |_| {
            let row = listed.rows.row_of(place);
            if let (Some(tree), Some([top, bottom])) =
                (tree.cast::<Element>(), listed.rows.tops_rem.get(row..row + 2))
            {
                scroll_to(&tree, (top * rem, bottom * rem), 0.0);
            }
        });
    }
    let view = View { model, laid_out, listed: &listed, budget_bytes: budget.bytes, place };
    let in_view = in_view(&listed.rows.tops_rem, drawn.top / drawn.rem, drawn.height / drawn.rem);
    let hands = Hands {
        now: now.clone(),
        folded,
        query: query.clone(),
        is_open: is_open.clone(),
        laid_out: laid_out.clone(),
        listed: listed.clone(),
        place,
        act: act.clone(),
    };
    let doing = Callback::from(move |doing: Doing| hands.act_on(doing));
    let class = if *is_open { "card graph unfolded" } else { "card graph" };
    html! {
        <section {class} aria-labelledby="graph-title">
            { head(&laid_out.spine, &now.folds, *is_open, &doing) }
            <div class="body" id="graph-body">
                { search(&view, &query, &doing) }
                <p class="visually-hidden" id="graph-keys">{ graph::KEYS }</p>
                <div
                    id={TREE_ID}
                    class="tree"
                    ref={tree}
                    role="tree"
                    tabindex="0"
                    dir="ltr"
                    aria-labelledby="graph-title"
                    aria-describedby="graph-keys"
                    aria-activedescendant={view.active(&in_view)}
                    onscroll={drawn.onscroll}
                    onclick={on_click(&doing)}
                    onkeydown={on_keys(&doing)}
                >
                    { view.rows(in_view) }
                </div>
                { notes(laid_out) }
            </div>
        </section>
    }
}

fn lay_out(model: &ModelReport, plan: &PlanReport, budget: Budget) -> LaidOut {
    let bars = BarsChart::new(model, plan, None, budget).bars;
    let bytes: Vec<u64> = bars.iter().map(|bar| bar.bytes).collect();
    let spine = Spine::new(model, plan);
    LaidOut {
        n_hidden: spine.edges.iter().filter(|edge| edge.lane.is_none()).count(),
        spine,
        most_bytes: bytes.iter().copied().max().unwrap_or(0).max(1),
        bytes,
        peak: plan.neediest_operator().filter(|_| plan.has_peak()),
    }
}

/// What it takes to do what the visitor asks for.
struct Hands {
    now: Folded,
    folded: UseStateHandle<Folded>,
    query: UseStateHandle<String>,
    is_open: UseStateHandle<bool>,
    laid_out: Shared<LaidOut>,
    listed: Rc<Listed>,
    place: usize,
    act: Act,
}

impl Hands {
    fn act_on(&self, doing: Doing) {
        let spine = &self.laid_out.spine;
        let mut next = self.now.clone();
        let around = spine.block_start(self.place);
        match doing {
            Doing::Open => self.is_open.set(!*self.is_open),
            Doing::Find(query) => self.query.set(query),
            Doing::FindNext(query, is_back) => {
                // What stands in the field counts, drawn or not: what was listed may be of another query, and
                // the handle of the query tells its newest value, not the listed one.
                let found = finding::matches(&self.now.model, &spine.order(), &query);
                let Some(to) = finding::next(&found, self.place, is_back) else { return };
                if let Some(first) = spine.block_start(to) {
                    next.folds = next.folds.with(first, false);
                }
                self.select(spine.nodes.get(to).map(|node| node.operator));
            }
            Doing::Search => browser::focus(FIND_ID),
            // What was clicked stays where it is; keys keep the selected operator in view.
            Doing::Turn(first) => {
                next.folds = next.folds.with(first, !next.folds.is_folded(first));
            }
            Doing::Fold(to) => {
                let Some(first) = around else { return };
                next.folds = next.folds.with(first, to.unwrap_or(!next.folds.is_folded(first)));
                next.n_refolds += 1;
            }
            Doing::FoldAll => {
                next.folds = Folds::all(!are_folded(spine, &next.folds));
                next.n_refolds += 1;
            }
            Doing::Select(operator) => self.select(Some(operator)),
            Doing::Walk(Move::Peak) => self.act.emit(Action::Move(Move::Peak)),
            Doing::Walk(to) => {
                self.select(self.listed.rows.walk(spine, &self.laid_out.bytes, self.place, to));
            }
        }
        self.folded.set(next);
    }

    fn select(&self, operator: Option<u32>) {
        if let Some(operator) = operator {
            self.act.emit(Action::Select(operator));
        }
    }
}

/// The title, and the buttons that the keyboard does without: the tree has keys for them.
fn head(spine: &Spine, folds: &Folds, is_open: bool, doing: &Callback<Doing>) -> Html {
    let fold = if are_folded(spine, folds) { graph::UNFOLD_ALL } else { graph::FOLD_ALL };
    let (open, fold_all) = (doing.clone(), doing.clone());
    html! {
        <div class="head">
            <h2 id="graph-title">{ graph::TITLE }</h2>
            if !spine.blocks.is_empty() {
                <button type="button" id="graph-fold" class="small" tabindex="-1"
                    onclick={Callback::from(move |_: MouseEvent| fold_all.emit(Doing::FoldAll))}>{ fold }</button>
            }
            <button type="button" id="graph-show" class="small" aria-expanded={is_open.to_string()}
                aria-controls="graph-body" onclick={Callback::from(move |_: MouseEvent| open.emit(Doing::Open))}>
                { if is_open { graph::HIDE } else { graph::SHOW } }
            </button>
        </div>
    }
}

/// Whether every block is folded.
fn are_folded(spine: &Spine, folds: &Folds) -> bool {
    spine.blocks.iter().all(|block| folds.is_folded(spine.first_operator(block)))
}

/// The search field, and what it found.
fn search(view: &View<'_>, query: &str, doing: &Callback<Doing>) -> Html {
    let spine = &view.laid_out.spine;
    let (typed, pressed) = (doing.clone(), doing.clone());
    let oninput = Callback::from(move |event: InputEvent| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        typed.emit(Doing::Find(field.map(|field| field.value()).unwrap_or_default()));
    });
    let onkeydown = Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            let field = event.target_dyn_into::<HtmlInputElement>();
            let query = field.map(|field| field.value()).unwrap_or_default();
            pressed.emit(Doing::FindNext(query, event.shift_key()));
        }
        "Escape" | "ArrowDown" => {
            event.prevent_default();
            browser::focus(TREE_ID);
        }
        _ => {}
    });
    let found = &view.listed.found;
    let words = if query.trim().is_empty() {
        graph::size(spine.nodes.len(), spine.blocks.len())
    } else {
        graph::found(found.binary_search(&view.place).ok(), found.len())
    };
    html! {
        <div class="find">
            <input type="search" id={FIND_ID} tabindex="-1" autocomplete="off" spellcheck="false"
                aria-label={graph::FIND} aria-description={graph::FIND_KEYS} placeholder={graph::FIND_EXAMPLE}
                value={query.to_owned()} {oninput} {onkeydown} />
            <p class="note" id="graph-found" role="status">{ words }</p>
        </div>
    }
}

/// A click on an operator selects it, one on the head of a block folds or unfolds that.
fn on_click(doing: &Callback<Doing>) -> Callback<MouseEvent> {
    let doing = doing.clone();
    Callback::from(move |event: MouseEvent| {
        let Some(target) = event.target_dyn_into::<Element>() else { return };
        let Some(row) = target.closest("[role=treeitem]").ok().flatten() else { return };
        let number = |name: &str| row.get_attribute(name)?.parse::<u32>().ok();
        let operator = number("data-operator").map(Doing::Select);
        if let Some(done) = operator.or_else(|| number("data-block").map(Doing::Turn)) {
            doing.emit(done);
        }
    })
}

fn on_keys(doing: &Callback<Doing>) -> Callback<KeyboardEvent> {
    let doing = doing.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let done = match event.key().as_str() {
            "ArrowUp" => Doing::Walk(Move::Previous),
            "ArrowDown" => Doing::Walk(Move::Next),
            "Home" => Doing::Walk(Move::First),
            "End" => Doing::Walk(Move::Last),
            "p" | "P" => Doing::Walk(Move::Peak),
            "ArrowLeft" => Doing::Fold(Some(true)),
            "ArrowRight" => Doing::Fold(Some(false)),
            "Enter" | " " => Doing::Fold(None),
            "f" | "F" => Doing::FoldAll,
            "/" => Doing::Search,
            _ => return,
        };
        event.prevent_default();
        doing.emit(done);
    })
}

/// What the marks mean that not every graph has.
fn notes(laid_out: &LaidOut) -> Html {
    html! {
        <>
            if laid_out.spine.nodes.iter().any(|node| node.is_in_stage) {
                <p class="note">{ graph::IN_STAGE }{ " " }{ graph::IN_STAGE_WORDS }</p>
            }
            if laid_out.n_hidden > 0 {
                <p class="note">{ graph::more_edges(laid_out.n_hidden) }</p>
            }
        </>
    }
}
