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
        browser::{self, rem_px, scroll_to, use_scroller},
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

const TREE_ID: &str = "graph-tree";
const FIND_ID: &str = "graph-find";

/// Head, search and tree.
#[component]
pub(in crate::ui) fn Graph(props: &GraphProps) -> Html {
    let GraphProps { model, plan, budget, selected, act } = props;
    let tree = use_node_ref();
    let drawn = use_scroller(&tree);
    let is_open = use_state_eq(|| false);
    let query = use_state_eq(String::new);
    let folds = use_state_eq(|| Folds::at_first(model.operators.len()));
    {
        let folds = folds.setter();
        use_effect_with(model.clone(), move |model| {
            folds.set(Folds::at_first(model.operators.len()));
        });
    }
    // Folding by keys and for all keeps the selected operator in view, by a click on a block what was clicked.
    let n_refolds = use_state_eq(|| 0_u32);
    let refold = {
        let (folds, n_refolds) = (folds.clone(), n_refolds.clone());
        Callback::from(move |next: Folds| {
            folds.set(next);
            n_refolds.set(*n_refolds + 1);
        })
    };
    let laid_out = use_memo((model.clone(), plan.clone(), *budget), |_| {
        Shared::new(lay_out(model, plan, *budget))
    });
    let laid_out = &*laid_out;
    let spine = &laid_out.spine;
    let rows = use_memo((laid_out.clone(), (*folds).clone()), |_| Rows::new(spine, &folds));
    let lines = use_memo((model.clone(), query.is_empty()), |(model, is_empty)| {
        if *is_empty { Vec::new() } else { finding::lines(model) }
    });
    let found = use_memo((laid_out.clone(), (*query).clone()), |_| {
        finding::matches(&lines, spine.nodes.iter().map(|node| node.operator), &query)
    });
    let rem = *use_memo(drawn.size, |_| rem_px());
    let place = spine.place(*selected).unwrap_or(0);
    {
        let (tree, rows) = (tree.clone(), rows.clone());
        let is_laid_out = drawn.size.1 > 0.0;
        let deps = (*selected, is_laid_out, laid_out.clone(), *n_refolds);
        use_effect_with(deps, move |_| {
            let row = rows.row_of(place);
            if let (Some(tree), Some([top, bottom])) =
                (tree.cast::<Element>(), rows.tops_rem.get(row..row + 2))
            {
                scroll_to(&tree, (top * rem, bottom * rem), 0.0);
            }
        });
    }
    let view =
        View { model, laid_out, rows: &rows, budget_bytes: budget.bytes, place, found: &found };
    let in_view = in_view(&rows.tops_rem, drawn.top / rem, drawn.height / rem);
    let active = Some(rows.row_of(place)).filter(|row| in_view.contains(row));
    html! {
        <section class={classes!("card", "graph", is_open.then_some("unfolded"))} aria-labelledby="graph-title">
            { head(spine, &folds, &refold, &is_open) }
            <div class="body" id="graph-body">
                { search(&view, &query, &folds, act) }
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
                    aria-activedescendant={active.and_then(|row| view.id(row))}
                    onscroll={drawn.onscroll}
                    onclick={click(laid_out, &folds, act)}
                    onkeydown={keys(&view, &rows, &folds, &refold, act)}
                >
                    <div role="none" style={format!("height:{}rem", rows.height_rem())}>
                        { view.gutter(in_view.clone()) }
                        { for in_view.map(|row| view.row(row)) }
                    </div>
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

/// The title, and the buttons that the keyboard does without: the tree has keys for them.
fn head(
    spine: &Spine,
    folds: &Folds,
    refold: &Callback<Folds>,
    is_open: &UseStateHandle<bool>,
) -> Html {
    let show = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let are_folded = are_folded(spine, folds);
    let fold = {
        let refold = refold.clone();
        Callback::from(move |_: MouseEvent| refold.emit(Folds::all(!are_folded)))
    };
    html! {
        <div class="head">
            <h2 id="graph-title">{ graph::TITLE }</h2>
            if !spine.blocks.is_empty() {
                <button type="button" id="graph-fold" class="small" tabindex="-1" onclick={fold}>
                    { if are_folded { graph::UNFOLD_ALL } else { graph::FOLD_ALL } }
                </button>
            }
            <button type="button" id="graph-show" class="small" aria-expanded={is_open.to_string()}
                aria-controls="graph-body" onclick={show}>
                { if **is_open { graph::HIDE } else { graph::SHOW } }
            </button>
        </div>
    }
}

/// Whether every block is folded.
fn are_folded(spine: &Spine, folds: &Folds) -> bool {
    spine.blocks.iter().all(|block| folds.is_folded(spine.first_operator(block)))
}

/// The search field, and what it found.
fn search(
    view: &View<'_>,
    query: &UseStateHandle<String>,
    folds: &UseStateHandle<Folds>,
    act: &Act,
) -> Html {
    let spine = &view.laid_out.spine;
    let oninput = {
        let query = query.setter();
        Callback::from(move |event: InputEvent| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            query.set(field.map(|field| field.value()).unwrap_or_default());
        })
    };
    let onkeydown = {
        let (laid_out, folds, act) = (view.laid_out.clone(), folds.clone(), act.clone());
        let (found, place) = (view.found.clone(), view.place);
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                let Some(next) = finding::next(&found, place, event.shift_key()) else { return };
                let Some(node) = laid_out.spine.nodes.get(next) else { return };
                if let Some(first) = laid_out.spine.block_start(next) {
                    folds.set(folds.with(first, false));
                }
                act.emit(Action::Select(node.operator));
            }
            "Escape" | "ArrowDown" => {
                event.prevent_default();
                browser::focus(TREE_ID);
            }
            _ => {}
        })
    };
    let words = if query.trim().is_empty() {
        graph::size(spine.nodes.len(), spine.blocks.len())
    } else {
        graph::found(view.found.binary_search(&view.place).ok(), view.found.len())
    };
    html! {
        <div class="find">
            <input type="search" id={FIND_ID} tabindex="-1" autocomplete="off" spellcheck="false"
                aria-label={graph::FIND} aria-describedby="graph-find-keys" placeholder={graph::FIND_EXAMPLE}
                value={(**query).clone()} {oninput} {onkeydown} />
            <p class="visually-hidden" id="graph-find-keys">{ graph::FIND_KEYS }</p>
            <p class="note" id="graph-found" role="status">{ words }</p>
        </div>
    }
}

/// A click on an operator selects it, one on the head of a block folds or unfolds that.
fn click(
    laid_out: &Shared<LaidOut>,
    folds: &UseStateHandle<Folds>,
    act: &Act,
) -> Callback<MouseEvent> {
    let (laid_out, folds, act) = (laid_out.clone(), folds.clone(), act.clone());
    Callback::from(move |event: MouseEvent| {
        let Some(target) = event.target_dyn_into::<Element>() else { return };
        let Some(row) = target.closest("[role=treeitem]").ok().flatten() else { return };
        let number = |name: &str| row.get_attribute(name)?.parse::<u32>().ok();
        if let Some(operator) = number("data-operator") {
            act.emit(Action::Select(operator));
        } else if let Some(block) =
            number("data-block").and_then(|at| laid_out.spine.blocks.get(at as usize))
        {
            let first = laid_out.spine.first_operator(block);
            folds.set(folds.with(first, !folds.is_folded(first)));
        }
    })
}

fn keys(
    view: &View<'_>,
    rows: &Rc<Rows>,
    folds: &UseStateHandle<Folds>,
    refold: &Callback<Folds>,
    act: &Act,
) -> Callback<KeyboardEvent> {
    let (laid_out, rows, place) = (view.laid_out.clone(), rows.clone(), view.place);
    let (folds, refold, act) = (folds.clone(), refold.clone(), act.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let spine = &laid_out.spine;
        let block = spine.block_start(place);
        let to = match event.key().as_str() {
            "ArrowUp" => Move::Previous,
            "ArrowDown" => Move::Next,
            "Home" => Move::First,
            "End" => Move::Last,
            "p" | "P" => {
                event.prevent_default();
                act.emit(Action::Move(Move::Peak));
                return;
            }
            key => {
                match (key, block) {
                    ("ArrowLeft", Some(first)) => refold.emit(folds.with(first, true)),
                    ("ArrowRight", Some(first)) => refold.emit(folds.with(first, false)),
                    ("Enter" | " ", Some(first)) => {
                        refold.emit(folds.with(first, !folds.is_folded(first)));
                    }
                    ("f" | "F", _) => refold.emit(Folds::all(!are_folded(spine, &folds))),
                    ("/", _) => browser::focus(FIND_ID),
                    _ => return,
                }
                event.prevent_default();
                return;
            }
        };
        event.prevent_default();
        if let Some(operator) = rows.walk(spine, &laid_out.bytes, place, to) {
            act.emit(Action::Select(operator));
        }
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
