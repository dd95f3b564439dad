//! What the visitor has chosen: all of it fits into a link.

use crate::{
    preprocess::Preprocessing,
    report::{InputImage, Passes, ScheduleChoice},
    ui::boards::Board,
};

/// A model that comes with the page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bundled {
    /// Its key in links.
    pub key: &'static str,
    /// The file, relative to the page.
    pub path: &'static str,
    /// The file's name as shown.
    pub file_name: &'static str,
}

/// The models that come with the page; the first is shown at first.
pub const BUNDLED: &[Bundled] = &[Bundled {
    key: "mobilenet_v2_035_96",
    path: "models/mobilenet_v2_035_96.tflite",
    file_name: "mobilenet_v2_035_96.tflite",
}];

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
    /// What is counted.
    pub passes: Passes,
    /// The operator selected; `None` means the peak.
    pub selected: Option<u32>,
    /// The colours.
    pub theme: Theme,
    /// What happens to pictures.
    pub preprocessing: Preprocessing,
    /// Whether its range was chosen; if not, it follows from the model's input.
    pub is_range_chosen: bool,
}

impl Settings {
    /// The same without what is said of one model only.
    #[must_use]
    pub fn without_model(self) -> Self {
        let (target, theme, passes) = (self.target, self.theme, self.passes);
        let (preprocessing, is_range_chosen) = (self.preprocessing, self.is_range_chosen);
        Self { target, theme, passes, preprocessing, is_range_chosen, ..Self::default() }
    }

    /// Takes over what another's settings say of its model.
    pub fn take_model_of(&mut self, other: Self) {
        let (target, theme, passes) = (self.target, self.theme, self.passes);
        *self = Self { target, theme, passes, ..other };
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: ModelLink::Bundled(&BUNDLED[0]),
            target: Target::Budget,
            plan: PlanKind::default(),
            patches: PatchSettings::default(),
            passes: Passes::default(),
            selected: None,
            theme: Theme::default(),
            preprocessing: Preprocessing::default(),
            is_range_chosen: false,
        }
    }
}
