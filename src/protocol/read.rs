//! How the worker reads requests: as their `Serialize` writes them, each field by its name, unknown
//! ones passed over, those of a [`PlanChoice`] that are missing as by default.
//!
//! By hand, because the derived readers take every request in two shapes and with an error for each
//! thing that can be wrong, in some ten times the code; the worker drops what is no request.

use super::{Ask, JobId, Request};
use crate::{
    json::Json,
    preprocess::{ChannelOrder, Fit, Preprocessing, ValueRange},
    report::{
        Alignment, HandOverFormat, InPlace, InputImage, Passes, PlanChoice, Planner,
        ScheduleChoice, ScratchOf,
    },
};

/// What can be read from JSON; `None` for what is none of its kind.
pub trait Read: Sized {
    /// Reads a value.
    fn read(json: &Json) -> Option<Self>;
}

/// A field of an object.
fn field<T: Read>(json: &Json, name: &str) -> Option<T> {
    json.field(name).and_then(T::read)
}

/// The same where it may be missing.
fn field_or_default<T: Read + Default>(json: &Json, name: &str) -> Option<T> {
    json.field(name).map_or_else(|| Some(T::default()), T::read)
}

/// Structs whose fields are all there, under their own names.
macro_rules! record {
    ($name:ident { $($field:ident),+ }) => {
        impl Read for $name {
            fn read(json: &Json) -> Option<Self> {
                Some(Self { $($field: field(json, stringify!($field))?),+ })
            }
        }
    };
}

/// Enums of bare variants, by their names. The compiler asks for every variant.
macro_rules! names {
    ($name:ident { $($variant:ident = $text:literal),+ }) => {
        impl Read for $name {
            fn read(json: &Json) -> Option<Self> {
                let Json::Text(text) = json else { return None };
                match text.as_str() {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        const _: fn($name) = |value| match value {
            $($name::$variant => {})+
        };

        #[cfg(test)]
        impl tests::All for $name {
            fn all() -> Vec<Self> {
                vec![$(Self::$variant),+]
            }
        }
    };
}

record!(Ask { job, request });
record!(Passes { float_boundary, fold_pad });
record!(Preprocessing { fit, range, order });

names!(InputImage { Resident = "resident", Streamed = "streamed" });
names!(InPlace { None = "none", Depthwise = "depthwise", All = "all" });
names!(Planner {
    NoReuse = "no_reuse",
    PingPong = "ping_pong",
    Tflm = "tflm",
    TinyEngine = "tiny_engine",
    Refined = "refined",
    Exact = "exact"
});
names!(Alignment { Element = "element", Sixteen = "sixteen" });
names!(ScratchOf { Kernels = "kernels", TinyEngine = "tiny_engine" });
names!(Fit { Crop = "crop", Stretch = "stretch", Letterbox = "letterbox" });
names!(ValueRange {
    MinusOneToOne = "minus_one_to_one",
    ZeroToOne = "zero_to_one",
    Bytes = "bytes"
});
names!(ChannelOrder { Rgb = "rgb", Bgr = "bgr" });
names!(HandOverFormat {
    Minimalloc = "minimalloc",
    Trace = "trace",
    CHeader = "c-header",
    Tflite = "tflite"
});

impl Read for bool {
    fn read(json: &Json) -> Option<Self> {
        if let Json::Bool(value) = json { Some(*value) } else { None }
    }
}

impl Read for u64 {
    fn read(json: &Json) -> Option<Self> {
        if let Json::Number(number) = json { number.integer() } else { None }
    }
}

impl Read for u32 {
    fn read(json: &Json) -> Option<Self> {
        u64::read(json)?.try_into().ok()
    }
}

impl Read for f64 {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Number(number) => Some(number.float()),
            // So is written what is no number.
            Json::Null => Some(Self::NAN),
            _ => None,
        }
    }
}

impl Read for String {
    fn read(json: &Json) -> Option<Self> {
        if let Json::Text(text) = json { Some(text.clone()) } else { None }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Option<Self> {
        if *json == Json::Null { Some(None) } else { T::read(json).map(Some) }
    }
}

impl Read for JobId {
    fn read(json: &Json) -> Option<Self> {
        u32::read(json).map(Self)
    }
}

impl Read for ScheduleChoice {
    fn read(json: &Json) -> Option<Self> {
        let Some(Json::Text(kind)) = json.field("kind") else { return None };
        Some(match kind.as_str() {
            "layerwise" => Self::Layerwise,
            "reordered" => Self::Reordered,
            "patched" => Self::Patched {
                stage_end: field(json, "stage_end")?,
                rows: field(json, "rows")?,
                columns: field(json, "columns")?,
                input_image: field(json, "input_image")?,
            },
            _ => return None,
        })
    }
}

impl Read for PlanChoice {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            schedule: field_or_default(json, "schedule")?,
            in_place: field_or_default(json, "in_place")?,
            planner: field_or_default(json, "planner")?,
            alignment: field_or_default(json, "alignment")?,
            scratch: field_or_default(json, "scratch")?,
        })
    }
}

impl Read for Request {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Text(name) => bare(name),
            Json::Map(variants) => match variants.as_slice() {
                [(name, fields)] => with_fields(name, fields),
                _ => None,
            },
            _ => None,
        }
    }
}

fn bare(name: &str) -> Option<Request> {
    match name {
        "set_inputs" => Some(Request::SetInputs),
        "open_placement" => Some(Request::OpenPlacement),
        _ => None,
    }
}

fn with_fields(name: &str, json: &Json) -> Option<Request> {
    let choice = || field(json, "choice");
    let passes = || field(json, "passes");
    let accounting = || field(json, "accounting");
    let input_image = || field(json, "input_image");
    let largest = || field(json, "largest");
    let preprocessing = || field(json, "preprocessing");
    let seconds = || field(json, "seconds");
    Some(match name {
        "open" => Request::Open { passes: passes()? },
        "set_passes" => Request::SetPasses { passes: passes()? },
        "plan" => Request::Plan { choice: choice()? },
        "try_squares" => Request::TrySquares {
            accounting: accounting()?,
            input_image: input_image()?,
            largest: largest()?,
        },
        "find_front" => Request::FindFront {
            accounting: accounting()?,
            input_image: input_image()?,
            largest: largest()?,
        },
        "compare_rungs" => {
            Request::CompareRungs { input_image: input_image()?, largest: largest()? }
        }
        "count_as_paper" => Request::CountAsPaper { choice: choice()? },
        "prove" => Request::Prove { choice: choice()?, seconds: seconds()? },
        "set_picture" => Request::SetPicture {
            width: field(json, "width")?,
            height: field(json, "height")?,
            preprocessing: preprocessing()?,
        },
        "set_preprocessing" => Request::SetPreprocessing { preprocessing: preprocessing()? },
        "set_noise" => Request::SetNoise { seed: field(json, "seed")? },
        "run" => Request::Run { choice: choice()? },
        "profile" => Request::Profile { choice: choice()? },
        "time" => Request::Time { choice: choice()?, for_ms: field(json, "for_ms")? },
        "activation" => Request::Activation { operator: field_or_default(json, "operator")? },
        "hand_over" => Request::HandOver {
            format: field(json, "format")?,
            choice: choice()?,
            name: field(json, "name")?,
        },
        "search_placement" => Request::SearchPlacement {
            capacity_bytes: field_or_default(json, "capacity_bytes")?,
            seconds: seconds()?,
        },
        "cancel" => Request::Cancel { job: field(json, "job")? },
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
