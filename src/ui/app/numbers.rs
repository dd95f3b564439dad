//! Numbers of a link in place of a model.

use super::App;
use crate::{
    text::numbers_only,
    ui::components::{
        Beside, Blocks, BlocksProps, History, HistoryProps, TargetControls, TargetProps,
        VerdictPanel, VerdictProps, mount,
    },
};
use yew::prelude::*;

impl App {
    /// What the numbers are of, whether they fit, and what they are to fit into.
    pub(super) fn view_numbers(&self, explain: &Callback<bool>) -> Html {
        let (state, act) = (&self.state, &self.act);
        let Some(open) = &state.model else { return Html::default() };
        html! {
            <>
                <section id="numbers-note" class="notice" role="status">
                    <p class="what">{ numbers_only::notice(&open.file_name, &open.report.sha256, state.numbers_keep_plan()) }</p>
                </section>
                { mount::<VerdictPanel>(VerdictProps {
                    model: Some(open.report.clone()),
                    plan: state.plan().cloned(),
                    is_planning: false,
                    is_reading: state.reading.is_some(),
                    target: state.settings.target,
                    blocks: state.settings.blocks.clone(),
                    proving: None,
                    proof: None,
                    plan_problem: None,
                    search: None,
                    is_kept: false,
                    is_patched: true,
                    is_numbers_only: true,
                    paper: None,
                    beside: Beside(Html::default()),
                    explain: explain.clone(),
                    act: act.clone(),
                }) }
                <section class="controls card" aria-label="Target">
                    <div class="group target">
                        { mount::<TargetControls>(TargetProps { target: state.settings.target, act: act.clone() }) }
                        { mount::<Blocks>(BlocksProps { blocks: state.settings.blocks.clone(), act: act.clone() }) }
                    </div>
                    { mount::<History>(HistoryProps { can_undo: state.can_undo(), can_redo: state.can_redo(), act: act.clone() }) }
                </section>
            </>
        }
    }
}
