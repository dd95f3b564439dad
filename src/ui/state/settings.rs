//! What the visitor has chosen: all of it fits into a link.

use super::{BUNDLED, Bundled};
use crate::{
    preprocess::Preprocessing,
    report::{InputImage, Passes, PlanChoice, ScheduleChoice},
    text::Budget,
    ui::{boards::Board, kernel_set::KernelSet},
};

/// Which model is meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ModelLink {
    /// One that comes with the page.
    Bundled(&'static Bundled),
    /// The visitor's own, by the first digits of its hash.
    Own {
        /// Leading hexadecimal digits of the SHA-256 of the file.
        sha256: String,
    },
    /// One that a link names and this version does not have.
    Unknown {
        /// Its key in the link.
        key: String,
    },
}

impl ModelLink {
    /// That to an own file by its hash, of which links carry the first 16 digits.
    pub(in crate::ui) fn own(sha256: &str) -> Self {
        Self::Own { sha256: sha256.chars().take(16).collect() }
    }
}

/// The memory that must hold the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// 128 KiB of SRAM, no board.
    Budget,
    /// A board of the table.
    Board(&'static Board),
    /// Numbers of one's own.
    Own {
        /// SRAM in bytes.
        sram_bytes: u64,
        /// Flash in bytes, where it matters.
        flash_bytes: Option<u64>,
    },
}

/// The SRAM of [`Target::Budget`].
pub const BUDGET_BYTES: u64 = 128 * 1024;

/// The SRAM of the page's first sight, where no link says otherwise: too little for the first model
/// layer by layer, enough in patches.
pub const FIRST_SIGHT_BYTES: u64 = 64 * 1024;

impl Target {
    /// The SRAM.
    #[must_use]
    pub const fn sram_bytes(self) -> u64 {
        match self {
            Self::Budget => BUDGET_BYTES,
            Self::Board(board) => board.sram_kib * 1024,
            Self::Own { sram_bytes, .. } => sram_bytes,
        }
    }

    /// The Flash, where it is known.
    #[must_use]
    pub fn flash_bytes(self) -> Option<u64> {
        match self {
            Self::Budget => None,
            Self::Board(board) => board.flash_kib.map(|kib| kib * 1024),
            Self::Own { flash_bytes, .. } => flash_bytes,
        }
    }
}

/// The colours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The theme after this one on the toggle.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// Which of the two plans is shown and judged.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum PlanKind {
    /// One operator after the other.
    #[default]
    Layerwise,
    /// The first operators patch by patch.
    Patched,
}

impl PlanKind {
    /// The kind of a choice.
    #[must_use]
    pub const fn of(choice: ScheduleChoice) -> Self {
        match choice {
            ScheduleChoice::Layerwise | ScheduleChoice::Reordered => Self::Layerwise,
            ScheduleChoice::Patched { .. } => Self::Patched,
        }
    }
}

/// How many patches, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PatchSettings {
    /// The last operator of the stage; `None` until a model proposes one.
    pub stage_end: Option<u32>,
    /// Rows of the grid.
    pub rows: u32,
    /// Columns of the grid.
    pub columns: u32,
    /// Where the input is.
    pub input_image: InputImage,
}

impl PatchSettings {
    /// Rows and columns where no more than those of `largest` are possible. The wish itself stays
    /// as it is: the next stage end may have room for it.
    #[must_use]
    pub fn grid_within(self, largest: (u32, u32)) -> (u32, u32) {
        (self.rows.clamp(1, largest.0.max(1)), self.columns.clamp(1, largest.1.max(1)))
    }
}

impl Default for PatchSettings {
    fn default() -> Self {
        Self { stage_end: None, rows: 4, columns: 4, input_image: InputImage::Resident }
    }
}

/// A plan that can be asked for again: of which model, of which graph, and how it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenPlan {
    /// The model.
    pub model: ModelLink,
    /// What is counted.
    pub passes: Passes,
    /// Its schedule, and how it is planned.
    pub choice: PlanChoice,
}

/// Everything that a link carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The model.
    pub model: ModelLink,
    /// The memory.
    pub target: Target,
    /// Which plan is shown.
    pub plan: PlanKind,
    /// The patch plan.
    pub patches: PatchSettings,
    /// The visitor's own blocks of memory beside the arena.
    pub blocks: Vec<OwnBlock>,
    /// What is counted.
    pub passes: Passes,
    /// Everything of a plan but its schedule, which is always the first one here.
    pub accounting: PlanChoice,
    /// Whether operators run in the order of least peak, where they do not run in patches.
    pub is_reordered: bool,
    /// Whether the figures of the `MCUNetV2` paper's count are shown as well.
    pub is_paper: bool,
    /// The plan that is kept as A, with which the shown one is compared.
    pub kept: Option<ChosenPlan>,
    /// The operator selected; `None` means the peak.
    pub selected: Option<u32>,
    /// The colours.
    pub theme: Theme,
    /// The set of kernels that is to compute; `None` for the best that runs.
    pub kernels: Option<KernelSet>,
    /// What happens to pictures.
    pub preprocessing: Preprocessing,
    /// Whether its range was chosen; if not, it follows from the model's input.
    pub is_range_chosen: bool,
    /// Whether keys of a single letter do nothing.
    pub are_letters_off: bool,
}

/// A block of memory that is no activation: a camera's frame, an audio ring, the stack.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnBlock {
    /// What it is.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
}

impl OwnBlock {
    /// No name is longer.
    pub const LONGEST_NAME: usize = 40;
    /// None is larger.
    pub const MOST_BYTES: u64 = 1 << 40;
    /// There are no more.
    pub const MOST: usize = 16;

    /// So many units of `factor` bytes, rounded to whole bytes; none for what is no size, or for parts
    /// of a byte.
    #[must_use]
    pub fn bytes_of(size: f64, factor: u32) -> Option<u64> {
        let bytes = (size * f64::from(factor)).round();
        let is_size = bytes >= 1.0 && bytes <= Self::MOST_BYTES as f64;
        let is_size = is_size && (factor > 1 || size.fract() == 0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, positive, and at most 2^40"
        )]
        is_size.then_some(bytes as u64)
    }

    /// A block, where it has a name and a size within reason.
    #[must_use]
    pub fn new(name: &str, bytes: u64) -> Option<Self> {
        let name: String = name.trim().chars().take(Self::LONGEST_NAME).collect();
        let name = name.trim_end().to_owned();
        let is_block = !name.is_empty()
            && !name.contains(char::is_control)
            && (1..=Self::MOST_BYTES).contains(&bytes);
        is_block.then_some(Self { name, bytes })
    }
}

impl Settings {
    /// What the page shows to whoever comes without a link.
    #[must_use]
    pub fn first_sight() -> Self {
        let target = Target::Own { sram_bytes: FIRST_SIGHT_BYTES, flash_bytes: None };
        Self { target, ..Self::default() }
    }

    /// Shows this schedule.
    pub fn apply(&mut self, choice: ScheduleChoice) {
        self.plan = PlanKind::of(choice);
        if self.plan == PlanKind::Layerwise {
            self.is_reordered = choice == ScheduleChoice::Reordered;
        }
        if let ScheduleChoice::Patched { stage_end, rows, columns, input_image } = choice {
            self.patches = PatchSettings { stage_end: Some(stage_end), rows, columns, input_image };
        }
    }

    /// The plan that they ask for, of that model; `None` for patches whose end is open.
    #[must_use]
    pub fn chosen(&self, model: ModelLink) -> Option<ChosenPlan> {
        let PatchSettings { stage_end, rows, columns, input_image } = self.patches;
        let schedule = match self.plan {
            PlanKind::Layerwise if self.is_reordered => ScheduleChoice::Reordered,
            PlanKind::Layerwise => ScheduleChoice::Layerwise,
            PlanKind::Patched => {
                ScheduleChoice::Patched { stage_end: stage_end?, rows, columns, input_image }
            }
        };
        let choice = self.accounting.with_schedule(schedule);
        Some(ChosenPlan { model, passes: self.passes, choice })
    }

    /// Bytes of the visitor's own blocks.
    #[must_use]
    pub fn own_bytes(&self) -> u64 {
        self.blocks.iter().map(|block| block.bytes).sum()
    }

    /// What the arena may take.
    #[must_use]
    pub fn budget(&self) -> Budget {
        Budget::beside(self.own_bytes(), self.target.sram_bytes())
    }

    /// What the visitor's own blocks leave for the arena.
    #[must_use]
    pub fn left_bytes(&self) -> u64 {
        self.target.sram_bytes().saturating_sub(self.own_bytes())
    }

    /// The same without what is said of one model only, and without what its plan was compared with.
    #[must_use]
    pub fn without_model(self) -> Self {
        let first = Self::default();
        let (model, plan, patches) = (first.model, first.plan, first.patches);
        let (is_reordered, selected) = (first.is_reordered, first.selected);
        Self { model, plan, patches, is_reordered, selected, kept: None, ..self }
    }

    /// Takes over what another's settings say of its model.
    pub fn take_model_of(&mut self, other: Self) {
        let (target, theme, passes) = (self.target, self.theme, self.passes);
        let blocks = std::mem::take(&mut self.blocks);
        let (accounting, is_paper) = (self.accounting, self.is_paper);
        let (are_letters_off, kernels) = (self.are_letters_off, self.kernels);
        let kept = self.kept.take().or(other.kept.clone());
        *self = Self {
            kept,
            target,
            theme,
            passes,
            blocks,
            accounting,
            is_paper,
            are_letters_off,
            kernels,
            ..other
        };
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: ModelLink::Bundled(&BUNDLED[0]),
            target: Target::Budget,
            plan: PlanKind::default(),
            patches: PatchSettings::default(),
            blocks: Vec::new(),
            passes: Passes::default(),
            accounting: PlanChoice::default(),
            is_reordered: false,
            is_paper: false,
            kept: None,
            selected: None,
            theme: Theme::default(),
            kernels: None,
            preprocessing: Preprocessing::default(),
            is_range_chosen: false,
            are_letters_off: false,
        }
    }
}
